/* SPDX-License-Identifier: MIT
 *
 * The metrics cka, procrustes and rsa: published values, definitions (make_alignment.py), what must
 * not change them, and how they refuse.
 */
#include <math.h>
#include <string.h>

#include "tests/plugins/metric/tapped.h"
#include "tests/support/check_main.h"

enum { ROWS = 61 };

/* ---- values */

START_TEST(cka_has_the_numbers_of_its_demonstration)
{
    struct fixture *f = fixture_open("plugins/metric/alignment.fixture");
    struct table x = table_of_fixture(f, "demo.x", 100, 10);
    struct table y = table_of_fixture(f, "demo.y", 100, 10);
    const struct {
        const char *options, *line;
        double stored;
    } want[] = {{"", "demo.linear", 0.55761},
                {"estimator=debiased", "demo.linear.debiased", 0.51346},
                {"kernel=rbf", "demo.rbf", 0.65483}};
    for (size_t i = 0; i < TFU_COUNT(want); i++) {
        const double got = tapped_compare("cka", want[i].options, &x, &y, "cka");
        ck_assert_double_eq_tol(got, want[i].stored, 5e-6);
        ck_assert_double_eq_tol(got, fixture_get(f, want[i].line, 1)[0], 1e-12);
    }
    table_free(&x);
    table_free(&y);
    fixture_close(f);
}
END_TEST

START_TEST(cka_of_the_golden_matrices)
{
    struct table a, b, b5;
    table_golden(&a, &b, &b5);
    ck_assert_double_eq_tol(tapped_compare("cka", "", &a, &b5, "cka"), .678650621217, 1e-9);
    ck_assert_double_eq_tol(tapped_compare("cka", "", &a, &b, "cka"), .709171484976, 1e-9);
    ck_assert_double_eq_tol(tapped_compare("cka", "estimator=debiased", &a, &b5, "cka"),
                            .662812392163, 1e-9);
    ck_assert_double_eq_tol(tapped_compare("cka", "estimator=debiased", &a, &b, "cka"),
                            .691117740823, 1e-9);
    table_free(&a);
    table_free(&b);
    table_free(&b5);
}
END_TEST

/* The pair of make_alignment.py. */
static void make_pair(struct table *x, struct table *y)
{
    struct table mix = table_drawn("mix", 12, 7), noise = table_drawn("right", ROWS, 7);
    *x = table_drawn("left", ROWS, 12);
    *y = table_product(x, &mix);
    for (int64_t i = 0; i < ROWS * 7; i++)
        y->value[i] += 0.2 * (noise.value[i] + 0.5) + 3;
    table_free(&mix);
    table_free(&noise);
}

static const struct {
    const char *metric, *options, *line;
} definitions[] = {
    {"cka", "", "linear.biased"},
    {"cka", "estimator=debiased", "linear.debiased"},
    {"cka", "estimator=minibatch batch=16", "linear.minibatch"},
    {"cka", "kernel=rbf fraction=0.8", "rbf.biased"},
    {"cka", "kernel=rbf fraction=0.8 estimator=debiased", "rbf.debiased"},
    {"cka", "kernel=rbf fraction=0.8 estimator=minibatch batch=20", "rbf.minibatch"},
    {"procrustes", "", "procrustes"},
    {"rsa", "", "rsa.pearson.spearman"},
    {"rsa", "compare=pearson", "rsa.pearson.pearson"},
    {"rsa", "dissimilarity=spearman", "rsa.spearman.spearman"},
    {"rsa", "dissimilarity=spearman compare=pearson", "rsa.spearman.pearson"},
    {"rsa", "dissimilarity=cosine", "rsa.cosine.spearman"},
    {"rsa", "dissimilarity=cosine compare=pearson", "rsa.cosine.pearson"},
    {"rsa", "dissimilarity=euclidean", "rsa.euclidean.spearman"},
    {"rsa", "dissimilarity=euclidean compare=pearson", "rsa.euclidean.pearson"},
};

