/* SPDX-License-Identifier: MIT
 *
 * What is asked of an index: filters, names of runs, differences, groups, predictions.
 */
#include "core/index/compare_scored.h"
#include "core/index/differ.h"
#include "core/index/groups.h"
#include "core/index/opened.h"
#include "core/index/select.h"
#include "tests/index/store.h"
#include "tests/support/check_main.h"

enum { NOW = 1772366400 + 3600 };

/* Eight finished runs of two experiments, seeds 0 to 3 each, one that was interrupted, a sweep. */
static void begin(void)
{
    scratch_begin();
    for (unsigned i = 0; i < 8; i++) {
        store_begin(i < 4 ? "demo" : "other", 0xabc000 + i, i % 4, 4);
        store_finish(i < 4 ? "demo" : "other", 0xabc000 + i, 0.5 + i / 16.0);
    }
    store_begin("other", 0xffff, 7, 2);
    store_make("runs/.sweeps");
    store_put("runs/.sweeps/grid.json",
              "{\"study\": \"grid\", \"axes\": [\"start\", \"seed\"], \"cases\": ["
              "{\"name\": \"a\", \"key\": \"0123456789ab\", \"values\": {\"start\": \"warm\", "
              "\"seed\": 0}, \"run\": \"runs/demo/000000abc000\"},"
              "{\"name\": \"b\", \"key\": \"0123456789ac\", \"values\": {\"start\": \"cold\", "
              "\"seed\": 1}, \"run\": null}]}");
    store_make("runs/.cases");
    store_make("runs/.cases/0123456789ac");
    store_put("runs/.cases/0123456789ac/state.json", "{\"run\": \"demo/000000abc001\"}");
    store_put("runs/.sweeps/torn.json", "{\"study\":");
}

/* How many runs fit the words; -1: they are refused, and the error has `error` in it. */
static int count(struct tfu_index *x, const char *words, const char *error)
{
    char copy[256], *rest = copy;
    const char *word[8];
    size_t n = 0;
    struct tfu_arena arena;
    struct tfu_run_selection s;
    struct tfu_error e = TFU_ERROR_INIT;
    snprintf(copy, sizeof copy, "%s", words);
    for (char *w; (w = strsep(&rest, " "));)
        if (*w)
            word[n++] = w;
    tfu_arena_init(&arena, 0);
    const enum tfu_status st = tfu_index_select(&s, x, word, n, NOW, &arena, &e);
    const int found = st == TFU_OK ? (int)s.count : -1;
    if (error)
        ck_assert_msg(st != TFU_OK && strstr(e.text, error), "%s: %s", words, e.text);
    else
        ck_assert_msg(st == TFU_OK, "%s: %s", words, e.text);
    tfu_arena_free(&arena);
    return found;
}

START_TEST(filters_choose_runs)
{
    static const struct {
        const char *words;
        int runs;
    } cases[] = {
        {"", 9},
        {"state=done", 8},
        {"state!=done", 1},
        {"state=done,interrupted", 9},
        {"name=demo", 4},
        {"name=d*", 4},
        {"name=demo/*1", 1},
        {"arch=cbr_tiny", 5},
        {"arch.plugin=cbr_*", 5},
        {"seed=0", 2},
        {"seed!=0", 7},
        {"seed>=2", 5},
        {"test/auc>0.7", 4},
        {"test/auc>=0.9375", 1},
        {"test/auc<0.5", 0},
        {"test/auc@max>0.9", 2},
        {"train.optimizer.lr<=1e-4", 4}, /* written 1.0e-4 */
        {"train.optimizer.lr=0.0001", 4},
        {"train.optimizer=adam", 9},
        {"data.train.classes=[1,2]", 9},
        {"init=random", 9},
        {"since=1d", 9},
        {"started<2026-03-02", 9},
        {"started<2026-03-01T11:00:00", 0},
        {"started>2h", 9},
        {"sweep=grid", 2},
        {"start=warm", 1},
        {"start!=warm", 8},
        {"sweep=grid start=cold", 1},
        {"demo", 4},
        {"demo seed<2 state=done", 2},
        {"demo/000000abc001", 1},
        {"000000abc001", 1},
        {"demo/*", 4},
        {"demo other seed=0", 2},
        {"seconds>10", 8},
        {"seed=00", 2},
        {"id=000000abc001", 1},
        {"id=abc001", 0},
    };
    struct tfu_index *x = store_open(NULL);
    for (size_t i = 0; i < TFU_COUNT(cases); i++) {
        const int found = count(x, cases[i].words, NULL);
        ck_assert_msg(found == cases[i].runs, "%s: %d", cases[i].words, found);
    }
    tfu_index_close(x);
}
END_TEST

