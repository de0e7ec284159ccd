/* SPDX-License-Identifier: MIT
 *
 * core/stats: areas and DeLong's tests against their definition in fractions.
 */
#include "core/stats/auc.h"

#include <stdlib.h>

#include "core/stats/auc_order.h"
#include "tests/stats/cases.h"
#include "tests/stats/near.h"

static struct tfu_auc area_of(const double *score, const uint8_t *positive, int64_t n)
{
    struct tfu_auc a;
    ck_assert_int_eq(tfu_auc_measure(&a, (struct tfu_auc_examples){score, positive, n}, 0.95, NULL),
                     TFU_OK);
    return a;
}

static struct tfu_auc_test compare(const double *a, const double *b, const uint8_t *positive,
                                   int64_t n)
{
    struct tfu_auc_test t;
    ck_assert_int_eq(tfu_auc_compare(&t, (struct tfu_auc_examples){a, positive, n}, b, 0.95, NULL),
                     TFU_OK);
    return t;
}

START_TEST(paired)
{
    for (size_t i = 0; i < TFU_COUNT(area_case); i++) {
        struct tfu_auc_test t;
        const struct tfu_auc_examples s = {area_case[i].a, area_case[i].positive, area_case[i].n};
        ck_assert_int_eq(tfu_auc_compare(&t, s, area_case[i].b, area_case[i].level, NULL), TFU_OK);
        ck_assert(t.paired);
        NEAR(t.a.value, area_case[i].area_a, 1e-15);
        NEAR(t.b.value, area_case[i].area_b, 1e-15);
        NEAR(t.a.variance, area_case[i].variance_a, 1e-12);
        NEAR(t.b.variance, area_case[i].variance_b, 1e-12);
        NEAR(t.covariance, area_case[i].covariance, 1e-12);
        NEAR(t.difference, area_case[i].difference, 1e-15);
        NEAR(t.z, area_case[i].z, 1e-12);
        NEAR(t.p, area_case[i].p, 1e-12);
        NEAR(t.p_greater, area_case[i].greater, 1e-12);
        NEAR(t.p_less, 1 - area_case[i].greater, 1e-12);
        NEAR(t.low, area_case[i].low, 1e-12);
        NEAR(t.high, area_case[i].high, 1e-12);
        ck_assert_int_eq(t.why.text[0] != 0, isnan(area_case[i].p));
    }
}
END_TEST

/* Means over one run, and over equal runs, are that test itself; over unequal ones numpy says it in
 * tests/report/numbers.test. */
START_TEST(means)
{
    for (size_t i = 0; i < TFU_COUNT(area_case); i++) {
        const struct tfu_auc_test one =
            compare(area_case[i].a, area_case[i].b, area_case[i].positive, area_case[i].n);
        const double *const a[] = {area_case[i].a, area_case[i].a};
        const double *const b[] = {area_case[i].b, area_case[i].b};
        for (int64_t runs = 1; runs <= 2; runs++) {
            struct tfu_auc_test t;
            ck_assert_int_eq(tfu_auc_compare_means(&t, area_case[i].positive, area_case[i].n, a, b,
                                                   runs, 0.95, NULL),
                             TFU_OK);
            NEAR(t.a.value, one.a.value, 1e-15);
            NEAR(t.difference, one.difference, 1e-15);
            NEAR(t.z, one.z, 1e-12);
            NEAR(t.p, one.p, 1e-12);
            NEAR(t.low, one.low, 1e-12);
            ck_assert_int_eq(t.why.text[0] != 0, one.why.text[0] != 0);
        }
    }
}
END_TEST

