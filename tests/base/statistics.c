/* SPDX-License-Identifier: MIT
 *
 * core/base: statistics against scipy, and the bootstrap against all resamples there are.
 */
#include "core/base/statistics.h"

#include <string.h>

#include "core/base/correlation.h"
#include "core/base/student.h"
#include "core/base/wachter.h"
#include "tests/base/statistics_cases.h"
#include "tests/support/check_main.h"

static void near(double got, double want, double tolerance)
{
    ck_assert_msg(fabs(got - want) <= tolerance * fmax(fabs(want), 1e-3), "%.17g is not %.17g", got,
                  want);
}

/* A NaN in the fixture: not defined. */
static void estimate_is(struct tfu_estimate got, double want, double tolerance)
{
    ck_assert_int_eq(got.defined, !isnan(want));
    if (got.defined)
        near(got.value, want, tolerance);
}

static void interval_is(struct tfu_interval got, double low, double high, double tolerance)
{
    ck_assert_int_eq(got.defined, !isnan(low));
    if (!got.defined)
        return;
    near(got.low, low, tolerance);
    near(got.high, high, tolerance);
}

START_TEST(incomplete_beta)
{
    ck_assert_double_eq(tfu_incomplete_beta(0, 2, 3), 0);
    ck_assert_double_eq(tfu_incomplete_beta(1, 2, 3), 1);
    for (size_t i = 0; i < TFU_COUNT(beta_case); i++) {
        const double want = beta_case[i].value;
        const double got = tfu_incomplete_beta(beta_case[i].x, beta_case[i].a, beta_case[i].b);
        ck_assert_msg(fabs(got - want) <= 1e-9 * want, "I_%g(%g, %g) is %.17g, not %.17g",
                      beta_case[i].x, beta_case[i].a, beta_case[i].b, got, want);
    }
}
END_TEST

START_TEST(student_quantile)
{
    for (size_t i = 0; i < TFU_COUNT(quantile_case); i++) {
        const double p = quantile_case[i].p, degrees = quantile_case[i].degrees;
        const double t = tfu_student_quantile(p, degrees);
        near(t, quantile_case[i].t, 1e-9);
        near(tfu_student_tail(t, degrees), p < 0.5 ? 2 * p : 2 * (1 - p), 1e-9);
    }
}
END_TEST

START_TEST(mean_of_values)
{
    for (size_t i = 0; i < TFU_COUNT(mean_case); i++) {
        const struct tfu_mean m = tfu_mean(mean_case[i].x, (size_t)mean_case[i].n);
        ck_assert_uint_eq(m.n, (size_t)mean_case[i].n);
        estimate_is(m.mean, mean_case[i].mean, 1e-12);
        estimate_is(m.sd, mean_case[i].sd, 1e-12);
        estimate_is(m.se, mean_case[i].se, 1e-12);
        interval_is(m.interval, mean_case[i].low, mean_case[i].high, 1e-11);
    }
}
END_TEST

START_TEST(mean_that_cannot_be_told)
{
    const double x[] = {1, NAN, 2}, same[] = {3, 3, 3};
    ck_assert(!tfu_mean(x, 0).mean.defined);
    ck_assert(!tfu_mean(x, 3).mean.defined);
    ck_assert(!tfu_mean(x, 3).interval.defined);
    const struct tfu_mean m = tfu_mean(same, 3);
    ck_assert(m.sd.defined && m.sd.value <= 0);
    interval_is(m.interval, 3, 3, 0);
}
END_TEST

START_TEST(line)
{
    for (size_t i = 0; i < TFU_COUNT(line_case); i++) {
        struct tfu_line l;
        struct tfu_error e = TFU_ERROR_INIT;
        ck_assert_int_eq(
            tfu_line_fit(line_case[i].x, line_case[i].y, (size_t)line_case[i].n, 1, &l, &e),
            TFU_OK);
        estimate_is(l.slope, line_case[i].slope, 1e-10);
        estimate_is(l.intercept, line_case[i].intercept, 1e-10);
        estimate_is(l.pearson, line_case[i].r, 1e-10);
        estimate_is(l.r_squared, line_case[i].r * line_case[i].r, 1e-10);
        interval_is(l.slope_interval, line_case[i].low, line_case[i].high, 1e-10);
        ck_assert(l.r_squared_interval.defined);
        ck_assert(l.r_squared_interval.low >= 0 && l.r_squared_interval.high <= 1);
    }
}
END_TEST

START_TEST(line_that_cannot_be_told)
{
    const double x[] = {1, 2, 3, 4}, same[] = {5, 5, 5, 5}, bad[] = {1, INFINITY, 2, 3};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_line l;
    ck_assert_int_eq(tfu_line_fit(x, x, 2, 1, &l, &e), TFU_OK);
    ck_assert(!l.slope.defined && !l.r_squared.defined && !l.slope_interval.defined);
    ck_assert_int_eq(tfu_line_fit(same, x, 4, 1, &l, &e), TFU_OK);
    ck_assert(!l.slope.defined && !l.r_squared.defined && !l.r_squared_interval.defined);
    ck_assert_int_eq(tfu_line_fit(x, bad, 4, 1, &l, &e), TFU_OK);
    ck_assert(!l.slope.defined && !l.r_squared.defined);
    /* a y that does not vary: a line, and no correlation */
    ck_assert_int_eq(tfu_line_fit(x, same, 4, 1, &l, &e), TFU_OK);
    estimate_is(l.slope, 0, 0);
    estimate_is(l.intercept, 5, 0);
    ck_assert(!l.pearson.defined && !l.r_squared.defined && !l.r_squared_interval.defined);
}
END_TEST

