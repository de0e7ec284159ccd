/* SPDX-License-Identifier: MIT
 *
 * The metric svcca where canonical correlations, or the variances that it cuts by, are equal: the
 * directions are then defined up to a rotation, and no number may depend on the one that rounding
 * chose. make_svcca_ties.py has the values.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/plugins/metric/tapped.h"
#include "tests/support/check_main.h"

enum kind { SHARED, FORCED, WAVES, KINDS };

static const struct {
    const char *name;
    int64_t weights, tied;
} cases[] = {{"shared", 8, 3}, {"forced", 7, 2}, {"waves", 5, 5}};

enum { WAVE_COUNT = 11 };

/* cos(pi k t) for k = 1 to 11, which have a mean of 0 and one length and are orthogonal. */
static struct table waves(void)
{
    struct table t = table_new(64, WAVE_COUNT);
    for (int64_t r = 0; r < t.rows; r++)
        for (int64_t k = 0; k < WAVE_COUNT; k++)
            t.value[r * WAVE_COUNT + k] = cos(acos(-1) * (double)(k + 1) * ((double)r + 0.5) / 64);
    return t;
}

/* The first columns of `t`. */
static struct table leading(const struct table *t, int64_t columns)
{
    struct table part = table_new(t->rows, columns);
    for (int64_t r = 0; r < t->rows; r++)
        memcpy(part.value + r * columns, t->value + r * t->columns,
               (size_t)columns * sizeof *part.value);
    return part;
}

static void make_shared(struct table *x, struct table *y)
{
    struct table own = table_drawn("ties.y", 120, 6);
    *x = table_drawn("ties.x", 120, 8);
    *y = table_new(120, 9);
    for (int64_t r = 0; r < 120; r++) {
        memcpy(y->value + r * 9, x->value + r * 8, 3 * sizeof(double));
        memcpy(y->value + r * 9 + 3, own.value + r * 6, 6 * sizeof(double));
    }
    table_free(&own);
}

/* Two of a's five waves are in b with a correlation of 0.8, and three not at all. */
static void make_waves(struct table *x, struct table *y)
{
    struct table all = waves(), five = leading(&all, 5), mix = table_drawn("ties.mix", 5, 5);
    for (int64_t i = 0; i < 5; i++)
        mix.value[i * 5 + i] += 2;
    *x = table_product(&five, &mix);
    *y = table_new(64, 6);
    for (int64_t r = 0; r < 64; r++) {
        const double *c = all.value + r * WAVE_COUNT;
        for (int64_t k = 0; k < 6; k++)
            y->value[r * 6 + k] = k < 2 ? .8 * c[k] + .6 * c[k + 5] : c[k + 5];
    }
    table_free(&all);
    table_free(&five);
    table_free(&mix);
}

static void make(enum kind kind, struct table *x, struct table *y)
{
    if (kind == SHARED)
        make_shared(x, y);
    if (kind == WAVES)
        make_waves(x, y);
    if (kind != FORCED)
        return;
    *x = table_drawn("ties.forced.x", 14, 7);
    *y = table_drawn("ties.forced.y", 14, 8);
}

START_TEST(equal_coefficients_share_the_mean_over_their_rotations)
{
    struct fixture *f = fixture_open("plugins/metric/svcca_ties.fixture");
    struct table x, y;
    char name[32];
    make((enum kind)_i, &x, &y);
    struct tapped t = tapped_fed("svcca", "mode=pwcca", &x, &y);
    const double value = fixture_get(f, cases[_i].name, 1)[0];
    ck_assert_double_eq_tol(tapped_value(&t, "svcca"), value, 1e-12);
    snprintf(name, sizeof name, "%s.weight", cases[_i].name);
    const double *weight = fixture_get(f, name, (size_t)cases[_i].weights);
    for (size_t i = 0; i < (size_t)cases[_i].weights; i++)
        ck_assert_double_eq_tol(tapped_item(&t, "svcca.weight", i), weight[i], 1e-12);
    ck_assert_double_eq(tapped_value(&t, "svcca.tied"), (double)cases[_i].tied);
    tapped_close(&t);
    table_free(&x);
    table_free(&y);
    fixture_close(f);
}
END_TEST

/* ---- what must not change the value */

enum change { ROWS, COLUMNS_A, COLUMNS_B, TURNED_B, SCALED_A, SCALED_B, ROUNDED, CHANGES };

/* Row or column i in the place of another one. */
static struct table reordered(const struct table *t, bool rows, bool columns)
{
    struct table out = table_new(t->rows, t->columns);
    for (int64_t r = 0; r < t->rows; r++)
        for (int64_t c = 0; c < t->columns; c++) {
            const int64_t to_r =
                rows ? (r * 7 + 3) % t->rows : r; /* but for 14 rows a permutation */
            const int64_t to_c = columns ? t->columns - 1 - c : c;
            out.value[to_r * t->columns + to_c] = t->value[r * t->columns + c];
        }
    return out;
}