/* One run is a case of two sweeps, which name its start otherwise; `decay` has no run yet. */
START_TEST(axes_are_those_of_the_sweep_that_is_asked_for)
{
    store_put("runs/.sweeps/more.json",
              "{\"study\": \"more\", \"axes\": [\"start\", \"decay\"], \"cases\": ["
              "{\"name\": \"a\", \"key\": \"0123456789ab\", \"values\": {\"start\": \"alpha\"}, "
              "\"run\": \"runs/demo/000000abc000\"},"
              "{\"name\": \"b\", \"key\": \"0123456789ad\", \"values\": {\"decay\": 0.1}, "
              "\"run\": null},"
              "{\"name\": \"c\", \"key\": \"0123456789ae\", \"values\": {\"start\": \"mean,var\"}, "
              "\"run\": \"runs/demo/000000abc001\"}]}");
    static const struct {
        const char *words;
        int runs;
    } cases[] = {{"sweep=more start=alpha", 1},
                 {"sweep=more start=warm", 0},
                 {"sweep=grid start=warm", 1},
                 {"sweep=grid start=alpha", 0},
                 {"sweep=more decay=0.1", 0},
                 {"sweep=more decay!=0.1", 2},
                 {"sweep=more start=mean,var", 1},
                 {"sweep=more start=mean", 0},
                 {"sweep=more start!=mean,var", 1},
                 {"sweep=more start=alpha,mean", 1},
                 {"sweep=grid,more", 2},
                 {"start=warm", 1}};
    struct tfu_index *x = store_open(NULL);
    for (size_t i = 0; i < TFU_COUNT(cases); i++) {
        const int found = count(x, cases[i].words, NULL);
        ck_assert_msg(found == cases[i].runs, "%s: %d", cases[i].words, found);
    }
    count(x, "sweep=more dcay=1", "did you mean 'decay'?");
    tfu_index_close(x);
}
END_TEST

/* `arch` is the plugin; a sweep calls one of them "half", and one as another plugin is called. */
START_TEST(an_axis_may_be_called_as_another_key)
{
    store_put("runs/.sweeps/arches.json",
              "{\"study\": \"arches\", \"axes\": [\"arch\", \"seed\"], \"cases\": ["
              "{\"name\": \"a\", \"key\": \"0123456789ba\", \"values\": {\"arch\": \"cbr_tiny\", "
              "\"seed\": 0}, \"run\": \"runs/demo/000000abc000\"},"
              "{\"name\": \"b\", \"key\": \"0123456789bb\", \"values\": {\"arch\": \"half\", "
              "\"seed\": 1}, \"run\": \"runs/demo/000000abc001\"}]}");
    struct tfu_index *x = store_open(NULL);
    ck_assert_int_eq(count(x, "axis.arch=half", NULL), 1);
    ck_assert_int_eq(count(x, "sweep=arches axis.arch=cbr_tiny", NULL), 1);
    ck_assert_int_eq(count(x, "sweep=grid axis.arch=half", NULL), 0);
    ck_assert_int_eq(count(x, "arch.plugin=cbr_tiny", NULL), 5);
    ck_assert_int_eq(count(x, "arch=resnet50", NULL), 4); /* which no axis calls anything */
    ck_assert_int_eq(count(x, "sweep=grid arch=cbr_tiny", NULL), 1);
    ck_assert_int_eq(count(x, "sweep=arches seed=0", NULL), 1);
    count(x, "arch=cbr_tiny", "write arch.plugin=cbr_tiny or axis.arch=cbr_tiny");
    count(x, "arch!=half", "write arch.plugin!=half or axis.arch!=half");
    count(x, "axis.arhc=half", "did you mean 'axis.arch'?");
    tfu_index_close(x);
}
END_TEST

/* What a case became may change without its sweep's file: it is trained anew when its data are
 * others. */
