/* SPDX-License-Identifier: MIT
 *
 * The metrics knn_probe and linear_probe: against scikit-learn and numpy (make_probes.py).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/plugins/metric/tapped.h"
#include "tests/support/check_main.h"
#include "tests/support/formula.h"

enum { FIT = 120, TEST = 80, CHANNELS = 7, LABELS_MAX = 4 };

/* The splits of make_probes.py. */
struct split {
    enum tfu_task task;
    int64_t outputs;
    struct table x;
    float label[(FIT + TEST) * LABELS_MAX];
};

static double draw(const char *name, const char *what, int64_t i)
{
    char full[64];
    snprintf(full, sizeof full, "%s.%s", name, what);
    return formula(stream(full), (uint64_t)i);
}

static struct split split_of_classes(const char *name, int64_t outputs)
{
    struct split s = {
        TFU_TASK_CLASSIFICATION, outputs, table_drawn(name, FIT + TEST, CHANNELS), {0}};
    for (int64_t r = 0; r < FIT + TEST; r++) {
        const int64_t class = (int64_t)((double)outputs * draw(name, "label", r));
        s.label[r] = (float)class;
        s.x.value[r * CHANNELS + class] += 0.4;
    }
    return s;
}

static struct split split_of_labels(const char *name, int64_t outputs)
{
    struct split s = {TFU_TASK_MULTI_LABEL, outputs, table_drawn(name, FIT + TEST, CHANNELS), {0}};
    for (int64_t i = 0; i < (FIT + TEST) * outputs; i++) {
        const bool positive = draw(name, "label", i) < 0.4;
        s.x.value[i / outputs * CHANNELS + i % outputs] += positive ? 0.4 : 0;
        s.label[i] = draw(name, "known", i) < 0.8 ? positive : NAN;
    }
    return s;
}

