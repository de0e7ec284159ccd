/* SPDX-License-Identifier: MIT
 *
 * Loading and printing a configuration when memory runs out, at every allocation once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config/load.h"
#include "tests/config/fake_registry.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"

static const struct tfu_config_contents no_contents;

/* Goes to the folder of good configurations. */
static void setup(void)
{
    const char *top = getenv("TOP_SRCDIR");
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/config", top ? top : ".");
    ck_assert_msg(chdir(path) == 0, "set TOP_SRCDIR to the source folder");
}

/* Loads the file, and prints what came of it: the configuration or the findings. */
static enum tfu_status work(const char *path, const char *const *overrides, size_t count,
                            struct tfu_error *e)
{
    struct tfu_diagnostics *d;
    struct tfu_config *c = NULL;
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = tfu_diagnostics_new(&d, e);
    if (st == TFU_OK)
        st = tfu_config_load(&c, path, overrides, count, fake_registry(), d, e);
    if (st == TFU_OK)
        st = tfu_config_print(c, true, &text, e);
    if (st == TFU_OK)
        st = tfu_config_identity(c, &no_contents, &text, e);
    if (st == TFU_EINVAL) {
        tfu_diagnostics_print(d, &text);
        if (text.failed)
            st = TFU_ENOMEM;
    }
    tfu_text_free(&text);
    tfu_config_free(c);
    tfu_diagnostics_free(d);
    return st;
}

static void fail_each(const char *path, const char *const *overrides, size_t count,
                      enum tfu_status in_the_end)
{
    for (size_t n = 1;; n++) {
        struct tfu_error e = TFU_ERROR_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = work(path, overrides, count, &e);
        if (!failing_malloc_disarm()) {
            ck_assert_int_eq(st, in_the_end);
            ck_assert_uint_gt(n, 20);
            return;
        }
        ck_assert_msg(st == TFU_ENOMEM, "allocation %zu of %s: status %d", n, path, st);
    }
}

START_TEST(good)
{
    static const char *const overrides[] = {"seed=3", "arch.words.+=x", "init.+.plugin=random"};
    fail_each("good/full.yaml", overrides, TFU_COUNT(overrides), TFU_OK);
    fail_each("good/include.yaml", overrides, 2, TFU_OK);
    fail_each("good/versus.yaml", overrides, 1, TFU_OK);
}
END_TEST

START_TEST(bad)
{
    static const char *const files[] = {"bad/include_error.yaml", "bad/unknown_key.yaml",
                                        "bad/list_items.yaml",    "bad/syntax_bracket.yaml",
                                        "bad/missing_all.yaml",   "bad/plugin_unknown.yaml",
                                        "bad/versus.yaml"};
    for (size_t i = 0; i < TFU_COUNT(files); i++)
        fail_each(files[i], NULL, 0, TFU_EINVAL);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *s = suite_create("config/failing");
    TCase *t = tcase_create("failing");
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, good);
    tcase_add_test(t, bad);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_suite(make_suite());
}
