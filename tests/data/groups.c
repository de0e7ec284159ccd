/* SPDX-License-Identifier: MIT
 *
 * Groups and attributes of examples as numbers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/words.h"
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

START_TEST(words_are_numbered_as_they_come)
{
    enum { MANY = 1000 };
    static char word[MANY][8];
    struct tfu_words w = TFU_WORDS_INIT;
    ck_assert_int_eq(tfu_words_find(&w, "0"), -1);
    for (int i = 0; i < MANY; i++) {
        snprintf(word[i], sizeof word[i], "%d", i);
        ck_assert_int_eq(tfu_words_add(&w, word[i]), i);
    }
    for (int i = 0; i < MANY; i++) {
        char copy[8];
        memcpy(copy, word[i], sizeof copy);
        ck_assert_int_eq(tfu_words_add(&w, copy), i);
        ck_assert_int_eq(tfu_words_find(&w, copy), i);
    }
    ck_assert_int_eq(w.count, MANY);
    ck_assert_int_eq(tfu_words_find(&w, ""), -1);
    tfu_words_free(&w);
}
END_TEST

START_TEST(groups_are_numbered_without_gaps)
{
    static const char *const groups[] = {NULL, "p2", "p1", "p2", "", "p1"};
    struct formula_config c = formula_config(6, 1, 1, 1);
    c.groups = groups;
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    ck_assert_int_eq(tfu_dataset_groups(d), 4);
    static const int64_t want[] = {2, 0, 1, 0, 3, 1};
    for (int64_t i = 0; i < 6; i++)
        ck_assert_int_eq(tfu_dataset_group(d, i), want[i]);
    ck_assert_str_eq(tfu_dataset_group_name(d, 0), "p2");
    ck_assert_str_eq(tfu_dataset_group_name(d, 1), "p1");
    ck_assert_ptr_null(tfu_dataset_group_name(d, 2));
    ck_assert_ptr_null(tfu_dataset_group_name(d, 3));
    tfu_dataset_close(d);
}
END_TEST

START_TEST(groups_are_those_of_the_selection)
{
    static const char *const groups[] = {"a", "b", "c", "a", NULL, "c"};
    static const int64_t kept[] = {1, 2, 4, 5};
    struct formula_config c = formula_config(6, 1, 1, 1);
    c.groups = groups;
    struct tfu_data_split split = formula_split(&c);
    split.select.classes = (struct tfu_int_list){kept, 4};
    struct tfu_dataset *d = open_dataset(&split, registry);
    ck_assert_int_eq(tfu_dataset_groups(d), 3); /* b, c, and one without a name */
    static const int64_t want[] = {0, 1, 2, 1};
    for (int64_t i = 0; i < 4; i++)
        ck_assert_int_eq(tfu_dataset_group(d, i), want[i]);
    ck_assert_str_eq(tfu_dataset_group_name(d, 0), "b");
    tfu_dataset_close(d);
}
END_TEST

START_TEST(a_dataset_may_know_no_group)
{
    static const char *const unknown[] = {NULL, "", NULL};
    struct formula_config c = formula_config(3, 1, 1, 1);
    for (int k = 0; k < 2; k++) {
        c.groups = k ? unknown : NULL;
        const struct tfu_data_split split = formula_split(&c);
        struct tfu_dataset *d = open_dataset(&split, registry);
        ck_assert_int_eq(tfu_dataset_groups(d), 0);
        ck_assert_int_eq(tfu_dataset_group(d, 1), -1);
        tfu_dataset_close(d);
    }
}
END_TEST

START_TEST(attributes_are_words_and_numbers)
{
    static const char *const names[] = {"sex", "view"};
    static const char *const words[] = {"F", "PA", "M", NULL, "F", "AP", "M", "PA"};
    static const int64_t kept[] = {1, 2, 3};
    struct formula_config c = formula_config(4, 1, 1, 1);
    c.attributes = 2;
    c.attribute_names = names;
    c.attribute_words = words;
    struct tfu_data_split split = formula_split(&c);
    split.select.classes = (struct tfu_int_list){kept, 3};
    struct tfu_dataset *d = open_dataset(&split, registry);
    int64_t count;
    ck_assert_ptr_eq(tfu_dataset_attributes(d, &count), names);
    ck_assert_int_eq(count, 2);
    ck_assert_int_eq(tfu_dataset_attribute_find(d, "view"), 1);
    ck_assert_int_eq(tfu_dataset_attribute_find(d, "age"), -1);
    ck_assert_str_eq(tfu_dataset_attribute(d, 0, 0), "M");
    ck_assert_str_eq(tfu_dataset_attribute(d, 0, 1), "");
    ck_assert_str_eq(tfu_dataset_attribute(d, 1, 1), "AP");
    ck_assert_str_eq(tfu_dataset_attribute(d, 2, 1), "PA");
    ck_assert_int_eq(tfu_dataset_attribute_value(d, 2, 1), 0);
    const char *const *table = tfu_dataset_attribute_words(d, 1, &count);
    ck_assert_int_eq(count, 3);
    ck_assert_str_eq(table[0], "PA");
    ck_assert_str_eq(table[1], "");
    tfu_dataset_close(d);
}
END_TEST

START_TEST(attributes_need_names)
{
    static const char *const twice[] = {"sex", "sex"}, *const empty[] = {"sex", ""};
    struct formula_config c = formula_config(4, 1, 1, 1);
    struct tfu_data_split split = formula_split(&c);
    c.attributes = 2;
    expect_refusal(&split, registry, TFU_EINVAL,
                   "dataset 'formula' has 2 attributes, no names of them and has attribute(); "
                   "these do not fit together");
    c.attribute_names = twice;
    expect_refusal(&split, registry, TFU_EINVAL, "dataset 'formula' has two attributes 'sex'");
    c.attribute_names = empty;
    expect_refusal(&split, registry, TFU_EINVAL, "dataset 'formula' has no name for attribute 1");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/groups");
    TCase *words = tcase_create("words");
    tcase_add_test(words, words_are_numbered_as_they_come);
    suite_add_tcase(s, words);
    TCase *t = tcase_create("groups");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, groups_are_numbered_without_gaps);
    tcase_add_test(t, groups_are_those_of_the_selection);
    tcase_add_test(t, a_dataset_may_know_no_group);
    tcase_add_test(t, attributes_are_words_and_numbers);
    tcase_add_test(t, attributes_need_names);
    suite_add_tcase(s, t);
    return run_suite(s);
}
