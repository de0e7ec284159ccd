/* SPDX-License-Identifier: MIT
 *
 * Every allocation of a run, an evaluation and a capture fails once: out of memory is what is said,
 * nothing leaks, nothing crashes. Other files of tests do so to the threads that read ahead.
 */
#include <glob.h>

#include "core/run/capture_folder.h"
#include "core/run/evaluation.h"
#include "core/run/run.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/world.h"

static enum tfu_status dry_run(struct world *w)
{
    const struct tfu_run_request request = {.target = world_target(w, NULL), .dry = true};
    struct tfu_run *r;
    struct tfu_dry_run dry;
    enum tfu_status st = tfu_run_open(&r, &request, w->diagnostics, &w->error);
    if (st == TFU_OK)
        st = tfu_run_build(r, &w->error);
    if (st == TFU_OK)
        st = tfu_run_dry(r, &dry, &w->error);
    tfu_run_close(r);
    return st;
}

static bool always(void *arg)
{
    (void)arg;
    return true;
}

static enum tfu_status run(struct world *w, bool resume, const struct tfu_train_hooks *hooks)
{
    const struct tfu_run_request request = {
        .target = world_target(w, NULL), .force = !resume, .resume = resume};
    struct tfu_train_result result;
    struct tfu_run *r;
    enum tfu_status st = tfu_run_open(&r, &request, w->diagnostics, &w->error);
    if (st == TFU_OK)
        st = tfu_run_build(r, &w->error);
    if (st == TFU_OK)
        st = tfu_run_train(r, hooks, &result, &w->error);
    tfu_run_close(r);
    return st;
}

static enum tfu_status train(struct world *w)
{
    return run(w, false, NULL);
}

/* Begun, left as soon as it can be, and gone on with. */
static enum tfu_status train_again(struct world *w)
{
    const struct tfu_train_hooks leaving = {.interrupted = always};
    const enum tfu_status st = run(w, false, &leaving);
    if (st != TFU_EINTERRUPTED)
        return st;
    w->error = (struct tfu_error)TFU_ERROR_INIT;
    return run(w, true, NULL);
}

/* A finished run, looked at again. */
static enum tfu_status take(struct world *w)
{
    const struct tfu_run_request request = {.target = world_target(w, NULL)};
    struct tfu_run *r;
    enum tfu_status st = tfu_run_open(&r, &request, w->diagnostics, &w->error);
    if (st == TFU_OK)
        st = tfu_run_take(r, &w->error);
    tfu_run_close(r);
    return st;
}

static enum tfu_status evaluate(struct world *w, const char *checkpoint)
{
    const struct tfu_evaluation_request request = {
        .target = world_target(w, NULL),
        .checkpoint = checkpoint,
        .predictions = "out.csv",
        .logits = true,
        .force = true,
    };
    struct tfu_evaluation *v;
    const enum tfu_status st = tfu_evaluation_run(&v, &request, w->diagnostics, &w->error);
    tfu_evaluation_free(v);
    return st;
}

static enum tfu_status evaluate_initial(struct world *w)
{
    return evaluate(w, NULL);
}

static enum tfu_status evaluate_final(struct world *w)
{
    return evaluate(w, "final");
}

/* By its path. */
static enum tfu_status evaluate_file(struct world *w)
{
    glob_t found; /* asserted would be allocated */
    if (glob("runs/run/*/checkpoints/final.safetensors", 0, NULL, &found) != 0)
        return TFU_ENOTFOUND;
    const enum tfu_status st = evaluate(w, found.gl_pathv[0]);
    globfree(&found);
    return st;
}

static enum tfu_status capture(struct world *w)
{
    struct tfu_threads *threads;
    struct tfu_captured c;
    enum tfu_status st = tfu_threads_new(&threads, 1, &w->error);
    if (st != TFU_OK)
        return st;
    const struct tfu_capture_folder_request request = {.spec = "run.yaml",
                                                       .registry = w->registry,
                                                       .threads = threads,
                                                       .folder = "arrays",
                                                       .force = true};
    st = tfu_capture_folder(&c, &request, w->diagnostics, &w->error);
    tfu_captured_free(&c);
    tfu_threads_free(threads);
    return st;
}

/* `needs` a finished run? */
static const struct {
    const char *name;
    enum tfu_status (*work)(struct world *w);
    bool needs_run;
} works[] = {
    {"dry run", dry_run, false},
    {"training", train, false},
    {"training resumed", train_again, false},
    {"finished run", take, true},
    {"initial state", evaluate_initial, false},
    {"final state", evaluate_final, true},
    {"file of a checkpoint", evaluate_file, true},
    {"capture", capture, false},
};

START_TEST(each_allocation_fails)
{
    if (works[_i].needs_run) {
        struct world w = world_open();
        world_ok(&w, train(&w));
        world_close(&w);
    }
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct world w = world_open();
        failing_malloc_arm_here(n);
        const enum tfu_status st = works[_i].work(&w);
        failed = failing_malloc_disarm();
        if (!failed)
            world_ok(&w, st);
        ck_assert_msg(!failed || (st == TFU_ENOMEM && w.error.status == st),
                      "%s, allocation %zu: status %d, '%s'", works[_i].name, n, (int)st,
                      w.error.text);
        world_close(&w);
    }
    ck_assert_uint_gt(n, 50);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("failing");
    TCase *t = tcase_create("failing");
    tcase_add_checked_fixture(t, world_begin, world_end);
    tcase_add_loop_test(t, each_allocation_fails, 0, (int)TFU_COUNT(works));
    suite_add_tcase(s, t);
    return run_suite(s);
}
