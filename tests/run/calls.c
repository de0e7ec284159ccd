/* SPDX-License-Identifier: MIT
 *
 * A run, an evaluation and a capture as calls: what the command line, a sweep's worker and an
 * analysis ask of core/run, and what is refused.
 */
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/run/capture_folder.h"
#include "core/run/evaluation.h"
#include "core/run/run.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"
#include "tests/support/world.h"

/* Opens a run of the configuration, with one override (NULL: none). */
static struct tfu_run *open_run(struct world *w, const char *override, bool resume, bool force)
{
    const char *const overrides[] = {override, NULL};
    const struct tfu_run_request request = {
        .target = world_target(w, overrides), .resume = resume, .force = force};
    struct tfu_run *r;
    world_ok(w, tfu_run_open(&r, &request, w->diagnostics, &w->error));
    return r;
}

static void train(struct world *w, struct tfu_run *r, const struct tfu_train_hooks *hooks,
                  enum tfu_status expected)
{
    struct tfu_train_result result;
    ck_assert_int_eq(r->decision, TFU_DECISION_TRAIN);
    world_ok(w, tfu_run_build(r, &w->error));
    const enum tfu_status st = tfu_run_train(r, hooks, &result, &w->error);
    ck_assert_msg(st == expected, "%s", w->error.text);
}

static bool at_once(void *arg)
{
    int *asked = arg;
    return ++*asked > 1;
}

START_TEST(decisions)
{
    struct world w = world_open();
    int asked = 0;
    const struct tfu_train_hooks leaving = {.arg = &asked, .interrupted = at_once};
    struct tfu_run *r = open_run(&w, NULL, false, false);
    train(&w, r, &leaving, TFU_EINTERRUPTED);
    ck_assert_int_eq(asked, 2);
    w.error = (struct tfu_error)TFU_ERROR_INIT;
    tfu_run_close(r);

    r = open_run(&w, NULL, false, false);
    ck_assert_int_eq(r->decision, TFU_DECISION_BEGUN);
    ck_assert_str_eq(r->holder, "");
    char *lock = malloc(strlen(r->target.folder) + sizeof "/.lock");
    sprintf(lock, "%s/.lock", r->target.folder); // NOLINT: it was measured
    tfu_run_close(r);

    const int fd = open(lock, O_RDWR | O_CLOEXEC);
    ck_assert_int_eq(flock(fd, LOCK_EX), 0);
    r = open_run(&w, NULL, false, false);
    ck_assert_int_eq(r->decision, TFU_DECISION_BUSY);
    ck_assert_ptr_nonnull(strstr(r->holder, "process "));
    tfu_run_close(r);
    close(fd);
    free(lock);

    r = open_run(&w, NULL, true, false);
    train(&w, r, NULL, TFU_OK);
    const struct tfu_scores scores = tfu_evaluator_scores(r->session->evaluator, TFU_SPLIT_TEST);
    ck_assert_ptr_nonnull(tfu_scores_find(scores, "accuracy"));
    tfu_run_close(r);

    r = open_run(&w, NULL, false, false);
    ck_assert_int_eq(r->decision, TFU_DECISION_TAKE);
    world_ok(&w, tfu_run_take(r, &w.error));
    tfu_run_close(r);
    r = open_run(&w, NULL, false, true);
    ck_assert_int_eq(r->decision, TFU_DECISION_TRAIN);
    tfu_run_close(r);
    r = open_run(&w, "seed=4", false, false);
    ck_assert_int_eq(r->decision, TFU_DECISION_TRAIN);
    tfu_run_close(r);
    world_close(&w);
}
END_TEST

START_TEST(a_run_that_another_process_finished_meanwhile)
{
    struct world w = world_open();
    struct tfu_run *slow = open_run(&w, NULL, false, false);
    struct tfu_run *quick = open_run(&w, NULL, false, false);
    train(&w, quick, NULL, TFU_OK);
    tfu_run_close(quick);
    train(&w, slow, NULL, TFU_EIO);
    ck_assert_ptr_nonnull(strstr(w.error.text, "another process has begun this run meanwhile"));
    ck_assert_int_eq(tfu_run_state(slow->target.folder), TFU_RUN_FINISHED);
    tfu_run_close(slow);
    world_close(&w);
}
END_TEST

/* The bytes of a file of the run, to be freed. */
static char *read_file(const struct tfu_run *r, const char *name, size_t *n)
{
    char path[PATH_MAX];
    ck_assert_int_lt(snprintf(path, sizeof path, "%s/%s", r->target.folder, name), PATH_MAX);
    return scratch_read(path, n);
}

static void ck_assert_same_file(const struct tfu_run *r, const char *name, const char *was,
                                size_t n)
{
    size_t now;
    char *is = read_file(r, name, &now);
    ck_assert_uint_eq(now, n);
    ck_assert_mem_eq(is, was, n);
    free(is);
}

