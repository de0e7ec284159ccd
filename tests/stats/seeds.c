/* SPDX-License-Identifier: MIT
 *
 * core/stats: what is said of numbers over seeds, and of their differences, against scipy.
 */
#include <string.h>

#include "core/stats/paired.h"
#include "core/stats/sign_flip.h"
#include "core/stats/summary.h"
#include "core/stats/t_test.h"
#include "core/stats/wilcoxon.h"
#include "tests/stats/cases.h"
#include "tests/stats/near.h"

START_TEST(summary)
{
    for (size_t i = 0; i < TFU_COUNT(summary_case); i++) {
        const struct tfu_seed_summary s =
            tfu_seed_summarise(summary_case[i].x, summary_case[i].n, summary_case[i].level);
        ck_assert_int_eq(s.n, summary_case[i].n);
        NEAR(s.mean, summary_case[i].mean, 1e-14);
        NEAR(s.deviation, summary_case[i].deviation, 1e-12);
        NEAR(s.error, summary_case[i].error, 1e-12);
        NEAR(s.minimum, summary_case[i].minimum, 0);
        NEAR(s.maximum, summary_case[i].maximum, 0);
        NEAR(s.low, summary_case[i].low, 1e-12);
        NEAR(s.high, summary_case[i].high, 1e-12);
        WHY(s, "");
    }
}
END_TEST

START_TEST(summary_undefined)
{
    const double x[] = {0.5, NAN, INFINITY}, huge[] = {1e300, -1e300}, same[] = {2, 2, 2};
    struct tfu_seed_summary s = tfu_seed_summarise(x, 1, 0.95);
    ck_assert(s.mean <= 0.5 && s.mean >= 0.5 && isnan(s.deviation) && isnan(s.low));
    WHY(s, "1 value: a deviation needs two");
    WHY(tfu_seed_summarise(x, 0, 0.95), "no values");
    s = tfu_seed_summarise(x, 3, 0.95);
    ck_assert(isnan(s.mean) && isnan(s.minimum));
    WHY(s, "value 2 of 3 is not a number");
    WHY(tfu_seed_summarise(x + 2, 1, 0.95), "value 1 of 1 is infinite");
    WHY(tfu_seed_summarise(huge, 2, 0.95), "the values are too large for their squares");
    s = tfu_seed_summarise(same, 3, 0.95);
    ck_assert(s.deviation <= 0 && s.low >= 2 && s.high <= 2);
    s = tfu_seed_summarise(same, 3, 95);
    ck_assert(!isnan(s.deviation) && isnan(s.low));
    WHY(s, "95 is no level of an interval: it has to be above 0 and below 1");
}
END_TEST

START_TEST(t_tests)
{
    for (size_t i = 0; i < TFU_COUNT(t_case); i++) {
        const struct tfu_t_test t =
            tfu_t_test_corrected(t_case[i].d, t_case[i].n, t_case[i].ratio, t_case[i].level);
        NEAR(t.mean, t_case[i].mean, 1e-13);
        NEAR(t.variance, t_case[i].variance, 1e-12);
        NEAR(t.error, t_case[i].error, 1e-12);
        NEAR(t.t, t_case[i].t, 1e-12);
        NEAR(t.p, t_case[i].p, 1e-12);
        NEAR(t.p_greater, t_case[i].greater, 1e-12);
        NEAR(t.p_less, 1 - t_case[i].greater, 1e-12);
        NEAR(t.low, t_case[i].low, 1e-12);
        NEAR(t.high, t_case[i].high, 1e-12);
        WHY(t, "");
    }
}
END_TEST

/* Computed elsewhere, by integrating the density. */
START_TEST(nadeau_bengio)
{
    const double d[] = {0.012, 0.021, -0.004, 0.018, 0.009, 0.015, 0.002, 0.025, -0.001, 0.011};
    struct tfu_t_test t = tfu_t_test_paired(d, 10, 0.95);
    NEAR(t.mean, 0.0108, 1e-14);
    NEAR(t.variance, 9.062222222222222e-05, 1e-13);
    NEAR(t.t, 3.5876197127804867, 1e-13);
    near_to(t.p, 0.00586053806, 0, 1e-9, "p");
    t = tfu_t_test_corrected(d, 10, 10.0 / 90, 0.95);
    NEAR(t.t, 2.4691692277680883, 1e-13);
    near_to(t.p, 0.0356187860, 0, 1e-9, "p");
    t = tfu_t_test_corrected(d, 10, 1, 0.95);
    NEAR(t.t, 1.0817080434341346, 1e-13);
    near_to(t.p, 0.3075125584, 0, 1e-9, "p");
    ck_assert(t.p_greater < 0.5 && t.p_less > 0.5);
}
END_TEST

