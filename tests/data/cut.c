/* SPDX-License-Identifier: MIT
 *
 * One dataset cut in parts: by shares, stratified and by groups; by lists; by a column.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/data/shared_groups.h"
#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"

enum { MOST = 4000, LABELS = 5 };

static struct tfu_registry *registry;
static char words[MOST][24];
static const char *groups[MOST];
static float labels[MOST * LABELS];
static char file[2][64];

static void setup(void)
{
    registry = open_registry();
    for (int k = 0; k < 2; k++) {
        snprintf(file[k], sizeof file[k], "cut.%d.%d.list", (int)getpid(), k);
        unlink(file[k]);
    }
}

static void teardown(void)
{
    for (int k = 0; k < 2; k++)
        unlink(file[k]);
    tfu_registry_free(registry);
}

/* A draw that differs from place to place. */
static uint32_t draw(uint32_t x)
{
    x = (x ^ x >> 16) * 0x7feb352dU;
    x = (x ^ x >> 15) * 0x846ca68bU;
    return x ^ x >> 16;
}

static struct tfu_data_cut cut_of(double valid, double test)
{
    struct tfu_data_cut c = {.present = 1, .column = "", .mark = {.source = "x.yaml", .line = 3}};
    c.part[TFU_CUT_VALID].kind = valid > 0 ? TFU_CUT_SHARE : TFU_CUT_NONE;
    c.part[TFU_CUT_VALID].share = valid;
    c.part[TFU_CUT_TEST].kind = test > 0 ? TFU_CUT_SHARE : TFU_CUT_NONE;
    c.part[TFU_CUT_TEST].share = test;
    return c;
}

/* The parts of a cut, opened beside each other; all must be there. */
static void open_parts(const struct formula_config *c, const struct tfu_data_cut *cut,
                       struct tfu_data_split split[TFU_CUT_PARTS],
                       struct tfu_dataset *d[TFU_CUT_PARTS])
{
    for (int k = 0; k < TFU_CUT_PARTS; k++) {
        struct tfu_error e = TFU_ERROR_INIT;
        split[k] = formula_split(c);
        split[k].cut = cut;
        split[k].part = k;
        d[k] = NULL;
        if (k && !cut->part[k].kind)
            continue;
        tfu_dataset_open_beside(&d[k], &split[k], d[0], registry, NULL, &e);
        ck_assert_msg(d[k] != NULL, "%s", e.text);
    }
}

static void close_parts(struct tfu_dataset *d[TFU_CUT_PARTS])
{
    for (int k = 0; k < TFU_CUT_PARTS; k++)
        tfu_dataset_close(d[k]);
}

/* The part of each example of the source; each is in one. */
static void parts_of(const struct formula_config *c, const struct tfu_data_cut *cut, int *part)
{
    struct tfu_data_split split[TFU_CUT_PARTS];
    struct tfu_dataset *d[TFU_CUT_PARTS];
    open_parts(c, cut, split, d);
    for (int64_t i = 0; i < c->count; i++)
        part[i] = -1;
    for (int k = 0; k < TFU_CUT_PARTS; k++)
        for (int64_t i = 0; d[k] && i < tfu_dataset_info(d[k])->count; i++) {
            const int64_t at = tfu_dataset_source_index(d[k], i);
            ck_assert_int_eq(part[at], -1);
            part[at] = k;
        }
    for (int64_t i = 0; i < c->count; i++)
        ck_assert_int_ge(part[i], 0);
    close_parts(d);
}

static void refused(const struct formula_config *c, const struct tfu_data_cut *cut,
                    const char *text)
{
    struct tfu_data_split split = formula_split(c);
    split.cut = cut;
    expect_refusal(&split, registry, TFU_EINVAL, text);
}

/* ---- shares */

START_TEST(classes_have_their_shares)
{
    const struct formula_config c = formula_config(1000, 1, 1, 1); /* 10 classes of 100 */
    const struct tfu_data_cut cut = cut_of(0.1, 0.2);
    int part[1000], count[10][3] = {{0}};
    parts_of(&c, &cut, part);
    for (int i = 0; i < 1000; i++)
        count[i % 10][part[i]]++;
    for (int k = 0; k < 10; k++) {
        ck_assert_int_eq(count[k][0], 70);
        ck_assert_int_eq(count[k][1], 10);
        ck_assert_int_eq(count[k][2], 20);
    }
}
END_TEST

