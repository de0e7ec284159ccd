/* SPDX-License-Identifier: MIT
 *
 * Tables and scripts of figures, without gnuplot; draw.test draws them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/result/figure_json.h"
#include "core/result/figure_table.h"
#include "core/result/script.h"
#include "tests/result/samples.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_malloc.h"

static char *table_of(const struct tfu_figure *f)
{
    char *text = NULL;
    size_t n = 0;
    FILE *stream = open_memstream(&text, &n);
    ck_assert_ptr_nonnull(stream);
    ck_assert(tfu_figure_table(stream, f));
    ck_assert_int_eq(fclose(stream), 0);
    return text;
}

static void script_of(const struct tfu_figure *f, const char *name, struct tfu_text *out)
{
    struct tfu_layout layout;
    ck_assert_int_eq(tfu_layout_make(&layout, f, NULL), TFU_OK);
    tfu_figure_script(out, f, &layout, name);
    tfu_layout_free(&layout);
    ck_assert(!out->failed);
}

/* `tests/result/draw FOLDER` writes them anew; a person reads them before they go in. */
static void same_as_file(const char *name, const char *extension, const char *text)
{
    char path[4096];
    const char *folder = getenv("TOP_SRCDIR");
    snprintf(path, sizeof path, "%s/tests/result/golden/%s.%s", folder ? folder : ".", name,
             extension);
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "cannot open %s", path);
    const size_t n = strlen(text);
    char *want = calloc(n + 2, 1);
    ck_assert_ptr_nonnull(want);
    ck_assert_msg(fread(want, 1, n + 1, f) == n && memcmp(want, text, n) == 0,
                  "%s is not what is written now:\n%s", path, text);
    free(want);
    fclose(f);
}

START_TEST(golden)
{
    static const char *const names[] = {"lines", "heat_map", "scatter", "bars",
                                        "box",   "front",    "odd"};
    size_t found = 0;
    for (size_t i = 0; i < sample_count; i++)
        for (size_t k = 0; k < TFU_COUNT(names); k++) {
            if (strcmp(samples[i].name, names[k]) != 0)
                continue;
            struct tfu_text script = TFU_TEXT_INIT;
            script_of(&samples[i].figure, names[k], &script);
            char *table = table_of(&samples[i].figure);
            same_as_file(names[k], "csv", table);
            same_as_file(names[k], "gp", tfu_text_get(&script));
            free(table);
            tfu_text_free(&script);
            found++;
        }
    ck_assert_uint_eq(found, TFU_COUNT(names));
}
END_TEST

/* Nothing of a figure is drawn outside of its canvas, and no two plots overlap. */
START_TEST(places)
{
    const struct tfu_figure *f = &samples[_i].figure;
    struct tfu_layout l;
    ck_assert_int_eq(tfu_layout_make(&l, f, NULL), TFU_OK);
    for (size_t i = 0; i < f->panel_count; i++) {
        const struct tfu_layout_panel *p = &l.panel[i];
        ck_assert(p->left > 0 && p->right > p->left && p->right < l.width);
        ck_assert(p->top > l.legend_top && p->bottom > p->top && p->bottom < l.panels_bottom);
        for (size_t k = 0; k < i; k++) {
            const struct tfu_layout_panel *q = &l.panel[k];
            ck_assert(p->left >= q->right || q->left >= p->right || p->top >= q->bottom ||
                      q->top >= p->bottom);
        }
    }
    ck_assert(l.panels_bottom < l.height);
    tfu_layout_free(&l);
}
END_TEST

/* Every line of the script that holds a quote is closed again, and no text ends a command. */
START_TEST(quoting)
{
    struct tfu_text script = TFU_TEXT_INIT;
    script_of(&samples[_i].figure, "it's `id` $x", &script);
    char quote = 0;
    for (const char *s = tfu_text_get(&script); *s; s++) {
        if (*s == '\n')
            ck_assert_msg(quote == 0, "a quote is open at the end of a line");
        else if (quote == 0 && (*s == '\'' || *s == '"'))
            quote = *s;
        else if (*s == quote)
            quote = 0;
        else if (quote == 0)
            ck_assert_msg(*s != '`' && *s != '|' && *s != '\\' ? true : *s == '\\' && s[1] == '\n',
                          "outside of quotes: %.20s", s);
        ck_assert_msg(quote != '"', "in double quotes gnuplot replaces: %.20s", s);
    }
    tfu_text_free(&script);
}
END_TEST