START_TEST(each_is_its_definition)
{
    struct fixture *f = fixture_open("plugins/metric/alignment.fixture");
    struct table x, y;
    make_pair(&x, &y);
    const char *metric = definitions[_i].metric;
    ck_assert_double_eq_tol(tapped_compare(metric, definitions[_i].options, &x, &y, metric),
                            fixture_get(f, definitions[_i].line, 1)[0], 1e-9);
    table_free(&x);
    table_free(&y);
    fixture_close(f);
}
END_TEST

/* ---- what must not change them */

/* A rotation of 7 channels: a product of reflections. */
static struct table rotation(void)
{
    struct table all = table_new(7, 7);
    for (int64_t i = 0; i < 7; i++)
        all.value[8 * i] = 1;
    for (int turn = 0; turn < 4; turn++) {
        struct table v = table_drawn(turn % 2 ? "odd" : "even", 1, 7), mirror = table_new(7, 7);
        double length = 0;
        v.value[turn] += 1;
        for (int64_t i = 0; i < 7; i++)
            length += v.value[i] * v.value[i];
        for (int64_t i = 0; i < 49; i++)
            mirror.value[i] = (i % 8 == 0) - 2 * v.value[i / 7] * v.value[i % 7] / length;
        struct table next = table_product(&all, &mirror);
        table_free(&all);
        table_free(&mirror);
        table_free(&v);
        all = next;
    }
    return all;
}

static const struct {
    const char *metric, *options;
    bool rotates; /* a rotation does not change it */
} invariant[] = {
    {"cka", "", true},
    {"cka", "estimator=debiased", true},
    {"cka", "kernel=rbf", true},
    {"cka", "estimator=minibatch batch=16", true},
    {"procrustes", "", true},
    {"rsa", "dissimilarity=cosine", true},
    {"rsa", "dissimilarity=euclidean", true},
    {"rsa", "", false},
};

START_TEST(rotation_and_scale_do_not_matter)
{
    const char *metric = invariant[_i].metric, *options = invariant[_i].options;
    struct table x, y, turn = rotation();
    make_pair(&x, &y);
    const double was = tapped_compare(metric, options, &x, &y, metric);
    struct table z = invariant[_i].rotates ? table_product(&y, &turn) : y;
    for (int64_t i = 0; i < ROWS * 7; i++)
        z.value[i] *= 1024;
    ck_assert_double_eq_tol(tapped_compare(metric, options, &x, &z, metric), was, 1e-11);
    ck_assert_double_eq_tol(tapped_compare(metric, options, &z, &x, metric), was, 1e-11);
    if (invariant[_i].rotates)
        table_free(&z);
    table_free(&turn);
    table_free(&x);
    table_free(&y);
}
END_TEST

START_TEST(with_itself_it_is_perfect)
{
    struct table x, y;
    make_pair(&x, &y);
    for (size_t i = 0; i < TFU_COUNT(invariant); i++) {
        const char *metric = invariant[i].metric;
        const double want = strcmp(metric, "procrustes") == 0 ? 0 : 1;
        ck_assert_double_eq_tol(tapped_compare(metric, invariant[i].options, &y, &y, metric), want,
                                1e-12);
    }
    table_free(&x);
    table_free(&y);
}
END_TEST

START_TEST(streaming_is_all_at_once)
{
    const char *metric = invariant[_i].metric;
    struct table x, y;
    make_pair(&x, &y);
    double value[3];
    const int64_t batch[3] = {ROWS, 7, 1};
    for (int i = 0; i < 3; i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        struct tapped t = tapped_open(metric, invariant[_i].options, TFU_TASK_CLASSIFICATION, 1);
        ck_assert_int_eq(tapped_feed(&t, TFU_PART_TEST, &x, &y, NULL, batch[i], &e), TFU_OK);
        value[i] = tapped_value(&t, metric);
        tapped_close(&t);
    }
    ck_assert_double_eq_tol(value[1], value[0], 1e-12);
    ck_assert_double_eq_tol(value[2], value[0], 1e-12);
    table_free(&x);
    table_free(&y);
}
END_TEST