/* To go on with a run that another process finishes meanwhile is to take it as it is: also where
 * its checkpoints are gone, of which nothing would be left to go on from. `force` begins anew. */
START_TEST(a_run_to_go_on_with_that_another_process_finished_meanwhile)
{
    static const char *const kept[] = {"summary.json", "init.txt", "config.yaml", "env.json",
                                       "metrics.csv"};
    char *bytes[TFU_COUNT(kept)];
    size_t size[TFU_COUNT(kept)];
    struct world w = world_open();
    struct tfu_run *slow = open_run(&w, NULL, true, false);
    struct tfu_run *forced = open_run(&w, NULL, false, true);
    struct tfu_run *quick = open_run(&w, NULL, true, false);
    train(&w, quick, NULL, TFU_OK);
    tfu_run_close(quick);
    for (size_t i = 0; i < TFU_COUNT(kept); i++)
        bytes[i] = read_file(slow, kept[i], &size[i]);
    if (_i) {
        char checkpoints[PATH_MAX], gone[PATH_MAX];
        snprintf(checkpoints, sizeof checkpoints, "%s/checkpoints", slow->target.folder);
        snprintf(gone, sizeof gone, "%s/elsewhere", slow->target.folder);
        ck_assert_int_eq(rename(checkpoints, gone), 0);
    }
    train(&w, slow, NULL, TFU_OK);
    ck_assert_int_eq(slow->decision, TFU_DECISION_TAKE);
    world_ok(&w, tfu_run_take(slow, &w.error));
    for (size_t i = 0; i < TFU_COUNT(kept); i++)
        ck_assert_same_file(slow, kept[i], bytes[i], size[i]);
    tfu_run_close(slow);
    char init[PATH_MAX];
    snprintf(init, sizeof init, "%s/init.txt", forced->target.folder);
    scratch_write(init, "x", 1);
    train(&w, forced, NULL, TFU_OK);
    ck_assert_same_file(forced, "init.txt", bytes[1], size[1]);
    ck_assert_int_eq(forced->decision, TFU_DECISION_TRAIN);
    tfu_run_close(forced);
    for (size_t i = 0; i < TFU_COUNT(kept); i++)
        free(bytes[i]);
    world_close(&w);
}
END_TEST

START_TEST(a_dry_run_writes_nothing)
{
    struct world w = world_open();
    const struct tfu_run_request request = {.target = world_target(&w, NULL), .dry = true};
    struct tfu_run *r;
    struct tfu_dry_run dry;
    world_ok(&w, tfu_run_open(&r, &request, w.diagnostics, &w.error));
    world_ok(&w, tfu_run_build(r, &w.error));
    world_ok(&w, tfu_run_dry(r, &dry, &w.error));
    ck_assert_int_eq(dry.rows, 4);
    ck_assert_int_eq(dry.last_rows, 1); /* of 9 in batches of 4, in 3 steps */
    ck_assert(isfinite(dry.loss));
    ck_assert_int_ne(access("runs", F_OK), 0);
    tfu_run_close(r);
    world_close(&w);
}
END_TEST

START_TEST(findings_are_handed_on)
{
    struct world w = world_open();
    const char *const override[] = {"train.batch=0", "train.steps=many", NULL};
    const struct tfu_run_request request = {.target = world_target(&w, override)};
    struct tfu_run *r;
    ck_assert_int_eq(tfu_run_open(&r, &request, w.diagnostics, &w.error), TFU_EINVAL);
    ck_assert_ptr_null(r);
    ck_assert_uint_eq(tfu_diagnostics_count(w.diagnostics), 2);
    world_close(&w);
}
END_TEST

/* A finished run's score is that of its evaluation. */
START_TEST(an_evaluation_has_the_scores_of_the_run)
{
    struct world w = world_open();
    struct tfu_run *r = open_run(&w, NULL, false, false);
    train(&w, r, NULL, TFU_OK);
    struct tfu_target_request target = world_target(&w, NULL);
    target.config = NULL;
    target.folder = r->target.folder;
    const struct tfu_evaluation_request request = {.target = target, .predictions = "out.csv"};
    struct tfu_evaluation *v;
    world_ok(&w, tfu_evaluation_run(&v, &request, w.diagnostics, &w.error));
    ck_assert_int_eq(v->split, TFU_SPLIT_TEST);
    ck_assert_int_eq(v->state.step, 3);
    ck_assert_ptr_nonnull(strstr(v->file, "final.safetensors"));
    ck_assert_ptr_null(v->other_data);
    const struct tfu_scores was = tfu_evaluator_scores(r->session->evaluator, TFU_SPLIT_TEST);
    ck_assert_uint_eq(v->scores.count, was.count);
    for (size_t i = 0; i < was.count; i++) {
        ck_assert_str_eq(v->scores.score[i].key, was.score[i].key);
        ck_assert(v->scores.score[i].value == was.score[i].value ||
                  (isnan(v->scores.score[i].value) && isnan(was.score[i].value)));
    }
    ck_assert_int_eq(access("out.csv", F_OK), 0);
    tfu_evaluation_free(v);
    tfu_run_close(r);
    world_close(&w);
}
END_TEST

