/* SPDX-License-Identifier: MIT
 *
 * The keys of metrics before there is a result, and what a training can go by of them.
 */
#include <stdio.h>
#include <string.h>

#include "core/train/rehearse.h"
#include "core/train/score_intervals.h"
#include "tests/support/check_main.h"
#include "tests/support/scored.h"

static struct tfu_registry *registry;
static const char *word[SCORED_ROWS];

static void setup(void)
{
    registry = open_registry();
    for (int i = 0; i < SCORED_ROWS; i++)
        word[i] = i % 3 ? "F" : "M";
    word[7] = "low"; /* one example, which is fewer than by_rows */
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

static const char *const sex[] = {"Patient Sex"};

static void rehearse(struct scored *s, int64_t outputs)
{
    static const struct tfu_task_config task = {.kind = 0}; /* classification, softmax */
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_rehearsal r = {
        .task = tfu_task_of(&task), .rule = tfu_loss_rule(&task), .outputs = outputs};
    tfu_rehearse(s->scorer, &r, &s->score, &s->count, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

/* More made-up examples than the dataset has, and fewer than by_rows. */
static const int64_t classes[] = {150, 2};

START_TEST(rehearsal_has_the_keys_of_every_value)
{
    static const char *const values[] = {"f", "m", "low", "gap"};
    struct split d = split_new(TFU_TASK_CLASSIFICATION, 1, classes[_i]);
    struct tfu_dataset *data = scored_data(registry, word, NULL);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 10}};
    struct tfu_error e = TFU_ERROR_INIT;
    scored_open(&s, registry, &d, "auc", NULL);
    ck_assert_int_eq(tfu_scorer_data(s.scorer, data, &e), TFU_OK);
    rehearse(&s, classes[_i]);
    for (size_t i = 0; i < TFU_COUNT(values); i++) {
        char key[64];
        snprintf(key, sizeof key, "auc.by.patient_sex.%s", values[i]);
        ck_assert_msg(scored_find(&s, key) != NULL, "%s", key);
        snprintf(key, sizeof key, "auc.by.patient_sex.%s.class.%d", values[i],
                 (int)classes[_i] - 1);
        ck_assert_msg(classes[_i] == 2 || scored_find(&s, key) != NULL, "%s", key);
    }
    ck_assert_ptr_nonnull(scored_find(&s, "auc.by.patient_sex.low.rows"));
    ck_assert_ptr_null(scored_find(&s, "auc.by.patient_sex.unknown"));
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

START_TEST(rehearsal_needs_the_data_of_by)
{
    struct split d = split_new(TFU_TASK_CLASSIFICATION, 1, 3);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 10}};
    scored_open(&s, registry, &d, "auc", NULL);
    rehearse(&s, 3);
    ck_assert_uint_eq(s.count, 0);
    scored_close(&s);
    split_free(&d);
}
END_TEST

/* After a rehearsal, examples are those of the data again. */
START_TEST(rehearsal_leaves_nothing)
{
    struct split d = split_of_classes("by", SCORED_ROWS, 3);
    struct tfu_dataset *data = scored_data(registry, word, NULL);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 10}};
    struct tfu_error e = TFU_ERROR_INIT;
    scored_open(&s, registry, &d, "auc", NULL);
    ck_assert_int_eq(tfu_scorer_data(s.scorer, data, &e), TFU_OK);
    rehearse(&s, 3);
    scored_run(&s, &d, data);
    ck_assert_double_eq(scored_value(&s, "auc.by.patient_sex.m.rows"), SCORED_ROWS / 3);
    ck_assert_double_eq(scored_value(&s, "auc.by.patient_sex.low.rows"), 1);
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

START_TEST(a_smaller_gap_is_better)
{
    struct split d = split_of_classes("by", SCORED_ROWS, 3);
    struct tfu_dataset *data = scored_data(registry, word, NULL);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 10}};
    scored_open(&s, registry, &d, "auc", NULL);
    for (int pass = 0; pass < 2; pass++) { /* before a result, and after */
        ck_assert(tfu_scorer_lower_is_better(s.scorer, "auc.by.patient_sex.gap"));
        ck_assert(tfu_scorer_lower_is_better(s.scorer, "auc.by.patient_sex.gap.class.2"));
        ck_assert(!tfu_scorer_lower_is_better(s.scorer, "auc.by.patient_sex.m"));
        ck_assert(!tfu_scorer_lower_is_better(s.scorer, "auc.by.patient_sex.gap_2"));
        ck_assert(!tfu_scorer_lower_is_better(s.scorer, "auc.by"));
        ck_assert(!tfu_scorer_lower_is_better(s.scorer, "auc"));
        tfu_scorer_reset(s.scorer);
        scored_run(&s, &d, data);
    }
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

/* A value may be called as a bound is. */
START_TEST(what_is_beside_a_number)
{
    static const char *const aside[] = {"auc.low",
                                        "auc.se",
                                        "auc.classes",
                                        "auc.class.1.high",
                                        "auc.by.patient_sex.m.low",
                                        "auc.by.patient_sex.m.rows",
                                        "auc.by.patient_sex.low.rows"};
    static const char *const number[] = {"auc", "auc.class.2", "auc.by.patient_sex.low",
                                         "auc.by.patient_sex.m", "auc.by.patient_sex.gap"};
    struct split d = split_of_classes("by", SCORED_ROWS, 3);
    struct tfu_dataset *data = scored_data(registry, word, NULL);
    struct scored s = {.keys = {.by = {sex, 1}, .by_rows = 10}};
    scored_open(&s, registry, &d, "auc", NULL);
    scored_run(&s, &d, data);
    for (size_t i = 0; i < TFU_COUNT(aside); i++) {
        ck_assert_msg(scored_find(&s, aside[i]) != NULL, "%s", aside[i]);
        ck_assert_msg(scored_find(&s, aside[i])->aside, "%s", aside[i]);
    }
    for (size_t i = 0; i < TFU_COUNT(number); i++)
        ck_assert_msg(!scored_find(&s, number[i])->aside, "%s", number[i]);
    scored_close(&s);
    tfu_dataset_close(data);
    split_free(&d);
}
END_TEST

static bool count_calls(void *arg)
{
    ++*(int *)arg;
    return false;
}

/* Before a split's end no number is known. */
START_TEST(nothing_is_drawn_for_no_number)
{
    struct split d = split_of_classes("by", SCORED_ROWS, 2);
    struct scored s = {.keys = {.bootstrap = 1000, .interval = 0.95}};
    struct scoring feed;
    struct tfu_error e = TFU_ERROR_INIT;
    int calls = 0;
    scored_open(&s, registry, &d, "auc", NULL);
    feed = (struct scoring){.scorer = s.scorer};
    ck_assert_int_eq(scoring_feed(&feed, &d, 50, &e), TFU_OK);
    tfu_scorer_intervals(s.scorer, count_calls, &calls, &s.interval, &s.interval_count, &e);
    ck_assert_int_eq(e.status, TFU_OK);
    ck_assert_int_eq(calls, 0);
    scored_close(&s);
    split_free(&d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("keys");
    TCase *t = tcase_create("keys");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, rehearsal_has_the_keys_of_every_value, 0, (int)TFU_COUNT(classes));
    tcase_add_test(t, rehearsal_needs_the_data_of_by);
    tcase_add_test(t, rehearsal_leaves_nothing);
    tcase_add_test(t, a_smaller_gap_is_better);
    tcase_add_test(t, what_is_beside_a_number);
    tcase_add_test(t, nothing_is_drawn_for_no_number);
    suite_add_tcase(s, t);
    return run_suite(s);
}
