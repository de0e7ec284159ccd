/* SPDX-License-Identifier: MIT
 *
 * Metrics of classes against scikit-learn and scipy (make_classes.py), against published numbers,
 * and where they have no value.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/fixture.h"
#include "tests/support/scoring.h"

/* ---- the splits of make_classes.py */

static struct split make_split(const char *name, int64_t rows, int64_t outputs, enum tfu_task task)
{
    struct split d = split_new(task, rows, outputs);
    const bool classes = task == TFU_TASK_CLASSIFICATION;
    split_sure(&d);
    for (int64_t i = 0; i < rows * d.columns; i++) {
        const double u = score_draw(name, "label", i);
        const int64_t k = i % outputs;
        d.label[i] = classes ? (float)floor((double)outputs * pow(u, 1.5)) : u < 0.3 && k != 1;
    }
    for (int64_t i = 0; i < rows * outputs; i++) {
        const int64_t r = i / outputs, k = i % outputs;
        const bool positive = classes ? d.label[r] == (float)k : d.label[i] > 0;
        d.logit[i] = (float)(floor(12 * score_draw(name, "logit", i)) / 2 - 3 +
                             (positive ? 1.5 : 0) - (classes ? 0 : 1));
    }
    for (int64_t i = 0; i < rows * d.columns; i++)
        if (score_draw(name, "known", i) >= 0.9 || (!classes && i % outputs == 3))
            d.label[i] = NAN;
    split_scores(&d);
    return d;
}

static const struct {
    const char *name;
    int64_t rows, outputs;
    enum tfu_task task;
} splits[] = {
    {"five", 600, 5, TFU_TASK_CLASSIFICATION},
    {"two", 400, 2, TFU_TASK_CLASSIFICATION},
    {"labels", 500, 4, TFU_TASK_MULTI_LABEL},
};

/* ---- help */

struct case_ {
    struct fixture *f;
    const char *name; /* of the split */
    struct split split;
    struct scoring s;
};

static struct case_ case_open(int i, const char *metric)
{
    struct case_ c = {.f = fixture_open("plugins/metric/classes.fixture"), .name = splits[i].name};
    c.split = make_split(splits[i].name, splits[i].rows, splits[i].outputs, splits[i].task);
    c.s = scoring_open(&c.split, metric, NULL);
    ck_assert_int_eq(scoring_feed(&c.s, &c.split, 64, NULL), TFU_OK);
    scoring_finish(&c.s);
    return c;
}

static void case_close(struct case_ *c)
{
    scoring_close(&c->s);
    split_free(&c->split);
    fixture_close(c->f);
}

static void check_near(const struct scoring *s, const char *key, double want, double tolerance)
{
    const struct tfu_score *got = scoring_get(s, key);
    if (isnan(want)) {
        ck_assert_double_nan(got->value);
        ck_assert_ptr_nonnull(got->note);
        return;
    }
    ck_assert_msg(fabs(got->value - want) <= tolerance, "%s is %.17g, not %.17g", key, got->value,
                  want);
    ck_assert_ptr_null(got->note);
}

static void check_value(const struct scoring *s, const char *key, double want)
{
    check_near(s, key, want, 1e-12);
}

static const double *line(const struct case_ *c, const char *what, size_t n)
{
    char full[192];
    snprintf(full, sizeof full, "%s.%s", c->name, what);
    return fixture_get(c->f, full, n);
}

static void check_classes(const struct case_ *c, const char *key, const double *want)
{
    for (int64_t k = 0; k < c->split.outputs; k++) {
        char name[192];
        snprintf(name, sizeof name, "%s.class.%d", key, (int)k);
        check_value(&c->s, name, want[k]);
    }
}

static double value(const struct scoring *s, const char *key)
{
    return scoring_get(s, key)->value;
}

/* Value of the classes and for all of them, in lines "<split>.<what>.class" and "<split>.<what>".
 */
static void check_whole(int split, const char *metric, const char *what)
{
    struct case_ c = case_open(split, metric);
    char key[64], of_classes[96];
    snprintf(key, sizeof key, "%.*s", (int)strcspn(metric, " "), metric);
    snprintf(of_classes, sizeof of_classes, "%s.class", what);
    check_classes(&c, key, line(&c, of_classes, (size_t)c.split.outputs));
    check_value(&c.s, key, *line(&c, what, 1));
    case_close(&c);
}

/* ---- against scikit-learn */

START_TEST(average_precision_of_all)
{
    check_whole(_i, "average_precision", "average_precision");
}
END_TEST