START_TEST(out_of_memory)
{
    const struct tfu_figure *f = &samples[_i].figure;
    for (size_t n = 1;; n++) {
        struct tfu_layout layout;
        struct tfu_text script = TFU_TEXT_INIT;
        failing_malloc_arm(n);
        const enum tfu_status st = tfu_layout_make(&layout, f, NULL);
        if (st == TFU_OK)
            tfu_figure_script(&script, f, &layout, "name");
        const bool failed = failing_malloc_disarm();
        const bool told = st == TFU_ENOMEM || (st == TFU_OK && script.failed);
        tfu_text_free(&script);
        tfu_layout_free(&layout);
        ck_assert_msg(failed == told, "allocation %zu", n);
        if (!failed)
            break;
    }
}
END_TEST

/* A figure that was written as JSON and read back draws the same. */
START_TEST(json)
{
    const struct tfu_figure *f = &samples[_i].figure;
    struct tfu_figure back;
    struct tfu_arena arena;
    struct tfu_text script = TFU_TEXT_INIT, again = TFU_TEXT_INIT;
    if (strcmp(samples[_i].name, "odd") == 0)
        return; /* it has bytes that are no UTF-8, which JSON has no way to say */
    tfu_arena_init(&arena, 0);
    json_t *root = tfu_figure_json(f, "name");
    ck_assert_ptr_nonnull(root);
    ck_assert_int_eq(tfu_figure_read_json(&back, root, &arena, NULL), TFU_OK);
    json_decref(root);
    back.has_keys = f->has_keys;
    char *table = table_of(f), *other = table_of(&back);
    ck_assert_str_eq(other, table);
    script_of(f, "name", &script);
    script_of(&back, "name", &again);
    ck_assert_str_eq(tfu_text_get(&again), tfu_text_get(&script));
    free(table);
    free(other);
    tfu_text_free(&script);
    tfu_text_free(&again);
    tfu_arena_free(&arena);
}
END_TEST

/* What is no figure is none, and is not drawn in part. */
START_TEST(json_of_something_else)
{
    static const char *const text[] = {
        "{}",
        "{\"name\": \"movement\", \"caption\": \"of an older program\"}",
        "{\"kind\": \"pie\", \"panels\": []}",
        "{\"kind\": \"lines\", \"panels\": [1]}",
        "{\"kind\": \"lines\", \"panels\": [{\"series\": [{\"points\": [[0, 1]]}]}]}",
        "{\"kind\": \"lines\", \"panels\": [{\"series\": [], \"title\": 3}]}",
        "{\"kind\": \"heat_map\", \"panels\": [{\"series\": [], \"matrix\": {\"rows\": [\"a\"]}}]}",
        "{\"kind\": \"heat_map\", \"panels\": [{\"series\": [], \"matrix\": {\"values\": [1]}}]}"};
    for (size_t i = 0; i < TFU_COUNT(text); i++) {
        struct tfu_figure f;
        struct tfu_arena arena;
        tfu_arena_init(&arena, 0);
        json_t *root = json_loads(text[i], 0, NULL);
        ck_assert_ptr_nonnull(root);
        ck_assert_msg(tfu_figure_read_json(&f, root, &arena, NULL) == TFU_EINVAL, "%s", text[i]);
        json_decref(root);
        tfu_arena_free(&arena);
    }
}
END_TEST

/* A gap is a number that R and pandas know, texts are quoted as RFC 4180 has it. */
START_TEST(table)
{
    const char *const row[] = {"a \"b\", c", "plain"};
    const double value[] = {0.1, INFINITY};
    const struct tfu_figure_panel panel = {
        .title = "two\nlines",
        .matrix = {.row = row, .column = row + 1, .rows = 2, .columns = 1, .value = value}};
    const struct tfu_figure f = {.kind = TFU_FIGURE_HEAT_MAP, .panel = &panel, .panel_count = 1};
    char *text = table_of(&f);
    ck_assert_str_eq(text, "panel,x,y,value,panel_title,column,row\n"
                           "0,0,0,0.1,two lines,plain,\"a \"\"b\"\", c\"\n"
                           "0,0,1,NaN,two lines,plain,plain\n");
    free(text);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("figure");
    TCase *t = tcase_create("figure");
    tcase_add_test(t, golden);
    tcase_add_test(t, table);
    tcase_add_loop_test(t, json, 0, (int)sample_count);
    tcase_add_test(t, json_of_something_else);
    tcase_add_loop_test(t, places, 0, (int)sample_count);
    tcase_add_loop_test(t, quoting, 0, (int)sample_count);
    tcase_add_loop_test(t, out_of_memory, 0, (int)sample_count);
    suite_add_tcase(s, t);
    return run_suite(s);
}