START_TEST(a_rare_class_is_in_every_part)
{
    struct formula_config c = formula_config(200, 1, 1, 1);
    for (int i = 0; i < 200; i++)
        labels[i] = i < 3 ? 1 : 0;
    c.classes = 2;
    c.labels = labels;
    for (int64_t seed = 0; seed < 20; seed++) {
        struct tfu_data_cut cut = cut_of(0.05, 0.05);
        int part[200];
        cut.seed = seed;
        parts_of(&c, &cut, part);
        ck_assert_int_eq(part[0] + part[1] + part[2], 3);
        ck_assert_int_eq(part[0] * part[1] * part[2], 0);
        ck_assert(part[0] != part[1] && part[1] != part[2] && part[0] != part[2]);
    }
}
END_TEST

START_TEST(seeds_cut_differently_and_order_does_not_matter)
{
    struct formula_config c = formula_config(400, 1, 1, 1);
    int part[400], again[400], other[400], turned[400], same = 0;
    c.classes = 2;
    c.labels = labels;
    c.groups = groups;
    for (int i = 0; i < 400; i++) {
        snprintf(words[i], sizeof words[i], "p%d", i / 3);
        groups[i] = words[i];
        labels[i] = (float)(draw((uint32_t)i) % 2);
    }
    struct tfu_data_cut cut = cut_of(0.2, 0.2);
    parts_of(&c, &cut, part);
    parts_of(&c, &cut, again);
    ck_assert_mem_eq(part, again, sizeof part);
    for (int i = 0; i < 200; i++) { /* the rows from the last to the first */
        const char *word = groups[i];
        const float label = labels[i];
        groups[i] = groups[399 - i];
        groups[399 - i] = word;
        labels[i] = labels[399 - i];
        labels[399 - i] = label;
    }
    parts_of(&c, &cut, turned);
    for (int i = 0; i < 400; i++)
        ck_assert_int_eq(turned[i], part[399 - i]);
    cut.seed = 1;
    parts_of(&c, &cut, other);
    for (int i = 0; i < 400; i++)
        same += other[i] == turned[i];
    ck_assert_int_lt(same, 300);
}
END_TEST

/* Groups of one to eight examples with labels of 40 % down to 1 %. */
static struct formula_config several_labels(int64_t count)
{
    static const unsigned rate[LABELS] = {400, 150, 60, 25, 10};
    struct formula_config c = formula_config(count, 1, 1, 1);
    int64_t i = 0;
    for (int g = 0; i < count; g++)
        for (uint32_t n = 1 + draw((uint32_t)g) % 8; n > 0 && i < count; n--, i++) {
            snprintf(words[i], sizeof words[i], "patient%05d", g);
            groups[i] = words[i];
            for (int k = 0; k < LABELS; k++)
                labels[i * LABELS + k] =
                    (float)(draw((uint32_t)(i * LABELS + k) + 7777) % 1000 < rate[k]);
        }
    c.classes = 0;
    c.label_columns = LABELS;
    c.labels = labels;
    c.groups = groups;
    return c;
}

START_TEST(groups_stay_together_and_labels_keep_their_shares)
{
    const struct formula_config c = several_labels(MOST);
    static int part[MOST];
    const struct tfu_data_cut cut = cut_of(0.1, 0.2);
    const double share[] = {0.7, 0.1, 0.2};
    double all[LABELS + 1] = {0}, in[3][LABELS + 1] = {{0}};
    parts_of(&c, &cut, part);
    for (int i = 0; i < MOST; i++) {
        if (i && strcmp(groups[i], groups[i - 1]) == 0)
            ck_assert_int_eq(part[i], part[i - 1]);
        for (int k = 0; k <= LABELS; k++) {
            const double v = k < LABELS ? (double)labels[i * LABELS + k] : 1;
            all[k] += v;
            in[part[i]][k] += v;
        }
    }
    for (int p = 0; p < 3; p++)
        for (int k = 0; k <= LABELS; k++) {
            const double off = fabs(in[p][k] - share[p] * all[k]);
            /* examples off, of 40 to 4000 */
            ck_assert_msg(off <= 4, "part %d label %d: %g off of %g", p, k, off, share[p] * all[k]);
        }
}
END_TEST

START_TEST(limits_are_of_a_part)
{
    const struct formula_config c = formula_config(1000, 1, 1, 1);
    const struct tfu_data_cut cut = cut_of(0, 0.3);
    struct tfu_data_split split = formula_split(&c);
    int part[1000];
    parts_of(&c, &cut, part);
    split.cut = &cut;
    split.select.limit = 50;
    struct tfu_dataset *d = open_dataset(&split, registry);
    ck_assert_int_eq(tfu_dataset_info(d)->count, 50);
    for (int64_t i = 0; i < 50; i++)
        ck_assert_int_eq(part[tfu_dataset_source_index(d, i)], 0);
    tfu_dataset_close(d);
}
END_TEST

