/* SPDX-License-Identifier: MIT
 *
 * What the folders of a sweep say: with cases made up for it.
 */
#include "core/sweep/state.h"

#include <math.h>
#include <sys/stat.h>

#include "core/store/lease.h"
#include "core/sweep/rung_score.h"
#include "tests/support/check_main.h"
#include "tests/support/scratch.h"

/* ---- records */

static void make_folders(const char *a, const char *b, const char *c)
{
    mkdir(scratch_path(a), 0777);
    mkdir(scratch_path(b), 0777);
    if (c)
        mkdir(scratch_path(c), 0777);
}

static void touch(const char *name)
{
    scratch_write(scratch_path(name), "", 0);
}

START_TEST(records)
{
    scratch_begin();
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_case_record r, back;
    ck_assert_int_eq(tfu_case_record_read(&r, scratch, &e), TFU_OK);
    ck_assert_int_eq(r.attempts, 0);
    ck_assert_str_eq(r.run, "");
    r = (struct tfu_case_record){
        .attempts = 3,
        .completed = 1,
        .failures = 2,
        .seconds = 2.5,
        .rungs = 2,
        .rung = {{10, 0.5, false, "valid/auc"}, {20, NAN, true, "test/loss"}},
        .diverged = true,
        .diverged_at = 25,
        .end = TFU_ATTEMPT_FAILED,
        .sweep = "s",
        .host = "h",
        .pid = 7,
        .begun = 11,
        .ended = 12,
        .threads = 4,
        .exit_status = 1,
        .signal_number = 9,
        .error = "not \xff UTF-8, \xc3\xa9"};
    tfu_case_record_set_run(&r, "/store", "/store/name/id");
    ck_assert_int_eq(tfu_case_record_write(&r, scratch, &e), TFU_OK);
    ck_assert_int_eq(tfu_case_record_read(&back, scratch, &e), TFU_OK);
    ck_assert_str_eq(back.run, "name/id");
    ck_assert_int_eq(back.attempts, 3);
    ck_assert_int_eq(back.completed, 1);
    ck_assert_int_eq(back.failures, 2);
    ck_assert_double_eq(back.seconds, 2.5);
    ck_assert_uint_eq(back.rungs, 2);
    ck_assert_int_eq(back.rung[1].step, 20);
    ck_assert_double_eq(back.rung[0].score, 0.5);
    ck_assert_str_eq(back.rung[0].metric, "valid/auc");
    ck_assert(isnan(back.rung[1].score));
    ck_assert(back.rung[1].missing && !back.rung[0].missing);
    ck_assert(back.diverged);
    ck_assert_int_eq(back.diverged_at, 25);
    ck_assert_int_eq(back.end, TFU_ATTEMPT_FAILED);
    ck_assert_str_eq(back.sweep, "s");
    ck_assert_str_eq(back.host, "h");
    ck_assert_int_eq(back.pid, 7);
    ck_assert_int_eq(back.begun, 11);
    ck_assert_int_eq(back.ended, 12);
    ck_assert_int_eq(back.threads, 4);
    ck_assert_int_eq(back.exit_status, 1);
    ck_assert_int_eq(back.signal_number, 9);
    ck_assert_str_eq(back.error, "not ? UTF-8, \xc3\xa9");
    /* what others may have made of it */
    static const char *const bad[] = {"", "{", "[]", "{\"attempts\": "};
    for (size_t i = 0; i < TFU_COUNT(bad); i++) {
        e = (struct tfu_error)TFU_ERROR_INIT;
        scratch_write(scratch_path("state.json"), bad[i], strlen(bad[i]));
        ck_assert_int_eq(tfu_case_record_read(&back, scratch, &e), TFU_ECORRUPT);
        ck_assert_int_eq(back.attempts, 0);
    }
    static const char odd[] = "{\"run\": 3, \"rungs\": {}, \"last\": [], \"attempts\": \"many\"}";
    scratch_write(scratch_path("state.json"), odd, strlen(odd));
    ck_assert_int_eq(tfu_case_record_read(&back, scratch, NULL), TFU_OK);
    ck_assert_int_eq(back.attempts, 0);
    scratch_end();
}
END_TEST

/* ---- states */