START_TEST(t_undefined)
{
    const double same[] = {0.1, 0.1, 0.1}, zero[] = {0, 0}, bad[] = {1, 2, -INFINITY};
    struct tfu_t_test t = tfu_t_test_paired(same, 3, 0.95);
    ck_assert(isnan(t.t) && isnan(t.p) && isnan(t.low) && !isnan(t.mean));
    WHY(t, "all 3 differences are 0.1: their variance is 0");
    WHY(tfu_t_test_paired(zero, 2, 0.95), "all 2 differences are 0: their variance is 0");
    t = tfu_t_test_paired(same, 1, 0.95);
    ck_assert(!isnan(t.mean) && isnan(t.variance));
    WHY(t, "1 difference: a variance needs two");
    WHY(tfu_t_test_paired(same, 0, 0.95), "no differences");
    WHY(tfu_t_test_paired(bad, 3, 0.95), "difference 3 of 3 is infinite");
    WHY(tfu_t_test_corrected(same, 3, -1, 0.95),
        "-1 is no ratio of test examples to training examples");
    WHY(tfu_t_test_corrected(same, 3, NAN, 0.95),
        "nan is no ratio of test examples to training examples");
}
END_TEST

static struct tfu_wilcoxon wilcoxon(const double *d, int64_t n)
{
    struct tfu_wilcoxon w;
    ck_assert_int_eq(tfu_wilcoxon_test(&w, d, n, NULL), TFU_OK);
    return w;
}

START_TEST(signed_ranks)
{
    for (size_t i = 0; i < TFU_COUNT(wilcoxon_case); i++) {
        const struct tfu_wilcoxon w = wilcoxon(wilcoxon_case[i].d, wilcoxon_case[i].n);
        ck_assert_int_eq(w.method, wilcoxon_case[i].exact ? TFU_P_EXACT : TFU_P_NORMAL);
        ck_assert_int_eq(w.n + w.zeros, wilcoxon_case[i].n);
        NEAR(w.above, wilcoxon_case[i].above, 0);
        NEAR(w.above + w.below, (double)(w.n * (w.n + 1)) / 2, 0);
        NEAR(w.p, wilcoxon_case[i].p, 1e-12);
        NEAR(w.p_greater, wilcoxon_case[i].greater, 1e-12);
        NEAR(w.p_less, wilcoxon_case[i].less, 1e-12);
        ck_assert_int_eq(isnan(w.z), wilcoxon_case[i].exact);
        WHY(w, "");
    }
}
END_TEST

START_TEST(signed_ranks_undefined)
{
    const double zero[] = {0, -0.0, 0}, bad[] = {1, NAN}, one[] = {0.25}, five[] = {1, 2, 3, 4, 5};
    struct tfu_wilcoxon w = wilcoxon(zero, 3);
    ck_assert(w.zeros == 3 && w.n == 0 && isnan(w.p) && isnan(w.above));
    ck_assert_int_eq(w.method, TFU_P_NONE);
    WHY(w, "all 3 differences are 0");
    WHY(wilcoxon(bad, 2), "difference 2 of 2 is not a number");
    WHY(wilcoxon(zero, 0), "no differences");
    ck_assert(wilcoxon(one, 1).p >= 1);
    w = wilcoxon(five, 5); /* nothing says more */
    NEAR(w.p, 0.0625, 0);
    NEAR(w.smallest, 0.0625, 0);
    ck_assert_str_eq(tfu_p_method_text(w.method), "exact");
}
END_TEST

START_TEST(sign_flips)
{
    for (size_t i = 0; i < TFU_COUNT(flip_case); i++) {
        const struct tfu_sign_flip t = tfu_sign_flip_test(flip_case[i].d, flip_case[i].n, 0, 0);
        ck_assert_int_eq(t.method, TFU_P_EXACT);
        ck_assert_int_eq(t.flips, (int64_t)1 << flip_case[i].n);
        NEAR(t.p, flip_case[i].p, 1e-15);
        NEAR(t.p_greater, flip_case[i].greater, 1e-15);
        NEAR(t.p_less, flip_case[i].less, 1e-15);
        ck_assert(t.p >= t.smallest);
        WHY(t, "");
    }
}
END_TEST