START_TEST(a_case_that_was_trained_anew_is_its_new_run)
{
    struct tfu_index *x = store_open(NULL);
    ck_assert_int_eq(count(x, "start=warm demo/000000abc000", NULL), 1);
    ck_assert_int_eq(count(x, "start=cold demo/000000abc001", NULL), 1);
    tfu_index_close(x);
    store_make("runs/.cases/0123456789ab");
    store_put("runs/.cases/0123456789ab/state.json", "{\"run\": \"demo/000000abc002\"}");
    store_put("runs/.cases/0123456789ac/state.json", "{\"run\": \"demo/000000abc003\"}");
    store_settle();
    for (int i = 0; i < 2; i++) {
        x = store_open(NULL);
        ck_assert_int_eq(count(x, "start=warm demo/000000abc002", NULL), 1);
        ck_assert_int_eq(count(x, "start=cold demo/000000abc003", NULL), 1);
        ck_assert_int_eq(count(x, "sweep=grid", NULL), 2);
        tfu_index_close(x);
    }
    store_put("runs/.cases/0123456789ac/state.json", "{\"run\": null}");
    x = store_open(NULL);
    ck_assert_int_eq(count(x, "start=cold demo/000000abc003", NULL), 1);
    tfu_index_close(x);
}
END_TEST

/* `runs rm` goes by them: ids, names and large seeds that are the same as numbers alone. */
START_TEST(texts_are_not_taken_for_numbers)
{
    static const struct {
        const char *words;
        int runs;
    } cases[] = {{"id=1e9999999991", 1},
                 {"id=1e9999999992", 1},
                 {"id!=1e9999999991", 12},
                 {"run=1.0/1e9999999991", 1},
                 {"name=1", 1},
                 {"name=1.0", 2},
                 {"name=01", 1},
                 {"seed=4294967295", 1},
                 {"seed=4294967295.0", 1},
                 {"train.optimizer.lr=1e9999", 0},
                 {"train.optimizer.lr=0.001", 8},
                 {"sweep=grid name=1", 0}};
    static const char *const made[] = {"1.0/1e9999999991", "1.0/1e9999999992", "1/1e9999999993",
                                       "01/000000000001"};
    for (unsigned i = 0; i < TFU_COUNT(made); i++) {
        char folder[64], path[128];
        snprintf(folder, sizeof folder, "runs/%s", made[i]);
        *strrchr(folder, '/') = '\0';
        store_make(folder);
        snprintf(folder, sizeof folder, "runs/%s", made[i]);
        store_make(folder);
        snprintf(path, sizeof path, "%s/config.yaml", folder);
        store_put(path, "seed: %u\nname: x\ntrain:\n  optimizer: {plugin: adam, lr: %s}\n",
                  i ? 10 + i : 4294967295U, i ? "0.001" : "2e9999");
    }
    struct tfu_index *x = store_open(NULL);
    ck_assert_uint_eq(tfu_index_count(x), 13);
    for (size_t i = 0; i < TFU_COUNT(cases); i++) {
        const int found = count(x, cases[i].words, NULL);
        ck_assert_msg(found == cases[i].runs, "%s: %d", cases[i].words, found);
    }
    tfu_index_close(x);
}
END_TEST

START_TEST(impossible_filters_are_refused)
{
    static const struct {
        const char *words, *error;
    } cases[] = {
        {"sed=3", "did you mean 'seed'?"},
        {"train.optimiser.lr=1", "did you mean 'train.optimizer.lr'?"},
        {"test/acu>1", "did you mean 'test/auc'?"},
        {"what.is.it=1", "keys are those of configurations"},
        {"state=don", "did you mean 'done'?"},
        {"sweep=gird", "did you mean 'grid'?"},
        {"test/auc=high", "'high' is no number"},
        {"test/auc>high", "'high' is no number"},
        {"since=yesterday", "is no time"},
        {"since>2d", "`since` goes with = alone"},
        {"started=2026-03-01", "compare a time by < or >"},
        {"arch>3", "no run has a number under 'arch'"},
        {"=3", "is no filter"},
        {"dem", "did you mean 'demo'?"},
        {"000000abc", "is 8 runs of"},
        {"demo 000000abc", "is 8 runs of"},
        {"nothing/here", "has no run 'nothing/here' among its 9"},
    };
    struct tfu_index *x = store_open(NULL);
    for (size_t i = 0; i < TFU_COUNT(cases); i++)
        count(x, cases[i].words, cases[i].error);
    tfu_index_close(x);
}
END_TEST