static const size_t first[] = {0}, second[] = {1};
static struct tfu_sweep_case item[] = {
    {.name = "source", .key = "aaaaaaaaaaaa", .support = true},
    {.name = "bad", .key = "bbbbbbbbbbbb", .support = true},
    {.name = "of source", .key = "cccccccccccc", .need = first, .need_count = 1},
    {.name = "of bad", .key = "dddddddddddd", .need = second, .need_count = 1},
    {.name = "damaged", .key = "eeeeeeeeeeee"},
};
static struct tfu_sweep sweep = {.name = "s", .item = item, .count = TFU_COUNT(item)};
static struct tfu_case_status status[TFU_COUNT(item)];

static void look(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_case_status_free(status, TFU_COUNT(item));
    sweep.store = scratch;
    ck_assert_msg(tfu_sweep_look(&sweep, status, &e) == TFU_OK, "%s", e.text);
}

static void record(const char *key, enum tfu_attempt_end end, const char *run)
{
    char folder[64];
    struct tfu_case_record r = {.attempts = 1, .end = end, .exit_status = -1};
    snprintf(r.run, sizeof r.run, "%s", run);
    snprintf(folder, sizeof folder, ".cases/%s", key);
    make_folders(".cases", folder, NULL);
    if (end == TFU_ATTEMPT_FAILED) {
        r.failures = 1;
        snprintf(r.error, sizeof r.error, "no luck");
    }
    ck_assert_int_eq(tfu_case_record_write(&r, scratch_path(folder), NULL), TFU_OK);
}

START_TEST(states)
{
    scratch_begin();
    look(); /* a store that is not there */
    ck_assert_int_eq(status[0].state, TFU_CASE_QUEUED);
    ck_assert_int_eq(status[2].state, TFU_CASE_WAITING);
    ck_assert_uint_eq(status[2].waits_for, 0);

    /* killed with its launcher: begun, and nobody has it */
    record(item[0].key, TFU_ATTEMPT_BEGUN, "n/1");
    make_folders("n", "n/1", NULL);
    look();
    ck_assert_int_eq(status[0].state, TFU_CASE_QUEUED); /* before the run wrote anything */
    touch("n/1/config.yaml");
    look();
    ck_assert_int_eq(status[0].state, TFU_CASE_INTERRUPTED);

    /* somebody trains the run by hand; then a launcher has the case */
    struct tfu_lease *of_run, *of_case;
    struct tfu_lease_seen by;
    ck_assert_int_eq(tfu_lease_take(&of_run, &by, scratch_path("n/1"), NULL), TFU_OK);
    look();
    ck_assert_int_eq(status[0].state, TFU_CASE_RUNNING);
    ck_assert_int_eq(status[0].pid, getpid());
    tfu_lease_free(of_run);
    ck_assert_int_eq(tfu_lease_take(&of_case, &by, scratch_path(".cases/aaaaaaaaaaaa"), NULL),
                     TFU_OK);
    look();
    ck_assert_int_eq(status[0].state, TFU_CASE_RUNNING);
    touch("n/1/summary.json");
    look();
    ck_assert_int_eq(status[0].state, TFU_CASE_DONE);
    ck_assert_str_eq(status[0].run, scratch_path("n/1"));
    ck_assert_int_eq(status[2].state, TFU_CASE_QUEUED);
    tfu_lease_free(of_case);

    /* a failure, and what needs it; a record that somebody damaged hides nothing else */
    record(item[1].key, TFU_ATTEMPT_FAILED, "n/2");
    record(item[4].key, TFU_ATTEMPT_DONE, "n/3");
    scratch_write(scratch_path(".cases/eeeeeeeeeeee/state.json"), "{", 1);
    look();
    ck_assert_int_eq(status[1].state, TFU_CASE_FAILED);
    ck_assert_str_eq(status[1].error, "no luck");
    ck_assert_int_eq(status[3].state, TFU_CASE_WAITING);
    ck_assert(status[3].waits_for_failed);
    ck_assert_int_eq(status[4].state, TFU_CASE_QUEUED);

    /* a run that was deleted is to be done again */
    ck_assert_int_eq(unlink(scratch_path("n/1/summary.json")), 0);
    ck_assert_int_eq(unlink(scratch_path("n/1/config.yaml")), 0);
    look();
    ck_assert_int_eq(status[0].state, TFU_CASE_QUEUED);
    ck_assert_int_eq(status[2].state, TFU_CASE_WAITING);
    tfu_case_status_free(status, TFU_COUNT(item));
    scratch_end();
}
END_TEST

/* ---- scores at rungs */

static const int64_t rung[] = {10, 30};