/* What is asked for, and a part of what is said. No message may name a flag: who calls has none. */
static const struct {
    const char *checkpoint, *split, *override, *predictions, *said;
    enum tfu_status status;
} refusals[] = {
    {NULL, "all", NULL, NULL, "`split` is train, valid or test, not 'all'", TFU_EINVAL},
    {NULL, "valid", NULL, NULL, "the configuration has no valid data", TFU_EINVAL},
    {".", NULL, NULL, NULL, "`checkpoint` '.' is a folder", TFU_EINVAL},
    {"none", NULL, NULL, NULL, "`checkpoint` takes a file of weights", TFU_ENOTFOUND},
    {"best", NULL, NULL, NULL, "the run has no such checkpoint", TFU_ENOTFOUND},
    {"labels", NULL, "init=[{plugin: random}]", NULL, "would take its place", TFU_EINVAL},
    {NULL, NULL, NULL, "labels", "`force` overwrites it", TFU_EINVAL},
    {NULL, NULL, NULL, ".", "is a folder; name a file", TFU_EINVAL},
};

START_TEST(refused)
{
    struct world w = world_open();
    const char *const override[] = {refusals[_i].override, NULL};
    const struct tfu_evaluation_request request = {
        .target = world_target(&w, override),
        .checkpoint = refusals[_i].checkpoint,
        .split = refusals[_i].split,
        .predictions = refusals[_i].predictions,
    };
    struct tfu_evaluation *v;
    const enum tfu_status st = tfu_evaluation_run(&v, &request, w.diagnostics, &w.error);
    ck_assert_ptr_null(v);
    ck_assert_msg(st == refusals[_i].status, "%d: %s", (int)st, w.error.text);
    ck_assert_msg(strstr(w.error.text, refusals[_i].said) != NULL, "%s", w.error.text);
    ck_assert_msg(strstr(w.error.text, "--") == NULL, "%s", w.error.text);
    world_close(&w);
}
END_TEST

static bool always(void *arg)
{
    (void)arg;
    return true;
}

START_TEST(a_capture_is_whole_or_not_there)
{
    struct world w = world_open();
    struct tfu_threads *threads;
    struct tfu_captured c;
    ck_assert_int_eq(tfu_threads_new(&threads, 1, NULL), TFU_OK);
    struct tfu_capture_folder_request request = {
        .spec = "run.yaml", .registry = w.registry, .threads = threads, .folder = "arrays"};
    request.interrupted = always;
    ck_assert_int_eq(tfu_capture_folder(&c, &request, w.diagnostics, &w.error), TFU_EINTERRUPTED);
    tfu_captured_free(&c);
    ck_assert_int_ne(access("arrays/block1.npy", F_OK), 0);
    ck_assert_int_ne(access("arrays/block1.npy.tmp", F_OK), 0);
    w.error = (struct tfu_error)TFU_ERROR_INIT;
    request.interrupted = NULL;
    world_ok(&w, tfu_capture_folder(&c, &request, w.diagnostics, &w.error));
    ck_assert_uint_eq(c.node_count, 1);
    ck_assert_str_eq(tfu_captured_file(&c, 0)->path, "arrays/block1.npy");
    ck_assert_int_eq(tfu_captured_file(&c, 0)->dim[0], 9 * 3 * 3);
    tfu_captured_free(&c);
    ck_assert_int_eq(tfu_capture_folder(&c, &request, w.diagnostics, &w.error), TFU_EINVAL);
    ck_assert_msg(strstr(w.error.text, "`force` to write over it") != NULL, "%s", w.error.text);
    tfu_captured_free(&c);
    tfu_threads_free(threads);
    world_close(&w);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("calls");
    TCase *t = tcase_create("calls");
    tcase_add_checked_fixture(t, world_begin, world_end);
    tcase_add_test(t, decisions);
    tcase_add_test(t, a_run_that_another_process_finished_meanwhile);
    tcase_add_loop_test(t, a_run_to_go_on_with_that_another_process_finished_meanwhile, 0, 2);
    tcase_add_test(t, a_dry_run_writes_nothing);
    tcase_add_test(t, findings_are_handed_on);
    tcase_add_test(t, an_evaluation_has_the_scores_of_the_run);
    tcase_add_loop_test(t, refused, 0, (int)TFU_COUNT(refusals));
    tcase_add_test(t, a_capture_is_whole_or_not_there);
    suite_add_tcase(s, t);
    return run_suite(s);
}
