/* SPDX-License-Identifier: MIT
 *
 * Metrics by the values of attributes, intervals by bootstrap, and what is chosen on other rows.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/scored.h"

static struct tfu_registry *registry;

static void setup(void)
{
    registry = open_registry();
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

/* ---- the data */

enum { ROWS = SCORED_ROWS };

static const char *words[ROWS], *groups[ROWS];

/* The rows of `d` whose word is `word`, by themselves. */
static struct split only(const struct split *d, const char *word)
{
    struct split out = split_new(d->task, d->rows, d->outputs);
    out.rows = 0;
    for (int64_t r = 0; r < d->rows; r++) {
        if (strcmp(words[r], word) != 0)
            continue;
        memcpy(out.score + out.rows * d->outputs, d->score + r * d->outputs,
               (size_t)d->outputs * sizeof *d->score);
        out.label[out.rows++] = d->label[r];
    }
    return out;
}

static void use_words(const char *const *word, size_t count)
{
    for (int i = 0; i < ROWS; i++)
        words[i] = word[(size_t)i * 5 % count];
}

/* ---- by */

static const char *const sex[] = {"Patient Sex"};

START_TEST(by_is_of_the_rows_alone)
{
    static const char *const two[] = {"F", "M"};
    use_words(two, 2);
    struct split d = split_of_classes("by", ROWS, 3);
    struct tfu_dataset *data = scored_data(registry, words, NULL);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 10}};
    scored_open(&s, registry, &d, "auc", NULL);
    scored_run(&s, &d, data);
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < 2; i++) {
        struct split part = only(&d, two[i]);
        struct scoring alone = scoring_open(&part, "auc", NULL);
        ck_assert_int_eq(scoring_feed(&alone, &part, 9, NULL), TFU_OK);
        scoring_finish(&alone);
        for (size_t k = 0; k < alone.count; k++) {
            char key[128];
            snprintf(key, sizeof key, "auc.by.patient_sex.%s%s", i ? "m" : "f",
                     alone.score[k].key + 3);
            ck_assert_double_eq(scored_value(&s, key), alone.score[k].value);
        }
        least = fmin(least, alone.score[0].value);
        most = fmax(most, alone.score[0].value);
        scoring_close(&alone);
        split_free(&part);
    }
    ck_assert_double_eq(scored_value(&s, "auc.by.patient_sex.gap"), most - least);
    ck_assert_double_eq(scored_value(&s, "auc.by.patient_sex.f.rows"), ROWS / 2);
    ck_assert_ptr_nonnull(scored_find(&s, "auc.by.patient_sex.gap.class.2"));
    ck_assert_ptr_null(scored_find(&s, "auc.by.patient_sex.gap.low"));
    ck_assert_uint_eq(s.interval_count, 0);
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

START_TEST(by_makes_keys_of_any_words)
{
    static const char *const odd[] = {"Gap", "female ", "FEMALE", "\xe5\xa5\xb3", "", "f/m", "7"};
    static const char *const keys[] = {"gap_2",   "female", "female_2", "value",
                                       "unknown", "f_m",    "7"};
    use_words(odd, 7);
    struct split d = split_of_classes("by", ROWS, 2);
    struct tfu_dataset *data = scored_data(registry, words, NULL);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 1, .name = "mine"}};
    scored_open(&s, registry, &d, "accuracy", NULL);
    scored_run(&s, &d, data);
    ck_assert_ptr_nonnull(scored_find(&s, "mine"));
    for (size_t i = 0; i < TFU_COUNT(keys); i++) {
        char key[64];
        snprintf(key, sizeof key, "mine.by.patient_sex.%s", keys[i]);
        ck_assert_msg(scored_find(&s, key) != NULL, "%s", key);
    }
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

