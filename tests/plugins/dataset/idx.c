/* SPDX-License-Identifier: MIT
 *
 * The dataset plugin idx as it is installed: the files of make_idx.py, good and bad.
 */
#include <dirent.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"
#include "tests/support/fixture.h"

enum { COUNT = 5 };

static struct tfu_registry *registry;
static const struct tfu_plugin *idx;
static struct fixture *fixture;

static void setup(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const char *top = getenv("TOP_SRCDIR");
    char path[4096];
    registry = open_registry();
    tfu_registry_find(registry, TFU_KIND_DATASET, "idx", NULL, &idx, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    fixture = fixture_open("plugins/dataset/idx.fixture");
    snprintf(path, sizeof path, "%s/tests/plugins/dataset", top ? top : ".");
    ck_assert_msg(chdir(path) == 0, "set TOP_SRCDIR to the source folder");
}

static void teardown(void)
{
    fixture_close(fixture);
    tfu_registry_free(registry);
}

static struct tfu_dataset *open_files(struct idx_files *f, const char *images, const char *labels)
{
    return open_dataset(idx_split(f, idx, images, labels), registry);
}

static void same_floats(const float *got, const double *want, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ck_assert_msg((double)got[i] == want[i] || (isnan(got[i]) && isnan(want[i])),
                      "number %zu: %.9g, not %.9g", i, (double)got[i], want[i]);
}

static void check_images(const char *name, const char *golden, int64_t height, int64_t width,
                         int64_t channels)
{
    struct idx_files f;
    char path[256];
    snprintf(path, sizeof path, "good/%s", name);
    struct tfu_dataset *d = open_files(&f, path, "good/u8.labels");
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    ck_assert_int_eq(info->count, COUNT);
    ck_assert_int_eq(info->height, height);
    ck_assert_int_eq(info->width, width);
    ck_assert_int_eq(info->channels, channels);
    const size_t n = (size_t)(height * width * channels);
    const double *want = fixture_get(fixture, golden, COUNT * n);
    float pixels[64];
    for (size_t i = 0; i < COUNT; i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        for (size_t k = 0; k < TFU_COUNT(pixels); k++)
            pixels[k] = -77; /* poison */
        ck_assert_int_eq(tfu_dataset_get(d, (int64_t)i, pixels, NULL, &e), TFU_OK);
        same_floats(pixels, want + i * n, n);
        ck_assert_float_eq(pixels[n], -77);
    }
    tfu_dataset_close(d);
}

START_TEST(images_of_every_type)
{
    static const char *const types[] = {"u8", "i8", "i16", "i32", "f32", "f64"};
    for (size_t i = 0; i < TFU_COUNT(types); i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.images", types[i]);
        check_images(name, name, 3, 4, 1);
        snprintf(name, sizeof name, "%s_rank4.images", types[i]);
        check_images(name, name, 3, 2, 3);
    }
    check_images("one_pixel.images", "one_pixel.images", 1, 1, 1);
}
END_TEST

START_TEST(gzipped_images)
{
    check_images("u8.images.gz", "u8.images", 3, 4, 1);
    check_images("two_members.images.gz", "u8.images", 3, 4, 1);
    check_images("stored.images.gz", "u8.images", 3, 4, 1);
}
END_TEST

static void check_labels(const char *name, const char *golden, uint32_t columns, int64_t classes)
{
    struct idx_files f;
    char path[256];
    snprintf(path, sizeof path, "good/%s", name);
    struct tfu_dataset *d = open_files(&f, "good/u8.images", path);
    const struct tfu_dataset_info *info = tfu_dataset_info(d);
    ck_assert_msg(info->label_columns == columns, "%s: %lld columns", name,
                  (long long)info->label_columns);
    ck_assert_msg(info->classes == classes, "%s: %lld classes", name, (long long)info->classes);
    const double *want = fixture_get(fixture, golden, COUNT * columns);
    for (size_t i = 0; i < COUNT; i++) {
        struct tfu_error e = TFU_ERROR_INIT;
        float labels[4] = {-77, -77, -77, -77};
        ck_assert_int_eq(tfu_dataset_get(d, (int64_t)i, NULL, labels, &e), TFU_OK);
        same_floats(labels, want + i * columns, columns);
        ck_assert_float_eq(labels[columns], -77);
    }
    tfu_dataset_close(d);
}

START_TEST(labels_of_every_type)
{
    static const char *const types[] = {"u8", "i8", "i16", "i32", "f32", "f64"};
    for (size_t i = 0; i < TFU_COUNT(types); i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.labels", types[i]);
        check_labels(name, name, 1, 4);
        snprintf(name, sizeof name, "%s_rank2.labels", types[i]);
        check_labels(name, name, 3, 0);
    }
    check_labels("u8.labels.gz", "u8.labels", 1, 4);
}
END_TEST

START_TEST(labels_that_are_classes_or_not)
{
    check_labels("one_column.labels", "one_column.labels", 1, 8);
    check_labels("nan.labels", "nan.labels", 1, 3);
    check_labels("nan_rank2.labels", "nan_rank2.labels", 3, 0);
    check_labels("all_nan.labels", "all_nan.labels", 1, 1);
    check_labels("negative.labels", "negative.labels", 1, 0);
    check_labels("fraction.labels", "fraction.labels", 1, 0);
    check_labels("infinite.labels", "infinite.labels", 1, 0);
    check_labels("large.labels", "large.labels", 1, 0);
}
END_TEST

START_TEST(both_at_once_neither_and_outside)
{
    struct idx_files f;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_dataset *d = open_files(&f, "good/u8.images", "good/u8.labels");
    float pixels[12], label;
    ck_assert_int_eq(tfu_dataset_get(d, 4, pixels, &label, &e), TFU_OK);
    same_floats(pixels, fixture_get(fixture, "u8.images", 60) + 48, 12);
    ck_assert_float_eq(label, 2);
    ck_assert_int_eq(tfu_dataset_get(d, 4, NULL, NULL, &e), TFU_OK);
    ck_assert_int_eq(tfu_dataset_get(d, 5, pixels, &label, &e), TFU_EINVAL);
    ck_assert_str_eq(e.text, "example 5 is not among the 5 that are selected");
    ck_assert_int_eq(tfu_dataset_get(d, -1, pixels, &label, NULL), TFU_EINVAL);
    tfu_dataset_close(d);
}
END_TEST

static void take_fingerprint(char out[65], const char *images, const char *labels)
{
    struct idx_files f;
    struct tfu_dataset *d = open_files(&f, images, labels);
    snprintf(out, 65, "%s", tfu_dataset_info(d)->fingerprint);
    ck_assert_uint_eq(strspn(out, "0123456789abcdef"), 64);
    tfu_dataset_close(d);
}

START_TEST(the_fingerprint_is_of_the_contents)
{
    char plain[65], packed[65], other[65];
    take_fingerprint(plain, "good/u8.images", "good/u8.labels");
    take_fingerprint(packed, "good/u8.images.gz", "good/u8.labels.gz");
    ck_assert_str_eq(plain, packed);
    take_fingerprint(other, "good/u8.images", "good/one_column.labels");
    ck_assert_str_ne(plain, other);
    take_fingerprint(other, "good/one_pixel.images", "good/u8.labels");
    ck_assert_str_ne(plain, other);
}
END_TEST

/* ---- what is refused */

static void read_line(const char *path, char *out, size_t room)
{
    FILE *f = fopen(path, "r");
    ck_assert_msg(f != NULL, "cannot open %s", path);
    ck_assert_ptr_nonnull(fgets(out, (int)room, f));
    out[strcspn(out, "\n")] = '\0';
    fclose(f);
}

static void check_bad(const char *err)
{
    struct idx_files f;
    char path[512], message[1024] = "dataset 'idx': ";
    snprintf(path, sizeof path, "bad/%s", err);
    read_line(path, message + strlen(message), sizeof message - strlen(message));
    path[strlen(path) - 4] = '\0';
    const bool images = strstr(path, ".images") != NULL;
    const struct tfu_data_split *split =
        idx_split(&f, idx, images ? path : "good/u8.images", images ? "good/u8.labels" : path);
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_dataset *d = NULL;
    const enum tfu_status st = tfu_dataset_open(&d, split, registry, NULL, &e);
    ck_assert_msg(st != TFU_OK && d == NULL, "%s was accepted", path);
    ck_assert_str_eq(e.text, message);
}

START_TEST(bad_files)
{
    int count = 0;
    DIR *folder = opendir("bad");
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry; (entry = readdir(folder));) {
        const size_t n = strlen(entry->d_name);
        if (n < 4 || strcmp(entry->d_name + n - 4, ".err") != 0)
            continue;
        check_bad(entry->d_name);
        count++;
    }
    closedir(folder);
    ck_assert_int_ge(count, 50);
}
END_TEST