START_TEST(shares_that_cannot_be)
{
    struct formula_config c = formula_config(10, 1, 1, 1);
    struct tfu_data_cut cut = cut_of(0.01, 0.2);
    refused(&c, &cut, "data.split leaves no example in the valid data, of 10 examples");
    cut = cut_of(0.2, 0);
    cut.by = TFU_CUT_BY_GROUP;
    refused(&c, &cut,
            "data.split.by is group, but dataset 'formula' knows no groups; have it read them (as "
            "by its option `group`), or cut by example");
    for (int i = 0; i < 10; i++)
        groups[i] = i % 2 ? "a" : "b";
    c.groups = groups;
    cut.by = TFU_CUT_BY_EXAMPLE;
    refused(&c, &cut,
            "data.split.by is example, but the 10 examples of dataset 'formula' are of 2 groups: "
            "one may be trained on and tested, and the numbers be too good; cut by group, or say "
            "`unsafe: true` as well");
    cut.unsafe = 1;
    int part[10], valid = 0;
    parts_of(&c, &cut, part);
    for (int i = 0; i < 10; i++)
        valid += part[i] == TFU_CUT_VALID;
    ck_assert_int_eq(valid, 2);
    cut = cut_of(0.3, 0.3);
    refused(&c, &cut, "data.split leaves no example in the test data, of 10 examples of 2 groups");
}
END_TEST

/* ---- lists */