/* Of twenty differences all flips are counted; one more, of 0, changes no p, and is drawn. */
START_TEST(sign_flips_drawn)
{
    double d[21];
    for (int i = 0; i < 20; i++)
        d[i] = (i * 7 % 20 - 7.5) / 20;
    d[20] = 0;
    const struct tfu_sign_flip all = tfu_sign_flip_test(d, 20, 0, 0);
    ck_assert_int_eq(all.method, TFU_P_EXACT);
    ck_assert_int_eq(all.flips, 1 << 20);
    const struct tfu_sign_flip t = tfu_sign_flip_test(d, 21, 20000, 5),
                               again = tfu_sign_flip_test(d, 21, 20000, 5),
                               other = tfu_sign_flip_test(d, 21, 20000, 6);
    ck_assert_int_eq(t.method, TFU_P_DRAWN);
    ck_assert_int_eq(t.flips, 20000);
    near_to(t.p, all.p, 0, 4 * sqrt(all.p * (1 - all.p) / 20000), "p");
    near_to(t.p_greater, all.p_greater, 0, 4 * sqrt(all.p * (1 - all.p) / 20000), "one-sided p");
    ck_assert(memcmp(&t.p, &again.p, sizeof t.p) == 0 && (t.p < other.p || t.p > other.p));
    WHY(tfu_sign_flip_test(d, 21, 0, 5), "21 differences: more than 20 need random draws");
    /* what no draw reaches is no p of 0 */
    double up[64];
    for (int i = 0; i < 64; i++)
        up[i] = 1;
    NEAR(tfu_sign_flip_test(up, 64, 999, 1).p, 0.001, 1e-12);
}
END_TEST

START_TEST(sign_flips_undefined)
{
    const double zero[] = {0, 0, 0}, bad[] = {NAN}, one[] = {3}, huge[] = {1e308, 1e308};
    struct tfu_sign_flip t = tfu_sign_flip_test(zero, 3, 0, 0);
    ck_assert(t.p >= 1 && t.p_greater >= 1 && t.p_less >= 1);
    WHY(tfu_sign_flip_test(zero, 0, 0, 0), "no differences");
    t = tfu_sign_flip_test(bad, 1, 0, 0);
    ck_assert(isnan(t.p) && isnan(t.mean));
    WHY(t, "difference 1 of 1 is not a number");
    t = tfu_sign_flip_test(one, 1, 0, 0);
    ck_assert(t.p >= 1 && t.smallest >= 1);
    NEAR(t.p_greater, 0.5, 0);
    WHY(tfu_sign_flip_test(huge, 2, 0, 0), "the sum of the differences is too large");
}
END_TEST

/* 0.9 - 0.8, 0.8 - 0.7, ... are the same as they are written, and differ in doubles. */
START_TEST(differences_tie)
{
    const double a[] = {0.9, 0.8, 0.3, 0.4, 5.1}, b[] = {0.8, 0.7, 0.2, 0.5, 5.1};
    double d[5];
    ck_assert(a[0] - b[0] < a[1] - b[1] || a[0] - b[0] > a[1] - b[1]);
    tfu_paired_differences(a, b, 5, d);
    ck_assert(d[0] <= d[1] && d[0] >= d[1] && d[0] <= d[2] && d[0] >= d[2] && -d[3] <= d[0] &&
              -d[3] >= d[0]);
    near_to(d[0], 0.1, 1e-11, 0, "difference");
    ck_assert(d[4] <= 0 && d[4] >= 0);
    const struct tfu_wilcoxon w = wilcoxon(d, 5);
    ck_assert(w.ties && w.zeros == 1 && w.n == 4);
    const double bad[] = {NAN, INFINITY, 1, 0, 0};
    tfu_paired_differences(bad, b, 3, d);
    ck_assert(isnan(d[0]) && isinf(d[1]) && d[2] < 0.81);
    tfu_paired_differences(bad + 3, bad + 3, 2, d);
    ck_assert(d[0] <= 0 && d[0] >= 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("seeds");
    TCase *c = tcase_create("seeds");
    tcase_add_test(c, summary);
    tcase_add_test(c, summary_undefined);
    tcase_add_test(c, t_tests);
    tcase_add_test(c, nadeau_bengio);
    tcase_add_test(c, t_undefined);
    tcase_add_test(c, signed_ranks);
    tcase_add_test(c, signed_ranks_undefined);
    tcase_add_test(c, sign_flips);
    tcase_add_test(c, sign_flips_drawn);
    tcase_add_test(c, sign_flips_undefined);
    tcase_add_test(c, differences_tie);
    suite_add_tcase(s, c);
    return run_suite(s);
}
