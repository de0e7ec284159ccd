/* SPDX-License-Identifier: MIT
 *
 * Which examples a selection takes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"

static struct tfu_registry *registry;

static void setup(void)
{
    registry = open_registry();
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

static struct tfu_int_list list(const int64_t *item, uint64_t count)
{
    return (struct tfu_int_list){item, count};
}

/* Marks the chosen examples of the source in `chosen`; checks that they ascend. */
static void mark_chosen(const struct tfu_data_split *split, bool *chosen, int64_t want)
{
    struct tfu_dataset *d = open_dataset(split, registry);
    ck_assert_int_eq(tfu_dataset_info(d)->count, want);
    for (int64_t i = 0, last = -1; i < want; i++) {
        const int64_t k = tfu_dataset_source_index(d, i);
        ck_assert_int_gt(k, last);
        chosen[k] = true;
        last = k;
    }
    tfu_dataset_close(d);
}

static int64_t common(const bool *a, const bool *b, int64_t n)
{
    int64_t both = 0;
    for (int64_t i = 0; i < n; i++)
        both += a[i] && b[i];
    return both;
}

START_TEST(everything)
{
    struct formula_config c = formula_config(25, 2, 3, 2);
    c.unknown = 1;
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    ck_assert_int_eq(info->count, 25);
    ck_assert_int_eq(info->classes, 10);
    ck_assert_str_eq(info->class_names[9], "j");
    ck_assert_str_eq(info->fingerprint, "f0");
    for (int64_t i = 0; i < 25; i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        float pixel[12], label;
        ck_assert_int_eq(tfu_dataset_source_index(d, i), i);
        ck_assert_int_eq(tfu_dataset_get(d, i, pixel, &label, &e), TFU_OK);
        for (int64_t p = 0; p < 12; p++)
            ck_assert_float_eq(pixel[p], formula_pixel(i, p));
        if (i % 7 == 6)
            ck_assert_float_nan(label);
        else
            ck_assert_float_eq(label, (float)(i % 10));
    }
    tfu_dataset_close(d);
}
END_TEST

START_TEST(classes_are_kept_and_renumbered_in_order)
{
    static const int64_t kept[] = {7, 2, 9};
    struct formula_config c = formula_config(100, 1, 1, 1);
    c.unknown = 1;
    struct tfu_data_split split = formula_split(&c);
    split.select.classes = list(kept, 3);
    struct tfu_dataset *d = open_dataset(&split, registry);
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    ck_assert_int_eq(info->classes, 3);
    ck_assert_ptr_null(info->class_names);
    int64_t next = 0;
    for (int64_t k = 0; k < 100; k++) { /* those of the source, in its order */
        if (k % 7 == 6 || (k % 10 != 7 && k % 10 != 2 && k % 10 != 9))
            continue;
        float label = -1, pixel;
        ck_assert_int_eq(tfu_dataset_source_index(d, next), k);
        ck_assert_int_eq(tfu_dataset_get(d, next, &pixel, &label, NULL), TFU_OK);
        ck_assert_int_eq(kept[(int)label], k % 10);
        ck_assert_float_eq(pixel, formula_pixel(k, 0));
        next++;
    }
    ck_assert_int_eq(info->count, next);
    tfu_dataset_close(d);
}
END_TEST

