/* SPDX-License-Identifier: MIT
 *
 * Metrics through core/train/score.h: accuracy and loss by hand, what is not defined, merging, and
 * what is refused.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/scoring.h"

static double value(const struct scoring *s, const char *key)
{
    return scoring_get(s, key)->value;
}

START_TEST(nothing_known)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, 3, 2);
    for (int i = 0; i < 6; i++)
        d.label[i] = NAN;
    for (int i = 0; i < 3; i++)
        d.loss[i] = NAN;
    struct scoring s = scoring_open(&d, "auc", "accuracy");
    ck_assert_int_eq(scoring_feed(&s, &d, 2, NULL), TFU_OK);
    scoring_finish(&s);
    ck_assert_str_eq(scoring_get(&s, "auc")->note, "no class has positives and negatives");
    ck_assert_str_eq(scoring_get(&s, "auc.class.0")->note, "no known labels");
    ck_assert_str_eq(scoring_get(&s, "accuracy")->note, "no known labels");
    ck_assert_double_eq(value(&s, "auc.classes"), 0);
    scoring_close(&s);
    s = scoring_open(&d, "loss", NULL);
    scoring_finish(&s);
    ck_assert_str_eq(scoring_get(&s, "loss")->note, "no known labels");
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(accuracy_of_classes)
{
    struct split d = split_new(TFU_TASK_CLASSIFICATION, 4, 3);
    const float score[] = {0.2f, 0.5f, 0.3f, 0.4f, 0.4f, 0.2f, 0.1f, 0.1f, 0.8f, 1, 0, 0};
    const float label[] = {1, 1, 2, NAN}; /* right; the first of equal ones: wrong; right */
    memcpy(d.score, score, sizeof score);
    memcpy(d.label, label, sizeof label);
    struct scoring s = scoring_open(&d, "accuracy", NULL);
    ck_assert_int_eq(scoring_feed(&s, &d, 3, NULL), TFU_OK);
    scoring_finish(&s);
    ck_assert_double_eq(value(&s, "accuracy"), 2.0 / 3);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(accuracy_of_labels)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, 3, 2);
    const float score[] = {0.5f, 0.1f, 0.9f, 0.2f, 0.3f, 0.3f};
    const float label[] = {1, 0, 1, 1, 0, NAN}; /* both right; one of two; the known one */
    memcpy(d.score, score, sizeof score);
    memcpy(d.label, label, sizeof label);
    struct scoring s = scoring_open(&d, "accuracy", NULL);
    ck_assert_int_eq(scoring_feed(&s, &d, 2, NULL), TFU_OK);
    scoring_finish(&s);
    ck_assert_double_eq(value(&s, "accuracy"), 4.0 / 5);
    ck_assert_double_eq(value(&s, "accuracy.exact"), 2.0 / 3);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