START_TEST(at_a_point_of_the_curve)
{
    check_whole(_i, "sensitivity_at", "sensitivity_at.step");
    check_whole(_i, "sensitivity_at rule=linear", "sensitivity_at.linear");
    check_whole(_i, "specificity_at", "specificity_at.step");
    check_whole(_i, "specificity_at rule=linear", "specificity_at.linear");
}
END_TEST

START_TEST(kappa_of_all)
{
    static const char *const weights[] = {"none", "linear", "quadratic"};
    const bool labels = splits[_i].task == TFU_TASK_MULTI_LABEL;
    for (size_t w = 0; w < (labels ? 1 : TFU_COUNT(weights)); w++) {
        char metric[64], what[64];
        snprintf(metric, sizeof metric, "kappa weights=%s", weights[w]);
        snprintf(what, sizeof what, "kappa.%s", weights[w]);
        struct case_ c = case_open(_i, metric);
        if (labels)
            check_classes(&c, "kappa", line(&c, what, (size_t)c.split.outputs));
        else
            check_value(&c.s, "kappa", *line(&c, what, 1));
        case_close(&c);
    }
}
END_TEST

START_TEST(f1_of_all)
{
    struct case_ c = case_open(_i, "f1");
    const double *each = line(&c, "f1.class", (size_t)c.split.outputs);
    check_classes(&c, "f1", each);
    check_value(&c.s, "f1.micro", *line(&c, "f1.micro", 1));
    check_value(&c.s, "f1.macro", *line(&c, "f1.macro", 1));
    check_value(&c.s, "f1", c.split.outputs == 2 ? each[1] : *line(&c, "f1.macro", 1));
    case_close(&c);
}
END_TEST

START_TEST(confusion_of_all)
{
    static const char *const counts[] = {"true_positive", "false_positive", "false_negative",
                                         "true_negative"};
    struct case_ c = case_open(_i, "confusion");
    const int n = (int)c.split.outputs;
    const bool labels = c.split.task == TFU_TASK_MULTI_LABEL;
    const double *want = line(&c, "confusion", (size_t)(labels ? 4 * n : n * n));
    double all = 0, wrong = 0;
    for (int i = 0; i < (labels ? 4 : n); i++)
        for (int j = 0; j < n; j++) {
            char key[64];
            if (labels)
                snprintf(key, sizeof key, "confusion.%s.%d", counts[i], j);
            else
                snprintf(key, sizeof key, "confusion.label.%d.%d", i, j);
            check_value(&c.s, key, want[i * n + j]);
            all += want[i * n + j];
            wrong += (labels ? i == 1 || i == 2 : i != j) ? want[i * n + j] : 0;
        }
    check_value(&c.s, "confusion", wrong / all);
    case_close(&c);
}
END_TEST

static void check_curve(const struct case_ *c, const char *binning)
{
    for (int k = 0; k < (int)c->split.outputs; k++) {
        const bool one = c->split.outputs == 2;
        char what[64], key[64];
        if ((one && k == 0) || (c->split.task == TFU_TASK_MULTI_LABEL && k == 3))
            continue;
        snprintf(what, sizeof what, "calibration.%s.rows.%d", binning, k);
        const double *rows = line(c, what, 10);
        for (int i = 0; i < 10; i++) {
            if (one)
                snprintf(key, sizeof key, "calibration.curve.rows.%d", i);
            else
                snprintf(key, sizeof key, "calibration.curve.label.%d.rows.%d", k, i);
            check_value(&c->s, key, rows[i]);
        }
    }
}

static void check_calibration(int split, const char *options, const char *binning)
{
    char metric[96], what[64];
    snprintf(metric, sizeof metric, "calibration bins=10 variant=class curve=1 %s", options);
    struct case_ c = case_open(split, metric);
    const size_t n = (size_t)c.split.outputs;
    snprintf(what, sizeof what, "calibration.%s.ece", binning);
    check_classes(&c, "calibration", line(&c, what, n));
    snprintf(what, sizeof what, "calibration.%s.mce", binning);
    check_classes(&c, "calibration.mce", line(&c, what, n));
    snprintf(what, sizeof what, "calibration.%s.brier", binning);
    check_classes(&c, "calibration.brier", line(&c, what, n));
    check_curve(&c, binning);
    case_close(&c);
    if (splits[split].outputs != 5)
        return;
    snprintf(metric, sizeof metric, "calibration bins=10 %s", options);
    c = case_open(split, metric);
    snprintf(what, sizeof what, "calibration.%s.top", binning);
    const double *top = line(&c, what, 3);
    check_value(&c.s, "calibration", top[0]);
    check_value(&c.s, "calibration.mce", top[1]);
    check_value(&c.s, "calibration.brier", top[2]);
    case_close(&c);
}