START_TEST(a_torn_sweep_is_said_and_hides_nothing)
{
    struct store_log said;
    struct tfu_index *x = store_open(&said);
    ck_assert_ptr_nonnull(strstr(said.text, "the sweep 'torn' cannot be read"));
    ck_assert_int_eq(count(x, "sweep=torn", NULL), 0);
    tfu_index_close(x);
    remove(scratch_path("runs/.sweeps/torn.json"));
    remove(scratch_path("runs/.sweeps/grid.json"));
    x = store_open(&said);
    ck_assert_str_eq(said.text, "");
    count(x, "sweep=grid", "has no sweep of that name; it has none");
    tfu_index_close(x);
}
END_TEST

static int take_statement(unsigned kind, void *arg, void *statement, void *sql)
{
    (void)kind;
    (void)statement;
    snprintf(arg, 1024, "EXPLAIN QUERY PLAN %s", (const char *)sql);
    return 0;
}

/* A store of thousands of runs: not all configurations are read for one. */
START_TEST(a_configuration_is_found_by_its_keys)
{
    struct tfu_index *x = store_open(NULL);
    struct tfu_arena arena;
    struct tfu_index_leaf *leaf;
    size_t n;
    char sql[1024] = "", plan[1024] = "";
    sqlite3_stmt *s;
    tfu_arena_init(&arena, 0);
    sqlite3_trace_v2(x->database.handle, SQLITE_TRACE_STMT, take_statement, sql);
    ck_assert_int_eq(tfu_index_leaves(x, tfu_index_run(x, 1), &arena, &leaf, &n, NULL), TFU_OK);
    sqlite3_trace_v2(x->database.handle, 0, NULL, NULL);
    ck_assert_int_eq(sqlite3_prepare_v2(x->database.handle, sql, -1, &s, NULL), SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW) {
        const size_t at = strlen(plan);
        snprintf(plan + at, sizeof plan - at, "%s\n", (const char *)sqlite3_column_text(s, 3));
    }
    sqlite3_finalize(s);
    ck_assert_msg(strstr(plan, "USING PRIMARY KEY (key=? AND run=?)") != NULL, "%s", plan);
    tfu_arena_free(&arena);
    tfu_index_close(x);
}
END_TEST

