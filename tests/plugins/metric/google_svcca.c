/* SPDX-License-Identifier: MIT
 *
 * The metric svcca beside google/svcca, over 50 pairs of activations (make_svcca.py).
 */
#include <math.h>
#include <stdio.h>

#include "tests/plugins/metric/tapped.h"
#include "tests/support/check_main.h"
#include "tests/support/formula.h"

enum { CASES = 50 };

/* The activations of make_svcca.py. */
enum kind { PLAIN, SCALED, ALIKE, FAR, DEAD, TWICE, KINDS };

struct pair {
    struct table a, b;
    double epsilon;
};

static struct table part(int i, const char *what, int64_t rows, int64_t columns)
{
    char name[32];
    snprintf(name, sizeof name, "svcca.%d.%s", i, what);
    return table_drawn(name, rows, columns);
}

static void spoil(enum kind kind, const double d[6], struct table *a, struct table *b)
{
    for (int64_t r = 0; r < a->rows; r++) {
        double *x = a->value + r * a->columns, *y = b->value + r * b->columns;
        for (int64_t c = 0; kind == SCALED && c < a->columns; c++)
            x[c] *= pow(10, (double)(-3 * c) / (double)a->columns);
        for (int64_t c = 0; kind == FAR && c < a->columns; c++)
            x[c] += 30 * d[4];
        for (int64_t c = 0; kind == FAR && c < b->columns; c++)
            y[c] -= 30 * d[5];
        if (kind == ALIKE)
            x[1] = x[0] + 0.01 * x[1];
        if (kind == DEAD)
            y[1] = 0;
        if (kind == TWICE)
            x[1] = x[0];
    }
}

static struct pair make(int i)
{
    static const double epsilon[] = {0, 1e-10, 0, 1e-6};
    char name[32];
    double d[6];
    snprintf(name, sizeof name, "svcca.%d", i);
    for (uint64_t k = 0; k < TFU_COUNT(d); k++)
        d[k] = formula(stream(name), k);
    const int64_t rows = 30 + (int64_t)(170 * d[0]);
    struct table mix = part(i, "mix", 2 + (int64_t)(6 * d[1]), 2 + (int64_t)(9 * d[2]));
    struct table noise = part(i, "b", rows, mix.columns);
    struct pair p = {.a = part(i, "a", rows, mix.rows), .epsilon = epsilon[i % 4]};
    p.b = table_product(&p.a, &mix);
    for (int64_t k = 0; k < rows * mix.columns; k++)
        p.b.value[k] += d[3] * noise.value[k];
    spoil((enum kind)(i % KINDS), d, &p.a, &p.b);
    table_free(&mix);
    table_free(&noise);
    return p;
}

static void free_pair(struct pair *p)
{
    table_free(&p->a);
    table_free(&p->b);
}

static const double *line(const struct fixture *f, int i, const char *what, size_t n)
{
    char name[64];
    snprintf(name, sizeof name, "%d%s%s", i, what[0] ? "." : "", what);
    return fixture_get(f, name, n);
}

/* Where google/svcca has no number, ours is one all the same. */
static void check_number(double got, double want, double tolerance, int i, const char *what)
{
    ck_assert_msg(isfinite(got), "case %d, %s: %g", i, what, got);
    ck_assert_msg(isnan(want) || fabs(got - want) <= tolerance, "case %d, %s: %.12g, not %.12g", i,
                  what, got, want);
}

/* google/svcca takes the root of the inverse: with a variance of no more than epsilon = 1e-10 among
 * them, rounding of 1e-16 becomes one of 1e-6. Case 17 is 0.855265321422 in 40 digits. */
static double weighted_tolerance(const struct pair *p, int i)
{
    return i % KINDS == TWICE && p->epsilon == 1e-10 ? 1e-5 : 1e-6;
}

START_TEST(has_the_numbers_of_google_svcca)
{
    struct fixture *f = fixture_open("plugins/metric/svcca.fixture");
    struct pair p = make(_i);
    char options[64];
    const double *sizes = line(f, _i, "", 4);
    ck_assert_double_eq(sizes[0], (double)p.a.rows);
    ck_assert_double_eq(sizes[1], (double)p.a.columns);
    ck_assert_double_eq(sizes[2], (double)p.b.columns);
    ck_assert_double_eq(sizes[3], p.epsilon);

    snprintf(options, sizeof options, "mode=cca_compat epsilon=%g", p.epsilon);
    struct tapped t = tapped_fed("svcca", options, &p.a, &p.b);
    const double mean = line(f, _i, "mean", 1)[0];
    check_number(tapped_value(&t, "svcca"), mean, 1e-6, _i, "mean");
    int64_t rank_a = (int64_t)tapped_value(&t, "svcca.rank_a");
    int64_t rank_b = (int64_t)tapped_value(&t, "svcca.rank_b");
    const size_t count = (size_t)(rank_a < rank_b ? rank_a : rank_b);
    const double *want = isnan(mean) ? NULL : line(f, _i, "coefficient", count);
    for (size_t k = 0; k < count; k++)
        check_number(tapped_item(&t, "svcca.coefficient", k), want ? want[k] : mean, 1e-6, _i,
                     "coefficient");
    tapped_close(&t);

    snprintf(options, sizeof options, "mode=pwcca_compat epsilon=%g", p.epsilon);
    t = tapped_fed("svcca", options, &p.a, &p.b);
    check_number(tapped_value(&t, "svcca"), line(f, _i, "pwcca", 1)[0], weighted_tolerance(&p, _i),
                 _i, "pwcca");
    if (_i == 17)
        ck_assert_double_eq_tol(tapped_value(&t, "svcca"), 0.855265321422, 1e-9);
    tapped_close(&t);
    free_pair(&p);
    fixture_close(f);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("svcca");
    tcase_add_loop_test(tests, has_the_numbers_of_google_svcca, 0, CASES);
    Suite *suite = suite_create("google_svcca");
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