START_TEST(by_says_when_rows_are_few)
{
    static const char *const two[] = {"F", "M"};
    use_words(two, 1);
    words[3] = words[9] = "M";
    struct split d = split_of_classes("by", ROWS, 2);
    struct tfu_dataset *data = scored_data(registry, words, NULL);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 10}};
    scored_open(&s, registry, &d, "auc", NULL);
    scored_run(&s, &d, data);
    ck_assert_str_eq(scored_find(&s, "auc.by.patient_sex.m")->note,
                     "2 examples, and by_rows is 10");
    ck_assert_str_eq(scored_find(&s, "auc.by.patient_sex.gap")->note,
                     "fewer than two values have a number");
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

START_TEST(by_ranges_of_numbers)
{
    static const char *const ages[] = {"39", "40", "59.5", "60", "83", "", "n/a"};
    static const char *const edges[] = {"Patient Sex(40, 60)"};
    use_words(ages, 7);
    struct split d = split_of_classes("by", ROWS, 2);
    struct tfu_dataset *data = scored_data(registry, words, NULL);
    struct scored s = {.keys = {.by = {edges, 1}, .by_rows = 1}};
    scored_open(&s, registry, &d, "accuracy", NULL);
    scored_run(&s, &d, data);
    const double below = scored_value(&s, "accuracy.by.patient_sex.below_40.rows");
    const double middle = scored_value(&s, "accuracy.by.patient_sex.40_to_60.rows");
    const double above = scored_value(&s, "accuracy.by.patient_sex.60_up.rows");
    const double unknown = scored_value(&s, "accuracy.by.patient_sex.unknown.rows");
    ck_assert_double_le(fabs(middle - 2 * below), 2);
    ck_assert_double_eq(below + middle + above + unknown, ROWS);
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

static void expect_data(const char *const *by, uint64_t count, const char *text)
{
    struct split d = split_of_classes("by", ROWS, 2);
    struct tfu_dataset *data = scored_data(registry, words, NULL);
    struct scored s = {.keys = {.by = {by, count}, .by_rows = 1}};
    struct tfu_error e = TFU_ERROR_INIT;
    scored_open(&s, registry, &d, "accuracy", NULL);
    ck_assert_int_eq(tfu_scorer_data(s.scorer, data, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, text);
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}

START_TEST(by_needs_the_attribute)
{
    static const char *const age[] = {"age"};
    static char number[ROWS][8];
    for (int i = 0; i < ROWS; i++) {
        snprintf(number[i], sizeof number[i], "%d", i % 91);
        words[i] = number[i];
    }
    expect_data(age, 1,
                "`by` of metric 'accuracy': the data have no attribute 'age'; they have "
                "'Patient Sex'");
    expect_data(sex, 1,
                "`by` of metric 'accuracy': attribute 'Patient Sex' has 91 values, and 32 is "
                "the most; give the edges between groups of them, as `by: Patient Sex(40, "
                "60)`");
}
END_TEST

START_TEST(by_names_an_attribute_once)
{
    static const char *const twice[] = {"Patient Sex(40)", "Patient Sex(60)"};
    for (int i = 0; i < ROWS; i++)
        words[i] = i % 2 ? "30" : "50";
    expect_data(twice, 2,
                "`by` of metric 'accuracy': the numbers of 'Patient Sex(40)' and of 'Patient "
                "Sex(60)' would both be called 'accuracy.by.patient_sex'; list one of them");
}
END_TEST

/* ---- bootstrap */

START_TEST(intervals_are_those_of_the_binomial)
{
    struct split d = split_of_classes("interval", ROWS, 2);
    struct scored s = {.keys = {.bootstrap = 4000, .interval = 0.9}};
    scored_open(&s, registry, &d, "accuracy", NULL);
    scored_run(&s, &d, NULL);
    const double p = scored_value(&s, "accuracy"), error = 1.6448536 * sqrt(p * (1 - p) / ROWS);
    ck_assert_double_le(fabs(scored_value(&s, "accuracy.low") - (p - error)), 0.006);
    ck_assert_double_le(fabs(scored_value(&s, "accuracy.high") - (p + error)), 0.006);
    ck_assert_double_eq(scored_value(&s, "accuracy.bootstrap.draws"), 4000);
    ck_assert_double_eq(scored_value(&s, "accuracy.bootstrap.interval"), 0.9);
    scored_close(&s);
    split_free(&d);
}
END_TEST

/* Beside the metric's own, which is DeLong's; the two agree where rows are many. */
START_TEST(intervals_beside_those_of_the_metric)
{
    struct split d = split_of_classes("interval", ROWS, 2);
    struct scored s = {.keys = {.bootstrap = 2000, .interval = 0.95}};
    scored_open(&s, registry, &d, "auc", NULL);
    scored_run(&s, &d, NULL);
    ck_assert_double_le(fabs(scored_value(&s, "auc.low") - scored_value(&s, "auc.bootstrap.low")),
                        0.012);
    ck_assert_double_le(fabs(scored_value(&s, "auc.high") - scored_value(&s, "auc.bootstrap.high")),
                        0.012);
    ck_assert_ptr_null(scored_find(&s, "auc.low.low"));
    ck_assert_ptr_null(scored_find(&s, "auc.classes.low"));
    ck_assert_ptr_nonnull(scored_find(&s, "auc.class.1.bootstrap.low"));
    scored_close(&s);
    split_free(&d);
}
END_TEST

START_TEST(any_number_of_threads)
{
    static const uint32_t threads[] = {1, 2, 5};
    static const char *const two[] = {"F", "M"};
    use_words(two, 2);
    double low[3];
    struct split d = split_of_classes("interval", ROWS, 3);
    struct tfu_dataset *data = scored_data(registry, words, NULL);
    for (size_t i = 0; i < 3; i++) {
        struct tfu_threads *pool;
        ck_assert_int_eq(tfu_threads_new(&pool, threads[i], NULL), TFU_OK);
        struct scored s = {
            .keys = {.by = {sex, 1}, .by_rows = 1, .bootstrap = 100, .interval = 0.95}};
        scored_open(&s, registry, &d, "average_precision", pool);
        scored_run(&s, &d, data);
        low[i] = scored_value(&s, "average_precision.by.patient_sex.f.low") +
                 scored_value(&s, "average_precision.class.2.high");
        scored_close(&s);
        tfu_threads_free(pool);
    }
    ck_assert_double_eq(low[0], low[1]);
    ck_assert_double_eq(low[0], low[2]);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

static double width(const struct split *d, const char *const *group)
{
    struct tfu_dataset *data = scored_data(registry, words, group);
    struct scored s = {.keys = {.bootstrap = 1000, .interval = 0.95}};
    scored_open(&s, registry, d, "accuracy", NULL);
    scored_run(&s, d, data);
    const double w = scored_value(&s, "accuracy.high") - scored_value(&s, "accuracy.low");
    scored_close(&s);
    tfu_dataset_close(data);
    return w;
}

/* Four images of a patient that say the same are one observation: drawn one by one they would make
 * the interval half as wide. */
START_TEST(groups_are_drawn_whole)
{
    static char name[ROWS][8];
    struct split d = split_of_classes("interval", ROWS, 2);
    for (int r = ROWS - 1; r >= 0; r--) {
        memcpy(d.score + 2 * (long)r, d.score + 2 * (long)(r / 4), 2 * sizeof *d.score);
        d.label[r] = d.label[r / 4];
        snprintf(name[r], sizeof name[r], "p%d", r / 4);
        groups[r] = name[r];
        words[r] = "";
    }
    const double whole = width(&d, groups), one_by_one = width(&d, NULL);
    ck_assert_double_le(fabs(whole / one_by_one - 2), 0.3);
    split_free(&d);
}
END_TEST

/* With two positives, some draws have none. */
START_TEST(draws_without_a_value_are_counted)
{
    struct split d = split_new(TFU_TASK_MULTI_LABEL, 30, 1);
    d.label[4] = d.label[20] = 1;
    for (int r = 0; r < 30; r++)
        d.score[r] = (float)(r * 7 % 30) / 32;
    struct scored s = {.keys = {.bootstrap = 1000, .interval = 0.95}};
    scored_open(&s, registry, &d, "average_precision", NULL);
    scored_run(&s, &d, NULL);
    const double undefined = scored_value(&s, "average_precision.bootstrap.undefined");
    ck_assert_double_le(fabs(undefined / 1000 - pow(28.0 / 30, 30)), 0.04);
    ck_assert(!isnan(scored_value(&s, "average_precision.low")));
    scored_close(&s);
    d.label[4] = d.label[20] = 0;
    scored_open(&s, registry, &d, "average_precision", NULL);
    scored_run(&s, &d, NULL);
    ck_assert_str_eq(scored_find(&s, "average_precision.low")->note, "0 positives");
    scored_close(&s);
    split_free(&d);
}
END_TEST

/* Of two groups who are far apart it is that of a difference of two shares. */
START_TEST(gaps_have_intervals)
{
    static const char *const two[] = {"F", "M"};
    use_words(two, 2);
    struct split d = split_of_classes("interval", ROWS, 2);
    int64_t wrong = 0, women = 0;
    for (int r = 0; r < ROWS; r++) {
        const int answer = d.score[2 * r + 1] > d.score[2 * r];
        const bool woman = strcmp(words[r], "F") == 0;
        women += woman;
        /* one woman in ten is taken for another, and two men in five */
        const bool is_wrong = woman ? r % 10 == 0 || r % 10 == 1 : r % 5 < 2;
        wrong += woman && is_wrong;
        d.label[r] = (float)(is_wrong ? 1 - answer : answer);
    }
    struct tfu_dataset *data = scored_data(registry, words, NULL);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 10, .bootstrap = 4000, .interval = 0.9}};
    scored_open(&s, registry, &d, "accuracy", NULL);
    scored_run(&s, &d, data);
    const double f = scored_value(&s, "accuracy.by.patient_sex.f");
    const double m = scored_value(&s, "accuracy.by.patient_sex.m");
    const double nf = (double)women, nm = (double)(ROWS - women);
    const double error = 1.6448536 * sqrt(f * (1 - f) / nf + m * (1 - m) / nm);
    ck_assert_double_eq_tol(f, 1 - (double)wrong / nf, 1e-12);
    ck_assert_double_ge(f - m, 0.15);
    const double low = scored_value(&s, "accuracy.by.patient_sex.gap.low");
    const double high = scored_value(&s, "accuracy.by.patient_sex.gap.high");
    ck_assert_double_le(fabs(low - (f - m - error)), 0.1 * error);
    ck_assert_double_le(fabs(high - (f - m + error)), 0.1 * error);
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

/* Whoever has an image of each value brings both into a draw: where the two always say the same
 * there is no gap in any draw. */
START_TEST(gaps_are_of_the_same_draws)
{
    static char name[ROWS][8];
    static const char *const view[] = {"PA", "L"};
    struct split d = split_of_classes("interval", ROWS, 2);
    for (int r = 0; r < ROWS; r++) {
        snprintf(name[r], sizeof name[r], "p%d", r / 2);
        groups[r] = name[r];
        words[r] = view[r % 2];
        memcpy(d.score + 2 * (long)r, d.score + 2 * (long)(r / 2 * 2), 2 * sizeof *d.score);
        d.label[r] = d.label[r / 2 * 2];
    }
    struct tfu_dataset *data = scored_data(registry, words, groups);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 10, .bootstrap = 200, .interval = 0.95}};
    scored_open(&s, registry, &d, "auc", NULL);
    scored_run(&s, &d, data);
    ck_assert_double_eq(scored_value(&s, "auc.by.patient_sex.gap"), 0);
    ck_assert_double_eq(scored_value(&s, "auc.by.patient_sex.gap.high"), 0);
    ck_assert_double_eq(scored_value(&s, "auc.by.patient_sex.gap.class.1.low"), 0);
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

/* ---- rows to fit on */

/* Where the rows at hand choose, they all do, once: for each group, and for each draw. */
START_TEST(thresholds_are_chosen_once_by_the_rows_at_hand)
{
    static const char *const two[] = {"F", "M"};
    use_words(two, 2);
    struct split d = split_of_classes("by", ROWS, 2);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 1, .bootstrap = 50, .interval = 0.95}};
    struct tfu_dataset *data = scored_data(registry, words, NULL);
    scored_open(&s, registry, &d, "operating_point", NULL);
    scored_run(&s, &d, data);
    const double threshold = scored_value(&s, "operating_point.threshold");
    ck_assert_double_eq(scored_value(&s, "operating_point.fit_rows"), 0);
    ck_assert_double_eq(scored_value(&s, "operating_point.by.patient_sex.f.threshold"), threshold);
    ck_assert_double_eq(scored_value(&s, "operating_point.by.patient_sex.m.threshold"), threshold);
    ck_assert_double_eq(scored_value(&s, "operating_point.threshold.low"), threshold);
    ck_assert_double_eq(scored_value(&s, "operating_point.threshold.high"), threshold);
    ck_assert_double_eq(scored_value(&s, "operating_point.by.patient_sex.m.threshold.high"),
                        threshold);
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

