/* SPDX-License-Identifier: MIT
 *
 * Every sweep of bad/ with the exact text that it is refused with, every one of good/ with its
 * cases: their names, what they need, and where their configurations differ from the base. A sweep
 * is NAME.yaml, overrides in NAME.args (one a line), and what is expected in NAME.err or NAME.out.
 * With arguments the program prints what a sweep gives instead:
 *
 *     cd tests/sweep/bad && TOP_BUILDDIR=BUILD BUILD/tests/sweep/golden --print NAME.yaml >NAME.err
 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/config/experiment.h"
#include "core/sweep/sweep.h"
#include "tests/support/check_main.h"
#include "tests/support/golden.h"

enum { TEXT_MAX = 1 << 18 };

static struct tfu_registry *registry;
static char stage[PATH_MAX];

/* It works outside of Check's tests, too. */
static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", what);
    exit(EXIT_FAILURE);
}

static void open_registry(void)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const char *top = getenv("TOP_BUILDDIR");
    snprintf(stage, sizeof stage, "%s/stage", top ? top : ".");
    must(tfu_registry_new(&registry, stage, &e) == TFU_OK, e.text);
}

static void close_registry(void)
{
    tfu_registry_free(registry);
    registry = NULL;
}

/* That of the tests, and that of the plugins. */
static void hide_folders(struct tfu_text *text)
{
    char here[PATH_MAX];
    must(getcwd(here, sizeof here) && strrchr(here, '/'), "there is no current folder");
    *strrchr(here, '/') = '\0';
    golden_hide(text, here, "HERE");
    golden_hide(text, stage, "STAGE");
}

/* ---- a sweep in words */

static bool has_line(const char *text, const char *line, size_t n)
{
    for (const char *s = text; *s; s += strcspn(s, "\n") + (s[strcspn(s, "\n")] == '\n'))
        if (strcspn(s, "\n") == n && strncmp(s, line, n) == 0)
            return true;
    return false;
}

/* The lines of a configuration that the other has not. */
static void put_difference(const char *first, const char *text, struct tfu_text *out)
{
    for (const char *s = text; *s; s += strcspn(s, "\n") + 1)
        if (!has_line(first, s, strcspn(s, "\n")))
            tfu_text_printf(out, "      %.*s\n", (int)strcspn(s, "\n"), s);
}

static void put_case(struct tfu_sweep *s, size_t i, const char *first, struct tfu_text *out)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_text text = TFU_TEXT_INIT;
    const struct tfu_sweep_case *c = &s->item[i];
    tfu_text_printf(out, "%s%s%s [%s", c->support ? "+ " : "- ", c->name,
                    c->tuned ? " (tuned)" : "", c->experiment);
    for (size_t a = 0; a < s->axis_count; a++)
        tfu_text_printf(out, "%s%s", a ? ", " : ": ", c->value[a] ? c->value[a] : "~");
    tfu_text_puts(out, "]\n");
    for (size_t k = 0; k < c->need_count; k++)
        tfu_text_printf(out, "    needs %s\n", s->item[c->need[k]].name);
    if (c->need_count)
        must(tfu_sweep_resolve(s, i, &text, NULL, &e) != TFU_OK, "it needs nothing");
    else
        must(tfu_sweep_resolve(s, i, &text, NULL, &e) == TFU_OK, e.text);
    if (!c->need_count)
        put_difference(first, tfu_text_get(&text), out);
    tfu_text_free(&text);
}

/* The experiment that all of them begin with. */
static void put_base(struct tfu_text *out)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d;
    struct tfu_config *c = NULL;
    must(tfu_diagnostics_new(&d, &e) == TFU_OK &&
             tfu_config_load(&c, "../parts/base.yaml", NULL, 0, registry, d, &e) == TFU_OK &&
             tfu_config_print(c, false, out, &e) == TFU_OK,
         e.text);
    tfu_config_free(c);
    tfu_diagnostics_free(d);
}

static void put_sweep(struct tfu_sweep *s, struct tfu_text *out)
{
    struct tfu_text first = TFU_TEXT_INIT;
    put_base(&first);
    tfu_text_printf(out, "%s in %s\n", s->name, s->store);
    for (size_t k = 0; s->halving && k < s->halving->rung_count; k++)
        tfu_text_printf(out, "rung %lld by %s/%s%s\n", (long long)s->halving->rung[k],
                        s->halving->split, s->halving->metric,
                        s->halving->smallest ? ", the smallest" : "");
    if (s->tune)
        tfu_text_printf(out, "tunes %s by %s/%s%s\n", s->axis[s->tune->axis].name, s->tune->split,
                        s->tune->metric, s->tune->smallest ? ", the smallest" : "");
    for (size_t i = 0; i < s->count; i++)
        put_case(s, i, tfu_text_get(&first), out);
    tfu_text_free(&first);
}

/* The findings of a sweep, or its cases. */
static enum tfu_status load(const char *path, struct tfu_text *out)
{
    struct golden_overrides o;
    struct tfu_diagnostics *d;
    struct tfu_sweep *s = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    golden_read_overrides(path, &o);
    const struct tfu_document document = {
        .path = path, .override = o.item, .override_count = o.count, .registry = registry};
    must(tfu_diagnostics_new(&d, &e) == TFU_OK, e.text);
    const enum tfu_status st = tfu_sweep_load(&s, &document, d, &e);
    if (st == TFU_OK)
        put_sweep(s, out);
    else if (st == TFU_EINVAL)
        tfu_diagnostics_print(d, out);
    else
        tfu_text_puts(out, e.text);
    hide_folders(out);
    tfu_sweep_free(s);
    tfu_diagnostics_free(d);
    return st;
}

/* ---- folders beside this file */

static struct golden_folder bad_folder = {.path = "tests/sweep/bad"},
                            good_folder = {.path = "tests/sweep/good"};

/* Is every file of the folder as it should be? Says of all of them what is not. */
static int check_folder(const struct golden_folder *f, const char *ending, enum tfu_status want)
{
    static char text[TEXT_MAX];
    char name[PATH_MAX];
    int wrong = 0;
    golden_enter(f);
    for (int i = 0; i < f->count; i++) {
        struct tfu_text got = TFU_TEXT_INIT;
        const enum tfu_status st = load(f->item[i], &got);
        golden_beside(f->item[i], ending, name);
        golden_read(name, text, sizeof text);
        if (st != want || strcmp(tfu_text_get(&got), text) != 0) {
            fprintf(stderr, "%s/%s differs; got:\n%s\n", f->path, name, tfu_text_get(&got));
            wrong++;
        }
        tfu_text_free(&got);
    }
    return wrong;
}

START_TEST(bad)
{
    ck_assert_int_eq(check_folder(&bad_folder, "err", TFU_EINVAL), 0);
}
END_TEST

START_TEST(good)
{
    ck_assert_int_eq(check_folder(&good_folder, "out", TFU_OK), 0);
}
END_TEST

static Suite *golden_suite(void)
{
    Suite *s = suite_create("golden sweeps");
    TCase *t = tcase_create("sweeps");
    tcase_set_timeout(t, 600);
    tcase_add_checked_fixture(t, open_registry, close_registry);
    tcase_add_test(t, bad);
    tcase_add_test(t, good);
    suite_add_tcase(s, t);
    return s;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "--print") == 0) {
        struct tfu_text text = TFU_TEXT_INIT;
        open_registry();
        load(argv[2], &text);
        fputs(tfu_text_get(&text), stdout);
        tfu_text_free(&text);
        return EXIT_SUCCESS;
    }
    golden_list(&bad_folder);
    golden_list(&good_folder);
    return run_suite(golden_suite());
}