START_TEST(configurations_differ_where_they_do)
{
    struct tfu_index *x = store_open(NULL);
    struct tfu_arena arena;
    struct tfu_index_difference *d;
    size_t n;
    tfu_arena_init(&arena, 0);
    const struct tfu_index_run *run[] = {tfu_index_run(x, 1), tfu_index_run(x, 3)};
    ck_assert_int_eq(tfu_index_differ(x, run, 2, &arena, &d, &n, NULL), TFU_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_str_eq(d[0].key, "seed");
    ck_assert_str_eq(d[0].value[1], "3");
    ck_assert_str_eq(d[1].key, "train.optimizer.lr");
    tfu_arena_free(&arena);
    tfu_index_close(x);
}
END_TEST

START_TEST(groups_are_what_differs_in_seeds_alone)
{
    struct tfu_index *x = store_open(NULL);
    struct tfu_arena arena;
    struct tfu_run_group *group;
    struct tfu_error e = TFU_ERROR_INIT;
    size_t n, pairs;
    double a[8], b[8];
    const char *over[] = {"seed", "train.optimizer.lr"};
    const struct tfu_index_run *run[4];
    tfu_arena_init(&arena, 0);
    for (size_t i = 0; i < 4; i++)
        run[i] = tfu_index_run(x, i);
    ck_assert_int_eq(tfu_index_group(x, run, 4, over, 2, 30, &arena, &group, &n, &e), TFU_OK);
    ck_assert_uint_eq(n, 2); /* resnet50 with even seeds, cbr_tiny with odd ones */
    ck_assert_str_eq(group[0].label, "arch=resnet50");
    ck_assert_str_eq(group[1].label, "arch=cbr_tiny");
    ck_assert_uint_eq(group[0].count, 2);
    ck_assert_str_eq(group[0].over[1], "seed=2 train.optimizer.lr=0.001");
    ck_assert_int_eq(tfu_groups_pair(x, &group[0], &group[1], "test/auc", a, b, &pairs, &e),
                     TFU_OK);
    ck_assert_uint_eq(pairs, 0);
    ck_assert_int_eq(tfu_groups_pair(x, &group[0], &group[0], "test/auc", a, b, &pairs, &e),
                     TFU_OK);
    ck_assert_uint_eq(pairs, 2);
    ck_assert(a[1] == 0.625 && b[1] == 0.625);
    ck_assert_int_eq(tfu_index_group(x, run, 4, over, 2, 1, &arena, &group, &n, &e), TFU_OK);
    ck_assert_uint_eq(n, 2); /* more than one: nothing is named */
    ck_assert_ptr_null(group[0].label);
    /* two runs of the same seed: names decide nothing */
    run[1] = tfu_index_run(x, 5);
    ck_assert_int_eq(tfu_index_group(x, run, 2, over, 2, 30, &arena, &group, &n, &e), TFU_EINVAL);
    ck_assert_ptr_nonnull(strstr(e.text, "have both seed=0"));
    tfu_arena_free(&arena);
    tfu_index_close(x);
}
END_TEST

/* ---- predictions */

static const char scores_a[] = "index,name,group,label,score.0,score.1\n"
                               "0,a,p,0,0.9,0.1\n1,b,p,0,0.6,0.4\n2,c,q,1,0.65,0.35\n"
                               "3,d,q,1,0.2,0.8\n4,e,r,1,0.3,0.7\n5,f,r,0,0.8,0.2\n";

/* Compares a file with `text`; the error, or "" where there is none. */
static const char *compare(const char *text, struct tfu_scored_comparison *out)
{
    static char said[2048];
    struct tfu_scored_file a, b;
    struct tfu_error e = TFU_ERROR_INIT;
    store_put("a.csv", "%s", scores_a);
    store_put("b.csv", "%s", text);
    ck_assert_int_eq(tfu_scored_file_read(&a, scratch_path("a.csv"), &e), TFU_OK);
    enum tfu_status st = tfu_scored_file_read(&b, scratch_path("b.csv"), &e);
    if (st == TFU_OK)
        st = tfu_compare_scored(out, &a, &b, 0, &e);
    snprintf(said, sizeof said, "%s", st == TFU_OK ? "" : e.text);
    for (size_t i = 0; st == TFU_OK && i < out->count; i++)
        ck_assert_str_eq(out->item[i].name, a.output[a.outputs - out->count + i]);
    tfu_scored_file_free(&a);
    tfu_scored_file_free(&b);
    return said;
}

START_TEST(predictions_of_the_same_examples_are_compared)
{
    struct tfu_scored_comparison c;
    /* in another order */
    ck_assert_str_eq(compare("index,name,group,label,score.0,score.1\n"
                             "5,f,r,0,0.8,0.2\n0,a,p,0,0.9,0.1\n1,b,p,0,0.7,0.3\n"
                             "2,c,q,1,0.35,0.65\n3,d,q,1,0.2,0.8\n4,e,r,1,0.3,0.7\n",
                             &c),
                     "");
    ck_assert_uint_eq(c.examples, 6);
    ck_assert_uint_eq(c.groups, 3);
    ck_assert_uint_eq(c.count, 1); /* two classes have one curve */
    /* 8 of 9 pairs in the right order, and all of them */
    ck_assert(fabs(c.item[0].test.a.value - 8.0 / 9) < 1e-12);
    ck_assert(c.item[0].test.b.value == 1);
    ck_assert(fabs(c.item[0].test.difference + 1.0 / 9) < 1e-12);
    ck_assert(c.item[0].resampled);
    ck_assert(c.item[0].by_group.clusters == 3);
    tfu_scored_comparison_free(&c);
}
END_TEST

START_TEST(a_last_line_of_predictions_needs_no_end)
{
    struct tfu_scored_comparison c;
    ck_assert_str_eq(compare("index,name,group,label,score.0,score.1\n"
                             "0,a,p,0,0.9,0.1\n1,b,p,0,0.7,0.3\n2,c,q,1,0.35,0.65\n"
                             "3,d,q,1,0.2,0.8\n4,e,r,1,0.3,0.7\n5,f,r,0,0.8,0.2",
                             &c),
                     "");
    ck_assert_uint_eq(c.examples, 6);
    tfu_scored_comparison_free(&c);
}
END_TEST

/* A quote that nothing closes would swallow all lines behind it. */
START_TEST(an_open_quote_in_predictions_is_refused_with_its_line)
{
    struct tfu_scored_file f;
    struct tfu_error e = TFU_ERROR_INIT;
    store_put("b.csv",
              "index,name,label,score\n0,a,0,0.1\n1,\"b\nc\",0,0.3\n2,\"c,1,0.65\n3,d,1,0.8\n");
    ck_assert_int_eq(tfu_scored_file_read(&f, scratch_path("b.csv"), &e), TFU_ECORRUPT);
    ck_assert_msg(strstr(e.text, "a quote begins in this line that nothing closes"), "%s", e.text);
    ck_assert_int_eq(e.line, 5);
    tfu_scored_file_free(&f);
}
END_TEST

START_TEST(other_predictions_are_refused)
{
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"", "no file of predictions"},
        {"step,value\n1,2\n", "no file of predictions"},
        {"index,name,group,label,score.0,score.1\n0,a,p,0,0.9,0.1\n", "has 6 lines and"},
        {"index,name,group,label,score.0,score.1\n0,a,p,0,0.9,0.1\n1,b,p,0,0.6,0.4\n"
         "2,c,q,1,0.65,0.35\n3,d,q,1,0.2,0.8\n4,e,r,1,0.3,0.7\n6,g,r,0,0.8,0.2\n",
         "are not of the same examples (example 5)"},
        {"index,name,group,label,score.0,score.1\n0,a,p,0,0.9,0.1\n1,b,p,0,0.6,0.4\n"
         "2,c,q,0,0.65,0.35\n3,d,q,1,0.2,0.8\n4,e,r,1,0.3,0.7\n5,f,r,0,0.8,0.2\n",
         "do not have the same labels (example 2)"},
        {"index,name,group,label,score.0,score.1\n0,a,p,0,0.9,0.1\n1,b,p,0,0.6,0.4\n"
         "2,c,p,1,0.65,0.35\n3,d,q,1,0.2,0.8\n4,e,r,1,0.3,0.7\n5,f,r,0,0.8,0.2\n",
         "do not have the same groups (example 2)"},
        {"index,label,score.x,score.y\n0,0,1,0\n1,0,1,0\n2,1,1,0\n3,1,1,0\n4,1,1,0\n5,0,1,0\n",
         "scores '0' where"},
        {"index,label,score.0,score.1\n0,0,1,0\n0,0,1,0\n", "example 0 is there twice"},
        {"index,label,score.0,score.1\n0,0,1,zero\n", "'zero' is no number"},
        {"index,label,score.0,score.1\n0,0,1\n", "3 fields where the head has 4"},
    };
    struct tfu_scored_comparison c;
    for (size_t i = 0; i < TFU_COUNT(cases); i++) {
        const char *said = compare(cases[i].text, &c);
        ck_assert_msg(strstr(said, cases[i].error) != NULL, "%zu: %s", i, said);
    }
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("index/ask");
    TCase *t = tcase_create("ask");
    tcase_add_checked_fixture(t, begin, scratch_end);
    tcase_add_test(t, filters_choose_runs);
    tcase_add_test(t, axes_are_those_of_the_sweep_that_is_asked_for);
    tcase_add_test(t, an_axis_may_be_called_as_another_key);
    tcase_add_test(t, a_case_that_was_trained_anew_is_its_new_run);
    tcase_add_test(t, a_configuration_is_found_by_its_keys);
    tcase_add_test(t, texts_are_not_taken_for_numbers);
    tcase_add_test(t, impossible_filters_are_refused);
    tcase_add_test(t, a_torn_sweep_is_said_and_hides_nothing);
    tcase_add_test(t, configurations_differ_where_they_do);
    tcase_add_test(t, groups_are_what_differs_in_seeds_alone);
    tcase_add_test(t, predictions_of_the_same_examples_are_compared);
    tcase_add_test(t, a_last_line_of_predictions_needs_no_end);
    tcase_add_test(t, an_open_quote_in_predictions_is_refused_with_its_line);
    tcase_add_test(t, other_predictions_are_refused);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