/* Nearly equal logits are not equal, whatever their probabilities are rounded to. */
START_TEST(accuracy_of_the_nearly_equal)
{
    struct split d = split_new(TFU_TASK_CLASSIFICATION, 4, 3);
    const float logit[] = {0, 1e-9F, -1, 50, 50.5F, 90, 1e-20F, 2e-20F, 1, 7, 7, 0};
    const float label[] = {1, 2, 2, 0}; /* all right, the last as the first of equal ones */
    split_sure(&d);
    memcpy(d.logit, logit, sizeof logit);
    memcpy(d.label, label, sizeof label);
    split_scores(&d);
    struct scoring s = scoring_open(&d, "accuracy", NULL);
    ck_assert_int_eq(scoring_feed(&s, &d, 3, NULL), TFU_OK);
    scoring_finish(&s);
    ck_assert_double_eq(value(&s, "accuracy"), 1);
    scoring_close(&s);
    split_free(&d);
    d = split_new(TFU_TASK_MULTI_LABEL, 4, 1);
    const float z[] = {-1e-9F, 1e-9F, 0, -0.0F}, y[] = {0, 1, 1, 1};
    split_sure(&d);
    memcpy(d.logit, z, sizeof z);
    memcpy(d.label, y, sizeof y);
    split_scores(&d);
    s = scoring_open(&d, "accuracy", NULL);
    ck_assert_int_eq(scoring_feed(&s, &d, 3, NULL), TFU_OK);
    scoring_finish(&s);
    ck_assert_double_eq(value(&s, "accuracy"), 1);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(loss_of_known)
{
    struct split d = split_new(TFU_TASK_REGRESSION, 3, 1);
    d.loss[0] = 1;
    d.loss[1] = NAN;
    d.loss[2] = 4;
    struct scoring s = scoring_open(&d, "loss", NULL);
    ck_assert_int_eq(scoring_feed(&s, &d, 2, NULL), TFU_OK);
    scoring_finish(&s);
    ck_assert_double_eq(value(&s, "loss"), 2.5);
    scoring_close(&s);
    split_free(&d);
}
END_TEST

/* A split in batches is as if it had come in one. */
START_TEST(in_batches)
{
    static const char *const names[] = {"auc", "accuracy", "loss"};
    struct split d = split_of_classes("five", 2000, 5);
    for (int64_t r = 0; r < d.rows; r++)
        d.loss[r] = score_draw("in batches", "loss", r);
    struct scoring whole = scoring_open(&d, names[_i], NULL);
    struct scoring parts = scoring_open(&d, names[_i], NULL);
    ck_assert_int_eq(scoring_feed(&whole, &d, d.rows, NULL), TFU_OK);
    ck_assert_int_eq(scoring_feed(&parts, &d, 700, NULL), TFU_OK);
    scoring_finish(&whole);
    scoring_finish(&parts);
    ck_assert_int_eq((int)parts.count, (int)whole.count);
    for (size_t i = 0; i < whole.count; i++) {
        ck_assert_str_eq(parts.score[i].key, whole.score[i].key);
        ck_assert_double_le(fabs(parts.score[i].value - whole.score[i].value), 1e-14);
    }
    scoring_close(&parts);
    scoring_close(&whole);
    split_free(&d);
}
END_TEST

/* ---- refusals */

static void check_words(const struct tfu_error *e, enum tfu_status st, const char *words)
{
    ck_assert_int_eq(e->status, st);
    ck_assert_msg(strstr(e->text, words) != NULL, "'%s' does not say '%s'", e->text, words);
}

START_TEST(bad_numbers)
{
    static const char *const names[] = {"auc", "accuracy"};
    struct split d = split_of_classes("few", 12, 3);
    struct scoring s = scoring_open(&d, names[_i], NULL);
    struct tfu_error e = TFU_ERROR_INIT;
    d.score[3 * 10 + 1] = NAN;
    scoring_feed(&s, &d, 4, &e);
    check_words(&e, TFU_ENUMERIC, "the score of row 10, output 1 is not a number");
    ck_assert_ptr_nonnull(strstr(e.text, names[_i]));
    d.score[3 * 10 + 1] = 0;
    d.label[5] = 3;
    e.status = TFU_OK;
    tfu_scorer_reset(s.scorer);
    scoring_feed(&s, &d, 12, &e);
    check_words(&e, TFU_EINVAL, "label 3 of row 5 is no class: the network has outputs for 0 to 2");
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(bad_multi_label)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, 2, 2);
    struct scoring s = scoring_open(&d, "auc", NULL);
    struct tfu_error e = TFU_ERROR_INIT;
    d.label[3] = 0.5f;
    scoring_feed(&s, &d, 2, &e);
    check_words(&e, TFU_EINVAL, "label 0.5 of row 1 is neither 0 nor 1");
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(no_classes_in_regression)
{
    static const char *const names[] = {"auc", "accuracy"};
    struct split d = split_new(TFU_TASK_REGRESSION, 2, 2);
    struct scoring s;
    struct tfu_error e = TFU_ERROR_INIT;
    scoring_try(&s, &d, "loss", names[_i], &e);
    ck_assert_ptr_null(s.scorer);
    check_words(&e, TFU_EINVAL, "has no meaning in regression");
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(same_metric_twice)
{
    struct split d = split_of_classes("few", 12, 3);
    struct scoring s = scoring_open(&d, "accuracy", "accuracy");
    struct tfu_error e = TFU_ERROR_INIT;
    ck_assert_int_eq(scoring_feed(&s, &d, 12, NULL), TFU_OK);
    tfu_scorer_finish(s.scorer, &s.score, &s.count, &e);
    check_words(&e, TFU_EINVAL,
                "key 'accuracy' is reported by metric 'accuracy' and again by 'accuracy'");
    scoring_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(direction)
{
    struct split d = split_of_classes("few", 12, 3);
    struct scoring s = scoring_open(&d, "loss", "auc");
    for (int pass = 0; pass < 2; pass++) { /* before a result, and after */
        ck_assert(tfu_scorer_lower_is_better(s.scorer, "loss"));
        ck_assert(!tfu_scorer_lower_is_better(s.scorer, "auc"));
        ck_assert(!tfu_scorer_lower_is_better(s.scorer, "auc.class.1"));
        ck_assert(!tfu_scorer_lower_is_better(s.scorer, "lossy"));
        ck_assert_int_eq(scoring_feed(&s, &d, 12, NULL), TFU_OK);
        scoring_finish(&s);
    }
    scoring_close(&s);
    split_free(&d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("metric");
    TCase *t = tcase_create("values");
    tcase_add_test(t, nothing_known);
    tcase_add_test(t, accuracy_of_classes);
    tcase_add_test(t, accuracy_of_labels);
    tcase_add_test(t, accuracy_of_the_nearly_equal);
    tcase_add_test(t, loss_of_known);
    tcase_add_loop_test(t, in_batches, 0, 3);
    suite_add_tcase(s, t);
    t = tcase_create("refusals");
    tcase_add_loop_test(t, bad_numbers, 0, 2);
    tcase_add_test(t, bad_multi_label);
    tcase_add_loop_test(t, no_classes_in_regression, 0, 2);
    tcase_add_test(t, same_metric_twice);
    tcase_add_test(t, direction);
    suite_add_tcase(s, t);
    return run_suite(s);
}
