/* SPDX-License-Identifier: MIT
 *
 * Files of weights when memory runs out, at every allocation of ours once; and how much memory a
 * bad file can make us ask for. Jansson's allocations do not fail here: some that do make it lose a
 * character of a name without a word.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/io/weights_convert.h"
#include "tests/io/weights_files.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/scratch.h"

static void begin(void)
{
    scratch_begin();
    enter("good");
}

static enum tfu_status open_and_read(const char *path, struct tfu_error *e)
{
    struct tfu_weights *w;
    const struct tfu_weights_request request = {.path = path};
    enum tfu_status st = tfu_weights_open(&w, &request, e);
    for (size_t i = 0; st == TFU_OK && i < tfu_weights_count(w); i++) {
        static float x[4096];
        if (tfu_weights_get(w, i)->count > 4096) /* Check's macros would allocate */
            abort();
        st = tfu_weights_read_float(w, i, x, e);
    }
    tfu_weights_close(w);
    return st;
}

/* Memory ran out, or a text may not be UTF-8: jansson does not tell them apart. */
static bool says_memory(enum tfu_status st, const struct tfu_error *e)
{
    return st == TFU_ENOMEM || strstr(e->text, "memory ran out");
}

static const char *const files[] = {"stored.npz",         "deflated.npz", "one.npy",
                                    "c.index.json",       "python_2.npy", "checkpoint.safetensors",
                                    "wrapped.safetensors"};

START_TEST(reading)
{
    for (size_t n = 1;; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = open_and_read(files[_i], &e);
        if (!failing_malloc_disarm()) {
            ck_assert_msg(st == TFU_OK, "%s: %s", files[_i], e.text);
            ck_assert_uint_gt(n, 5);
            return;
        }
        ck_assert_msg(st != TFU_OK && says_memory(st, &e), "%s, allocation %zu: '%s'", files[_i], n,
                      e.text);
    }
}
END_TEST

static const char *const targets[] = {"x.npz", "x.safetensors"};

START_TEST(converting)
{
    struct tfu_preprocessing p;
    struct tfu_weights *w;
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_weights_request request = {.path = "stored.npz"};
    const struct tfu_weights_rename rename = {"some/", "other."};
    ck_assert(tfu_preprocessing_named("timm", &p));
    ck_assert_int_eq(tfu_weights_open(&w, &request, &e), TFU_OK);
    const struct tfu_weights_conversion conversion = {.path = scratch_path(targets[_i]),
                                                      .typed = true,
                                                      .type = TFU_STORED_BF16,
                                                      .rename = &rename,
                                                      .rename_count = 1,
                                                      .preprocessing = &p};
    for (size_t n = 1;; n++) {
        struct tfu_text said = TFU_TEXT_INIT;
        e = (struct tfu_error)TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = tfu_weights_convert(w, &conversion, &said, &e);
        const bool failed = failing_malloc_disarm(), lost = said.failed;
        tfu_text_free(&said);
        if (!failed) {
            ck_assert_msg(st == TFU_OK, "%s", e.text);
            break;
        }
        /* a warning that is lost is no reason to lose the file */
        ck_assert_msg(lost || (st != TFU_OK && says_memory(st, &e)), "allocation %zu: '%s'", n,
                      e.text);
        if (st != TFU_OK)
            ck_assert_int_ne(access(conversion.path, F_OK), 0);
        unlink(conversion.path);
    }
    ck_assert_int_eq(access(conversion.path, F_OK), 0);
    tfu_weights_close(w);
}
END_TEST

START_TEST(claims_are_not_believed)
{
    enter("bad");
    DIR *folder = opendir(".");
    int count = 0;
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_largest();
        open_and_read(entry->d_name, &e);
        ck_assert_msg(failing_malloc_largest() <= 1 << 17, "%s", entry->d_name);
        count++;
    }
    closedir(folder);
    ck_assert_int_gt(count, 80);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("failing");
    TCase *t = tcase_create("failing");
    tcase_add_checked_fixture(t, begin, scratch_end);
    tcase_add_loop_test(t, reading, 0, TFU_COUNT(files));
    tcase_add_loop_test(t, converting, 0, TFU_COUNT(targets));
    tcase_add_test(t, claims_are_not_believed);
    suite_add_tcase(suite, t);
    return suite;
}

int main(void)
{
    return run_suite(make_suite());
}
