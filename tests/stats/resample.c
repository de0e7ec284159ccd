/* SPDX-License-Identifier: MIT
 *
 * core/stats: the bootstrap by cluster against all draws that there are.
 */
#include "core/stats/resample.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/base/statistics.h"
#include "core/stats/auc_order.h"
#include "core/stats/clusters.h"
#include "tests/stats/near.h"

enum { EXAMPLES = 11, GROUPS = 5 };
static const int64_t group[EXAMPLES] = {3, 0, 0, 4, 3, 1, 4, 4, 2, 3, 2};
static const double side_a[EXAMPLES] = {0.3, 1.2, 2.5, 0.7, 0.4, 3.1, 0.2, 0.9, 1.4, 2.2, 0.1};
static const double side_b[EXAMPLES] = {0.5, 0.2, 1.5, 0.6, 1.4, 2.1, 0.7, 0.3, 1.0, 1.2, 0.9};

static double weighted_mean(void *arg, const uint32_t *times, int64_t n)
{
    const double *x = arg;
    double sum = 0, count = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += times[i] * x[i];
        count += times[i];
    }
    return sum / count;
}

static struct tfu_resample_request request(void)
{
    return (struct tfu_resample_request){
        .examples = EXAMPLES,
        .group = group,
        .groups = GROUPS,
        .draws = 20000,
        .level = 0.9,
        .seed = 3,
        .a = {weighted_mean, (void *)side_a},
        .b = {weighted_mean, (void *)side_b},
    };
}

static struct tfu_resample run(const struct tfu_resample_request *r)
{
    struct tfu_resample out;
    ck_assert_int_eq(tfu_resample_run(&out, r, NULL), TFU_OK);
    return out;
}

/* Quantiles over all 5^5 draws of five clusters. */
START_TEST(nears_all_draws)
{
    enum { ALL = 3125 };
    static double a[ALL], difference[ALL];
    for (int draw = 0; draw < ALL; draw++) {
        uint32_t times[EXAMPLES] = {0};
        for (int i = 0, rest = draw; i < GROUPS; i++, rest /= GROUPS)
            for (int k = 0; k < EXAMPLES; k++)
                times[k] += group[k] == rest % GROUPS;
        a[draw] = weighted_mean((void *)side_a, times, EXAMPLES);
        difference[draw] = a[draw] - weighted_mean((void *)side_b, times, EXAMPLES);
    }
    qsort(a, ALL, sizeof *a, tfu_compare_doubles);
    qsort(difference, ALL, sizeof *difference, tfu_compare_doubles);
    const struct tfu_resample_request q = request();
    const struct tfu_resample r = run(&q);
    ck_assert_int_eq(r.clusters, GROUPS);
    WHY(r, "");
    near_to(r.a.low, tfu_quantile(a, ALL, 0.05), 0, 0.02, "low");
    near_to(r.a.high, tfu_quantile(a, ALL, 0.95), 0, 0.02, "high");
    near_to(r.difference.low, tfu_quantile(difference, ALL, 0.05), 0, 0.01, "low");
    near_to(r.difference.high, tfu_quantile(difference, ALL, 0.95), 0, 0.01, "high");
    NEAR(r.difference.value, r.a.value - r.b.value, 0);
    ck_assert_int_eq(r.difference.undefined, 0);
}
END_TEST

/* Examples of one cluster always count alike. */
static double check_whole(void *arg, const uint32_t *times, int64_t n)
{
    uint32_t all = 0;
    (void)arg;
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < i; k++)
            if (group[i] == group[k] && times[i] != times[k])
                return NAN;
    for (int g = 0; g < GROUPS; g++)
        for (int64_t i = 0; i < n; i++)
            if (group[i] == g) {
                all += times[i];
                break;
            }
    return all == GROUPS ? 1 : NAN;
}

static double same_bits(void *arg, const uint32_t *times, int64_t n)
{
    return weighted_mean(arg, times, n);
}

START_TEST(whole_clusters_and_the_same_for_both)
{
    struct tfu_resample_request q = request();
    q.draws = 500;
    q.a.value = check_whole;
    q.b = (struct tfu_resampled){NULL, NULL};
    struct tfu_resample r = run(&q);
    ck_assert_int_eq(r.a.undefined, 0);
    ck_assert(isnan(r.b.value) && isnan(r.difference.low));
    WHY(r, "");
    /* one statistic twice: no difference in any draw */
    q.a = (struct tfu_resampled){weighted_mean, (void *)side_a};
    q.b = (struct tfu_resampled){same_bits, (void *)side_a};
    r = run(&q);
    ck_assert(r.difference.low <= 0 && r.difference.low >= 0 && r.difference.high <= 0 &&
              r.difference.high >= 0);
    ck_assert(r.a.low < r.a.high);
}
END_TEST