START_TEST(scores_of_a_run)
{
    static const char metrics[] = "step,epoch,split,metric,value,note\n"
                                  "5,0.5,valid,auc,0.25,\n"
                                  "10,1,valid,loss,3,\n"
                                  "10,1,test,auc,0.75,\n"
                                  "10,1,valid,auc,0.5,\n"
                                  "20,2,valid,auc,,no positive, or so\n"
                                  "30,3,valid,au"; /* being written */
    scratch_begin();
    scratch_write(scratch_path("metrics.csv"), metrics, strlen(metrics));
    double score = 1;
    ck_assert(tfu_rung_score(scratch, 10, "valid", "auc", &score) && score == 0.5);
    ck_assert(tfu_rung_score(scratch, 5, "valid", "auc", &score) && score == 0.25);
    ck_assert(tfu_rung_score(scratch, 20, "valid", "auc", &score) && isnan(score)); /* undefined */
    ck_assert(tfu_rung_score(scratch, 30, "valid", "auc", &score) && isnan(score));
    ck_assert(tfu_rung_score(scratch, 19, "valid", "auc", &score) && score == 0.5);
    ck_assert(!tfu_rung_score(scratch, 4, "valid", "auc", &score) && isnan(score)); /* none */
    ck_assert(!tfu_rung_score(scratch, 30, "test", "loss", &score));
    ck_assert(!tfu_rung_score(scratch_path("none"), 5, "valid", "auc", &score));
    scratch_end();
}
END_TEST

/* ---- rungs that a record says, and those that it lacks */

static void write_metrics(const char *name, double value)
{
    char text[128];
    const int n = snprintf(text, sizeof text,
                           "step,epoch,split,metric,value,note\n10,1,valid,auc,%g,\n30,3,valid,"
                           "auc,%g,\n",
                           value, value);
    scratch_write(scratch_path(name), text, (size_t)n);
}

static struct tfu_sweep_case pair[] = {{.name = "a", .key = "aaaaaaaaaaaa"},
                                       {.name = "b", .key = "bbbbbbbbbbbb"}};
static const char *const folder_of[] = {".cases/aaaaaaaaaaaa", ".cases/bbbbbbbbbbbb"};
static const struct tfu_sweep_halving by = {
    .split = "valid", .metric = "auc", .factor = 2, .rung = rung, .rung_count = 2};

/* Two cases whose runs are begun, and have scores: the first the better ones. */
static struct tfu_sweep begin_pair(void)
{
    scratch_begin();
    make_folders("n", "n/1", "n/2");
    touch("n/1/config.yaml");
    touch("n/2/config.yaml");
    write_metrics("n/1/metrics.csv", 0.5);
    write_metrics("n/2/metrics.csv", 0.25);
    return (struct tfu_sweep){
        .name = "s", .item = pair, .count = 2, .halving = &by, .store = scratch};
}

static void look_at(const struct tfu_sweep *s, struct tfu_case_status seen[2],
                    enum tfu_case_state first_is, enum tfu_case_state second_is)
{
    ck_assert_int_eq(tfu_sweep_look(s, seen, NULL), TFU_OK);
    ck_assert_str_eq(tfu_case_state_name(seen[0].state), tfu_case_state_name(first_is));
    ck_assert_str_eq(tfu_case_state_name(seen[1].state), tfu_case_state_name(second_is));
    tfu_case_status_free(seen, 2);
}

/* As it is, but with another end, or rung. */
static void change(size_t i, void (*how)(struct tfu_case_record *))
{
    struct tfu_case_record r;
    ck_assert_int_eq(tfu_case_record_read(&r, scratch_path(folder_of[i]), NULL), TFU_OK);
    how(&r);
    ck_assert_int_eq(tfu_case_record_write(&r, scratch_path(folder_of[i]), NULL), TFU_OK);
}

static void add_score(struct tfu_case_record *r, int64_t step, double score, const char *metric)
{
    struct tfu_case_rung *one = &r->rung[r->rungs++];
    *one = (struct tfu_case_rung){.step = step, .score = score};
    snprintf(one->metric, sizeof one->metric, "%s", metric);
}

static void at_another_step(struct tfu_case_record *r)
{
    add_score(r, 12, 0.125, "valid/auc");
}

static void at_another_metric(struct tfu_case_record *r)
{
    add_score(r, 10, 0.875, "valid/loss");
}

static void at_the_first(struct tfu_case_record *r)
{
    add_score(r, 10, 0.25, "valid/auc");
}