/* By a turn in each plane of neighbours. */
static struct table turned(const struct table *t)
{
    struct table out = reordered(t, false, false);
    for (int64_t r = 0; r < t->rows; r++)
        for (int64_t c = 0; c + 1 < t->columns; c++) {
            double *v = out.value + r * t->columns + c, u = v[0];
            const double angle = 0.7 + (double)c;
            v[0] = cos(angle) * u - sin(angle) * v[1];
            v[1] = sin(angle) * u + cos(angle) * v[1];
        }
    return out;
}

static struct table changed(enum change change, int side, const struct table *t)
{
    const bool flip = side ? change == COLUMNS_B : change == COLUMNS_A;
    const bool scale = side ? change == SCALED_B : change == SCALED_A;
    struct table out = side && change == TURNED_B
                           ? turned(t)
                           : reordered(t, change == ROWS && t->rows % 7 != 0, flip);
    for (int64_t i = 0; i < t->rows * t->columns; i++) {
        if (scale)
            out.value[i] *= 3;
        if (side && change == ROUNDED)
            out.value[i] = (double)(float)out.value[i];
    }
    return out;
}

static void check_unchanged(const char *options, const struct table *x, const struct table *y)
{
    const double was = tapped_compare("svcca", options, x, y, "svcca");
    for (int change = 0; change < CHANGES; change++) {
        struct table a = changed((enum change)change, 0, x);
        struct table b = changed((enum change)change, 1, y);
        const double tolerance = change == ROUNDED ? 1e-5 : 1e-10;
        const double is = tapped_compare("svcca", options, &a, &b, "svcca");
        ck_assert_msg(fabs(is - was) <= tolerance, "%s, change %d: %.15g, not %.15g", options,
                      change, is, was);
        table_free(&a);
        table_free(&b);
    }
}

START_TEST(order_rotation_and_rounding_do_not_matter)
{
    struct table x, y;
    make((enum kind)_i, &x, &y);
    check_unchanged("mode=pwcca", &x, &y);
    check_unchanged("mode=cca", &x, &y);
    table_free(&x);
    table_free(&y);
}
END_TEST

/* Channels that are shared up to a little noise: equal by the tolerance, and not any more. */
START_TEST(nearly_equal_coefficients_are_a_group)
{
    static const struct {
        double noise, tied;
    } want[] = {{1e-12, 3}, {1e-8, 3}, {1e-5, 3}, {1e-4, 3}, {0.1, 0}};
    struct table x, y, noise = table_drawn("ties.noise", 120, 3);
    make(SHARED, &x, &y);
    for (int64_t r = 0; r < 120; r++)
        for (int64_t c = 0; c < 3; c++)
            y.value[r * 9 + c] += want[_i].noise * noise.value[r * 3 + c];
    ck_assert_double_eq(tapped_compare("svcca", "mode=pwcca", &x, &y, "svcca.tied"), want[_i].tied);
    check_unchanged("mode=pwcca", &x, &y);
    table_free(&noise);
    table_free(&x);
    table_free(&y);
}
END_TEST

/* ---- a cut between equal variances */

static const char *const cuts[] = {"mode=svcca keep=count count=2", "mode=svcca share=0.3",
                                   "mode=svcca keep=singular share=0.3"};

START_TEST(no_cut_goes_through_equal_variances)
{
    struct table all = waves(), x = leading(&all, 4), y, other;
    make(WAVES, &other, &y);
    for (int64_t r = 0; r < x.rows; r++)
        x.value[r * 4] *= 1.25; /* one stronger than the three others */
    struct tapped t = tapped_fed("svcca", cuts[_i], &x, &y);
    ck_assert_double_eq(tapped_value(&t, "svcca.rank_a"), _i == 1 ? 1 : 4);
    ck_assert_double_eq(tapped_value(&t, "svcca.tied_a"), _i == 1 ? 0 : 2);
    tapped_close(&t);
    check_unchanged(cuts[_i], &x, &y);
    table_free(&all);
    table_free(&x);
    table_free(&y);
    table_free(&other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("svcca_ties");
    TCase *weights = tcase_create("equal coefficients");
    tcase_add_loop_test(weights, equal_coefficients_share_the_mean_over_their_rotations, 0, KINDS);
    tcase_add_loop_test(weights, order_rotation_and_rounding_do_not_matter, 0, KINDS);
    tcase_add_loop_test(weights, nearly_equal_coefficients_are_a_group, 0, 5);
    suite_add_tcase(suite, weights);
    TCase *cut = tcase_create("equal variances");
    tcase_add_loop_test(cut, no_cut_goes_through_equal_variances, 0, (int)TFU_COUNT(cuts));
    suite_add_tcase(suite, cut);
    return run_suite(suite);
}
