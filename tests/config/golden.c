/* SPDX-License-Identifier: MIT
 *
 * Every file of bad/ with the exact text that it is refused with, every file of good/ with what it
 * resolves to. A case is <case>.yaml, overrides in <case>.args (one a line), and what is expected
 * in <case>.err or <case>.out. With arguments the program prints what a case gives instead:
 *
 *     cd tests/config/bad && BUILD/tests/config/golden --print CASE.yaml >CASE.err
 */
#include <check.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config/load.h"
#include "tests/config/fake_registry.h"
#include "tests/support/check_main.h"

enum { CASES_MAX = 300, OVERRIDES_MAX = 20, TEXT_MAX = 65536 };

struct overrides {
    char text[4096];
    const char *item[OVERRIDES_MAX];
    size_t count;
};

/* The whole of a file; "" when there is none. */
static void read_text(const char *path, char *text, size_t size)
{
    FILE *f = fopen(path, "r");
    text[f ? fread(text, 1, size - 1, f) : 0] = '\0';
    if (f)
        fclose(f);
}

/* "case.yaml" with another ending. */
static void name_beside(const char *path, const char *ending, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%.*s.%s", (int)(strlen(path) - strlen(".yaml")), path, ending);
}

static void read_overrides(const char *path, struct overrides *o)
{
    char name[PATH_MAX];
    name_beside(path, "args", name);
    read_text(name, o->text, sizeof o->text);
    o->count = 0;
    for (char *line = o->text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        o->item[o->count++] = line;
    }
}

/* Puts HERE for the current folder, which differs from machine to machine. */
static void hide_folder(const char *text, struct tfu_text *out)
{
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here))
        return;
    for (const char *found; (found = strstr(text, here)); text = found + strlen(here)) {
        tfu_text_append(out, text, (size_t)(found - text));
        tfu_text_puts(out, "HERE");
    }
    tfu_text_puts(out, text);
}

/* The findings of a case, or what it resolves to. */
static enum tfu_status load_case(const char *path, struct tfu_text *out)
{
    struct overrides o;
    struct tfu_text text = TFU_TEXT_INIT;
    struct tfu_diagnostics *d;
    struct tfu_config *c = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    read_overrides(path, &o);
    enum tfu_status st = tfu_diagnostics_new(&d, &e);
    if (st == TFU_OK)
        st = tfu_config_load(&c, path, o.item, o.count, fake_registry(), d, &e);
    if (st == TFU_OK)
        st = tfu_config_print(c, true, &text, &e);
    if (st == TFU_EINVAL)
        tfu_diagnostics_print(d, &text);
    else if (st != TFU_OK)
        tfu_text_puts(&text, e.text);
    hide_folder(tfu_text_get(&text), out);
    tfu_text_free(&text);
    tfu_config_free(c);
    tfu_diagnostics_free(d);
    return st;
}

/* The cases of a folder beside this file. */
struct folder {
    const char *name;
    char item[CASES_MAX][256];
    int count;
};
static struct folder bad_folder = {.name = "bad"}, good_folder = {.name = "good"};

static void folder_path(const struct folder *f, char path[PATH_MAX])
{
    const char *top = getenv("TOP_SRCDIR");
    snprintf(path, PATH_MAX, "%s/tests/config/%s", top ? top : ".", f->name);
}

static int is_case(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".yaml") == 0;
}

static void list_cases(struct folder *f)
{
    char path[PATH_MAX];
    struct dirent **entry;
    folder_path(f, path);
    f->count = scandir(path, &entry, is_case, alphasort);
    if (f->count <= 0 || f->count > CASES_MAX) {
        fprintf(stderr, "no cases in %s: set TOP_SRCDIR to the source folder\n", path);
        exit(EXIT_FAILURE);
    }
    for (int i = 0; i < f->count; i++) {
        snprintf(f->item[i], sizeof f->item[i], "%s", entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
}

/* Goes to the folder; its case number `i`. */
static const char *enter(const struct folder *f, int i)
{
    char path[PATH_MAX];
    folder_path(f, path);
    ck_assert_int_eq(chdir(path), 0);
    return f->item[i];
}

static void compare(const char *path, const char *ending, const char *got)
{
    static char want[TEXT_MAX];
    char name[PATH_MAX];
    name_beside(path, ending, name);
    read_text(name, want, sizeof want);
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

static struct tfu_config *load_text(const char *path, const char *text, struct overrides *o)
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
    struct overrides o;
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text once = TFU_TEXT_INIT, twice = TFU_TEXT_INIT;
    struct tfu_text id = TFU_TEXT_INIT, id_again = TFU_TEXT_INIT;
    read_overrides(path, &o);
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
    list_cases(&bad_folder);
    list_cases(&good_folder);
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
