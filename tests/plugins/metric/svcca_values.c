/* SPDX-License-Identifier: MIT
 *
 * The metric svcca: numbers that the original google/svcca gave (numpy 1.24.2), the published
 * definitions, what must not change them, and what has no value.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/plugins/metric/tapped.h"
#include "tests/support/check_main.h"

enum { ROWS = 60, COEFFICIENTS = 5 };

/* ---- golden values */

enum pair { A_B, A_B5, B5_A, B_A, A_A, DEAD_B5, DEPENDENT_B5 };

static struct table copy(const struct table *t)
{
    struct table c = table_new(t->rows, t->columns);
    memcpy(c.value, t->value, (size_t)(t->rows * t->columns) * sizeof *c.value);
    return c;
}

static void make_pair(enum pair pair, struct table *x, struct table *y)
{
    struct table a, b, b5;
    table_golden(&a, &b, &b5);
    const struct table *const left[] = {&a, &a, &b5, &b, &a, &a, &a};
    const struct table *const right[] = {&b, &b5, &a, &a, &a, &b5, &b5};
    *x = copy(left[pair]);
    *y = copy(right[pair]);
    for (int64_t r = 0; r < ROWS; r++) {
        double *row = x->value + r * x->columns;
        if (pair == DEAD_B5)
            row[2] = 0;
        if (pair == DEPENDENT_B5)
            row[4] = row[0] + row[1];
    }
    table_free(&a);
    table_free(&b);
    table_free(&b5);
}

static const struct golden {
    enum pair pair;
    const char *options;
    double value, sum; /* NaN: not recorded */
    double coefficient[COEFFICIENTS];
    double tolerance;
} goldens[] = {
    {A_B,
     "mode=cca_compat epsilon=0",
     .914445647713,
     3.65778259085,
     {.957321524168, .951122054627, .921481225017, .827857787041},
     1e-9},
    {A_B,
     "mode=cca_compat epsilon=1e-6",
     .914444402667,
     3.65777761067,
     {.957320580473, .951120897574, .921479993679, .827856138944},
     1e-9},
    {A_B,
     "mode=cca_compat epsilon=1e-2",
     .902189237493,
     3.60875694997,
     {.947998135847, .939762987813, .909292311434, .811703514878},
     1e-9},
    {A_B5,
     "mode=cca_compat epsilon=0",
     .755207941488,
     3.77603970744,
     {.980741272958, .955011879305, .885542058788, .84790544921, .106839047178},
     1e-9},
    {A_B5, "mode=cca_compat epsilon=0 threshold=0.5", .967876576131, 3.77603970744, {0}, 1e-9},
    {A_A, "mode=cca_compat epsilon=0", 1, 5, {1, 1, 1, 1, 1}, 1e-9},
    {DEAD_B5,
     "mode=cca_compat epsilon=1e-10",
     .854517540863,
     3.41807016345,
     {.955013145412, .944928614504, .852111057968, .666017345569},
     1e-9},
    /* The original inverts a matrix with an eigenvalue of 1e-10 and takes the root of the inverse,
     * which costs it seven digits: it has .842964107841, and exact arithmetic .84296425714. */
    {DEPENDENT_B5,
     "mode=cca_compat epsilon=1e-10",
     .842964107841,
     3.37185643138,
     {.957368812071, .943570106141, .875018402011, .59589911114},
     1e-6},
    {A_B5, "mode=pwcca_compat epsilon=0", .782730542299, 3.77603970744, {0}, 1e-9},
    {B5_A, "mode=pwcca_compat epsilon=0", .860811412182, 3.77603970744, {0}, 1e-9},
    {B_A, "mode=pwcca_compat epsilon=0", .928205951474, 3.65778259085, {0}, 1e-9},
    /* the published definitions */
    {A_B5, "mode=pwcca", .777992041716, 3.77603970744, {0}, 1e-9},
    {A_B5, "mode=cca", .755207941488, 3.77603970744, {0}, 1e-9},
    {A_B5, "mode=svcca share=0.9", .935797556243, (double)NAN, {0}, 1e-9},
    {A_B5, "mode=svcca keep=singular share=0.9", .916454015633, (double)NAN, {0}, 1e-9},
    {A_B5, "mode=svcca keep=singular share=0.99", .755207941, (double)NAN, {0}, 1e-9},
    {A_B5, "mode=svcca keep=count count=5", .755207941488, (double)NAN, {0}, 1e-9},
};