START_TEST(rank_correlation)
{
    for (size_t i = 0; i < TFU_COUNT(rank_case); i++) {
        struct tfu_rank_correlation c;
        struct tfu_error e = TFU_ERROR_INIT;
        ck_assert_int_eq(
            tfu_rank_correlate(rank_case[i].x, rank_case[i].y, (size_t)rank_case[i].n, &c, &e),
            TFU_OK);
        estimate_is(c.rho, rank_case[i].rho, 1e-12);
        estimate_is(c.p, rank_case[i].p, 1e-9);
        ck_assert_int_eq(c.p_is_exact, rank_case[i].n <= 8);
        interval_is(c.interval, rank_case[i].low, rank_case[i].high, 1e-10);
    }
}
END_TEST

START_TEST(rank_correlation_that_cannot_be_told)
{
    const double x[] = {1, 2, 3, 4}, same[] = {5, 5, 5, 5}, bad[] = {1, 2, 3, NAN};
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_rank_correlation c;
    ck_assert_int_eq(tfu_rank_correlate(x, x, 2, &c, &e), TFU_OK);
    ck_assert(!c.rho.defined && !c.p.defined && !c.interval.defined);
    ck_assert_int_eq(tfu_rank_correlate(x, same, 4, &c, &e), TFU_OK);
    ck_assert(!c.rho.defined && !c.p.defined && !c.interval.defined);
    ck_assert_int_eq(tfu_rank_correlate(bad, x, 4, &c, &e), TFU_OK);
    ck_assert(!c.rho.defined);
}
END_TEST

static struct tfu_estimate resampled_mean(void *arg, const size_t *index, size_t n)
{
    const double *x = *(const double *const *)arg;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[index[i]];
    return (struct tfu_estimate){true, sum / (double)n};
}

/* The bootstrap of the mean of x[0..n-1]. */
static struct tfu_interval mean_of(const double *x, size_t n, size_t draws, uint64_t seed)
{
    struct tfu_interval out;
    ck_assert_int_eq(tfu_bootstrap(n, draws, seed, resampled_mean, &x, &out, NULL), TFU_OK);
    return out;
}

START_TEST(bootstrap_nears_all_resamples)
{
    for (size_t i = 0; i < TFU_COUNT(bootstrap_case); i++) {
        const double *x = bootstrap_case[i].x, *y = bootstrap_case[i].y;
        const double *mean = bootstrap_case[i].mean, *r_squared = bootstrap_case[i].r_squared;
        const size_t n = (size_t)bootstrap_case[i].n;
        struct tfu_error e = TFU_ERROR_INIT;
        interval_is(mean_of(x, n, 200000, 7), mean[0], mean[1], 0.01);
        struct tfu_line l;
        ck_assert_int_eq(tfu_line_fit(x, y, n, 7, &l, &e), TFU_OK);
        ck_assert_double_le(fabs(l.r_squared_interval.low - r_squared[0]), 0.05);
        ck_assert_double_le(fabs(l.r_squared_interval.high - r_squared[1]), 0.02);
    }
}
END_TEST

START_TEST(correlations_of_unrelated_data)
{
    for (size_t i = 0; i < TFU_COUNT(wachter_case); i++)
        near(tfu_wachter_mean(wachter_case[i].a, wachter_case[i].b, wachter_case[i].rows),
             wachter_case[i].mean, 1e-7);
    near(tfu_wachter_mean(64, 64, 128), 2 / 3.14159265358979323846, 1e-7);
    ck_assert_double_le(tfu_wachter_mean(300, 299, 301), 1 + 1e-9);
}
END_TEST

START_TEST(bootstrap_is_its_seed_s)
{
    const double x[] = {1, 2, 4, 8, 16};
    const struct tfu_interval a = mean_of(x, 5, 101, 7), b = mean_of(x, 5, 101, 7);
    const struct tfu_interval other = mean_of(x, 5, 101, 8);
    ck_assert(a.defined && memcmp(&a.low, &b.low, sizeof a.low) == 0 &&
              memcmp(&a.high, &b.high, sizeof a.high) == 0);
    ck_assert_double_gt(fabs(a.low - other.low) + fabs(a.high - other.high), 0);
    ck_assert(!mean_of(x, 2, 101, 7).defined);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("statistics");
    TCase *c = tcase_create("statistics");
    tcase_add_test(c, incomplete_beta);
    tcase_add_test(c, student_quantile);
    tcase_add_test(c, mean_of_values);
    tcase_add_test(c, mean_that_cannot_be_told);
    tcase_add_test(c, line);
    tcase_add_test(c, line_that_cannot_be_told);
    tcase_add_test(c, rank_correlation);
    tcase_add_test(c, rank_correlation_that_cannot_be_told);
    tcase_add_test(c, correlations_of_unrelated_data);
    tcase_add_test(c, bootstrap_nears_all_resamples);
    tcase_add_test(c, bootstrap_is_its_seed_s);
    suite_add_tcase(s, c);
    return run_suite(s);
}
