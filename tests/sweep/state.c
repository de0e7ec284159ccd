/* SPDX-License-Identifier: MIT
 *
 * What the folders of a sweep say, and what halving makes of it: with cases made up for it.
 */
#include "core/sweep/state.h"

#include <math.h>
#include <sys/stat.h>

#include "core/store/lease.h"
#include "core/sweep/halving.h"
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
    r = (struct tfu_case_record){.attempts = 3,
                                 .completed = 1,
                                 .failures = 2,
                                 .seconds = 2.5,
                                 .rungs = 2,
                                 .rung_step = {10, 20},
                                 .rung_score = {0.5, NAN},
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
    ck_assert_int_eq(back.rung_step[1], 20);
    ck_assert_double_eq(back.rung_score[0], 0.5);
    ck_assert(isnan(back.rung_score[1]));
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

/* ---- halving */

enum { CASES = 9 };
static const char *const group_a[] = {"a"}, *const group_b[] = {"b"};
static const int64_t rung[] = {10, 30};
static const size_t axis_zero[] = {0};

struct halved {
    struct tfu_sweep_case item[CASES];
    struct tfu_sweep_halving halving;
    struct tfu_sweep sweep;
    struct tfu_halving_entry entry[CASES];
    double score[CASES][2];
    enum tfu_halving_verdict verdict[CASES];
};

static void halved_init(struct halved *h)
{
    *h = (struct halved){.halving = {.factor = 3, .rung = rung, .rung_count = 2}};
    h->sweep = (struct tfu_sweep){.item = h->item, .count = CASES, .halving = &h->halving};
    for (size_t i = 0; i < CASES; i++) {
        h->item[i].value = i % 2 ? group_b : group_a;
        h->score[i][0] = (double)((i * 4) % 9); /* 0 4 8 3 7 2 6 1 5 */
        h->score[i][1] = -(double)i;
        h->entry[i].score = h->score[i];
    }
}

/* "=" goes on, "w" waits, "x" is stopped */
static const char *judged(struct halved *h)
{
    static char text[CASES + 1];
    ck_assert_int_eq(tfu_halving_judge(&h->sweep, h->entry, h->verdict, NULL), TFU_OK);
    for (size_t i = 0; i < CASES; i++)
        text[i] = h->verdict[i] == TFU_HALVING_ON     ? '='
                  : h->verdict[i] == TFU_HALVING_WAIT ? 'w'
                                                      : 'x';
    return text;
}

START_TEST(halving)
{
    struct halved h;
    halved_init(&h);
    ck_assert_str_eq(judged(&h), "=========");
    h.entry[3].reached = 1;
    ck_assert_str_eq(judged(&h), "===w=====");
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].reached = 1;
    ck_assert_str_eq(judged(&h), "xx=x=x=xx"); /* 8, 7, 6 */
    h.entry[4].reached = 2;
    ck_assert_str_eq(judged(&h), "xx=xwx=xx");
    h.entry[2].reached = h.entry[6].reached = 2;
    ck_assert_str_eq(judged(&h), "xx=xxxxxx"); /* -2 is the best of -2, -4, -6 */
    h.halving.smallest = true;
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].reached = 2;
    ck_assert_str_eq(judged(&h), "xxxxxxx=x"); /* 0, 1, 2 of cases 0, 7, 5; then -7 */
}
END_TEST

START_TEST(halving_of_what_failed_or_is_equal)
{
    struct halved h;
    halved_init(&h);
    h.halving.rung_count = 1;
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].reached = 1;
    h.entry[2].gone = true;
    h.entry[2].reached = 0;
    h.score[4][0] = NAN;
    ck_assert_str_eq(judged(&h), "x==xxx=x="); /* 6, 5, 4; who is gone is not judged */
    for (size_t i = 0; i < CASES; i++)
        h.score[i][0] = 1;
    ck_assert_str_eq(judged(&h), "====xxxxx"); /* of equal ones the earlier */
    for (size_t i = 0; i < CASES; i++)
        h.score[i][0] = NAN;
    ck_assert_str_eq(judged(&h), "====xxxxx");
    h.halving.factor = 100;
    ck_assert_str_eq(judged(&h), "=x=xxxxxx"); /* one at least */
    for (size_t i = 0; i < CASES; i++)
        h.entry[i].gone = true;
    ck_assert_str_eq(judged(&h), "=========");
}
END_TEST