START_TEST(calibration_of_all)
{
    check_calibration(_i, "binning=width", "uniform");
    check_calibration(_i, "binning=mass", "quantile");
}
END_TEST

START_TEST(net_benefit_of_all)
{
    struct case_ c = case_open(_i, "net_benefit");
    const int n = (int)c.split.outputs;
    const double *model = line(&c, "net_benefit.model", (size_t)(5 * n));
    const double *all = line(&c, "net_benefit.all", (size_t)(5 * n));
    for (int k = n == 2; k < n; k++)
        for (int i = 0; i < 5; i++) {
            char key[64], label[32] = "";
            if (n > 2)
                snprintf(label, sizeof label, "label.%d.", k);
            snprintf(key, sizeof key, "net_benefit.model.%s%d", label, i);
            check_value(&c.s, key, model[5 * k + i]);
            snprintf(key, sizeof key, "net_benefit.all.%s%d", label, i);
            check_value(&c.s, key, all[5 * k + i]);
        }
    case_close(&c);
}
END_TEST

/* The threshold is chosen by the rows to fit on, and what it does is measured on the others. */
START_TEST(operating_point_is_chosen_elsewhere)
{
    static const char *const rules[] = {"youden", "sensitivity", "specificity"};
    static const char *const shares[] = {"sensitivity", "specificity", "ppv", "npv"};
    struct fixture *f = fixture_open("plugins/metric/classes.fixture");
    struct split fit = make_split("fit", 300, 2, TFU_TASK_CLASSIFICATION);
    struct split test = make_split("two", 400, 2, TFU_TASK_CLASSIFICATION);
    char text[64];
    snprintf(text, sizeof text, "operating_point rule=%s", rules[_i]);
    struct scoring s = scoring_open(&test, text, NULL);
    fit.part = TFU_PART_FIT;
    ck_assert_int_eq(scoring_feed(&s, &fit, 64, NULL), TFU_OK);
    ck_assert_int_eq(scoring_feed(&s, &test, 64, NULL), TFU_OK);
    scoring_finish(&s);
    snprintf(text, sizeof text, "two.%s", rules[_i]);
    const double *want = fixture_get(f, text, 13);
    check_value(&s, "operating_point.threshold", want[0]);
    check_value(&s, "operating_point.probability", 1 / (1 + exp(-want[0])));
    for (size_t i = 0; i < TFU_COUNT(shares); i++) {
        snprintf(text, sizeof text, "operating_point.%s", shares[i]);
        check_value(&s, text, want[1 + 3 * i]);
        snprintf(text, sizeof text, "operating_point.%s.low", shares[i]);
        check_value(&s, text, want[2 + 3 * i]);
        snprintf(text, sizeof text, "operating_point.%s.class.1.high", shares[i]);
        check_value(&s, text, want[3 + 3 * i]);
    }
    check_value(&s, "operating_point", want[1] + want[4] - 1);
    ck_assert_double_gt(value(&s, "operating_point.fit_rows"), 250);
    scoring_close(&s);
    split_free(&fit);
    split_free(&test);
    fixture_close(f);
}
END_TEST

/* ---- by hand, and published */

/* A label of logits whose probabilities are `p`. */
static struct split labelled(int64_t rows, const float *p, const float *label)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, rows, 1);
    split_sure(&d);
    for (int64_t r = 0; r < rows; r++) {
        d.logit[r] = logf(p[r] / (1 - p[r]));
        d.label[r] = label[r];
    }
    split_scores(&d);
    return d;
}

static struct scoring score_of(const struct split *d, const char *metric)
{
    struct scoring s = scoring_open(d, metric, NULL);
    ck_assert_int_eq(scoring_feed(&s, d, d->rows, NULL), TFU_OK);
    scoring_finish(&s);
    return s;
}

