/* SPDX-License-Identifier: MIT
 *
 * Groups of runs by their metrics, by numbers that are worked out by hand, and runs against the
 * first by their predictions.
 */
#include <math.h>

#include "core/index/common_series.h"
#include "core/index/compare_groups.h"
#include "core/index/compare_predictions.h"
#include "tests/index/store.h"
#include "tests/support/check_main.h"

/* Two groups with the seeds 0 to 2, and a third with others. */
static const struct {
    const char *init;
    unsigned seed;
    double auc, accuracy;
} runs[] = {{"pretrained", 0, 0.7, 0.7}, {"pretrained", 1, 0.8, 0.8}, {"pretrained", 2, 0.9, 0.9},
            {"random", 0, 0.6, 0.6},     {"random", 1, 0.6, 0.6},     {"random", 2, 0.6, 0.3},
            {"gabor", 3, 0.5, 0.5},      {"gabor", 4, 0.5, 0.5}};

static void put_run(unsigned id, const char *init, unsigned seed, double auc, double accuracy)
{
    char path[128];
    store_begin("demo", id, seed, 0);
    store_finish("demo", id, 0);
    snprintf(path, sizeof path, "runs/demo/%012x/config.yaml", id);
    store_put(path, "seed: %u\nname: demo\narch: {plugin: cbr_tiny}\ninit:\n  - plugin: %s\n", seed,
              init);
    snprintf(path, sizeof path, "runs/demo/%012x/summary.json", id);
    store_put(path,
              "{\"steps\": 100, \"seconds\": 1, \"metrics\": {\"valid\": {\"auc\": 0.1}, "
              "\"test\": {\"auc\": %.17g, \"accuracy\": %.17g, \"auc.odd\": 0.5}}}",
              auc, accuracy);
    snprintf(path, sizeof path, "runs/demo/%012x/metrics.csv", id);
    store_put(path,
              "step,epoch,split,metric,value,note\n1,1,valid,auc,0.1,\n1,1,test,auc,%.17g,\n"
              "1,1,test,accuracy,%.17g,\n1,1,test,auc.odd,0.5,\n",
              auc, accuracy);
}

static void begin(void)
{
    scratch_begin();
    for (unsigned i = 0; i < TFU_COUNT(runs); i++)
        put_run(i + 1, runs[i].init, runs[i].seed, runs[i].auc, runs[i].accuracy);
}

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-6;
}

/* Student's t with two degrees of freedom has a distribution in closed form. */
static double p_of_two(double t)
{
    return 1 - t / sqrt(2 + t * t);
}

START_TEST(groups_are_compared_by_what_both_have)
{
    static const char *const series[] = {"test/auc", "test/accuracy"}, *over[] = {"seed"};
    const struct tfu_index_run *run[TFU_COUNT(runs)];
    struct tfu_index *x = store_open(NULL);
    struct tfu_arena arena;
    struct tfu_run_group *group;
    struct tfu_groups_comparison c;
    size_t groups;
    tfu_arena_init(&arena, 0);
    for (size_t i = 0; i < TFU_COUNT(runs); i++)
        run[i] = tfu_index_run(x, i);
    ck_assert_int_eq(
        tfu_index_group(x, run, TFU_COUNT(runs), over, 1, 30, &arena, &group, &groups, NULL),
        TFU_OK);
    ck_assert_uint_eq(groups, 3);
    const struct tfu_groups_question q = {
        .group = group, .groups = groups, .series = series, .series_count = 2};
    ck_assert_int_eq(tfu_index_compare_groups(&c, x, &q, &arena, NULL), TFU_OK);
    ck_assert_uint_eq(c.scores, 6);
    ck_assert_str_eq(c.score[4].series, "test/accuracy");
    ck_assert_uint_eq(c.score[4].group, 1);
    ck_assert(c.score[0].of.n == 3 && is_near(c.score[0].of.mean, 0.8));
    ck_assert(is_near(c.score[0].of.deviation, 0.1));
    ck_assert(is_near(c.score[4].of.mean, 0.5) && is_near(c.score[4].of.minimum, 0.3));

    ck_assert_uint_eq(c.pairs, 2); /* the third group has no seed of the others */
    ck_assert_uint_eq(c.apart, 4);
    const double t[] = {0.2 / (0.1 / sqrt(3)), 0.3 / (sqrt(0.07) / sqrt(3))};
    const double p[] = {p_of_two(t[0]), p_of_two(t[1])};
    for (size_t i = 0; i < 2; i++) {
        ck_assert(c.pair[i].a == 0 && c.pair[i].b == 1 && c.pair[i].t.n == 3);
        ck_assert(is_near(c.pair[i].t.p, p[i]));
        ck_assert(is_near(c.pair[i].wilcoxon.p, 0.25)); /* all of three on one side: 2 of 8 */
        ck_assert(is_near(c.pair[i].wilcoxon_holm, 0.5));
    }
    ck_assert(is_near(c.pair[0].t.mean, 0.2) && is_near(c.pair[1].t.mean, 0.3));
    ck_assert(is_near(c.pair[0].t_holm, 2 * p[0]));
    ck_assert(is_near(c.pair[1].t_holm, fmax(p[1], 2 * p[0])));
    ck_assert(c.t.size == 2 && c.wilcoxon.size == 2);

    const struct tfu_groups_question one = {
        .group = group, .groups = 1, .series = series, .series_count = 1};
    ck_assert_int_eq(tfu_index_compare_groups(&c, x, &one, &arena, NULL), TFU_OK);
    ck_assert(c.scores == 1 && c.pairs == 0 && c.apart == 0);
    tfu_arena_free(&arena);
    tfu_index_close(x);
}
END_TEST

