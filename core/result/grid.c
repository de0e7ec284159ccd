/* SPDX-License-Identifier: MIT */
#include "core/result/grid.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"
#include "core/io/csv.h"

void tfu_text_grid_init(struct tfu_text_grid *g, size_t columns)
{
    *g = (struct tfu_text_grid){.columns = columns};
    tfu_arena_init(&g->arena, 0);
    g->right = tfu_arena_array(&g->arena, columns + 1, sizeof *g->right);
    g->failed = !g->right;
}

void tfu_text_grid_free(struct tfu_text_grid *g)
{
    free(g->cell);
    tfu_arena_free(&g->arena);
}

void tfu_text_grid_put(struct tfu_text_grid *g, const char *text)
{
    if (g->count == g->room && !g->failed) {
        const size_t room = g->room ? 2 * g->room : 128;
        const char **more = reallocarray(g->cell, room, sizeof *more);
        g->failed = !more;
        g->cell = more ? more : g->cell;
        g->room = more ? room : g->room;
    }
    const char *copy = g->failed ? NULL : tfu_arena_strdup(&g->arena, text ? text : "");
    g->failed = !copy;
    if (copy)
        g->cell[g->count++] = copy;
}

void tfu_text_grid_head(struct tfu_text_grid *g, const char *title, bool right)
{
    if (!g->failed)
        g->right[g->count] = right;
    tfu_text_grid_put(g, title);
}

void tfu_text_grid_printf(struct tfu_text_grid *g, const char *fmt, ...)
{
    struct tfu_text text = TFU_TEXT_INIT;
    va_list args;
    va_start(args, fmt);
    tfu_text_printf_v(&text, fmt, args);
    va_end(args);
    g->failed |= text.failed;
    tfu_text_grid_put(g, tfu_text_get(&text));
    tfu_text_free(&text);
}

void tfu_text_grid_whole(struct tfu_text_grid *g, int64_t value)
{
    if (value < 0)
        tfu_text_grid_put(g, NULL);
    else
        tfu_text_grid_printf(g, "%" PRId64, value);
}

static void put_clean(struct tfu_text *out, const char *s, bool markdown)
{
    for (; *s; s++) {
        const bool controls = (unsigned char)*s < 0x20 || *s == 0x7f;
        if (markdown && *s == '|')
            tfu_text_puts(out, "\\");
        tfu_text_append(out, controls ? "?" : s, 1);
    }
}

bool tfu_text_grid_text(const struct tfu_text_grid *g, struct tfu_text *out)
{
    int *width = g->failed ? NULL : calloc(g->columns + 1, sizeof *width);
    if (!width)
        return false;
    for (size_t i = 0; i < g->count; i++) {
        const int w = tfu_utf8_width(g->cell[i]);
        if (w > width[i % g->columns])
            width[i % g->columns] = w;
    }
    for (size_t i = 0; i < g->count; i++) {
        const size_t k = i % g->columns;
        const bool last = k + 1 == g->columns;
        const int blanks = width[k] - tfu_utf8_width(g->cell[i]);
        if (g->right[k])
            tfu_text_printf(out, "%*s", blanks, "");
        put_clean(out, g->cell[i], false);
        if (!g->right[k] && !last)
            tfu_text_printf(out, "%*s", blanks, "");
        tfu_text_puts(out, last ? "\n" : "  ");
    }
    free(width);
    return !out->failed;
}

bool tfu_text_grid_markdown(const struct tfu_text_grid *g, struct tfu_text *out)
{
    for (size_t i = 0; i < g->count; i++) {
        const bool last = i % g->columns + 1 == g->columns;
        tfu_text_puts(out, i % g->columns == 0 ? "| " : " | ");
        put_clean(out, g->cell[i], true);
        if (last)
            tfu_text_puts(out, " |\n");
        if (i + 1 != g->columns)
            continue;
        for (size_t k = 0; k < g->columns; k++)
            tfu_text_puts(out, g->right[k] ? "| ---: " : "| --- ");
        tfu_text_puts(out, "|\n");
    }
    return !g->failed && !out->failed;
}

bool tfu_text_grid_csv(const struct tfu_text_grid *g, FILE *file)
{
    struct tfu_csv csv = {.file = file};
    for (size_t i = 0; i < g->count; i++) {
        tfu_csv_text(&csv, g->cell[i]);
        if (i % g->columns + 1 == g->columns)
            tfu_csv_end_line(&csv);
    }
    return !g->failed;
}
