/* SPDX-License-Identifier: MIT
 *
 * The metric auc: areas against scikit-learn, errors against DeLong's definition (make_auc.py).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/component/scoring.h"
#include "tests/support/check_main.h"

/* ---- the splits of make_auc.py */

static struct split probabilities_split(const char *name, int64_t rows)
{
    struct split d = split_new(TFU_TASK_CLASSIFICATION, rows, 3);
    for (int64_t r = 0; r < rows; r++) {
        d.label[r] = (float)floor(3 * draw(name, "label", r));
        const double a = floor(20 * draw(name, "first", r)) + (d.label[r] == 0 ? 12 : 0);
        const double b = floor(20 * draw(name, "second", r)) + (d.label[r] == 1 ? 12 : 0);
        d.score[3 * r] = (float)(a / 64);
        d.score[3 * r + 1] = (float)(b / 64);
        d.score[3 * r + 2] = (float)((64 - a - b) / 64);
    }
    return d;
}

static struct split labels_split(const char *name, int64_t rows, int64_t labels)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, rows, labels);
    for (int64_t i = 0; i < rows * labels; i++) {
        const int64_t r = i / labels, k = i % labels;
        const bool positive = k == 1 ? false : k == 2 ? r == 7 : draw(name, "label", i) < 0.3;
        const bool known = draw(name, "known", i) < 0.7 || (r == 7 && k == 2);
        d.label[i] = known ? positive : NAN;
        d.score[i] = (float)(floor(64 * draw(name, "score", i) + (positive ? 20 : 0)) / 128);
    }
    return d;
}

static struct split paired_split(const char *name, int64_t rows)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, rows, 2);
    for (int64_t i = 0; i < 2 * rows; i++) {
        const bool positive = draw(name, "label", i / 2) < 0.4;
        d.label[i] = positive;
        d.score[i] = (float)(floor(64 * draw(name, "score", i) + (positive ? 20 : 0)) / 128);
    }
    return d;
}

static double value(const struct scoring *s, const char *key)
{
    return scoring_get(s, key)->value;
}

/* ---- against the fixture */

static void check_value(const struct scoring *s, const char *key, double want)
{
    const struct tfu_score *got = scoring_get(s, key);
    if (isnan(want)) {
        ck_assert_double_nan(got->value);
        ck_assert_ptr_nonnull(got->note);
    } else {
        ck_assert_msg(fabs(got->value - want) <= 1e-12, "%s is %.17g, not %.17g", key, got->value,
                      want);
        ck_assert_ptr_null(got->note);
    }
}

/* Value, error and interval under `key`. */
static void check_area(const struct scoring *s, const char *key, double area, double error)
{
    char name[64];
    check_value(s, key, area);
    snprintf(name, sizeof name, "%s.se", key);
    check_value(s, name, error);
    snprintf(name, sizeof name, "%s.low", key);
    check_value(s, name, isnan(error) ? NAN : fmax(0, area - 1.959963984540054 * error));
    snprintf(name, sizeof name, "%s.high", key);
    check_value(s, name, isnan(error) ? NAN : fmin(1, area + 1.959963984540054 * error));
}

static const double *line(const struct fixture *f, const char *name, const char *what, size_t n)
{
    char full[64];
    snprintf(full, sizeof full, "%s.%s", name, what);
    return fixture_get(f, full, n);
}

static void check_scores(const struct scoring *s, const char *name, int64_t classes)
{
    struct fixture *f = fixture_open("auc.fixture");
    const double *area = line(f, name, "class", (size_t)classes);
    const double *error = line(f, name, "class.se", (size_t)classes);
    int defined = 0;
    for (int64_t k = 0; k < classes; k++) {
        char key[64];
        snprintf(key, sizeof key, "auc.class.%d", (int)k);
        check_area(s, key, area[k], error[k]);
        defined += !isnan(area[k]);
    }
    check_area(s, "auc", *line(f, name, "mean", 1), *line(f, name, "mean.se", 1));
    ck_assert_double_eq(value(s, "auc.classes"), defined);
    fixture_close(f);
}

