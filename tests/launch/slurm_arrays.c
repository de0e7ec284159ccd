/* SPDX-License-Identifier: MIT
 *
 * Graphs as job arrays: levels, chunks, what waits for what.
 */
#include "core/launch/slurm_arrays.h"

#include "core/base/text.h"
#include "tests/support/check_main.h"

/* "L0 [0 1|2] after ..." for each array: tasks between bars. */
static void check_arrays(const struct tfu_slurm_item *item, size_t count,
                         const struct tfu_slurm_shape *shape, const char *want)
{
    struct tfu_slurm_arrays arrays;
    struct tfu_text text = TFU_TEXT_INIT;
    ck_assert_int_eq(tfu_slurm_arrays_make(&arrays, item, count, shape, NULL), TFU_OK);
    for (size_t i = 0; i < arrays.count; i++) {
        const struct tfu_slurm_array *a = &arrays.array[i];
        tfu_text_printf(&text, "L%zu ", a->level);
        for (size_t k = 0; k < a->count; k++)
            tfu_text_printf(&text, "%s%zu",
                            k == 0                     ? ""
                            : k % shape->per_task == 0 ? "|"
                                                       : " ",
                            a->item[k]);
        ck_assert_uint_eq(a->tasks, (a->count + shape->per_task - 1) / shape->per_task);
        for (size_t k = 0; k < a->after_count; k++) {
            ck_assert_uint_lt(a->after[k], i);
            tfu_text_printf(&text, " <%zu", a->after[k]);
        }
        for (size_t k = 0; k < a->after_job_count; k++)
            tfu_text_printf(&text, " <job%zu", a->after_job[k]);
        tfu_text_puts(&text, "\n");
    }
    ck_assert_str_eq(tfu_text_get(&text), want);
    tfu_text_free(&text);
    tfu_slurm_arrays_free(&arrays);
}

static const size_t zero[] = {0}, one[] = {1}, both[] = {0, 1}, three[] = {3};
#define NEEDS(list) .need = (list), .need_count = TFU_COUNT(list)

/* two sources, four that need one each, one that needs one of those */
static const struct tfu_slurm_item graph[] = {
    {.wanted = true},
    {.wanted = true},
    {NEEDS(zero), .wanted = true},
    {NEEDS(one), .wanted = true},
    {NEEDS(both), .wanted = true},
    {.wanted = true},
    {NEEDS(three), .wanted = true},
};

START_TEST(by_level)
{
    check_arrays(graph, TFU_COUNT(graph), &(struct tfu_slurm_shape){1, 1001, false},
                 "L0 0|1\n"
                 "L0 5\n"
                 "L1 3 <0\n"
                 "L1 2|4 <0\n"
                 "L2 6 <2\n");
    check_arrays(graph, 0, &(struct tfu_slurm_shape){1, 1001, false}, "");
}
END_TEST

START_TEST(in_chunks)
{
    check_arrays(graph, TFU_COUNT(graph), &(struct tfu_slurm_shape){1, 2, false},
                 "L0 0|1\n"
                 "L0 5\n"
                 "L1 3 <0\n"
                 "L1 2|4 <0\n"
                 "L2 6 <2\n");
    check_arrays(graph, TFU_COUNT(graph), &(struct tfu_slurm_shape){1, 1, false},
                 "L0 0\nL0 1\nL0 5\n"
                 "L1 3 <1\nL1 2 <0\nL1 4 <0 <1\n"
                 "L2 6 <3\n");
}
END_TEST

START_TEST(several_in_a_task)
{
    check_arrays(graph, TFU_COUNT(graph), &(struct tfu_slurm_shape){2, 1001, false},
                 "L0 0 1\n"
                 "L0 5\n"
                 "L1 3 <0\n"
                 "L1 2 4 <0\n"
                 "L2 6 <2\n");
}
END_TEST

/* a limit on what runs at a time would be one of each array, were they not one after the other */
START_TEST(in_turn)
{
    check_arrays(graph, TFU_COUNT(graph), &(struct tfu_slurm_shape){1, 2, true},
                 "L0 0|1\n"
                 "L0 5 <0\n"
                 "L1 3 <0 <1\n"
                 "L1 2|4 <0 <2\n"
                 "L2 6 <2 <3\n");
}
END_TEST

/* what is done is not waited for; what is queued already, in its job */
START_TEST(what_is_left)
{
    struct tfu_slurm_item left[TFU_COUNT(graph)];
    memcpy(left, graph, sizeof left);
    left[0].wanted = false;
    check_arrays(left, TFU_COUNT(left), &(struct tfu_slurm_shape){1, 1001, false},
                 "L0 1\n"
                 "L0 2|5\n"
                 "L1 3 <0\n"
                 "L1 4 <0\n"
                 "L2 6 <2\n");
    left[0].is_queued = true;
    left[0].job = 7;
    left[5].wanted = false;
    check_arrays(left, TFU_COUNT(left), &(struct tfu_slurm_shape){1, 1001, false},
                 "L0 1\n"
                 "L1 3 <0\n"
                 "L1 2|4 <0 <job7\n"
                 "L2 6 <1\n");
    left[1].wanted = false;
    check_arrays(left, TFU_COUNT(left), &(struct tfu_slurm_shape){1, 1001, false},
                 "L0 3\n"
                 "L1 2|4|6 <0 <job7\n");
}
END_TEST

/* 10,000 cases, each of a chain of 100 */
START_TEST(many)
{
    enum { COUNT = 10000, LONG = 100 };
    struct tfu_slurm_item *item = calloc(COUNT, sizeof *item);
    size_t *need = calloc(COUNT, sizeof *need);
    struct tfu_slurm_arrays arrays;
    for (size_t i = 0; i < COUNT; i++) {
        need[i] = i - 1;
        item[i] =
            (struct tfu_slurm_item){.need = &need[i], .need_count = i % LONG > 0, .wanted = true};
    }
    ck_assert_int_eq(
        tfu_slurm_arrays_make(&arrays, item, COUNT, &(struct tfu_slurm_shape){1, 30, false}, NULL),
        TFU_OK);
    ck_assert_uint_eq(arrays.levels, LONG);
    ck_assert_uint_eq(arrays.count, 4 * LONG);
    size_t sum = 0;
    for (size_t i = 0; i < arrays.count; i++)
        sum += arrays.array[i].tasks;
    ck_assert_uint_eq(sum, COUNT);
    tfu_slurm_arrays_free(&arrays);
    free(item);
    free(need);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("slurm_arrays");
    TCase *cases = tcase_create("cases");
    tcase_add_test(cases, by_level);
    tcase_add_test(cases, in_chunks);
    tcase_add_test(cases, several_in_a_task);
    tcase_add_test(cases, in_turn);
    tcase_add_test(cases, what_is_left);
    tcase_add_test(cases, many);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