START_TEST(golden_values)
{
    const struct golden *g = &goldens[_i];
    struct table x, y;
    make_pair(g->pair, &x, &y);
    ck_assert_double_eq_tol(tapped_compare("svcca", g->options, &x, &y, "svcca"), g->value,
                            g->tolerance);
    if (!isnan(g->sum))
        ck_assert_double_eq_tol(tapped_compare("svcca", g->options, &x, &y, "svcca.sum"), g->sum,
                                5 * g->tolerance);
    for (int i = 0; i < COEFFICIENTS && g->coefficient[i] > 0; i++) {
        char key[32];
        snprintf(key, sizeof key, "svcca.coefficient.%d", i);
        ck_assert_double_eq_tol(tapped_compare("svcca", g->options, &x, &y, key), g->coefficient[i],
                                g->tolerance);
    }
    table_free(&x);
    table_free(&y);
}
END_TEST

static const struct {
    enum pair pair;
    const char *options;
    double weight[COEFFICIENTS];
} weights[] = {
    {A_B5,
     "mode=pwcca_compat epsilon=0",
     {.210767484943, .221904530799, .204013982823, .195153394251, .168160607183}},
    {B_A,
     "mode=pwcca_compat epsilon=0",
     {.356690236805, .240359298208, .262135220186, .140815244801}},
    {A_B5,
     "mode=pwcca",
     {.20903161723, .213621118106, .201372943124, .203062036757, .172912284783}},
};

START_TEST(golden_weights)
{
    struct table x, y;
    make_pair(weights[_i].pair, &x, &y);
    for (int i = 0; i < COEFFICIENTS && weights[_i].weight[i] > 0; i++) {
        char key[32];
        snprintf(key, sizeof key, "svcca.weight.%d", i);
        ck_assert_double_eq_tol(tapped_compare("svcca", weights[_i].options, &x, &y, key),
                                weights[_i].weight[i], 1e-9);
    }
    table_free(&x);
    table_free(&y);
}
END_TEST

/* The call that google/svcca ends with an IndexError: the side with fewer neurons is the second.
 * The value is that of the original with acts1 replaced by acts2 in that branch. It differs from
 * that of (B, A), .928205951474, because it depends on the signs of singular vectors. */
START_TEST(the_second_side_may_be_the_smaller)
{
    struct table x, y;
    make_pair(A_B, &x, &y);
    const double value = tapped_compare("svcca", "mode=pwcca_compat epsilon=0", &x, &y, "svcca");
    ck_assert_double_eq_tol(value, .92724147078518, 1e-9);
    table_free(&x);
    table_free(&y);
}
END_TEST

START_TEST(principal_components_that_stay)
{
    struct table x, y;
    make_pair(A_B5, &x, &y);
    const struct {
        const char *options;
        double a, b;
    } want[] = {{"mode=svcca share=0.9", 5, 3},
                {"mode=svcca keep=singular share=0.9", 5, 4},
                {"mode=svcca keep=singular share=0.99", 5, 5},
                {"mode=svcca keep=count count=2", 2, 2},
                {"mode=svcca share=1", 5, 5}};
    for (size_t i = 0; i < TFU_COUNT(want); i++) {
        ck_assert_double_eq(tapped_compare("svcca", want[i].options, &x, &y, "svcca.rank_a"),
                            want[i].a);
        ck_assert_double_eq(tapped_compare("svcca", want[i].options, &x, &y, "svcca.rank_b"),
                            want[i].b);
    }
    table_free(&x);
    table_free(&y);
}
END_TEST

/* ---- what must not change them */

static const char *const published[] = {"mode=cca", "mode=pwcca", "mode=svcca share=0.9"};

/* A map that is far from a rotation, with a condition number near 1000. */
static struct table invertible(int64_t n)
{
    struct table m = table_drawn("map", n, n);
    for (int64_t i = 0; i < n; i++)
        m.value[i * n + i] += 2;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            m.value[i * n + j] *= pow(10, 3 * (double)j / (double)(n - 1));
    return m;
}

/* A rotation by turns in the planes of neighbours. */
static struct table rotation(int64_t n)
{
    struct table m = table_new(n, n);
    for (int64_t i = 0; i < n; i++)
        m.value[i * n + i] = 1;
    for (int64_t k = 0; k + 1 < n; k++)
        for (int64_t i = 0; i < n; i++) {
            const double u = m.value[i * n + k], v = m.value[i * n + k + 1];
            const double angle = 0.3 + (double)k;
            m.value[i * n + k] = cos(angle) * u - sin(angle) * v;
            m.value[i * n + k + 1] = sin(angle) * u + cos(angle) * v;
        }
    return m;
}