START_TEST(unpaired)
{
    for (size_t i = 0; i < TFU_COUNT(area_case); i++) {
        struct tfu_auc_test t;
        const struct tfu_auc_examples a = {area_case[i].a, area_case[i].positive, area_case[i].n};
        const struct tfu_auc_examples b = {area_case[i].b, area_case[i].positive, area_case[i].n};
        ck_assert_int_eq(tfu_auc_compare_unpaired(&t, a, b, area_case[i].level, NULL), TFU_OK);
        ck_assert(!t.paired);
        NEAR(t.z, area_case[i].unpaired_t, 1e-12);
        NEAR(t.degrees, area_case[i].degrees, 1e-12);
        NEAR(t.p, area_case[i].unpaired_p, 1e-12);
        NEAR(t.p_greater, area_case[i].unpaired_greater, 1e-12);
        NEAR(t.low, area_case[i].unpaired_low, 1e-12);
        NEAR(t.high, area_case[i].unpaired_high, 1e-12);
    }
}
END_TEST

/* The same curve is exactly z = 0, p = 1, also where rounding could tell otherwise. */
START_TEST(same_curve)
{
    enum { N = 997 };
    double a[N], b[N];
    uint8_t positive[N];
    for (int i = 0; i < N; i++) {
        a[i] = (double)(i * 7919 % 997) / 3;
        b[i] = a[i] * a[i]; /* the same order */
        positive[i] = i * 31 % 7 < 3;
    }
    const struct tfu_auc_test t = compare(a, b, positive, N);
    ck_assert(t.z <= 0 && t.z >= 0 && t.error <= 0 && t.p >= 1 && t.difference <= 0);
    ck_assert(t.low <= 0 && t.high >= 0);
    WHY(t, "");
}
END_TEST

/* Two sided by definition; the direction is that of the label, so that a bad score is below one
 * half. */
START_TEST(direction)
{
    const double score[] = {0.9, 0.8, 0.1, 0.2, 0.85};
    const uint8_t positive[] = {0, 0, 1, 1, 1};
    NEAR(area_of(score, positive, 5).value, 1.0 / 6, 1e-15);
}
END_TEST

START_TEST(clipped)
{
    const double score[] = {0.1, 0.35, 0.4, 0.8, 0.2, 0.75};
    const uint8_t positive[] = {0, 0, 1, 1, 0, 1}, mixed[] = {0, 0, 1, 1, 1, 1};
    const struct tfu_auc perfect = area_of(score, positive, 6), a = area_of(score, mixed, 6);
    ck_assert(perfect.value >= 1 && perfect.error <= 0 && perfect.low >= 1 && perfect.high <= 1);
    NEAR(a.value, 7.0 / 8, 1e-15);
    ck_assert(a.high <= 1 && a.high >= 1 && a.low < 0.8);
}
END_TEST

START_TEST(undefined)
{
    const double score[] = {0.1, NAN, 0.4, 0.8}, good[] = {0.1, 0.2, 0.4, 0.8};
    const uint8_t none[] = {0, 0, 0, 0}, all[] = {1, 1, 1, 1}, one[] = {0, 0, 0, 1},
                  three[] = {0, 1, 1, 1}, two[] = {0, 1, 0, 1};
    WHY(area_of(good, none, 4), "0 positives");
    WHY(area_of(good, all, 4), "0 negatives");
    WHY(area_of(good, all, 0), "no examples");
    WHY(area_of(score, two, 4), "score 2 of 4 is not a number");
    struct tfu_auc a = area_of(good, one, 4);
    ck_assert(a.value >= 1 && isnan(a.variance) && isnan(a.error) && isnan(a.low));
    WHY(a, "1 positive: a variance needs two");
    WHY(area_of(good, three, 4), "1 negative: a variance needs two");
    struct tfu_auc_test t = compare(good, good, one, 4);
    ck_assert(t.difference <= 0 && t.difference >= 0 && isnan(t.p) && isnan(t.z) && isnan(t.low));
    WHY(t, "1 positive: a variance needs two");
    t = compare(good, score, two, 4);
    ck_assert(isnan(t.difference) && isnan(t.p) && !isnan(t.a.value) && isnan(t.b.value));
    WHY(t, "of b: score 2 of 4 is not a number");
    WHY(compare(good, good, none, 0), "no examples");
    ck_assert_int_eq(tfu_auc_measure(&a, (struct tfu_auc_examples){good, two, 4}, 1, NULL), TFU_OK);
    ck_assert(!isnan(a.error) && isnan(a.low));
    WHY(a, "1 is no level of an interval: it has to be above 0 and below 1");
    const double down[] = {0.8, 0.4, 0.2, 0.1};
    const uint8_t upper[] = {0, 0, 1, 1};
    t = compare(good, down, upper, 4);
    NEAR(t.difference, 1, 0);
    WHY(t, "the areas 1 and 0 have no variance");
    ck_assert_int_eq(tfu_auc_compare_unpaired(&t, (struct tfu_auc_examples){good, one, 4},
                                              (struct tfu_auc_examples){good, two, 4}, 0.95, NULL),
                     TFU_OK);
    ck_assert(isnan(t.p) && !isnan(t.difference));
    WHY(t, "of a: 1 positive: a variance needs two");
}
END_TEST

