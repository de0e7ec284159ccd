/* SPDX-License-Identifier: MIT
 *
 * Datasets and loaders when memory runs out, at every allocation once; and how much memory a file
 * of make_idx.py can make the reader ask for. The plugin idx is linked into this program.
 */
#include <dirent.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "core/data/label_advice.h"
#include "core/data/loader.h"
#include "core/data/range.h"
#include "core/data/twins.h"
#include "tests/support/check_main.h"
#include "tests/support/choice.h"
#include "tests/support/datasets.h"
#include "tests/support/failing_malloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Libraries allocate, too: what of them the plugin calls fails as they say it. */
gzFile __real_gzopen(const char *path, const char *mode);
int __real_gzread(gzFile f, void *to, unsigned n);
const char *__real_gzerror(gzFile f, int *code);
EVP_MD_CTX *__real_EVP_MD_CTX_new(void);
gzFile __wrap_gzopen(const char *path, const char *mode);
int __wrap_gzread(gzFile f, void *to, unsigned n);
const char *__wrap_gzerror(gzFile f, int *code);
EVP_MD_CTX *__wrap_EVP_MD_CTX_new(void);

static bool gzread_failed;

gzFile __wrap_gzopen(const char *path, const char *mode)
{
    return failing_malloc_next() ? NULL : __real_gzopen(path, mode);
}

int __wrap_gzread(gzFile f, void *to, unsigned n)
{
    gzread_failed = failing_malloc_next();
    return gzread_failed ? -1 : __real_gzread(f, to, n);
}

const char *__wrap_gzerror(gzFile f, int *code)
{
    if (!gzread_failed)
        return __real_gzerror(f, code);
    *code = Z_MEM_ERROR;
    return "out of memory";
}

EVP_MD_CTX *__wrap_EVP_MD_CTX_new(void)
{
    return failing_malloc_next() ? NULL : __real_EVP_MD_CTX_new();
}

static struct tfu_registry *registry;

static void setup(void)
{
    const char *top = getenv("TOP_SRCDIR");
    char path[4096];
    registry = open_registry();
    snprintf(path, sizeof path, "%s/tests/plugins/dataset", top ? top : ".");
    ck_assert_msg(chdir(path) == 0, "set TOP_SRCDIR to the source folder");
}

static void teardown(void)
{
    tfu_registry_free(registry);
}

/* Calls work(arg) until it needs fewer allocations than the one that is to fail. Check allocates
 * too: work() must not assert. */
static void fail_each(enum tfu_status (*work)(void *arg, struct tfu_error *e), void *arg,
                      size_t at_least)
{
    size_t n = 1;
    for (bool failed = true; failed; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = work(arg, &e);
        failed = failing_malloc_disarm();
        ck_assert_msg(st == (failed ? TFU_ENOMEM : TFU_OK), "allocation %zu: status %d, %s", n,
                      (int)st, e.text);
        ck_assert_int_eq(e.status, st);
        ck_assert_msg(!failed || strstr(e.text, "out of memory"), "%s", e.text);
    }
    ck_assert_uint_ge(n - 2, at_least);
}

static enum tfu_status open_and_get(void *arg, struct tfu_error *e)
{
    struct tfu_dataset *d = NULL;
    float pixels[64], labels[4];
    enum tfu_status st = tfu_dataset_open(&d, arg, registry, NULL, e);
    if ((st == TFU_OK) != (d != NULL))
        return TFU_ECORRUPT;
    if (st == TFU_OK)
        st = tfu_dataset_get(d, 1, pixels, labels, e);
    tfu_dataset_close(d);
    return st;
}

START_TEST(idx_files)
{
    static const char *const images[] = {"good/u8.images", "good/u8.images.gz",
                                         "good/f64_rank4.images"};
    for (size_t i = 0; i < TFU_COUNT(images); i++) {
        struct idx_files files;
        idx_split(&files, &tfu_plugin, images[i], "good/u8.labels");
        fail_each(open_and_get, &files.split, 10);
    }
}
END_TEST

START_TEST(selecting_and_resizing)
{
    static const int64_t kept[] = {3, 4}, size[] = {4, 4};
    const struct formula_config c = formula_config(40, 2, 3, 1);
    struct tfu_data_split split = formula_split(&c);
    split.select.classes = (struct tfu_int_list){kept, 2};
    split.select.limit_per_class = 2;
    split.select.resize = (struct tfu_int_list){size, 2};
    fail_each(open_and_get, &split, 12);
}
END_TEST

/* Everything that looks at a dataset without using it; the labels do not fit. */
static enum tfu_status look(void *arg, struct tfu_error *e)
{
    struct tfu_range range;
    struct tfu_twins twins;
    struct tfu_error error = TFU_ERROR_INIT;
    enum tfu_status st = tfu_range_take(&range, arg, 5, e);
    if (st == TFU_OK)
        st = tfu_twins_find(&twins, arg, arg, e);
    if (st != TFU_OK)
        return st;
    st = tfu_label_check_classes(arg, "train", 9, &error);
    return st == TFU_EINVAL ? TFU_OK : tfu_error_set(e, st, "%s", error.text);
}