START_TEST(cca_is_invariant_to_invertible_maps)
{
    struct table x, y, map = invertible(5);
    make_pair(A_B5, &x, &y);
    const double was = tapped_compare("svcca", "", &x, &y, "svcca");
    struct table mapped = table_product(_i ? &y : &x, &map);
    for (int64_t i = 0; i < ROWS * 5; i++)
        mapped.value[i] = 1e4 * mapped.value[i] + 7; /* and shifts */
    ck_assert_double_eq_tol(
        tapped_compare("svcca", "", _i ? &x : &mapped, _i ? &mapped : &y, "svcca"), was, 1e-10);
    table_free(&mapped);
    table_free(&map);
    table_free(&x);
    table_free(&y);
}
END_TEST

/* PWCCA and SVCCA know lengths: what may not matter is a rotation (of the side that gives the
 * weights it does, see docs/metrics.md) and a scale. */
START_TEST(rotation_and_scale_do_not_matter)
{
    struct table x, y, turn = rotation(5);
    make_pair(A_B5, &x, &y);
    const double was = tapped_compare("svcca", published[_i], &x, &y, "svcca");
    struct table turned = table_product(&y, &turn);
    for (int64_t i = 0; i < ROWS * 5; i++)
        turned.value[i] *= 1024;
    ck_assert_double_eq_tol(tapped_compare("svcca", published[_i], &x, &turned, "svcca"), was,
                            1e-11);
    for (int64_t i = 0; i < ROWS * 5; i++)
        x.value[i] *= 0.001;
    ck_assert_double_eq_tol(tapped_compare("svcca", published[_i], &x, &turned, "svcca"), was,
                            1e-11);
    table_free(&turned);
    table_free(&turn);
    table_free(&x);
    table_free(&y);
}
END_TEST

START_TEST(cca_is_symmetric_and_order_does_not_matter)
{
    struct table x, y;
    make_pair(A_B, &x, &y);
    const double was = tapped_compare("svcca", "", &x, &y, "svcca");
    ck_assert_double_eq_tol(tapped_compare("svcca", "", &y, &x, "svcca"), was, 1e-12);
    struct table back_x = copy(&x), back_y = copy(&y);
    for (int64_t r = 0; r < ROWS; r++) {
        const int64_t to = (r * 7 + 3) % ROWS; /* 7 and 60 share no factor */
        memcpy(back_x.value + to * 5, x.value + r * 5, 5 * sizeof(double));
        memcpy(back_y.value + to * 4, y.value + r * 4, 4 * sizeof(double));
    }
    ck_assert_double_eq_tol(tapped_compare("svcca", "", &back_x, &back_y, "svcca"), was, 1e-12);
    table_free(&back_x);
    table_free(&back_y);
    table_free(&x);
    table_free(&y);
}
END_TEST

/* More rows than a block of the covariance holds, far from 0. */
START_TEST(streaming_is_all_at_once)
{
    struct table x = table_drawn("many.x", 1301, 12), y = table_drawn("many.y", 1301, 9);
    const int64_t batch[] = {1301, 512, 100, 1};
    double value[TFU_COUNT(batch)];
    for (int64_t i = 0; i < 1301 * 9; i++)
        y.value[i] = 1000 + y.value[i] + 0.5 * x.value[i];
    for (size_t i = 0; i < TFU_COUNT(batch); i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        struct tapped t = tapped_open("svcca", published[_i], TFU_TASK_CLASSIFICATION, 1);
        ck_assert_int_eq(tapped_feed(&t, TFU_PART_TEST, &x, &y, NULL, batch[i], &e), TFU_OK);
        value[i] = tapped_value(&t, "svcca");
        tapped_close(&t);
        ck_assert_double_eq(value[i], value[0]); /* the same bits */
    }
    table_free(&x);
    table_free(&y);
}
END_TEST

/* ---- edges */

START_TEST(dead_and_duplicated_channels_take_no_part)
{
    struct table x, y;
    make_pair(A_B5, &x, &y);
    const double was = tapped_compare("svcca", "", &x, &y, "svcca");
    struct table more = table_new(ROWS, 7);
    for (int64_t r = 0; r < ROWS; r++) {
        memcpy(more.value + r * 7, x.value + r * 5, 5 * sizeof(double));
        more.value[r * 7 + 5] = x.value[r * 5 + 1];
        more.value[r * 7 + 6] = 0.1;
    }
    ck_assert_double_eq_tol(tapped_compare("svcca", "", &more, &y, "svcca"), was, 1e-9);
    ck_assert_double_eq(tapped_compare("svcca", "", &more, &y, "svcca.rank_a"), 5);
    ck_assert_double_eq(tapped_compare("svcca", "", &more, &y, "svcca.columns_a"), 7);
    table_free(&more);
    table_free(&x);
    table_free(&y);
}
END_TEST