/* An offset a million times the deviation: what is measured is around it. */
START_TEST(offsets_do_not_matter)
{
    const char *metric = invariant[_i].metric, *options = invariant[_i].options;
    struct table x, y;
    make_pair(&x, &y);
    const double was = tapped_compare(metric, options, &x, &y, metric);
    for (int64_t i = 0; i < ROWS * 7; i++)
        y.value[i] += 0x1p20 * (double)(1 + i % 7);
    ck_assert_double_eq_tol(tapped_compare(metric, options, &x, &y, metric), was, 1e-8);
    table_free(&x);
    table_free(&y);
}
END_TEST

/* ---- what has no value, and what is refused */

static void check_note(const char *metric, const char *options, const struct table *a,
                       const struct table *b, const char *note)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tapped t = tapped_open(metric, options, TFU_TASK_CLASSIFICATION, 1);
    tapped_feed(&t, TFU_PART_TEST, a, b, NULL, 17, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert(isnan(tapped_value(&t, metric)));
    ck_assert_str_eq(tapped_note(&t, metric), note);
    tapped_close(&t);
}

START_TEST(constant_activations_have_no_value)
{
    struct table x, y;
    make_pair(&x, &y);
    for (int64_t i = 0; i < ROWS * 7; i++)
        y.value[i] = 0.1 * (double)(1 + i % 7);
    check_note("cka", "", &x, &y, "all channels of b are constant");
    check_note("cka", "estimator=debiased", &y, &x, "all channels of a are constant");
    check_note("cka", "estimator=minibatch batch=8", &y, &x, "all channels of a are constant");
    check_note("cka", "kernel=rbf", &y, &x, "all channels of a are constant");
    check_note("procrustes", "", &x, &y, "all channels of b are constant");
    check_note("rsa", "", &x, &y, "all rows of b are equally far from each other");
    for (int64_t i = 0; i < ROWS * 7; i++)
        y.value[i] = 0.1 * (double)(i / 7);
    check_note("rsa", "", &y, &x,
               "0 of 61 rows differ between channels in both, and 3 are needed; `dissimilarity: "
               "euclidean` takes all");
    table_free(&x);
    table_free(&y);
}
END_TEST

/* As if they had not been there, and counted. */
START_TEST(rsa_leaves_out_rows_that_are_constant_in_either)
{
    struct table x, y;
    make_pair(&x, &y);
    struct table less_x = table_new(ROWS - 2, x.columns), less_y = table_new(ROWS - 2, y.columns);
    memcpy(less_x.value, x.value + x.columns, (size_t)(less_x.rows * x.columns) * sizeof(double));
    memcpy(less_y.value, y.value + y.columns, (size_t)(less_y.rows * y.columns) * sizeof(double));
    for (int64_t i = 0; i < x.columns; i++)
        x.value[i] = 0;
    for (int64_t i = 0; i < y.columns; i++)
        y.value[(ROWS - 1) * y.columns + i] = 0.1;
    ck_assert_double_eq_tol(tapped_compare("rsa", "", &x, &y, "rsa"),
                            tapped_compare("rsa", "", &less_x, &less_y, "rsa"), 1e-14);
    ck_assert_double_eq(tapped_compare("rsa", "", &x, &y, "rsa.rows"), ROWS - 2);
    ck_assert_double_eq(tapped_compare("rsa", "", &x, &y, "rsa.left_out"), 2);
    ck_assert_double_eq(tapped_compare("rsa", "dissimilarity=euclidean", &x, &y, "rsa.left_out"),
                        0);
    table_free(&less_x);
    table_free(&less_y);
    table_free(&x);
    table_free(&y);
}
END_TEST