START_TEST(halving_by_groups)
{
    struct halved h;
    halved_init(&h);
    h.halving.for_each = axis_zero;
    h.halving.for_each_count = 1;
    h.item[8].support = true;
    for (size_t i = 0; i < CASES; i += 2)
        h.entry[i].reached = 1;
    /* a: 0 8 7 6 of cases 0 2 4 6; b has not come to it */
    ck_assert_str_eq(judged(&h), "x===x=x==");
}
END_TEST

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
    ck_assert_double_eq(tfu_rung_score(scratch, 10, "valid", "auc"), 0.5);
    ck_assert_double_eq(tfu_rung_score(scratch, 5, "valid", "auc"), 0.25);
    ck_assert(isnan(tfu_rung_score(scratch, 20, "valid", "auc")));
    ck_assert(isnan(tfu_rung_score(scratch, 30, "valid", "auc")));
    ck_assert_double_eq(tfu_rung_score(scratch, 19, "valid", "auc"), 0.5);
    ck_assert(isnan(tfu_rung_score(scratch, 4, "valid", "auc")));
    ck_assert(isnan(tfu_rung_score(scratch_path("none"), 5, "valid", "auc")));
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

START_TEST(rungs_of_others)
{
    static struct tfu_sweep_case pair[] = {{.name = "done", .key = "aaaaaaaaaaaa"},
                                           {.name = "paused", .key = "bbbbbbbbbbbb"}};
    struct tfu_sweep_halving by = {
        .split = "valid", .metric = "auc", .factor = 2, .rung = rung, .rung_count = 2};
    struct tfu_sweep s = {.name = "s", .item = pair, .count = 2, .halving = &by};
    struct tfu_case_status seen[2];
    scratch_begin();
    s.store = scratch;
    make_folders("n", "n/1", "n/2");
    touch("n/1/config.yaml");
    touch("n/1/summary.json");
    touch("n/2/config.yaml");
    write_metrics("n/1/metrics.csv", 0.5);
    write_metrics("n/2/metrics.csv", 0.25);
    record(pair[0].key, TFU_ATTEMPT_DONE, "n/1"); /* it was never paused anywhere */
    record(pair[1].key, TFU_ATTEMPT_PAUSED, "n/2");
    struct tfu_case_record r;
    ck_assert_int_eq(tfu_case_record_read(&r, scratch_path(".cases/bbbbbbbbbbbb"), NULL), TFU_OK);
    r.rungs = 1;
    r.rung_step[0] = 12;
    r.rung_score[0] = 0.125;
    ck_assert_int_eq(tfu_case_record_write(&r, scratch_path(".cases/bbbbbbbbbbbb"), NULL), TFU_OK);
    ck_assert_int_eq(tfu_sweep_look(&s, seen, NULL), TFU_OK);
    ck_assert_int_eq(seen[0].state, TFU_CASE_DONE);
    ck_assert_uint_eq(seen[0].rung, 2);
    ck_assert_double_eq(seen[0].rung_score[1], 0.5);
    ck_assert_int_eq(seen[1].state, TFU_CASE_INTERRUPTED); /* at the rung of another sweep */
    ck_assert_uint_eq(seen[1].rung, 0);
    tfu_case_status_free(seen, 2);
    /* at a rung of its own: the other one, which is done, was better */
    r.rung_step[0] = 10;
    ck_assert_int_eq(tfu_case_record_write(&r, scratch_path(".cases/bbbbbbbbbbbb"), NULL), TFU_OK);
    ck_assert_int_eq(tfu_sweep_look(&s, seen, NULL), TFU_OK);
    ck_assert_int_eq(seen[1].state, TFU_CASE_STOPPED);
    tfu_case_status_free(seen, 2);
    s.halving = NULL; /* the same case in a sweep that stops none */
    ck_assert_int_eq(tfu_sweep_look(&s, seen, NULL), TFU_OK);
    ck_assert_int_eq(seen[1].state, TFU_CASE_INTERRUPTED);
    tfu_case_status_free(seen, 2);
    scratch_end();
}
END_TEST

START_TEST(no_more_rungs_than_there_is_place_for)
{
    int64_t many[TFU_RUNGS_MAX + 2];
    struct tfu_case_record r = {.rungs = 0};
    for (size_t i = 0; i < TFU_COUNT(many); i++)
        many[i] = (int64_t)i + 1;
    struct tfu_sweep_halving by = {
        .split = "valid", .metric = "auc", .rung = many, .rung_count = TFU_COUNT(many)};
    const struct tfu_sweep s = {.halving = &by};
    tfu_case_record_add_rungs(&r, &s, "/nowhere");
    ck_assert_uint_eq(r.rungs, TFU_RUNGS_MAX);
    tfu_case_record_add_rung(&r, &s, "/nowhere");
    ck_assert_uint_eq(r.rungs, TFU_RUNGS_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sweep/state");
    TCase *t = tcase_create("state");
    tcase_add_test(t, records);
    tcase_add_test(t, states);
    tcase_add_test(t, halving);
    tcase_add_test(t, halving_of_what_failed_or_is_equal);
    tcase_add_test(t, halving_by_groups);
    tcase_add_test(t, scores_of_a_run);
    tcase_add_test(t, rungs_of_others);
    tcase_add_test(t, no_more_rungs_than_there_is_place_for);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