static const char *const modes[] = {
    "mode=cca",        "mode=svcca",        "mode=svcca keep=count",    "mode=pwcca",
    "mode=cca_compat", "mode=pwcca_compat", "mode=cca_compat epsilon=0"};

START_TEST(constant_activations_have_no_value)
{
    struct table x, y;
    make_pair(A_B5, &x, &y);
    for (int64_t i = 0; i < ROWS * 5; i++)
        y.value[i] = 0.1 * (double)(1 + i % 5);
    struct tfu_error e = TFU_ERROR_INIT;
    struct tapped t = tapped_open("svcca", modes[_i], TFU_TASK_CLASSIFICATION, 1);
    tapped_feed(&t, TFU_PART_TEST, &x, &y, NULL, 17, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert(isnan(tapped_value(&t, "svcca")));
    ck_assert(strstr(tapped_note(&t, "svcca"), "are constant"));
    tapped_close(&t);
    table_free(&x);
    table_free(&y);
}
END_TEST

static void refused(const char *options, const struct table *x, const struct table *y,
                    const char *text)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_score *score;
    size_t count;
    struct tapped t = tapped_open("svcca", options, TFU_TASK_CLASSIFICATION, 1);
    if (tapped_feed(&t, TFU_PART_TEST, x, y, NULL, 17, &e) == TFU_OK)
        ck_assert_int_ne(tfu_scorer_finish(t.scorer, &score, &count, &e), TFU_OK);
    ck_assert_msg(strstr(e.text, text) != NULL, "%s", e.text);
    tapped_close(&t);
}

START_TEST(not_more_rows_than_columns_is_refused)
{
    struct table x, y;
    make_pair(A_B5, &x, &y);
    x.rows = 5;
    refused("", &x, &y, "5 rows of 'block1' for 5 columns: with no more rows than columns");
    refused("mode=pwcca_compat", &x, &y, "5 rows of 'block1' for 5 columns");
    refused("mode=svcca share=1", &x, &y, "principal components that stay");
    x.rows = 9; /* allowed, and said */
    ck_assert_double_eq(tapped_compare("svcca", "", &x, &y, "svcca.forced"), 2);
    ck_assert_double_eq_tol(tapped_compare("svcca", "", &x, &y, "svcca.coefficient.1"), 1, 1e-9);
    table_free(&x);
    table_free(&y);
}
END_TEST

START_TEST(a_value_that_is_no_number_has_its_place_named)
{
    struct table x, y;
    make_pair(A_B5, &x, &y);
    y.value[40 * 5 + 3] = (double)NAN;
    refused("", &x, &y, "'block2' of b has nan in row 40, column 3");
    y.value[40 * 5 + 3] = -INFINITY;
    refused("mode=pwcca", &x, &y, "'block2' of b has -inf in row 40, column 3");
    table_free(&x);
    table_free(&y);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("svcca");
    TCase *values = tcase_create("values");
    tcase_add_loop_test(values, golden_values, 0, (int)TFU_COUNT(goldens));
    tcase_add_loop_test(values, golden_weights, 0, (int)TFU_COUNT(weights));
    tcase_add_test(values, the_second_side_may_be_the_smaller);
    tcase_add_test(values, principal_components_that_stay);
    suite_add_tcase(suite, values);
    TCase *changes = tcase_create("invariances");
    tcase_add_loop_test(changes, cca_is_invariant_to_invertible_maps, 0, 2);
    tcase_add_loop_test(changes, rotation_and_scale_do_not_matter, 0, (int)TFU_COUNT(published));
    tcase_add_test(changes, cca_is_symmetric_and_order_does_not_matter);
    tcase_add_loop_test(changes, streaming_is_all_at_once, 0, (int)TFU_COUNT(published));
    suite_add_tcase(suite, changes);
    TCase *edges = tcase_create("edges");
    tcase_add_test(edges, dead_and_duplicated_channels_take_no_part);
    tcase_add_loop_test(edges, constant_activations_have_no_value, 0, (int)TFU_COUNT(modes));
    tcase_add_test(edges, not_more_rows_than_columns_is_refused);
    tcase_add_test(edges, a_value_that_is_no_number_has_its_place_named);
    suite_add_tcase(suite, edges);
    return run_suite(suite);
}