/* The same numbers whatever the batches, and again after a reset. */
static void check_split(const struct split *d, const char *name)
{
    static const int64_t batches[] = {1 << 20, 32, 1};
    struct scoring s = scoring_open(d, "auc", NULL);
    for (size_t i = 0; i < TFU_COUNT(batches); i++) {
        tfu_scorer_reset(s.scorer);
        ck_assert_int_eq(scoring_feed(&s, d, batches[i], NULL), TFU_OK);
        scoring_finish(&s);
        check_scores(&s, name, d->outputs);
    }
    scoring_close(&s);
}

START_TEST(auc_of_classes)
{
    struct split d = split_of_classes("five", 2000, 5);
    check_split(&d, "five");
    split_free(&d);
}
END_TEST

START_TEST(auc_of_two_classes)
{
    struct split d = split_of_classes("two", 300, 2);
    check_split(&d, "two");
    /* a first score that is rounded to 1 everywhere is no reason to forget the order */
    for (int64_t r = 0; r < d.rows; r++)
        d.score[2 * r] = 1;
    check_split(&d, "two");
    split_free(&d);
}
END_TEST

START_TEST(auc_of_few)
{
    struct split d = split_of_classes("few", 12, 3);
    check_split(&d, "few");
    split_free(&d);
}
END_TEST

START_TEST(auc_is_that_of_scikit_learn)
{
    struct split d = probabilities_split("three", 400);
    check_split(&d, "three");
    struct scoring s = scoring_open(&d, "auc", NULL);
    ck_assert_int_eq(scoring_feed(&s, &d, 100, NULL), TFU_OK);
    scoring_finish(&s);
    struct fixture *f = fixture_open("auc.fixture");
    check_value(&s, "auc", *fixture_get(f, "three.sklearn", 1));
    fixture_close(f);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(auc_of_labels)
{
    struct split d = labels_split("labels", 500, 4);
    check_split(&d, "labels");
    struct scoring s = scoring_open(&d, "auc", NULL);
    ck_assert_int_eq(scoring_feed(&s, &d, 64, NULL), TFU_OK);
    scoring_finish(&s);
    ck_assert_str_eq(scoring_get(&s, "auc.class.1")->note, "0 positives");
    ck_assert_str_eq(scoring_get(&s, "auc.class.1.se")->note, "0 positives");
    ck_assert_str_eq(scoring_get(&s, "auc.class.2.high")->note, "1 positive");
    ck_assert_str_eq(scoring_get(&s, "auc.se")->note, "class 2 has 1 positive");
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(auc_mean_has_delongs_covariance)
{
    struct split d = paired_split("paired", 200);
    check_split(&d, "paired");
    struct scoring s = scoring_open(&d, "auc", NULL);
    ck_assert_int_eq(scoring_feed(&s, &d, 200, NULL), TFU_OK);
    scoring_finish(&s);
    struct fixture *f = fixture_open("auc.fixture");
    check_value(&s, "auc.se", *fixture_get(f, "paired.delong", 1));
    fixture_close(f);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(auc_by_hand)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, 4, 1);
    const float score[] = {0.1f, 0.4f, 0.35f, 0.8f}, label[] = {0, 0, 1, 1};
    memcpy(d.score, score, sizeof score);
    memcpy(d.label, label, sizeof label);
    struct scoring s = scoring_open(&d, "auc", NULL);
    ck_assert_int_eq(scoring_feed(&s, &d, 4, NULL), TFU_OK);
    scoring_finish(&s);
    ck_assert_double_eq(value(&s, "auc"), 0.75);
    for (int i = 0; i < 4; i++)
        d.score[i] = 0.5f;
    tfu_scorer_reset(s.scorer);
    ck_assert_int_eq(scoring_feed(&s, &d, 4, NULL), TFU_OK);
    scoring_finish(&s);
    ck_assert_double_eq(value(&s, "auc"), 0.5);
    ck_assert_double_eq(value(&s, "auc.se"), 0);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("auc");
    TCase *t = tcase_create("auc");
    tcase_add_test(t, auc_of_classes);
    tcase_add_test(t, auc_of_two_classes);
    tcase_add_test(t, auc_of_few);
    tcase_add_test(t, auc_is_that_of_scikit_learn);
    tcase_add_test(t, auc_of_labels);
    tcase_add_test(t, auc_mean_has_delongs_covariance);
    tcase_add_test(t, auc_by_hand);
    suite_add_tcase(s, t);
    return run_suite(s);
}
