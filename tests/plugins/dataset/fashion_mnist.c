/* SPDX-License-Identifier: MIT
 *
 * The plugin idx on Fashion-MNIST itself, where it is installed (Debian's
 * dataset-fashion-mnist). The numbers are numpy's: make_idx.py fashion-mnist FOLDER.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"

#define FOLDER "/usr/share/datasets/fashion-mnist/"

struct sums {
    int64_t index;
    double all, row_14; /* of the bytes */
};

struct golden {
    const char *images, *labels;
    int64_t count;
    float label[10]; /* of the first ten */
    struct sums image[4];
};

static const struct golden train = {
    FOLDER "train-images-idx3-ubyte.gz",
    FOLDER "train-labels-idx1-ubyte.gz",
    60000,
    {9, 0, 0, 3, 0, 2, 7, 2, 5, 5},
    {{0, 76247, 3240}, {1, 84598, 2756}, {4321, 76928, 2974}, {59999, 16684, 1099}}};

static const struct golden test = {
    FOLDER "t10k-images-idx3-ubyte.gz",
    FOLDER "t10k-labels-idx1-ubyte.gz",
    10000,
    {9, 2, 1, 1, 6, 1, 4, 6, 5, 7},
    {{0, 33456, 2076}, {1, 100994, 4495}, {4321, 45623, 1628}, {9999, 24390, 2268}}};

static double sum(const float *pixel, int n)
{
    double total = 0;
    for (int i = 0; i < n; i++)
        total += (double)pixel[i] * 255;
    return total;
}

static void check_split(const struct golden *g)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *registry = open_registry();
    const struct tfu_plugin *idx;
    struct idx_files files;
    tfu_registry_find(registry, TFU_KIND_DATASET, "idx", NULL, &idx, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    struct tfu_dataset *d = open_dataset(idx_split(&files, idx, g->images, g->labels), registry);
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    ck_assert_int_eq(info->count, g->count);
    ck_assert_int_eq(info->height, 28);
    ck_assert_int_eq(info->width, 28);
    ck_assert_int_eq(info->channels, 1);
    ck_assert_int_eq(info->classes, 10);
    ck_assert_int_eq(info->label_columns, 1);
    for (int64_t i = 0; i < 10; i++) {
        float label = -1;
        ck_assert_int_eq(tfu_dataset_get(d, i, NULL, &label, &e), TFU_OK);
        ck_assert_float_eq(label, g->label[i]);
    }
    int64_t members[10] = {0};
    for (int64_t i = 0; i < g->count; i++) {
        float label = -1;
        ck_assert(tfu_dataset_get(d, i, NULL, &label, &e) == TFU_OK && label >= 0 && label < 10);
        members[(int)label]++;
    }
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(members[i], g->count / 10);
    for (size_t i = 0; i < TFU_COUNT(g->image); i++) {
        float pixel[28 * 28];
        ck_assert_int_eq(tfu_dataset_get(d, g->image[i].index, pixel, NULL, &e), TFU_OK);
        ck_assert_double_eq_tol(sum(pixel, 28 * 28), g->image[i].all, 0.01);
        ck_assert_double_eq_tol(sum(pixel + 14 * 28, 28), g->image[i].row_14, 0.01);
    }
    tfu_dataset_close(d);
    tfu_registry_free(registry);
}

START_TEST(training_split)
{
    check_split(&train);
}
END_TEST

START_TEST(test_split)
{
    check_split(&test);
}
END_TEST

int main(void)
{
    if (access(train.images, R_OK) != 0) {
        puts("1..0 # SKIP " FOLDER " is not there; install dataset-fashion-mnist");
        return 0;
    }
    Suite *s = suite_create("data/fashion_mnist");
    TCase *t = tcase_create("fashion_mnist");
    tcase_add_test(t, training_split);
    tcase_add_test(t, test_split);
    suite_add_tcase(s, t);
    return run_suite(s);
}
