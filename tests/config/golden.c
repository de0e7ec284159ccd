/* SPDX-License-Identifier: MIT
 *
 * Every file of bad/ with the exact text that it is refused with, every file of good/ with what it
 * resolves to. A case is <case>.yaml, overrides in <case>.args (one a line), and what is expected
 * in <case>.err or <case>.out. With arguments the program prints what a case gives instead:
 *
 *     cd tests/config/bad && BUILD/tests/config/golden --print CASE.yaml >CASE.err
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config/load.h"
#include "tests/config/fake_registry.h"
#include "tests/support/check_main.h"
#include "tests/support/golden.h"

enum { TEXT_MAX = 65536 };

/* Puts HERE for the current folder. */
static void hide_folder(struct tfu_text *text)
{
    char here[PATH_MAX];
    if (getcwd(here, sizeof here))
        golden_hide(text, here, "HERE");
}

/* The findings of a case, or what it resolves to. */
static enum tfu_status load_case(const char *path, struct tfu_text *out)
{
    struct golden_overrides o;
    struct tfu_diagnostics *d;
    struct tfu_config *c = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    golden_read_overrides(path, &o);
    enum tfu_status st = tfu_diagnostics_new(&d, &e);
    if (st == TFU_OK)
        st = tfu_config_load(&c, path, o.item, o.count, fake_registry(), d, &e);
    if (st == TFU_OK)
        st = tfu_config_print(c, true, out, &e);
    if (st == TFU_EINVAL)
        tfu_diagnostics_print(d, out);
    else if (st != TFU_OK)
        tfu_text_puts(out, e.text);
    hide_folder(out);
    tfu_config_free(c);
    tfu_diagnostics_free(d);
    return st;
}

static struct golden_folder bad_folder = {.path = "tests/config/bad"},
                            good_folder = {.path = "tests/config/good"};

/* Goes to the folder; its case number `i`. */
static const char *enter(const struct golden_folder *f, int i)
{
    golden_enter(f);
    return f->item[i];
}

static void compare(const char *path, const char *ending, const char *got)
{
    static char want[TEXT_MAX];
    char name[PATH_MAX];
    golden_beside(path, ending, name);
    golden_read(name, want, sizeof want);
    ck_assert_msg(strcmp(got, want) == 0, "%s differs; got:\n%s", name, got);
}

START_TEST(bad)
{
    const char *path = enter(&bad_folder, _i);
    struct tfu_text text = TFU_TEXT_INIT;
    ck_assert_int_eq(load_case(path, &text), TFU_EINVAL);
    compare(path, "err", tfu_text_get(&text));
    tfu_text_free(&text);
}
END_TEST

START_TEST(good)
{
    const char *path = enter(&good_folder, _i);
    struct tfu_text text = TFU_TEXT_INIT;
    ck_assert_int_eq(load_case(path, &text), TFU_OK);
    compare(path, "out", tfu_text_get(&text));
    tfu_text_free(&text);
}
END_TEST

static struct tfu_config *load_text(const char *path, const char *text, struct golden_overrides *o)
{
    struct tfu_diagnostics *d;
    struct tfu_config *c;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text found = TFU_TEXT_INIT;
    ck_assert_int_eq(tfu_diagnostics_new(&d, &e), TFU_OK);
    enum tfu_status st =
        text ? tfu_config_load_text(&c, path, text, strlen(text), NULL, 0, fake_registry(), d, &e)
             : tfu_config_load(&c, path, o->item, o->count, fake_registry(), d, &e);
    tfu_diagnostics_print(d, &found);
    ck_assert_msg(st == TFU_OK, "%s", tfu_text_get(&found));
    tfu_text_free(&found);
    tfu_diagnostics_free(d);
    return c;
}

/* What a configuration resolves to resolves to itself, wherever it lies, and is the same run. */
static const struct tfu_config_contents no_contents;

START_TEST(round_trip)
{
    const char *path = enter(&good_folder, _i);
    struct golden_overrides o;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text once = TFU_TEXT_INIT, twice = TFU_TEXT_INIT;
    struct tfu_text id = TFU_TEXT_INIT, id_again = TFU_TEXT_INIT;
    golden_read_overrides(path, &o);
    struct tfu_config *c = load_text(path, NULL, &o);
    ck_assert_int_eq(tfu_config_print(c, false, &once, &e), TFU_OK);
    ck_assert_int_eq(tfu_config_identity(c, &no_contents, &id, &e), TFU_OK);
    tfu_config_free(c);
    c = load_text("/tmp/config.yaml", tfu_text_get(&once), NULL);
    ck_assert_int_eq(tfu_config_print(c, false, &twice, &e), TFU_OK);
    ck_assert_int_eq(tfu_config_identity(c, &no_contents, &id_again, &e), TFU_OK);
    tfu_config_free(c);
    ck_assert_str_eq(tfu_text_get(&once), tfu_text_get(&twice));
    ck_assert_str_eq(tfu_text_get(&id), tfu_text_get(&id_again));
    tfu_text_free(&once);
    tfu_text_free(&twice);
    tfu_text_free(&id);
    tfu_text_free(&id_again);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *s = suite_create("config/golden");
    TCase *t = tcase_create("golden");
    golden_list(&bad_folder);
    golden_list(&good_folder);
    tcase_add_loop_test(t, bad, 0, bad_folder.count);
    tcase_add_loop_test(t, good, 0, good_folder.count);
    tcase_add_loop_test(t, round_trip, 0, good_folder.count);
    suite_add_tcase(s, t);
    return s;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--print") == 0) {
        struct tfu_text text = TFU_TEXT_INIT;
        load_case(argv[2], &text);
        fputs(tfu_text_get(&text), stdout);
        tfu_text_free(&text);
        return EXIT_SUCCESS;
    }
    return run_suite(make_suite());
}