/* ---- threads */

enum { THREADS = 4, ROUNDS = 2000 };

struct reader {
    const struct tfu_dataset *dataset;
    const double *want;
    int64_t wrong;
};

static void *read_many(void *arg)
{
    struct reader *r = arg;
    float pixels[18], label;
    for (int64_t i = 0; i < ROUNDS; i++) {
        const int64_t k = i * 3 % COUNT;
        if (tfu_dataset_get(r->dataset, k, pixels, &label, NULL) != TFU_OK)
            r->wrong++;
        for (int64_t p = 0; p < 18; p++)
            r->wrong += (double)pixels[p] != r->want[k * 18 + p];
    }
    return NULL;
}

START_TEST(threads_read_at_the_same_time)
{
    struct idx_files f;
    struct tfu_dataset *d = open_files(&f, "good/f64_rank4.images", "good/u8.labels");
    struct reader reader[THREADS];
    pthread_t thread[THREADS];
    const double *want = fixture_get(fixture, "f64_rank4.images", COUNT * 18);
    for (int i = 0; i < THREADS; i++) {
        reader[i] = (struct reader){d, want, 0};
        ck_assert_int_eq(pthread_create(&thread[i], NULL, read_many, &reader[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        ck_assert_int_eq(reader[i].wrong, 0);
    }
    tfu_dataset_close(d);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/idx");
    TCase *t = tcase_create("idx");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, images_of_every_type);
    tcase_add_test(t, gzipped_images);
    tcase_add_test(t, labels_of_every_type);
    tcase_add_test(t, labels_that_are_classes_or_not);
    tcase_add_test(t, both_at_once_neither_and_outside);
    tcase_add_test(t, the_fingerprint_is_of_the_contents);
    tcase_add_test(t, bad_files);
    tcase_add_test(t, threads_read_at_the_same_time);
    suite_add_tcase(s, t);
    return run_suite(s);
}