START_TEST(too_few_rows_have_no_value)
{
    struct table x, y;
    make_pair(&x, &y);
    x.rows = 1;
    check_note("cka", "", &x, &y, "1 rows, and 2 are needed");
    check_note("procrustes", "", &x, &y, "2 rows are needed");
    x.rows = 2;
    check_note("rsa", "", &x, &y, "2 rows, and 3 are needed");
    x.rows = 3;
    check_note("cka", "estimator=debiased", &x, &y, "3 rows, and 4 are needed");
    x.rows = 15;
    check_note("cka", "estimator=minibatch batch=16", &x, &y, "there is no full batch of 16 rows");
    table_free(&x);
    table_free(&y);
}
END_TEST

static void check_refusal(const char *metric, const char *options, const struct table *a,
                          const struct table *b, const char *text)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tapped t = tapped_open(metric, options, TFU_TASK_CLASSIFICATION, 1);
    ck_assert_int_ne(tapped_feed(&t, TFU_PART_TEST, a, b, NULL, 17, &e), TFU_OK);
    ck_assert_msg(strstr(e.text, text) != NULL, "%s", e.text);
    tapped_close(&t);
}

START_TEST(a_value_that_is_no_number_has_its_place_named)
{
    struct table x, y;
    make_pair(&x, &y);
    y.value[40 * 7 + 3] = (double)NAN;
    const char *const metric[] = {"cka", "procrustes", "rsa"};
    for (size_t i = 0; i < TFU_COUNT(metric); i++)
        check_refusal(metric[i], "", &x, &y, "in row 40, column 3");
    check_refusal("cka", "kernel=rbf", &x, &y, "in row 40, column 3");
    check_refusal("cka", "estimator=debiased", &x, &y, "in row 40, column 3");
    check_refusal("cka", "estimator=minibatch batch=5", &x, &y, "in row 40, column 3");
    table_free(&x);
    table_free(&y);
}
END_TEST

START_TEST(more_rows_than_the_limit_are_refused)
{
    struct table x, y;
    make_pair(&x, &y);
    const char *text = "there are more than 50 rows, and time and memory grow with their square; "
                       "take fewer `rows`, or raise `rows_max`";
    check_refusal("rsa", "rows_max=50", &x, &y, text);
    check_refusal("cka", "kernel=rbf rows_max=50", &x, &y, text);
    tapped_compare("cka", "rows_max=50", &x, &y, "cka"); /* which has none */
    tapped_compare("cka", "kernel=rbf estimator=minibatch batch=8 rows_max=50", &x, &y, "cka");
    table_free(&x);
    table_free(&y);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alignment");
    TCase *values = tcase_create("values");
    tcase_add_test(values, cka_has_the_numbers_of_its_demonstration);
    tcase_add_test(values, cka_of_the_golden_matrices);
    tcase_add_loop_test(values, each_is_its_definition, 0, (int)TFU_COUNT(definitions));
    suite_add_tcase(suite, values);
    TCase *changes = tcase_create("invariances");
    tcase_add_loop_test(changes, rotation_and_scale_do_not_matter, 0, (int)TFU_COUNT(invariant));
    tcase_add_loop_test(changes, streaming_is_all_at_once, 0, (int)TFU_COUNT(invariant));
    tcase_add_loop_test(changes, offsets_do_not_matter, 0, 5); /* a pattern of channels has one */
    tcase_add_test(changes, with_itself_it_is_perfect);
    suite_add_tcase(suite, changes);
    TCase *edges = tcase_create("edges");
    tcase_add_test(edges, constant_activations_have_no_value);
    tcase_add_test(edges, rsa_leaves_out_rows_that_are_constant_in_either);
    tcase_add_test(edges, too_few_rows_have_no_value);
    tcase_add_test(edges, a_value_that_is_no_number_has_its_place_named);
    tcase_add_test(edges, more_rows_than_the_limit_are_refused);
    suite_add_tcase(suite, edges);
    return run_suite(suite);
}