static void write_list(int k, const char *text)
{
    FILE *f = fopen(file[k], "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static struct tfu_data_cut lists_of(const char *valid, const char *test)
{
    struct tfu_data_cut c = cut_of(0, 0);
    const char *const text[] = {valid, test};
    for (int k = 0; k < 2; k++)
        if (text[k]) {
            write_list(k, text[k]);
            c.part[k + 1].kind = TFU_CUT_FILE;
            c.part[k + 1].file = file[k];
        }
    return c;
}

static struct formula_config files(void)
{
    static const char *const name[] = {"/data/a/1.png", "/data/a/2.png",   "/data/b/1.png",
                                       "/data/b/3.png", "/data/4.tar.png", "/data/5.png"};
    static const char *const group[] = {"p1", "p2", "p3", "p3", NULL, "5"};
    struct formula_config c = formula_config(6, 1, 1, 1);
    c.names = name;
    c.groups = group;
    return c;
}

static void expect_parts(const char *valid, const char *test, const char *want)
{
    const struct formula_config c = files();
    struct tfu_data_cut cut = lists_of(valid, test);
    int part[6];
    cut.shared_groups = TFU_SHARED_GROUPS_ALLOW;
    parts_of(&c, &cut, part);
    for (int i = 0; i < 6; i++)
        ck_assert_msg("tvT"[part[i]] == want[i], "%s: example %d is in %c, not in %c", valid, i,
                      "tvT"[part[i]], want[i]);
}

START_TEST(names_with_and_without_folders_and_endings)
{
    expect_parts("2.png\n", NULL, "tvtttt");
    expect_parts("2", NULL, "tvtttt");
    expect_parts("  a/1 \r\n\n", "b/1.png", "vtTttt");
    expect_parts("/data/a/1.png", NULL, "vttttt");
    expect_parts("./data/a/1.png", "elsewhere/data/4.tar", "vtttTt");
    expect_parts("\xef\xbb\xbf"
                 "4.tar.png",
                 NULL, "ttttvt");
    expect_parts("p3\np1", "p2", "vTvvtt");
    expect_parts("5", NULL, "tttttv");
}
END_TEST

static void refused_list(const char *valid, const char *test, const char *text)
{
    const struct formula_config c = files();
    const struct tfu_data_cut cut = lists_of(valid, test);
    refused(&c, &cut, text);
}

START_TEST(lists_that_are_wrong)
{
    refused_list("a/1\nx\n2\ny.png\n", NULL,
                 "2 of 4 names are of no example and no group of the dataset: 'x', 'y.png'");
    refused_list("other/1.png", NULL,
                 "1 of 1 names are of no example and no group of the dataset: 'other/1.png'");
    refused_list("1.png", NULL,
                 "'1.png' is the name of 2 examples, for instance of the examples 0 and 2 of the "
                 "dataset; write it with its folder");
    refused_list("\n \n", NULL, "there is no name in it");
    refused_list("2\n5\n", "p1\na/2.png\n5",
                 "2 examples are in the lists of both valid and test: a/2.png, 5.png");
    refused_list("b/3", NULL,
                 "1 group is in train and valid data: p3; what is measured on them says little "
                 "about new ones: have all examples of a group in one split, or say `data: "
                 "{shared_groups: allow}`, also where different groups have one name");
    refused_list("a/1\na/2\np3\n4.tar\n5", NULL,
                 "data.split leaves no example in the train data, of 6 examples of 5 groups");
}
END_TEST

START_TEST(a_share_is_of_what_the_lists_leave)
{
    const struct formula_config c = several_labels(1000);
    struct tfu_data_cut cut = lists_of(NULL, "patient00000\npatient00001\npatient00002\n");
    static int part[1000];
    int count[3] = {0};
    cut.part[TFU_CUT_VALID].kind = TFU_CUT_SHARE;
    cut.part[TFU_CUT_VALID].share = 0.25;
    parts_of(&c, &cut, part);
    for (int i = 0; i < 1000; i++) {
        count[part[i]]++;
        ck_assert_int_eq(part[i] == TFU_CUT_TEST, atoi(groups[i] + 7) <= 2);
    }
    ck_assert_int_lt(abs(count[1] - (count[0] + count[1]) / 4), 12);
}
END_TEST

/* ---- a column */

START_TEST(values_of_a_column)
{
    static const char *const name[] = {"view", "split"};
    static const char *const word[] = {"PA", "train", "PA", "val", "AP", "test", "AP", ""};
    static const char *const val[] = {"val"}, *const rest[] = {"test", ""}, *const no[] = {"Test"};
    struct formula_config c = formula_config(4, 1, 1, 1);
    struct tfu_data_cut cut = cut_of(0, 0);
    int part[4];
    c.attributes = 2;
    c.attribute_names = name;
    c.attribute_words = word;
    cut.column = "split";
    cut.part[TFU_CUT_VALID].kind = cut.part[TFU_CUT_TEST].kind = TFU_CUT_VALUES;
    cut.part[TFU_CUT_VALID].values = (struct tfu_string_list){val, 1};
    cut.part[TFU_CUT_TEST].values = (struct tfu_string_list){rest, 2};
    parts_of(&c, &cut, part);
    ck_assert(part[0] == 0 && part[1] == 1 && part[2] == 2 && part[3] == 2);
    cut.part[TFU_CUT_TEST].values = (struct tfu_string_list){no, 1};
    refused(&c, &cut,
            "no example has 'Test' in its attribute 'split'; it has 'train', 'val', 'test', ''");
    cut.part[TFU_CUT_TEST].values = (struct tfu_string_list){val, 1};
    refused(&c, &cut, "'val' is a value of both valid and test");
    cut.column = "Split";
    refused(&c, &cut,
            "data.split.column: dataset 'formula' has no attribute 'Split'; it has 'view', "
            "'split'");
}
END_TEST

/* ---- groups of two splits */

START_TEST(groups_that_two_splits_share)
{
    static const char *const a[] = {"x", "y", NULL, "z"}, *const b[] = {"z", "w", "y", NULL};
    struct formula_config c = formula_config(4, 1, 1, 1), other = c;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text text = TFU_TEXT_INIT;
    int64_t shared;
    c.groups = a;
    other.groups = b;
    const struct tfu_data_split one = formula_split(&c), two = formula_split(&other);
    struct tfu_dataset *d = open_dataset(&one, registry), *f = open_dataset(&two, registry);
    ck_assert_int_eq(tfu_shared_groups_of_splits(tfu_dataset_example_groups(d), "train",
                                                 tfu_dataset_example_groups(f), "test", &shared,
                                                 &text, &e),
                     TFU_OK);
    ck_assert_int_eq(shared, 2);
    ck_assert_str_eq(text.data, "2 groups are in train and test data: z, y");
    tfu_text_free(&text);
    tfu_dataset_close(d);
    tfu_dataset_close(f);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/cut");
    TCase *t = tcase_create("cut");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, classes_have_their_shares);
    tcase_add_test(t, a_rare_class_is_in_every_part);
    tcase_add_test(t, seeds_cut_differently_and_order_does_not_matter);
    tcase_add_test(t, groups_stay_together_and_labels_keep_their_shares);
    tcase_add_test(t, limits_are_of_a_part);
    tcase_add_test(t, shares_that_cannot_be);
    tcase_add_test(t, names_with_and_without_folders_and_endings);
    tcase_add_test(t, lists_that_are_wrong);
    tcase_add_test(t, a_share_is_of_what_the_lists_leave);
    tcase_add_test(t, values_of_a_column);
    tcase_add_test(t, groups_that_two_splits_share);
    suite_add_tcase(s, t);
    return run_suite(s);
}
