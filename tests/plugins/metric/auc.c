/* SPDX-License-Identifier: MIT
 *
 * The metric auc: areas against scikit-learn, errors against DeLong's definition (make_auc.py).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/stats/auc.h"
#include "core/task/odds.h"
#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/formula.h"
#include "tests/support/scoring.h"

/* ---- the splits of make_auc.py */

static struct split probabilities_split(const char *name, int64_t rows)
{
    struct split d = split_new(TFU_TASK_CLASSIFICATION, rows, 3);
    for (int64_t r = 0; r < rows; r++) {
        d.label[r] = (float)floor(3 * score_draw(name, "label", r));
        const double a = floor(20 * score_draw(name, "first", r)) + (d.label[r] == 0 ? 12 : 0);
        const double b = floor(20 * score_draw(name, "second", r)) + (d.label[r] == 1 ? 12 : 0);
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
        const bool positive = k == 1 ? false : k == 2 ? r == 7 : score_draw(name, "label", i) < 0.3;
        const bool known = score_draw(name, "known", i) < 0.7 || (r == 7 && k == 2);
        d.label[i] = known ? positive : NAN;
        d.score[i] = (float)(floor(64 * score_draw(name, "score", i) + (positive ? 20 : 0)) / 128);
    }
    return d;
}

static struct split paired_split(const char *name, int64_t rows)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, rows, 2);
    for (int64_t i = 0; i < 2 * rows; i++) {
        const bool positive = score_draw(name, "label", i / 2) < 0.4;
        d.label[i] = positive;
        d.score[i] = (float)(floor(64 * score_draw(name, "score", i) + (positive ? 20 : 0)) / 128);
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
    struct fixture *f = fixture_open("plugins/metric/auc.fixture");
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
    struct fixture *f = fixture_open("plugins/metric/auc.fixture");
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

/* What the metric says of a label, and what a comparison of two models says of each. */
START_TEST(auc_is_that_of_comparisons)
{
    enum { ROWS = 500, LABELS = 4 };
    struct split d = labels_split("labels", ROWS, LABELS);
    struct scoring s = scoring_open(&d, "auc", NULL);
    ck_assert_int_eq(scoring_feed(&s, &d, 64, NULL), TFU_OK);
    scoring_finish(&s);
    for (int k = 0; k < LABELS; k++) {
        double score[ROWS];
        uint8_t positive[ROWS];
        struct tfu_auc a;
        char key[64];
        int64_t n = 0;
        for (int i = k; i < ROWS * LABELS; i += LABELS)
            if (!isnan(d.label[i])) {
                score[n] = (double)d.score[i];
                positive[n++] = d.label[i] > 0;
            }
        const struct tfu_auc_examples known = {score, positive, n};
        ck_assert_int_eq(tfu_auc_measure(&a, known, 0.95, NULL), TFU_OK);
        snprintf(key, sizeof key, "auc.class.%d", k);
        check_area(&s, key, a.value, a.error);
        if (!isnan(a.error))
            ck_assert(fabs(a.low - fmax(0, a.value - 1.959963984540054 * a.error)) < 1e-12 &&
                      fabs(a.high - fmin(1, a.value + 1.959963984540054 * a.error)) < 1e-12);
    }
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
    struct fixture *f = fixture_open("plugins/metric/auc.fixture");
    check_value(&s, "auc.se", *fixture_get(f, "paired.delong", 1));
    fixture_close(f);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

/* ---- networks that are sure: the probabilities of different logits are equal */

static struct split sure_split(const char *name, int64_t rows, int64_t classes)
{
    struct split d = split_new(TFU_TASK_CLASSIFICATION, rows, classes);
    split_sure(&d);
    for (int64_t r = 0; r < rows; r++) {
        d.label[r] = (float)floor((double)classes * score_draw(name, "label", r));
        for (int64_t k = 0; k < classes; k++)
            d.logit[r * classes + k] = (float)(60 * score_draw(name, "logit", r * classes + k) +
                                               (d.label[r] == (float)k ? 20 : 0));
    }
    split_scores(&d);
    return d;
}

START_TEST(auc_of_sure_classes)
{
    struct split d = sure_split("sure.two", 300, 2);
    check_split(&d, "sure.two");
    split_free(&d);
    d = sure_split("sure.four", 400, 4);
    check_split(&d, "sure.four");
    split_free(&d);
}
END_TEST

START_TEST(auc_of_sure_labels)
{
    static const char name[] = "sure.labels";
    struct split d = split_new(TFU_TASK_MULTI_LABEL, 300, 3);
    split_sure(&d);
    for (int64_t i = 0; i < 900; i++) {
        d.label[i] = score_draw(name, "label", i) < 0.4;
        d.logit[i] = (float)(40 * score_draw(name, "logit", i) + (d.label[i] > 0 ? 6 : 0));
    }
    split_scores(&d);
    check_split(&d, name);
    split_free(&d);
}
END_TEST

static double auc_of(struct split *d)
{
    struct scoring s = scoring_open(d, "auc", NULL);
    split_scores(d);
    ck_assert_int_eq(scoring_feed(&s, d, d->rows, NULL), TFU_OK);
    scoring_finish(&s);
    const double auc = value(&s, "auc");
    scoring_close(&s);
    return auc;
}

static const struct {
    float logit[4], label[4];
    double auc;
} few[] = {
    {{20, 30, 40, 50}, {0, 0, 1, 1}, 1},
    {{-20, -30, -110, -120}, {1, 1, 0, 0}, 1},
    {{1e30F, 2e30F, 3e30F, 4e30F}, {0, 0, 1, 1}, 1},
    {{1e-10F, 0, 0, -1e-10F}, {1, 0, 1, 0}, 0.875},
    {{40, 40, 40, 40}, {0, 1, 0, 1}, 0.5},
    {{-0.0F, 0.0F, 0.0F, -0.0F}, {0, 1, 0, 1}, 0.5},
    {{98, 99, 100, 97}, {0, 1, 1, 0}, 1},
};

START_TEST(auc_of_few_logits)
{
    struct split labels = split_new(TFU_TASK_MULTI_LABEL, 4, 1);
    struct split classes = split_new(TFU_TASK_CLASSIFICATION, 4, 2);
    split_sure(&labels);
    split_sure(&classes);
    memcpy(labels.logit, few[_i].logit, sizeof few[_i].logit);
    memcpy(labels.label, few[_i].label, sizeof few[_i].label);
    memcpy(classes.label, few[_i].label, sizeof few[_i].label);
    for (int r = 0; r < 4; r++)
        classes.logit[2 * r + 1] = few[_i].logit[r];
    ck_assert_double_eq(auc_of(&labels), few[_i].auc);
    ck_assert_double_eq(auc_of(&classes), few[_i].auc);
    split_free(&labels);
    split_free(&classes);
}
END_TEST

/* ---- log odds themselves */

static void check_odds(const char *name, int64_t outputs, double height)
{
    enum { ROWS = 40 };
    float logit[ROWS * 5];
    double odds[ROWS * 5], room[16];
    struct fixture *f = fixture_open("plugins/metric/auc.fixture");
    const double *want = fixture_get(f, name, (size_t)(ROWS * outputs));
    for (int64_t i = 0; i < ROWS * outputs; i++)
        logit[i] = (float)(height * (formula(stream(name), (uint64_t)i) - 0.5));
    ck_assert_uint_le(tfu_log_odds_room(outputs), TFU_COUNT(room));
    tfu_log_odds_softmax(ROWS, outputs, logit, odds, room);
    for (int64_t i = 0; i < ROWS * outputs; i++)
        ck_assert_double_le(fabs(odds[i] - want[i]), 1e-14 * fmax(height, fabs(want[i])));
    fixture_close(f);
}

START_TEST(odds_are_those_of_float64)
{
    check_odds("odds.five", 5, 10);
    check_odds("odds.three", 3, 2000);
    check_odds("odds.two", 2, 1e-6);
}
END_TEST

/* The same logits in another order, and all of them raised: the very same odds. */
START_TEST(odds_of_equals_are_equal)
{
    enum { N = 7, ORDERS = 64 };
    const float base[N] = {3, -1, 0.5F, 3, -7, 2, -1};
    float z[N];
    double first[N], odds[N], room[3 * N + 1];
    tfu_log_odds_softmax(1, N, base, first, room);
    ck_assert_double_eq(first[0], first[3]);
    for (int64_t turn = 0; turn < ORDERS; turn++) {
        int place[N];
        for (int k = 0; k < N; k++)
            place[k] = k;
        for (int k = N - 1; k > 0; k--) {
            const int j = (int)((k + 1) * score_draw("odds", "order", turn * N + k)),
                      kept = place[k];
            place[k] = place[j];
            place[j] = kept;
        }
        for (int k = 0; k < N; k++)
            z[k] = base[place[k]] + (float)(turn % 3);
        tfu_log_odds_softmax(1, N, z, odds, room);
        for (int k = 0; k < N; k++)
            ck_assert_double_eq(odds[k], first[place[k]]);
    }
}
END_TEST

START_TEST(odds_at_the_ends)
{
    const float z[] = {3e38F, -3e38F, 0}, one[] = {5};
    double odds[3], room[16];
    tfu_log_odds_softmax(1, 3, z, odds, room);
    for (int k = 0; k < 3; k++)
        ck_assert(isfinite(odds[k]));
    ck_assert_double_eq(odds[0], (double)z[0]);
    tfu_log_odds_softmax(1, 1, one, odds, room);
    ck_assert_double_infinite(odds[0]);
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
    tcase_add_test(t, auc_is_that_of_comparisons);
    tcase_add_test(t, auc_of_labels);
    tcase_add_test(t, auc_mean_has_delongs_covariance);
    tcase_add_test(t, auc_by_hand);
    tcase_add_test(t, auc_of_sure_classes);
    tcase_add_test(t, auc_of_sure_labels);
    tcase_add_loop_test(t, auc_of_few_logits, 0, (int)TFU_COUNT(few));
    tcase_add_test(t, odds_are_those_of_float64);
    tcase_add_test(t, odds_of_equals_are_equal);
    tcase_add_test(t, odds_at_the_ends);
    suite_add_tcase(s, t);
    return run_suite(s);
}