/* 60,000 of each: more pairs than an int counts. Closed forms: of two interleaved runs, each
 * positive beats the negatives before it. */
START_TEST(many)
{
    enum { HALF = 60000, N = 2 * HALF };
    double *score = malloc(N * sizeof *score);
    uint8_t *positive = malloc(N);
    for (int i = 0; i < N; i++) {
        score[i] = i;
        positive[i] = i & 1;
    }
    struct tfu_auc a = area_of(score, positive, N);
    ck_assert_int_eq(a.positives, HALF);
    NEAR(a.value, (HALF + 1.0) / (2.0 * HALF), 1e-15);
    /* placements are i / HALF, i = 1..HALF: their variance is (HALF^2 + HALF) / 12 / HALF^2 */
    NEAR(a.variance, 2 * ((double)HALF * HALF + HALF) / 12 / HALF / HALF / HALF, 1e-10);
    for (int i = 0; i < N; i++)
        score[i] = 3;
    a = area_of(score, positive, N);
    ck_assert(a.value >= 0.5 && a.value <= 0.5 && a.variance <= 0);
    free(score);
    free(positive);
}
END_TEST

/* What is counted twice is as if it stood there twice. */
START_TEST(resampled)
{
    enum { N = 50 };
    double score[N], repeated[3 * N];
    uint8_t positive[N], repeated_positive[3 * N];
    uint32_t times[N];
    int64_t n = 0;
    for (int i = 0; i < N; i++) {
        score[i] = i * 17 % 23;
        positive[i] = i * i % 5 < 2;
        times[i] = (uint32_t)(i * 7 % 4);
        for (uint32_t k = 0; k < times[i]; k++) {
            repeated[n] = score[i];
            repeated_positive[n++] = positive[i];
        }
    }
    struct tfu_auc_order *o;
    ck_assert_int_eq(tfu_auc_order_new(&o, (struct tfu_auc_examples){score, positive, N}, NULL),
                     TFU_OK);
    NEAR(tfu_auc_order_area(o, times, N), area_of(repeated, repeated_positive, n).value, 0);
    for (int i = 0; i < N; i++)
        times[i] = 1;
    NEAR(tfu_auc_order_area(o, times, N), area_of(score, positive, N).value, 0);
    for (int i = 0; i < N; i++)
        times[i] = positive[i];
    ck_assert(isnan(tfu_auc_order_area(o, times, N)));
    tfu_auc_order_free(o);
    score[3] = NAN;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_auc_order_new(&o, (struct tfu_auc_examples){score, positive, N}, &e),
                     TFU_EINVAL);
    ck_assert_str_eq(e.text, "score 4 of 50 is not a number");
    ck_assert_ptr_null(o);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("auc");
    TCase *c = tcase_create("auc");
    tcase_add_test(c, paired);
    tcase_add_test(c, means);
    tcase_add_test(c, unpaired);
    tcase_add_test(c, same_curve);
    tcase_add_test(c, direction);
    tcase_add_test(c, clipped);
    tcase_add_test(c, undefined);
    tcase_add_test(c, many);
    tcase_add_test(c, resampled);
    suite_add_tcase(s, c);
    return run_suite(s);
}