START_TEST(thresholds_are_chosen_once)
{
    static const char *const two[] = {"F", "M"};
    use_words(two, 2);
    struct split fit = split_of_classes("fit", 300, 2), d = split_of_classes("by", ROWS, 2);
    struct scored valid = {.keys = {.by_rows = 1}};
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 1, .bootstrap = 50, .interval = 0.95}};
    struct tfu_dataset *data = scored_data(registry, words, NULL);
    struct tfu_error e = TFU_ERROR_INIT;
    scored_open(&valid, registry, &d, "operating_point", NULL);
    scored_open(&s, registry, &d, "operating_point", NULL);
    ck_assert(tfu_scorer_wants_fit(s.scorer));
    scored_run(&valid, &fit, NULL);
    ck_assert_double_eq(scored_value(&valid, "operating_point.fit_rows"), 0);
    ck_assert_ptr_nonnull(tfu_scorer_rows(valid.scorer));
    tfu_scorer_fit(s.scorer, tfu_scorer_rows(valid.scorer), &e);
    ck_assert_int_eq(e.status, TFU_OK);
    scored_run(&s, &d, data);
    const double threshold = scored_value(&valid, "operating_point.threshold");
    ck_assert_double_eq(scored_value(&s, "operating_point.threshold"), threshold);
    ck_assert_double_eq(scored_value(&s, "operating_point.by.patient_sex.f.threshold"), threshold);
    ck_assert_double_eq(scored_value(&s, "operating_point.threshold.low"), threshold);
    ck_assert_double_eq(scored_value(&s, "operating_point.fit_rows"), 300);
    ck_assert_ptr_nonnull(scored_find(&s, "operating_point.by.patient_sex.gap.sensitivity"));
    scored_close(&s);
    scored_close(&valid);
    tfu_dataset_close(data);
    split_free(&fit);
    split_free(&d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("groups");
    TCase *t = tcase_create("by");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, by_is_of_the_rows_alone);
    tcase_add_test(t, by_makes_keys_of_any_words);
    tcase_add_test(t, by_says_when_rows_are_few);
    tcase_add_test(t, by_ranges_of_numbers);
    tcase_add_test(t, by_needs_the_attribute);
    tcase_add_test(t, by_names_an_attribute_once);
    suite_add_tcase(s, t);
    t = tcase_create("bootstrap");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 600);
    tcase_add_test(t, intervals_are_those_of_the_binomial);
    tcase_add_test(t, intervals_beside_those_of_the_metric);
    tcase_add_test(t, any_number_of_threads);
    tcase_add_test(t, groups_are_drawn_whole);
    tcase_add_test(t, draws_without_a_value_are_counted);
    tcase_add_test(t, gaps_have_intervals);
    tcase_add_test(t, gaps_are_of_the_same_draws);
    tcase_add_test(t, thresholds_are_chosen_once);
    tcase_add_test(t, thresholds_are_chosen_once_by_the_rows_at_hand);
    suite_add_tcase(s, t);
    return run_suite(s);
}
