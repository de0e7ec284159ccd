/* SPDX-License-Identifier: MIT
 *
 * The tables of tasks and losses hold together.
 */
#include <string.h>

#include "core/task/task.h"
#include "tests/support/check_main.h"

static const struct tfu_task_kind *const kinds[] = {&tfu_task_classification, &tfu_task_multi_label,
                                                    &tfu_task_regression};

static struct tfu_loss_rule rule_of(int32_t loss)
{
    return tfu_loss_rule(&(struct tfu_task_config){.loss = loss});
}

START_TEST(names_are_those_of_rows)
{
    for (size_t i = 0; i < TFU_COUNT(kinds); i++) {
        const struct tfu_task_config task = {.kind = (int32_t)i};
        ck_assert_ptr_eq(tfu_task_of(&task), kinds[i]);
        ck_assert_str_eq(tfu_task_names[i], kinds[i]->words.name);
        ck_assert_ptr_eq(tfu_task_words(task.kind), &kinds[i]->words);
    }
    ck_assert_ptr_null(tfu_task_names[TFU_COUNT(kinds)]);
    for (int32_t i = 0; tfu_loss_names[i]; i++) {
        ck_assert_str_eq(tfu_loss_names[i], rule_of(i).kind->name);
        ck_assert_int_eq(tfu_loss_number(tfu_loss_names[i]), i);
    }
}
END_TEST

START_TEST(rows_are_whole)
{
    for (size_t i = 0; i < TFU_COUNT(kinds); i++) {
        const struct tfu_task_words *w = &kinds[i]->words;
        ck_assert_ptr_nonnull(w->losses[0]);
        for (const char *const *name = w->losses; *name; name++)
            ck_assert_int_eq(rule_of(tfu_loss_number(*name)).kind->chooses_one, w->chooses_one);
        ck_assert(kinds[i]->head && kinds[i]->log_odds && kinds[i]->check_labels);
        ck_assert_int_ge(w->outputs_min, 1);
        ck_assert_ptr_nonnull(strstr(tfu_task_help, w->name));
    }
}
END_TEST

/* What a metric of the ABI is told is what it was always told. */
START_TEST(metrics_read_rows_by_number)
{
    ck_assert_int_eq(tfu_task_classification.reads, TFU_TASK_CLASSIFICATION);
    ck_assert_int_eq(tfu_task_multi_label.reads, TFU_TASK_MULTI_LABEL);
    ck_assert_int_eq(tfu_task_regression.reads, TFU_TASK_REGRESSION);
}
END_TEST

START_TEST(label_columns)
{
    for (int32_t kind = 0; kind < 3; kind++) {
        const struct tfu_task_config task = {
            .kind = kind, .loss = tfu_loss_number(tfu_task_words(kind)->losses[0]), .classes = 7};
        ck_assert_int_eq(tfu_task_label_columns(&task), kind == 0 ? 1 : 7);
    }
}
END_TEST

START_TEST(answers)
{
    static const float logits[] = {-1, 3, 3, 0};
    struct tfu_text list = TFU_TEXT_INIT;
    int64_t said[4];
    tfu_task_classification.answer(logits, 4, said);
    ck_assert_int_eq(said[0], 1);
    tfu_task_multi_label.answer(logits, 4, said);
    for (int k = 0; k < 4; k++)
        ck_assert_int_eq(said[k], k > 0);
    ck_assert_ptr_null(tfu_task_regression.answer);
    tfu_task_list_answering(&list);
    ck_assert_str_eq(tfu_text_get(&list), "classification and multi_label");
    tfu_text_free(&list);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("task/table");
    TCase *t = tcase_create("table");
    tcase_add_test(t, names_are_those_of_rows);
    tcase_add_test(t, rows_are_whole);
    tcase_add_test(t, metrics_read_rows_by_number);
    tcase_add_test(t, label_columns);
    tcase_add_test(t, answers);
    suite_add_tcase(s, t);
    return run_suite(s);
}