/* p would be 1 whatever the difference is, and would make the family larger. */
START_TEST(one_difference_is_no_test)
{
    static const char *const series[] = {"test/auc"}, *over[] = {"seed"};
    const struct tfu_index_run *run[4];
    struct tfu_index *x = store_open(NULL);
    struct tfu_arena arena;
    struct tfu_run_group *group;
    struct tfu_groups_comparison c;
    size_t groups;
    tfu_arena_init(&arena, 0);
    for (size_t i = 0; i < 4; i++)
        run[i] = tfu_index_run(x, i); /* three seeds of the one, the first of them of the other */
    ck_assert_int_eq(tfu_index_group(x, run, 4, over, 1, 30, &arena, &group, &groups, NULL),
                     TFU_OK);
    const struct tfu_groups_question q = {
        .group = group, .groups = groups, .series = series, .series_count = 1};
    ck_assert_int_eq(tfu_index_compare_groups(&c, x, &q, &arena, NULL), TFU_OK);
    ck_assert_uint_eq(c.pairs, 1);
    ck_assert(isnan(c.pair[0].wilcoxon.p) && isnan(c.pair[0].wilcoxon_holm));
    ck_assert_str_eq(c.pair[0].wilcoxon.why.text,
                     "1 difference: a test of signs needs two, its p is 1 whatever it is");
    ck_assert(c.wilcoxon.size == 0 && c.wilcoxon.undefined == 1);
    tfu_arena_free(&arena);
    tfu_index_close(x);
}
END_TEST

START_TEST(what_all_have_is_compared)
{
    static const size_t all[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    struct tfu_index *x = store_open(NULL);
    struct tfu_arena arena;
    const char **series;
    size_t count;
    tfu_arena_init(&arena, 0);
    ck_assert_int_eq(tfu_index_common_series(x, all, 8, false, &arena, &series, &count, NULL),
                     TFU_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(series[0], "test/accuracy");
    ck_assert_str_eq(series[1], "test/auc");
    ck_assert_int_eq(tfu_index_common_series(x, all, 8, true, &arena, &series, &count, NULL),
                     TFU_OK);
    ck_assert_uint_eq(count, 3);
    tfu_index_close(x);
    store_begin("other", 1, 3, 4); /* which has but one metric */
    store_finish("other", 1, 0.75);
    x = store_open(NULL);
    ck_assert_int_eq(tfu_index_common_series(x, all, 9, true, &arena, &series, &count, NULL),
                     TFU_OK);
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(series[0], "test/auc");
    tfu_arena_free(&arena);
    tfu_index_close(x);
}
END_TEST

static const char first[] = "index,label,score.0,score.1\n0,0,0.9,0.1\n1,0,0.7,0.3\n2,1,0.35,0.65\n"
                            "3,1,0.2,0.8\n4,1,0.3,0.7\n5,0,0.8,0.2\n";

START_TEST(predictions_are_held_against_the_first)
{
    struct tfu_predictions_comparison c;
    struct tfu_error e = TFU_ERROR_INIT;
    char path[3][256];
    const char *of[] = {path[0], path[1], path[2]};
    store_put("a.csv", "%s", first);
    store_put("b.csv", "index,label,score.0,score.1\n0,0,0.9,0.1\n1,0,0.3,0.7\n2,1,0.4,0.6\n"
                       "3,1,0.2,0.8\n4,1,0.25,0.75\n5,0,0.8,0.2\n");
    store_put("c.csv", "index,label,score.0,score.1\n0,0,0.9,0.1\n");
    for (int i = 0; i < 3; i++) {
        char name[8];
        snprintf(name, sizeof name, "%c.csv", 'a' + i);
        snprintf(path[i], sizeof path[i], "%s", scratch_path(name));
    }
    ck_assert_int_eq(tfu_compare_predictions(&c, of, 3, &e), TFU_OK);
    ck_assert_uint_eq(c.tests, 1); /* two classes have one curve; the third is of other examples */
    ck_assert(c.test[0].run == 1 && c.examples == 6 && c.groups == 0);
    ck_assert(is_near(c.test[0].of->test.a.value, 8.0 / 9)); /* 8 of 9 pairs are in order */
    ck_assert(is_near(c.test[0].of->test.b.value, 1));
    ck_assert(c.family.size == 1 && is_near(c.test[0].p_holm, c.test[0].of->test.p));
    ck_assert_int_eq(c.why[1].status, TFU_OK);
    ck_assert_ptr_nonnull(strstr(c.why[2].text, "has 1 lines and"));
    tfu_predictions_comparison_free(&c);

    of[1] = "nowhere.csv";
    ck_assert_int_eq(tfu_compare_predictions(&c, of, 3, &e), TFU_ENOTFOUND);
    tfu_predictions_comparison_free(&c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("index/compare");
    TCase *t = tcase_create("compare");
    tcase_add_checked_fixture(t, begin, scratch_end);
    tcase_add_test(t, groups_are_compared_by_what_both_have);
    tcase_add_test(t, one_difference_is_no_test);
    tcase_add_test(t, what_all_have_is_compared);
    tcase_add_test(t, predictions_are_held_against_the_first);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