START_TEST(all_classes_in_order_change_nothing)
{
    static const int64_t kept[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    const struct formula_config c = formula_config(30, 1, 1, 1);
    struct tfu_data_split split = formula_split(&c);
    split.select.classes = list(kept, 10);
    struct tfu_dataset *d = open_dataset(&split, registry);
    ck_assert_int_eq(tfu_dataset_info(d)->count, 30);
    for (int64_t i = 0; i < 30; i++) {
        float label = -1;
        ck_assert_int_eq(tfu_dataset_get(d, i, NULL, &label, NULL), TFU_OK);
        ck_assert_float_eq(label, (float)(i % 10));
    }
    tfu_dataset_close(d);
}
END_TEST

START_TEST(classes_that_are_refused)
{
    static const int64_t twice[] = {1, 5, 1}, ten[] = {3, 10}, below[] = {-1};
    struct formula_config c = formula_config(20, 1, 1, 1);
    struct tfu_data_split split = formula_split(&c);
    split.select.classes = list(twice, 3);
    expect_refusal(&split, registry, TFU_EINVAL, "classes: class 1 is listed twice");
    split.select.classes = list(ten, 2);
    expect_refusal(&split, registry, TFU_EINVAL,
                   "classes: there is no class 10; the dataset has 0 to 9");
    split.select.classes = list(below, 1);
    expect_refusal(&split, registry, TFU_EINVAL,
                   "classes: there is no class -1; the dataset has 0 to 9");
    c.count = 7; /* 0 to 6 are there, and class 8 is not */
    split.select.classes = list((const int64_t[]){8}, 1);
    expect_refusal(&split, registry, TFU_EINVAL, "no example of the dataset is selected");
    c.classes = 0;
    expect_refusal(&split, registry, TFU_EINVAL,
                   "classes: the dataset's labels are no class indices; drop it, or say `classes: "
                   "[]` for this split");
    split.select = (struct tfu_data_select){.limit_per_class = 1};
    expect_refusal(&split, registry, TFU_EINVAL,
                   "limit_per_class: the dataset's labels are no class indices, for example -1 of "
                   "example 1 of dataset 'formula'; choose some of them with `classes: [...]`, or "
                   "drop it");
}
END_TEST

START_TEST(limits_are_nested)
{
    enum { COUNT = 2000 };
    static const int64_t sizes[] = {1, 10, 100, 1000, 1999, COUNT};
    const struct formula_config c = formula_config(COUNT, 1, 1, 1);
    struct tfu_data_split split = formula_split(&c);
    for (split.select.limit_seed = 0; split.select.limit_seed < 3; split.select.limit_seed++) {
        bool smaller[COUNT] = {false};
        for (size_t i = 0; i < TFU_COUNT(sizes); i++) {
            bool larger[COUNT] = {false};
            split.select.limit = sizes[i];
            mark_chosen(&split, larger, sizes[i]);
            ck_assert_int_eq(common(smaller, larger, COUNT), i ? sizes[i - 1] : 0);
            memcpy(smaller, larger, sizeof smaller);
        }
    }
}
END_TEST

START_TEST(limits_of_groups_are_whole_and_nested)
{
    enum { COUNT = 900, GROUPS = 300 };
    static const int64_t sizes[] = {1, 10, 100, 299, GROUPS};
    static char word[COUNT][8];
    static const char *groups[COUNT];
    struct formula_config c = formula_config(COUNT, 1, 1, 1);
    for (int i = 0; i < COUNT; i++) {
        snprintf(word[i], sizeof word[i], "%d", i * 7 % GROUPS);
        groups[i] = word[i];
    }
    c.groups = groups;
    struct tfu_data_split split = formula_split(&c);
    bool smaller[COUNT] = {false};
    for (size_t i = 0; i < TFU_COUNT(sizes); i++) {
        bool larger[COUNT] = {false};
        split.select.limit_groups = sizes[i];
        mark_chosen(&split, larger, 3 * sizes[i]); /* all three of each */
        ck_assert_int_eq(common(smaller, larger, COUNT), i ? 3 * sizes[i - 1] : 0);
        memcpy(smaller, larger, sizeof smaller);
    }
    split.select.limit_groups = GROUPS + 1;
    expect_refusal(&split, registry, TFU_EINVAL,
                   "limit_groups: there are 300 groups, fewer than 301");
    c.groups = NULL;
    expect_refusal(&split, registry, TFU_EINVAL,
                   "limit_groups: the dataset knows no groups; use `limit`, or have the dataset "
                   "read them");
}
END_TEST

START_TEST(seeds_choose_different_examples)
{
    enum { COUNT = 2000, LIMIT = 500 };
    const struct formula_config c = formula_config(COUNT, 1, 1, 1);
    struct tfu_data_split split = formula_split(&c);
    bool chosen[3][COUNT] = {{false}};
    split.select.limit = LIMIT;
    for (int i = 0; i < 3; i++) {
        split.select.limit_seed = i / 2; /* 0, 0, 1 */
        mark_chosen(&split, chosen[i], LIMIT);
    }
    ck_assert_int_eq(common(chosen[0], chosen[1], COUNT), LIMIT);
    /* by chance 125 of 500 are common, with a standard deviation of 8.4 */
    const int64_t both = common(chosen[0], chosen[2], COUNT);
    ck_assert_int_gt(both, 125 - 50);
    ck_assert_int_lt(both, 125 + 50);
    /* as many from each half of the dataset; the standard deviation is 9.7 */
    int64_t first = 0;
    for (int64_t i = 0; i < COUNT / 2; i++)
        first += chosen[0][i];
    ck_assert_int_gt(first, 250 - 58);
    ck_assert_int_lt(first, 250 + 58);
}
END_TEST

START_TEST(limits_of_each_class_are_exact_and_nested)
{
    enum { COUNT = 1000 };
    struct formula_config c = formula_config(COUNT, 1, 1, 1);
    c.unknown = 1; /* an unknown label belongs to no class */
    struct tfu_data_split split = formula_split(&c);
    bool smaller[COUNT] = {false};
    int64_t last = 0;
    for (int64_t n = 1; n <= 80; n += 13) {
        bool larger[COUNT] = {false};
        int64_t members[10] = {0};
        split.select.limit_per_class = n;
        mark_chosen(&split, larger, 10 * n);
        ck_assert_int_eq(common(smaller, larger, COUNT), last);
        for (int64_t i = 0; i < COUNT; i++)
            if (larger[i]) {
                ck_assert_int_ne(i % 7, 6);
                members[i % 10]++;
            }
        for (int k = 0; k < 10; k++)
            ck_assert_int_eq(members[k], n);
        memcpy(smaller, larger, sizeof smaller);
        last = 10 * n;
    }
}
END_TEST

START_TEST(limits_count_kept_classes_alone)
{
    static const int64_t kept[] = {8, 3};
    struct formula_config c = formula_config(200, 1, 1, 1);
    struct tfu_data_split split = formula_split(&c);
    split.select.classes = list(kept, 2);
    bool chosen[200] = {false};
    split.select.limit = 40;
    mark_chosen(&split, chosen, 40);
    split.select.limit = 0;
    split.select.limit_per_class = 20;
    mark_chosen(&split, chosen, 40);
    for (int64_t i = 0; i < 200; i++)
        ck_assert(chosen[i] == (i % 10 == 8 || i % 10 == 3));
}
END_TEST

START_TEST(more_than_there_are)
{
    static const int64_t kept[] = {4, 1};
    struct formula_config c = formula_config(95, 1, 1, 1);
    struct tfu_data_split split = formula_split(&c);
    split.select.limit = 96;
    expect_refusal(&split, registry, TFU_EINVAL, "limit: there are 95 examples, fewer than 96");
    split.select.classes = list(kept, 2);
    split.select.limit = 21;
    expect_refusal(&split, registry, TFU_EINVAL, "limit: there are 20 examples, fewer than 21");
    split.select.limit = INT64_MAX;
    expect_refusal(&split, registry, TFU_EINVAL,
                   "limit: there are 20 examples, fewer than 9223372036854775807");
    split.select = (struct tfu_data_select){.limit_per_class = 10};
    expect_refusal(&split, registry, TFU_EINVAL,
                   "limit_per_class: class 5 has 9 examples, fewer than 10");
    split.select.classes = list(kept, 2); /* which have 10 */
    tfu_dataset_close(open_dataset(&split, registry));
}
END_TEST

START_TEST(what_a_dataset_may_not_say)
{
    struct formula_config c = formula_config(0, 1, 1, 1);
    struct tfu_data_split split = formula_split(&c);
    expect_refusal(&split, registry, TFU_EINVAL,
                   "dataset 'formula' has 0 examples with 1 label columns and 10 classes");
    c = formula_config(3, 1, 1, 1);
    c.label_columns = 2; /* one class index an example, but two columns */
    expect_refusal(
        &split, registry, TFU_EINVAL,
        "dataset 'formula' has 10 classes and 2 label columns; class indices are one column");
    c = formula_config(3, 4, 0, 1);
    expect_refusal(&split, registry, TFU_ESHAPE,
                   "the images of dataset 'formula' differ in size; give them one with `resize: "
                   "[HEIGHT, WIDTH]`, or by a transform that cuts a piece out");
    c = formula_config(3, 4, -1, 1);
    expect_refusal(&split, registry, TFU_EINVAL, "dataset 'formula' has images of 4 x -1 x 1");
    c = formula_config(3, 1 << 20, 1 << 20, 2);
    expect_refusal(&split, registry, TFU_EINVAL,
                   "dataset 'formula' has images of 1048576 x 1048576 x 2");
    c = formula_config(30, 1, 1, 1);
    c.wrong_label = 21;
    expect_refusal(&split, registry, TFU_EINVAL,
                   "example 21 of dataset 'formula' has the label 10; class indices are 0 to 9");
}
END_TEST

START_TEST(a_plugin_that_fails_silently_is_named)
{
    struct formula_config c = formula_config(3, 1, 1, 1);
    c.broken = 1;
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_error loud = TFU_ERROR_INIT, silent = TFU_ERROR_INIT;
    float pixel;
    ck_assert_int_eq(tfu_dataset_get(d, 1, &pixel, NULL, &loud), TFU_EIO);
    ck_assert_str_eq(loud.text, "example 1 of dataset 'formula': the disk is gone");
    tfu_dataset_close(d);
    c.silent = 1;
    d = open_dataset(&split, registry);
    ck_assert_int_eq(tfu_dataset_get(d, 1, &pixel, NULL, &silent), TFU_EIO);
    ck_assert_str_eq(silent.text,
                     "example 1 of dataset 'formula': plugin 'formula' failed in get() (input or "
                     "output failed) without saying why; its author should call fail()");
    tfu_dataset_close(d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/select");
    TCase *t = tcase_create("select");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, everything);
    tcase_add_test(t, classes_are_kept_and_renumbered_in_order);
    tcase_add_test(t, all_classes_in_order_change_nothing);
    tcase_add_test(t, classes_that_are_refused);
    tcase_add_test(t, limits_are_nested);
    tcase_add_test(t, limits_of_groups_are_whole_and_nested);
    tcase_add_test(t, seeds_choose_different_examples);
    tcase_add_test(t, limits_of_each_class_are_exact_and_nested);
    tcase_add_test(t, limits_count_kept_classes_alone);
    tcase_add_test(t, more_than_there_are);
    tcase_add_test(t, what_a_dataset_may_not_say);
    tcase_add_test(t, a_plugin_that_fails_silently_is_named);
    suite_add_tcase(s, t);
    return run_suite(s);
}
