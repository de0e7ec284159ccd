/* SPDX-License-Identifier: MIT
 *
 * Functions that are the same to the last bit everywhere, against the C library's in long double.
 */
#include "plugins/transform/exact.h"

#include <stdint.h>

#include "tests/support/check_main.h"
#include "tests/support/formula.h"

enum { COUNT = 20000 };
static const double least = 4e-16;

/* Is it within that of the truth, or of 1 where the truth is smaller? */
static void check(const char *what, double x, double got, long double want)
{
    const long double scale = fabsl(want) > 1 ? fabsl(want) : 1;
    ck_assert_msg(fabsl((long double)got - want) <= (long double)least * scale,
                  "%s of %.17g is %.17g, not %.17Lg", what, x, got, want);
}

static double between(double low, double high, size_t i)
{
    return low + (high - low) * formula(stream("exact"), i);
}

START_TEST(exponentials)
{
    for (size_t i = 0; i < COUNT; i++) {
        const double x = between(i % 2 ? -1 : -30, i % 2 ? 1 : 30, i);
        check("exp", x, exact_exp(x), expl((long double)x));
    }
    ck_assert_double_eq(exact_exp(0), 1);
    ck_assert_double_eq_tol(exact_exp(-700) / (double)expl(-700), 1, least);
}
END_TEST

START_TEST(logarithms)
{
    for (size_t i = 0; i < COUNT; i++) {
        const double x =
            i % 2 ? between(1e-6, 3, i) : ldexp(between(0.5, 1, i), (int)i % 200 - 100);
        check("log", x, exact_log(x), logl((long double)x));
    }
    ck_assert_double_eq(exact_log(1), 0);
}
END_TEST

START_TEST(powers)
{
    for (size_t i = 0; i < COUNT; i++) {
        const double x = between(0, 1, i), y = between(0.01, 4, i + COUNT);
        check("pow", x, exact_pow(x, y), powl((long double)x, (long double)y));
    }
    ck_assert_double_eq(exact_pow(0, 0.5), 0);
    ck_assert_double_eq(exact_pow(1, 3), 1);
}
END_TEST

START_TEST(angles)
{
    const long double radian = 3.14159265358979323846264338327950288L / 180;
    for (size_t i = 0; i < COUNT; i++) {
        const double x = between(-800, 800, i);
        const struct exact_turn t = exact_degrees(x);
        check("sin", x, t.sine, sinl((long double)x * radian));
        check("cos", x, t.cosine, cosl((long double)x * radian));
    }
    for (int quarter = -9; quarter < 10; quarter++) { /* no rounding at right angles */
        const struct exact_turn t = exact_degrees(90.0 * quarter);
        ck_assert_double_eq(fabs(t.sine), quarter % 2 ? 1 : 0);
        ck_assert_double_eq(fabs(t.cosine), quarter % 2 ? 0 : 1);
    }
}
END_TEST

/* The share below the number is the one that was asked for. */
START_TEST(normal_numbers)
{
    for (size_t i = 0; i < COUNT; i++) {
        const double p = i % 4 ? between(0, 1, i) : ldexp(between(0.5, 1, i), -(int)(i % 33));
        const long double below = erfcl(-(long double)exact_normal(p) / sqrtl(2)) / 2;
        ck_assert_msg(fabsl(below - (long double)p) <= 1e-13L * (long double)p,
                      "below %.17g are %.17Lg, not %.17g", exact_normal(p), below, p);
    }
    ck_assert_double_eq(exact_normal(0.5), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("transform/exact");
    TCase *t = tcase_create("exact");
    tcase_add_test(t, exponentials);
    tcase_add_test(t, logarithms);
    tcase_add_test(t, powers);
    tcase_add_test(t, angles);
    tcase_add_test(t, normal_numbers);
    suite_add_tcase(s, t);
    return run_suite(s);
}