START_TEST(looking_at_data)
{
    static const int64_t size[] = {4, 4};
    const struct formula_config c = formula_config(12, 2, 3, 1);
    struct tfu_data_split split = formula_split(&c);
    split.select.normalise.preprocessing = "";
    split.select.resize = (struct tfu_int_list){size, 2};
    struct tfu_dataset *d = open_dataset(&split, registry);
    fail_each(look, d, 12);
    tfu_dataset_close(d);
}
END_TEST

static enum tfu_status make_loader(void *arg, struct tfu_error *e)
{
    struct tfu_loader *l = NULL;
    const struct tfu_loader_request request = {.dataset = arg, .batch = 1000000000};
    const enum tfu_status st = tfu_loader_new(&l, &request, e);
    if ((l != NULL) != (st == TFU_OK))
        return TFU_ECORRUPT;
    /* what fails in the thread that reads comes out here */
    struct tfu_loader_batch b;
    const enum tfu_status read = l ? tfu_loader_next(l, &b, e) : st;
    tfu_loader_free(l);
    return read;
}

START_TEST(loaders)
{
    const struct formula_config c = formula_config(12, 2, 3, 1);
    const struct tfu_data_split split = formula_split(&c);
    struct tfu_dataset *d = open_dataset(&split, registry);
    fail_each(make_loader, d, 8);
    struct tfu_error e = TFU_ERROR_INIT;
    failing_malloc_largest();
    ck_assert_int_eq(make_loader(d, &e), TFU_OK);
    /* a batch as large as the dataset, not as large as was asked for */
    ck_assert_uint_le(failing_malloc_largest(), 1 << 16);
    tfu_dataset_close(d);
}
END_TEST

/* Reading an example fails for lack of memory: it must be the loader's reader that meets it. */
START_TEST(reading_batches)
{
    static const int64_t size[] = {4, 4};
    const struct formula_config c = formula_config(12, 2, 3, 1);
    struct tfu_data_split split = formula_split(&c);
    split.select.resize = (struct tfu_int_list){size, 2};
    struct tfu_dataset *d = open_dataset(&split, registry);
    struct tfu_loader *l = NULL;
    struct tfu_loader_batch b;
    const struct tfu_loader_request request = {.dataset = d, .batch = 4};
    ck_assert_int_eq(tfu_loader_new(&l, &request, NULL), TFU_OK);
    ck_assert_int_eq(tfu_loader_next(l, &b, NULL), TFU_OK); /* the reader is at the next one */
    ck_assert_int_eq(tfu_loader_next(l, &b, NULL), TFU_OK);
    failing_malloc_arm(3);
    int failures = 0;
    for (int i = 0; i < 12; i++)
        failures += tfu_loader_next(l, &b, NULL) == TFU_ENOMEM;
    ck_assert(failing_malloc_disarm());
    ck_assert_int_eq(failures, 1);
    tfu_loader_free(l);
    tfu_dataset_close(d);
}
END_TEST

/* Calls use() with the path and the size of each file of a folder. */
static int for_each_file(const char *folder, void (*use)(const char *path, size_t size))
{
    int count = 0;
    DIR *d = opendir(folder);
    ck_assert_ptr_nonnull(d);
    for (const struct dirent *entry; (entry = readdir(d));) {
        char path[512];
        struct stat s;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (stat(path, &s) != 0 || !S_ISREG(s.st_mode))
            continue;
        use(path, (size_t)s.st_size);
        count++;
    }
    closedir(d);
    return count;
}

/* As images and as labels; what comes of it does not matter here. */
static void check_memory(const char *path, size_t size)
{
    for (int as_labels = 0; as_labels < 2; as_labels++) {
        struct idx_files files;
        idx_split(&files, &tfu_plugin, as_labels ? "good/u8.images" : path,
                  as_labels ? path : "good/u8.labels");
        struct tfu_dataset *d = NULL;
        failing_malloc_largest();
        tfu_dataset_open(&d, &files.split, registry, NULL, NULL);
        tfu_dataset_close(d);
        const size_t asked = failing_malloc_largest();
        ck_assert_msg(asked <= 1032 * size + 1024, "%s of %zu bytes: %zu were asked for", path,
                      size, asked);
    }
}

START_TEST(no_file_makes_the_reader_ask_for_more_than_it_holds)
{
    ck_assert_int_ge(for_each_file("bad", check_memory), 100);
    for_each_file("good", check_memory);
}
END_TEST

static void replay(const char *path, size_t size)
{
    uint8_t *data = malloc(size + 1);
    FILE *f = fopen(path, "rb");
    ck_assert(data && f);
    ck_assert_uint_eq(fread(data, 1, size + 1, f), size);
    fclose(f);
    ck_assert_int_eq(LLVMFuzzerTestOneInput(data, size), 0);
    free(data);
}

START_TEST(the_fuzzers_corpus)
{
    ck_assert_int_ge(for_each_file("fuzz_idx_corpus", replay), 50);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("data/failing");
    TCase *t = tcase_create("failing");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, idx_files);
    tcase_add_test(t, selecting_and_resizing);
    tcase_add_test(t, looking_at_data);
    tcase_add_test(t, loaders);
    tcase_add_test(t, reading_batches);
    tcase_add_test(t, no_file_makes_the_reader_ask_for_more_than_it_holds);
    tcase_add_test(t, the_fuzzers_corpus);
    suite_add_tcase(s, t);
    return run_suite(s);
}