START_TEST(rungs_of_others)
{
    struct tfu_case_status seen[2];
    struct tfu_sweep s = begin_pair();
    touch("n/1/summary.json");
    record(pair[0].key, TFU_ATTEMPT_DONE, "n/1"); /* it was never paused anywhere */
    record(pair[1].key, TFU_ATTEMPT_PAUSED, "n/2");
    change(1, at_another_step);
    change(1, at_another_metric);
    look_at(&s, seen, TFU_CASE_DONE, TFU_CASE_INTERRUPTED); /* at the rungs of other sweeps */
    ck_assert_uint_eq(seen[0].rung, 2);
    ck_assert_double_eq(seen[0].rung_score[1], 0.5);
    ck_assert_uint_eq(seen[1].rung, 0);
    /* at a rung of its own: the other one, which is done, was better */
    change(1, at_the_first);
    look_at(&s, seen, TFU_CASE_DONE, TFU_CASE_STOPPED);
    ck_assert_double_eq(seen[1].rung_score[0], 0.25);
    s.halving = NULL; /* the same case in a sweep that stops none */
    look_at(&s, seen, TFU_CASE_DONE, TFU_CASE_INTERRUPTED);
    struct tfu_sweep_halving other = by; /* ... and in one that goes by something else */
    other.metric = "loss";
    other.smallest = true;
    s.halving = &other;
    ck_assert_int_eq(tfu_sweep_look(&s, seen, NULL), TFU_OK);
    ck_assert_double_eq(seen[1].rung_score[0], 0.875);
    tfu_case_status_free(seen, 2);
    scratch_end();
}
END_TEST

static void diverge_at_20(struct tfu_case_record *r)
{
    r->diverged = true;
    r->diverged_at = 20;
}

static void retry(struct tfu_case_record *r)
{
    r->failures = 0;
    r->end = TFU_ATTEMPT_INTERRUPTED;
}

START_TEST(failures_at_rungs)
{
    struct tfu_case_status seen[2];
    const struct tfu_sweep s = begin_pair();
    record(pair[0].key, TFU_ATTEMPT_FAILED, "n/1");
    record(pair[1].key, TFU_ATTEMPT_PAUSED, "n/2");
    change(1, at_the_first);
    look_at(&s, seen, TFU_CASE_FAILED, TFU_CASE_PAUSED);
    ck_assert_uint_eq(seen[1].waits_for, 0);
    ck_assert(seen[1].waits_for_failed);
    change(0, retry);
    look_at(&s, seen, TFU_CASE_INTERRUPTED, TFU_CASE_PAUSED);
    ck_assert_uint_eq(seen[1].waits_for, 0);
    ck_assert(!seen[1].waits_for_failed);

    /* behind the rung: its score there counts, here that of its run, as nobody paused it there */
    record(pair[0].key, TFU_ATTEMPT_FAILED, "n/1");
    change(0, diverge_at_20);
    look_at(&s, seen, TFU_CASE_FAILED, TFU_CASE_STOPPED);
    ck_assert_uint_eq(seen[0].rung, 1);
    ck_assert_double_eq(seen[0].rung_score[0], 0.5);
    change(0, retry);
    look_at(&s, seen, TFU_CASE_INTERRUPTED, TFU_CASE_STOPPED);

    /* before it: it is the worst, also while it is tried again */
    struct tfu_sweep_halving late = by;
    late.rung++;
    late.rung_count = 1;
    const struct tfu_sweep of_late = {
        .name = "s", .item = pair, .count = 2, .halving = &late, .store = scratch};
    look_at(&of_late, seen, TFU_CASE_INTERRUPTED, TFU_CASE_INTERRUPTED);
    struct tfu_case_record r;
    ck_assert_int_eq(tfu_case_record_read(&r, scratch_path(folder_of[1]), NULL), TFU_OK);
    add_score(&r, 30, NAN, "valid/auc");
    ck_assert_int_eq(tfu_case_record_write(&r, scratch_path(folder_of[1]), NULL), TFU_OK);
    look_at(&of_late, seen, TFU_CASE_INTERRUPTED, TFU_CASE_INTERRUPTED); /* the second goes on */

    /* a run that was removed begins anew, and nothing is known of it */
    ck_assert_int_eq(unlink(scratch_path("n/1/config.yaml")), 0);
    look_at(&of_late, seen, TFU_CASE_QUEUED, TFU_CASE_PAUSED);
    scratch_end();
}
END_TEST

static void diverge(struct tfu_case_record *r)
{
    r->diverged = true;
}