START_TEST(by_hand)
{
    static const float p[] = {0.1f, 0.4f, 0.35f, 0.8f}, y[] = {0, 0, 1, 1};
    struct split d = labelled(4, p, y);
    struct scoring s = score_of(&d, "average_precision");
    check_value(&s, "average_precision", 0.5 * 1 + 0.5 * (2.0 / 3));
    scoring_close(&s);
    split_free(&d);
    /* .25 .25 | .55 .75 .75 in two bins: .4 x .25 + .6 x (1 - .683) = .1 + .19 */
    static const float five[] = {0.25f, 0.25f, 0.55f, 0.75f, 0.75f}, yes[] = {0, 0, 1, 1, 1};
    d = labelled(5, five, yes);
    s = score_of(&d, "calibration bins=2");
    check_near(&s, "calibration", 0.29, 1e-7);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

/* Probabilities of exactly 0 and 1 have a bin, the first and the last. */
START_TEST(certainty_has_a_bin)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, 4, 1);
    static const float z[] = {-200, -200, 200, 200}, y[] = {0, 1, 1, 1};
    split_sure(&d);
    memcpy(d.logit, z, sizeof z);
    memcpy(d.label, y, sizeof y);
    split_scores(&d);
    struct scoring s = score_of(&d, "calibration bins=4 curve=1");
    check_value(&s, "calibration", 0.25);
    check_value(&s, "calibration.mce", 0.5);
    check_value(&s, "calibration.brier", 0.25);
    check_value(&s, "calibration.curve.rows.0", 2);
    check_value(&s, "calibration.curve.rows.3", 2);
    ck_assert_str_eq(scoring_get(&s, "calibration.curve.observed.1")->note, "0 rows");
    scoring_close(&s);
    split_free(&d);
}
END_TEST

/* Decision curves of 750 patients, 105 of whom have cancer: published with the R package dcurves.
 * `famhistory` says yes to 115 of them, 24 of whom have it. */
START_TEST(net_benefit_is_that_of_dcurves)
{
    static const double all[] = {0.09473684210526317, 0.04444444444444445, -0.075,
                                 -0.2285714285714286, -0.72};
    static const double history[] = {0.025614035087719297, 0.018518518518518517,
                                     0.0016666666666666635, -0.02, -0.08933333333333335};
    struct split d = split_new(TFU_TASK_MULTI_LABEL, 750, 1);
    split_sure(&d);
    for (int r = 0; r < 750; r++) {
        d.label[r] = r < 105;
        d.logit[r] = r < 24 || r >= 750 - 91 ? 9 : -9;
    }
    split_scores(&d);
    struct scoring s = score_of(&d, "net_benefit");
    for (int i = 0; i < 5; i++) {
        char key[64];
        snprintf(key, sizeof key, "net_benefit.all.%d", i);
        check_value(&s, key, all[i]);
        snprintf(key, sizeof key, "net_benefit.model.%d", i);
        check_value(&s, key, history[i]);
    }
    scoring_close(&s);
    split_free(&d);
}
END_TEST

/* ---- what is not defined */

START_TEST(a_label_that_is_not_known)
{
    struct case_ c = case_open(2, "average_precision");
    ck_assert_str_eq(scoring_get(&c.s, "average_precision.class.1")->note, "0 positives");
    ck_assert_str_eq(scoring_get(&c.s, "average_precision.class.3")->note, "no known labels");
    ck_assert_double_eq(value(&c.s, "average_precision.classes"), 2);
    case_close(&c);
    c = case_open(2, "calibration");
    ck_assert_str_eq(scoring_get(&c.s, "calibration.class.3")->note, "no known labels");
    ck_assert_double_eq(value(&c.s, "calibration.classes"), 3);
    case_close(&c);
    c = case_open(2, "operating_point");
    ck_assert_str_eq(scoring_get(&c.s, "operating_point.ppv.class.3")->note, "no known labels");
    ck_assert_double_eq(value(&c.s, "operating_point.fit_rows"), 0);
    case_close(&c);
}
END_TEST

static const struct {
    const char *metric, *key, *note;
} nothing[] = {
    {"average_precision", "average_precision", "no known labels"},
    {"sensitivity_at", "sensitivity_at", "no known labels"},
    {"specificity_at", "specificity_at.class.0", "no known labels"},
    {"operating_point", "operating_point", "no known labels"},
    {"operating_point", "operating_point.sensitivity.low", "no known labels"},
    {"calibration", "calibration.brier", "no known labels"},
    {"kappa", "kappa", "no known labels"},
    {"confusion", "confusion", "no known labels"},
    {"f1", "f1.micro", "no known labels"},
    {"net_benefit", "net_benefit.all.0", "no known labels"},
};