START_TEST(same_for_any_threads)
{
    struct tfu_resample_request q = request();
    q.draws = 333;
    const struct tfu_resample alone = run(&q);
    ck_assert_int_eq(tfu_threads_new(&q.threads, 3, NULL), TFU_OK);
    const struct tfu_resample three = run(&q);
    tfu_threads_free(q.threads);
    q.threads = NULL;
    q.seed = 4;
    const struct tfu_resample other = run(&q);
    ck_assert(memcmp(&alone.difference, &three.difference, sizeof alone.difference) == 0);
    ck_assert(memcmp(&alone.a, &three.a, sizeof alone.a) == 0);
    ck_assert(memcmp(&alone.a, &other.a, sizeof alone.a) != 0);
}
END_TEST

/* Without positives among the drawn there is no area. */
START_TEST(undefined_draws)
{
    const double score[4] = {0.1, 0.4, 0.35, 0.8};
    const uint8_t one[4] = {0, 0, 0, 1};
    struct tfu_auc_order *o;
    ck_assert_int_eq(tfu_auc_order_new(&o, (struct tfu_auc_examples){score, one, 4}, NULL), TFU_OK);
    struct tfu_resample_request q = {
        .examples = 4, .draws = 4000, .level = 0.95, .a = {tfu_auc_order_area, o}};
    struct tfu_resample r = run(&q);
    /* (3/4)^4 of the draws have no positive, (1/4)^4 no negative */
    near_to((double)r.a.undefined / 4000, (81.0 + 1) / 256, 0, 0.03, "undefined");
    ck_assert(r.clusters == 4 && r.a.low >= 1 && r.a.high >= 1);
    WHY(r, "");
    tfu_auc_order_free(o);
}
END_TEST

static double never(void *arg, const uint32_t *times, int64_t n)
{
    (void)arg, (void)times, (void)n;
    return NAN;
}

static bool yes(void *arg)
{
    (void)arg;
    return true;
}

START_TEST(undefined)
{
    const int64_t one[EXAMPLES] = {0};
    int64_t wrong[EXAMPLES];
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_resample r;
    struct tfu_resample_request q = request();
    q.group = one;
    r = run(&q);
    ck_assert(!isnan(r.a.value) && isnan(r.a.low) && isnan(r.difference.high));
    WHY(r, "1 cluster: every draw of it is the same");
    q = request();
    q.draws = 0;
    WHY(run(&q), "no draws");
    q.draws = -3;
    WHY(run(&q), "no draws");
    q = request();
    q.examples = 0;
    WHY(run(&q), "no examples");
    q = request();
    q.level = 1;
    WHY(run(&q), "1 is no level of an interval: it has to be above 0 and below 1");
    q = request();
    q.draws = 10;
    q.b.value = never;
    r = run(&q);
    ck_assert(isnan(r.b.low) && isnan(r.difference.value) && !isnan(r.a.low));
    ck_assert_int_eq(r.b.undefined, 10);
    WHY(r, "b is not defined on the examples as they are");
    memcpy(wrong, group, sizeof wrong);
    wrong[7] = GROUPS;
    q = request();
    q.group = wrong;
    ck_assert_int_eq(tfu_resample_run(&r, &q, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, "example 7 is of group 5, and there are groups 0 to 4");
    q = request();
    q.interrupted = yes;
    e = (struct tfu_error)TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_resample_run(&r, &q, &e), TFU_EINTERRUPTED);
}
END_TEST

START_TEST(clusters)
{
    const int64_t member[] = {6, 0, 3, 9, 5};
    struct tfu_clusters c;
    ck_assert_int_eq(tfu_clusters_make(&c, member, 5, group, GROUPS, NULL), TFU_OK);
    ck_assert_int_eq(c.count, 3); /* groups 4, 3, 1, as they come */
    const int64_t want[] = {6, 3, 0, 9, 5}, begin[] = {0, 2, 4, 5};
    ck_assert(memcmp(c.member, want, sizeof want) == 0);
    ck_assert(memcmp(c.begin, begin, sizeof begin) == 0);
    tfu_clusters_free(&c);
}
END_TEST

/* The stream is the one that it has always been: intervals of finished runs come out the same. */
START_TEST(draws_are_pinned)
{
    struct tfu_clusters c;
    struct tfu_random r;
    size_t drawn[EXAMPLES];
    ck_assert_int_eq(tfu_clusters_make(&c, NULL, EXAMPLES, group, GROUPS, NULL), TFU_OK);
    ck_assert_int_eq(c.count, GROUPS);
    for (int64_t draw = 0; draw < 20; draw++) {
        tfu_clusters_draw(&c, 42, draw, drawn);
        tfu_random_init(&r, tfu_random_subkey(tfu_random_key(42, "bootstrap", ""), (uint64_t)draw));
        for (int64_t i = 0; i < c.count; i++)
            ck_assert_uint_eq(drawn[i], tfu_random_below(&r, GROUPS));
    }
    tfu_clusters_free(&c);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("resample");
    TCase *c = tcase_create("resample");
    tcase_add_test(c, nears_all_draws);
    tcase_add_test(c, whole_clusters_and_the_same_for_both);
    tcase_add_test(c, same_for_any_threads);
    tcase_add_test(c, undefined_draws);
    tcase_add_test(c, undefined);
    tcase_add_test(c, clusters);
    tcase_add_test(c, draws_are_pinned);
    suite_add_tcase(s, c);
    return run_suite(s);
}
