/* SPDX-License-Identifier: MIT
 *
 * core/stats: Holm and Benjamini-Hochberg against statsmodels' published numbers (test_multi.py,
 * which were checked against R's multtest).
 */
#include "core/stats/family.h"

#include "tests/stats/near.h"

static const double raw[10] = {
    5.23656777208e-05, 0.00028140506198, 0.0149877310796, 0.0202732688798, 0.177096952723,
    0.642193923795,    0.680845947633,   0.71626938238,   0.838541367553,  0.967833824309};

static void correct(enum tfu_family_method m, const double *p, const double *want, double relative)
{
    double adjusted[10], shuffled[10], back[10];
    struct tfu_family f;
    ck_assert_int_eq(tfu_family_correct(m, p, 10, adjusted, &f, NULL), TFU_OK);
    ck_assert(f.size == 10 && f.undefined == 0 && f.method == m);
    for (int i = 0; i < 10; i++) {
        NEAR(adjusted[i], want[i], relative);
        shuffled[i] = p[i * 7 % 10];
    }
    ck_assert_int_eq(tfu_family_correct(m, shuffled, 10, back, &f, NULL), TFU_OK);
    for (int i = 0; i < 10; i++)
        NEAR(back[i], adjusted[i * 7 % 10], 0);
}

START_TEST(published)
{
    const double holm[10] = {5.23656777208e-04,
                             2.53264555782e-03,
                             1.199018486368e-01,
                             1.419128821586e-01,
                             1,
                             1,
                             1,
                             1,
                             1,
                             1};
    const double bh[10] = {5.23656777208e-04, 1.4070253099e-03, 4.99591035986667e-02,
                           5.06831721995e-02, 0.354193905446,   0.895336727975,
                           0.895336727975,    0.895336727975,   0.931712630614,
                           0.967833824309};
    correct(TFU_FAMILY_HOLM, raw, holm, 1e-11);
    correct(TFU_FAMILY_BENJAMINI_HOCHBERG, raw, bh, 1e-11);
    const double second[10] = {0.001, 0.002, 0.003, 0.004, 0.005, 0.05, 0.06, 0.07, 0.08, 0.09};
    const double of_second[10] = {.01, .018, .024, .028, .03, .25, .25, .25, .25, .25};
    correct(TFU_FAMILY_HOLM, second, of_second, 1e-14);
}
END_TEST

START_TEST(undefined_members)
{
    double p[] = {NAN, 0.01, NAN, 0.04};
    struct tfu_family f;
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(tfu_family_correct(TFU_FAMILY_HOLM, p, 4, p, &f, &e), TFU_OK);
    ck_assert(f.size == 2 && f.undefined == 2 && isnan(p[0]) && isnan(p[2]));
    NEAR(p[1], 0.02, 1e-15);
    NEAR(p[3], 0.04, 1e-15);
    const double none[] = {NAN, NAN}, bad[] = {0.5, 1.5};
    double out[2];
    ck_assert_int_eq(tfu_family_correct(TFU_FAMILY_BENJAMINI_HOCHBERG, none, 2, out, &f, &e),
                     TFU_OK);
    ck_assert(f.size == 0 && f.undefined == 2);
    ck_assert_int_eq(tfu_family_correct(TFU_FAMILY_HOLM, none, 0, out, &f, &e), TFU_OK);
    ck_assert(f.size == 0 && f.undefined == 0);
    ck_assert_int_eq(tfu_family_correct(TFU_FAMILY_HOLM, bad, 2, out, &f, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, "p value 2 of 2 is 1.5, outside of 0 to 1");
}
END_TEST

START_TEST(ends)
{
    const double p[] = {0, 1, 0, 1, 0.5};
    double out[5];
    struct tfu_family f;
    ck_assert_int_eq(tfu_family_correct(TFU_FAMILY_HOLM, p, 5, out, &f, NULL), TFU_OK);
    ck_assert(out[0] <= 0 && out[2] <= 0 && out[1] >= 1 && out[3] >= 1 && out[4] >= 1);
    ck_assert_str_eq(tfu_family_method_text(f.method), "Holm");
    ck_assert_str_eq(tfu_family_method_text(TFU_FAMILY_BENJAMINI_HOCHBERG), "Benjamini-Hochberg");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("family");
    TCase *c = tcase_create("family");
    tcase_add_test(c, published);
    tcase_add_test(c, undefined_members);
    tcase_add_test(c, ends);
    suite_add_tcase(s, c);
    return run_suite(s);
}