START_TEST(nothing_is_known)
{
    static const enum tfu_task tasks[] = {TFU_TASK_CLASSIFICATION, TFU_TASK_MULTI_LABEL};
    for (size_t t = 0; t < 2; t++) {
        struct split d = split_new(tasks[t], 3, t ? 1 : 2);
        split_sure(&d);
        for (int r = 0; r < 3; r++)
            d.label[r] = NAN;
        split_scores(&d);
        struct scoring s = score_of(&d, nothing[_i].metric);
        check_near(&s, nothing[_i].key, NAN, 0);
        ck_assert_str_eq(scoring_get(&s, nothing[_i].key)->note, nothing[_i].note);
        scoring_close(&s);
        split_free(&d);
    }
}
END_TEST

START_TEST(one_class_alone)
{
    static const float p[] = {0.1f, 0.2f, 0.3f}, y[] = {0, 0, 0};
    struct split d = labelled(3, p, y);
    struct scoring s = score_of(&d, "kappa");
    ck_assert_str_eq(scoring_get(&s, "kappa")->note, "one class alone in labels and answers");
    scoring_close(&s);
    s = score_of(&d, "f1");
    ck_assert_str_eq(scoring_get(&s, "f1")->note, "0 positives, and none answered");
    scoring_close(&s);
    s = score_of(&d, "sensitivity_at");
    ck_assert_str_eq(scoring_get(&s, "sensitivity_at")->note, "0 positives");
    scoring_close(&s);
    split_free(&d);
}
END_TEST

/* A specificity of 1 may need a threshold that no row reaches: none is called positive. */
START_TEST(nobody_is_positive)
{
    static const float p[] = {0.1f, 0.9f, 0.3f}, y[] = {1, 0, 1};
    struct split d = labelled(3, p, y);
    struct scoring s = score_of(&d, "operating_point rule=specificity at=1");
    check_value(&s, "operating_point.specificity", 1);
    check_value(&s, "operating_point.specificity.high", 1);
    check_value(&s, "operating_point.sensitivity", 0);
    ck_assert_str_eq(scoring_get(&s, "operating_point.ppv")->note, "none is called positive");
    ck_assert_str_eq(scoring_get(&s, "operating_point.threshold")->note, "above all scores");
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(many_classes_have_no_matrix)
{
    struct split d = split_of_classes("many", 80, 40);
    struct scoring s = score_of(&d, "confusion");
    ck_assert_str_eq(scoring_get(&s, "confusion.label")->note, "more than 32 classes");
    ck_assert_uint_eq(s.count, 2);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(labels_have_no_top)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, 3, 2);
    struct scoring s;
    struct tfu_error e = TFU_ERROR_INIT;
    scoring_try(&s, &d, "calibration variant=top", NULL, &e);
    ck_assert_int_eq(e.status, TFU_EINVAL);
    ck_assert_ptr_nonnull(strstr(e.text, "use variant: class"));
    scoring_close(&s);
    split_free(&d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("classes");
    TCase *t = tcase_create("scikit-learn");
    tcase_add_loop_test(t, average_precision_of_all, 0, (int)TFU_COUNT(splits));
    tcase_add_loop_test(t, at_a_point_of_the_curve, 0, (int)TFU_COUNT(splits));
    tcase_add_loop_test(t, kappa_of_all, 0, (int)TFU_COUNT(splits));
    tcase_add_loop_test(t, f1_of_all, 0, (int)TFU_COUNT(splits));
    tcase_add_loop_test(t, confusion_of_all, 0, (int)TFU_COUNT(splits));
    tcase_add_loop_test(t, calibration_of_all, 0, (int)TFU_COUNT(splits));
    tcase_add_loop_test(t, net_benefit_of_all, 0, (int)TFU_COUNT(splits));
    tcase_add_loop_test(t, operating_point_is_chosen_elsewhere, 0, 3);
    suite_add_tcase(s, t);
    t = tcase_create("by hand");
    tcase_add_test(t, by_hand);
    tcase_add_test(t, certainty_has_a_bin);
    tcase_add_test(t, net_benefit_is_that_of_dcurves);
    suite_add_tcase(s, t);
    t = tcase_create("not defined");
    tcase_add_test(t, a_label_that_is_not_known);
    tcase_add_loop_test(t, nothing_is_known, 0, (int)TFU_COUNT(nothing));
    tcase_add_test(t, one_class_alone);
    tcase_add_test(t, nobody_is_positive);
    tcase_add_test(t, many_classes_have_no_matrix);
    tcase_add_test(t, labels_have_no_top);
    suite_add_tcase(s, t);
    return run_suite(s);
}