/* A source that failed keeps a case from its rung; one that diverged does so for ever. */
START_TEST(failures_of_sources)
{
    static struct tfu_sweep_case three[] = {
        {.name = "source", .key = "aaaaaaaaaaaa", .support = true},
        {.name = "of source", .key = "cccccccccccc", .need = first, .need_count = 1},
        {.name = "paused", .key = "bbbbbbbbbbbb"}};
    struct tfu_case_status seen[3];
    struct tfu_sweep s = begin_pair();
    s.item = three;
    s.count = 3;
    record(three[0].key, TFU_ATTEMPT_FAILED, "n/1");
    record(three[2].key, TFU_ATTEMPT_PAUSED, "n/2");
    change(1, at_the_first);
    ck_assert_int_eq(tfu_sweep_look(&s, seen, NULL), TFU_OK);
    ck_assert_int_eq(seen[2].state, TFU_CASE_PAUSED);
    ck_assert_uint_eq(seen[2].waits_for, 1);
    ck_assert(seen[2].waits_for_failed);
    tfu_case_status_free(seen, 3);
    change(0, diverge);
    ck_assert_int_eq(tfu_sweep_look(&s, seen, NULL), TFU_OK);
    ck_assert_int_eq(seen[1].state, TFU_CASE_WAITING);
    ck_assert_int_eq(seen[2].state, TFU_CASE_INTERRUPTED);
    tfu_case_status_free(seen, 3);
    scratch_end();
}
END_TEST

/* A case that another sweep took beyond the rung at which this one stops it, or waits. */
START_TEST(taken_on_by_others)
{
    struct tfu_case_status seen[2];
    const struct tfu_sweep s = begin_pair();
    record(pair[0].key, TFU_ATTEMPT_INTERRUPTED, "n/1");
    record(pair[1].key, TFU_ATTEMPT_INTERRUPTED, "n/2");
    change(1, at_the_first);
    look_at(&s, seen, TFU_CASE_INTERRUPTED, TFU_CASE_PAUSED);
    record(pair[1].key, TFU_ATTEMPT_FAILED, "n/2");
    change(1, at_the_first);
    look_at(&s, seen, TFU_CASE_INTERRUPTED, TFU_CASE_FAILED);
    touch("n/1/summary.json");
    look_at(&s, seen, TFU_CASE_DONE, TFU_CASE_STOPPED);
    scratch_end();
}
END_TEST

START_TEST(no_more_rungs_than_there_is_place_for)
{
    int64_t many[TFU_RUNGS_MAX + 2];
    struct tfu_case_record r = {.rungs = 0};
    for (size_t i = 0; i < TFU_COUNT(many); i++)
        many[i] = (int64_t)i + 1;
    struct tfu_sweep_halving of_many = {
        .split = "valid", .metric = "auc", .rung = many, .rung_count = TFU_COUNT(many)};
    const struct tfu_sweep s = {.halving = &of_many};
    ck_assert(tfu_case_record_add_rungs(&r, &s, "/nowhere", 3));
    ck_assert_uint_eq(r.rungs, 3);
    ck_assert(!tfu_case_record_add_rungs(&r, &s, "/nowhere", 3));
    ck_assert(tfu_case_record_add_rungs(&r, &s, "/nowhere", INT64_MAX));
    ck_assert_uint_eq(r.rungs, TFU_RUNGS_MAX);
    tfu_case_record_add_rung(&r, &s, "/nowhere");
    ck_assert_uint_eq(r.rungs, TFU_RUNGS_MAX);
    /* those of others go, and not its own */
    while (r.rungs < TFU_CASE_RUNGS_MAX)
        add_score(&r, 1000 + (int64_t)r.rungs, 1, "valid/auc");
    of_many.metric = "loss";
    ck_assert(tfu_case_record_add_rungs(&r, &s, "/nowhere", INT64_MAX));
    ck_assert_uint_eq(r.rungs, TFU_CASE_RUNGS_MAX);
    ck_assert_uint_eq(tfu_case_record_rungs(&r, &s, NULL), TFU_RUNGS_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sweep/state");
    TCase *t = tcase_create("state");
    tcase_add_test(t, records);
    tcase_add_test(t, states);
    tcase_add_test(t, scores_of_a_run);
    tcase_add_test(t, rungs_of_others);
    tcase_add_test(t, failures_at_rungs);
    tcase_add_test(t, failures_of_sources);
    tcase_add_test(t, taken_on_by_others);
    tcase_add_test(t, no_more_rungs_than_there_is_place_for);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