static void feed(struct tapped *t, const struct split *s, int64_t batch)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const struct table fit = {FIT, CHANNELS, s->x.value};
    const struct table test = {TEST, CHANNELS, s->x.value + FIT * CHANNELS};
    tapped_feed(t, TFU_PART_FIT, &fit, NULL, s->label, batch, &e);
    tapped_feed(t, TFU_PART_TEST, &test, NULL, s->label + FIT * t->label_columns, batch, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

/* Accuracy, area and, where `numbers` is 3, loss. */
static void check(const char *metric, const char *options, struct split s, const char *line,
                  size_t numbers)
{
    static const char *const suffix[] = {"", ".auc", ".loss"};
    static const double tolerance[] = {1e-12, 1e-12, 1e-7};
    struct fixture *f = fixture_open("plugins/metric/probes.fixture");
    struct tapped t = tapped_open(metric, options, s.task, s.outputs);
    feed(&t, &s, 23);
    for (size_t i = 0; i < numbers; i++) {
        char key[64];
        snprintf(key, sizeof key, "%s%s", metric, suffix[i]);
        ck_assert_double_eq_tol(tapped_value(&t, key), fixture_get(f, line, numbers)[i],
                                tolerance[i]);
    }
    if (numbers == 3)
        ck_assert_double_eq(tapped_value(&t, "linear_probe.converged"), 1);
    tapped_close(&t);
    fixture_close(f);
    table_free(&s.x);
}

START_TEST(linear_probe_is_that_of_scikit_learn)
{
    check("linear_probe", "", split_of_classes("four", 4), "linear.four.1", 3);
    check("linear_probe", "l2=100", split_of_classes("four", 4), "linear.four.0.01", 3);
    check("linear_probe", "l2=0.01", split_of_classes("four", 4), "linear.four.100", 3);
    check("linear_probe", "", split_of_classes("two", 2), "linear.two.1", 3);
}
END_TEST

START_TEST(linear_probe_fits_each_label_to_its_known_rows)
{
    check("linear_probe", "", split_of_labels("labels", 3), "linear.labels.1", 3);
}
END_TEST

START_TEST(knn_probe_is_its_definition)
{
    check("knn_probe", "", split_of_classes("four", 4), "knn.four.200", 2);
    check("knn_probe", "k=5", split_of_classes("four", 4), "knn.four.5", 2);
    check("knn_probe", "k=15 temperature=1", split_of_classes("four", 4), "knn.four.15", 2);
    check("knn_probe", "k=9", split_of_classes("two", 2), "knn.two.9", 2);
    check("knn_probe", "k=9", split_of_labels("labels", 3), "knn.labels.9", 2);
}
END_TEST

/* The number of rows to fit on bounds k, which is reported. */
START_TEST(knn_probe_takes_all_rows_when_there_are_few)
{
    struct split s = split_of_classes("four", 4);
    struct tapped t = tapped_open("knn_probe", "", s.task, s.outputs);
    feed(&t, &s, FIT);
    ck_assert_double_eq(tapped_value(&t, "knn_probe.k"), FIT);
    ck_assert_double_eq(tapped_value(&t, "knn_probe.rows_fit"), FIT);
    ck_assert_double_eq(tapped_value(&t, "knn_probe.rows_test"), TEST);
    tapped_close(&t);
    table_free(&s.x);
}
END_TEST

/* All votes but one part in 1e70 are for the first class: the shares are 1, the order is not lost.
 */
START_TEST(knn_probe_ranks_what_is_nearly_certain)
{
    enum { ROWS = 6 };
    struct table fit = table_new(2, 2), test = table_new(ROWS, 2);
    const float of[] = {0, 1}, label[ROWS] = {0, 0, 0, 1, 1, 1};
    struct tfu_error e = TFU_ERROR_INIT;
    fit.value[0] = 1;
    fit.value[2] = -1;
    for (int64_t r = 0; r < ROWS; r++) { /* further away from it, row by row */
        test.value[2 * r] = 1;
        test.value[2 * r + 1] = 0.1 * (double)r;
    }
    for (int task = TFU_TASK_CLASSIFICATION; task <= TFU_TASK_MULTI_LABEL; task++) {
        struct tapped t = tapped_open("knn_probe", "temperature=0.01", (enum tfu_task)task,
                                      task == TFU_TASK_CLASSIFICATION ? 2 : 1);
        tapped_feed(&t, TFU_PART_FIT, &fit, NULL, of, 2, &e);
        tapped_feed(&t, TFU_PART_TEST, &test, NULL, label, ROWS, &e);
        ck_assert_msg(e.status == TFU_OK, "%s", e.text);
        ck_assert_double_eq(tapped_value(&t, "knn_probe.auc"), 1);
        ck_assert_double_eq(tapped_value(&t, "knn_probe"), 0.5);
        tapped_close(&t);
    }
    table_free(&fit);
    table_free(&test);
}
END_TEST

/* A class that was not fitted on is never the answer; its loss would be infinite. */
START_TEST(linear_probe_without_rows_of_a_class)
{
    struct split s = split_of_classes("four", 4);
    struct tapped t = tapped_open("linear_probe", "", s.task, s.outputs);
    for (int64_t r = 0; r < FIT; r++)
        s.label[r] = s.label[r] == 3 ? 0 : s.label[r];
    feed(&t, &s, FIT);
    ck_assert(isfinite(tapped_value(&t, "linear_probe")));
    ck_assert(isfinite(tapped_value(&t, "linear_probe.auc")));
    ck_assert(isnan(tapped_value(&t, "linear_probe.loss")));
    ck_assert_str_eq(tapped_note(&t, "linear_probe.loss"),
                     "a class to test on has no rows to fit on");
    tapped_close(&t);
    table_free(&s.x);
}
END_TEST

START_TEST(linear_probe_says_when_it_has_not_converged)
{
    struct split s = split_of_classes("four", 4);
    struct tapped t = tapped_open("linear_probe", "iterations=2", s.task, s.outputs);
    feed(&t, &s, FIT);
    ck_assert_double_eq(tapped_value(&t, "linear_probe.converged"), 0);
    tapped_close(&t);
    table_free(&s.x);
}
END_TEST

/* More channels than rows, so that the classes can be told apart without error, and a channel that
 * is constant. */
START_TEST(linear_probe_of_separable_rows_converges)
{
    enum { ROWS = 30, WIDE = 60 };
    struct table x = table_drawn("wide", ROWS, WIDE);
    float label[ROWS];
    struct tfu_error e = TFU_ERROR_INIT;
    for (int64_t r = 0; r < ROWS; r++) {
        label[r] = (float)(r % 3);
        x.value[r * WIDE] = 7;
    }
    struct tapped t = tapped_open("linear_probe", "l2=0.001", TFU_TASK_CLASSIFICATION, 3);
    tapped_feed(&t, TFU_PART_FIT, &x, NULL, label, ROWS, &e);
    tapped_feed(&t, TFU_PART_TEST, &x, NULL, label, ROWS, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    ck_assert_double_eq(tapped_value(&t, "linear_probe"), 1);
    ck_assert_double_eq(tapped_value(&t, "linear_probe.converged"), 1);
    ck_assert_double_eq(tapped_value(&t, "linear_probe.auc"), 1);
    tapped_close(&t);
    table_free(&x);
}
END_TEST

START_TEST(rows_to_fit_on_come_first)
{
    struct split s = split_of_classes("four", 4);
    struct tapped t = tapped_open("knn_probe", "", s.task, s.outputs);
    struct tfu_error e = TFU_ERROR_INIT;
    feed(&t, &s, FIT);
    ck_assert_int_eq(tapped_feed(&t, TFU_PART_FIT, &s.x, NULL, s.label, FIT, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, "metric 'knn_probe': rows to fit on come after rows to test on");
    tapped_close(&t);
    table_free(&s.x);
}
END_TEST

START_TEST(a_value_that_is_no_number_has_its_place_named)
{
    struct split s = split_of_classes("four", 4);
    struct tapped t = tapped_open("knn_probe", "", s.task, s.outputs);
    struct tfu_error e = TFU_ERROR_INIT;
    s.x.value[31 * CHANNELS + 5] = (double)NAN;
    s.label[3] = s.label[17] = NAN; /* rows that are not kept count as well */
    ck_assert_int_eq(tapped_feed(&t, TFU_PART_FIT, &s.x, NULL, s.label, 10, &e), TFU_ENUMERIC);
    ck_assert_ptr_nonnull(strstr(e.text, "'block1' of a has nan in row 31, column 5"));
    tapped_close(&t);
    table_free(&s.x);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("probes");
    TCase *values = tcase_create("values");
    tcase_add_test(values, linear_probe_is_that_of_scikit_learn);
    tcase_add_test(values, linear_probe_fits_each_label_to_its_known_rows);
    tcase_add_test(values, knn_probe_is_its_definition);
    suite_add_tcase(suite, values);
    TCase *edges = tcase_create("edges");
    tcase_add_test(edges, knn_probe_takes_all_rows_when_there_are_few);
    tcase_add_test(edges, knn_probe_ranks_what_is_nearly_certain);
    tcase_add_test(edges, linear_probe_without_rows_of_a_class);
    tcase_add_test(edges, linear_probe_says_when_it_has_not_converged);
    tcase_add_test(edges, linear_probe_of_separable_rows_converges);
    tcase_add_test(edges, rows_to_fit_on_come_first);
    tcase_add_test(edges, a_value_that_is_no_number_has_its_place_named);
    suite_add_tcase(suite, edges);
    return run_suite(suite);
}
