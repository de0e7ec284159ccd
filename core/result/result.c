/* SPDX-License-Identifier: MIT */
#include "core/result/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void tfu_result_init(struct tfu_result *r, const char *analysis)
{
    *r = (struct tfu_result){.analysis = analysis, .stem = analysis};
    tfu_arena_init(&r->arena, 0);
    r->spare.result = r;
}

void tfu_result_free(struct tfu_result *r)
{
    for (size_t i = 0; i < r->parts; i++)
        if (r->part[i].table)
            free(r->part[i].table->cell);
    for (size_t i = 0; i < r->images; i++)
        tfu_image_free(&r->image[i].image);
    free(r->part);
    free(r->image);
    free(r->array);
    tfu_arena_free(&r->arena);
    *r = (struct tfu_result){.analysis = NULL};
}

enum tfu_status tfu_result_check(const struct tfu_result *r, struct tfu_error *e)
{
    return r->failed ? tfu_error_memory(e, "writing down results", 0) : TFU_OK;
}

/* ---- memory */

void *tfu_result_alloc(struct tfu_result *r, size_t count, size_t size)
{
    void *p = tfu_arena_array(&r->arena, count ? count : 1, size);
    r->failed |= !p;
    return p;
}

const char *tfu_result_printf(struct tfu_result *r, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *s = tfu_arena_printf_v(&r->arena, fmt, args);
    va_end(args);
    r->failed |= !s;
    return s ? s : "";
}

const char *tfu_result_keep(struct tfu_result *r, struct tfu_text *text)
{
    const char *s = text->failed ? NULL : tfu_arena_strdup(&r->arena, tfu_text_get(text));
    r->failed |= !s;
    tfu_text_free(text);
    return s ? s : "";
}

/* Room for one more in `*list`; false, noted, when there is none. */
static bool grow(struct tfu_result *r, void *list, size_t count, size_t *capacity, size_t size)
{
    void **place = list;
    if (count < *capacity)
        return true;
    const size_t more = *capacity ? 2 * *capacity : 16;
    void *p = reallocarray(*place, more, size);
    r->failed |= !p;
    if (!p)
        return false;
    *place = p;
    *capacity = more;
    return true;
}

static bool add_part(struct tfu_result *r, struct tfu_result_part part)
{
    if (!grow(r, &r->part, r->parts, &r->part_capacity, sizeof *r->part))
        return false;
    r->part[r->parts++] = part;
    return true;
}

/* ---- text */

void tfu_result_say(struct tfu_result *r, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *line = tfu_arena_printf_v(&r->arena, fmt, args);
    va_end(args);
    r->failed |= !line;
    if (line)
        add_part(r, (struct tfu_result_part){.line = line});
}

/* ---- tables */

struct tfu_result_table *tfu_result_table(struct tfu_result *r, const char *name, uint32_t uses,
                                          const struct tfu_column *column, size_t columns)
{
    struct tfu_result_table *t = tfu_result_alloc(r, 1, sizeof *t);
    struct tfu_column *copy = tfu_result_alloc(r, columns, sizeof *copy);
    if (!t || !copy)
        return &r->spare;
    for (size_t i = 0; i < columns; i++) {
        const char *title = column[i].title ? column[i].title : column[i].name;
        copy[i] = (struct tfu_column){tfu_result_printf(r, "%s", column[i].name),
                                      tfu_result_printf(r, "%s", title), column[i].digits,
                                      column[i].probability};
    }
    *t = (struct tfu_result_table){.name = tfu_result_printf(r, "%s", name),
                                   .uses = uses,
                                   .column = copy,
                                   .columns = columns,
                                   .result = r};
    return add_part(r, (struct tfu_result_part){.table = t}) ? t : &r->spare;
}

static void add_cell(struct tfu_result_table *t, struct tfu_cell cell)
{
    struct tfu_result *r = t->result;
    if (t != &r->spare && grow(r, &t->cell, t->count, &t->capacity, sizeof *t->cell))
        t->cell[t->count++] = cell;
}

void tfu_cell_text(struct tfu_result_table *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *text = tfu_arena_printf_v(&t->result->arena, fmt, args);
    va_end(args);
    t->result->failed |= !text;
    add_cell(t, (struct tfu_cell){.kind = TFU_CELL_TEXT, .text = text ? text : ""});
}

void tfu_cell_empty(struct tfu_result_table *t)
{
    add_cell(t, (struct tfu_cell){.kind = TFU_CELL_EMPTY});
}

void tfu_cell_whole(struct tfu_result_table *t, int64_t value)
{
    add_cell(t, (struct tfu_cell){.kind = TFU_CELL_WHOLE, .whole = value});
}

static struct tfu_cell number(double value)
{
    return (struct tfu_cell){
        .kind = TFU_CELL_NUMBER, .number = value, .sd = NAN, .low = NAN, .high = NAN};
}

void tfu_cell_number(struct tfu_result_table *t, double value)
{
    add_cell(t, number(value));
}

void tfu_cell_none(struct tfu_result_table *t, const char *why)
{
    struct tfu_cell c = number(NAN);
    c.why = tfu_result_printf(t->result, "%s", why);
    add_cell(t, c);
}

void tfu_cell_estimate(struct tfu_result_table *t, struct tfu_estimate v)
{
    tfu_cell_number(t, tfu_estimate_value(v));
}

void tfu_cell_mean(struct tfu_result_table *t, struct tfu_mean m)
{
    struct tfu_cell c = number(tfu_estimate_value(m.mean));
    c.sd = tfu_estimate_value(m.sd);
    add_cell(t, c);
}

void tfu_cell_interval(struct tfu_result_table *t, struct tfu_estimate v, struct tfu_interval i)
{
    struct tfu_cell c = number(tfu_estimate_value(v));
    if (i.defined) {
        c.low = i.low;
        c.high = i.high;
    }
    add_cell(t, c);
}

void tfu_cell_bounds(struct tfu_result_table *t, struct tfu_interval i)
{
    tfu_cell_number(t, i.defined ? i.low : NAN);
    tfu_cell_number(t, i.defined ? i.high : NAN);
}

double tfu_estimate_value(struct tfu_estimate v)
{
    return v.defined ? v.value : NAN;
}

/* ---- figures and files */

struct tfu_figure *tfu_result_figure(struct tfu_result *r, enum tfu_figure_kind kind,
                                     struct tfu_figure_panel **panel, size_t panels)
{
    struct tfu_figure *f = tfu_result_alloc(r, 1, sizeof *f);
    *panel = tfu_result_alloc(r, panels, sizeof **panel);
    if (!f || !*panel)
        return NULL;
    *f = (struct tfu_figure){.kind = kind, .caption = "", .panel = *panel, .panel_count = panels};
    return add_part(r, (struct tfu_result_part){.figure = f}) ? f : NULL;
}

void tfu_result_image(struct tfu_result *r, const char *file, struct tfu_image *image)
{
    if (grow(r, &r->image, r->images, &r->image_capacity, sizeof *r->image))
        r->image[r->images++] = (struct tfu_result_image){tfu_result_printf(r, "%s", file), *image};
    else
        tfu_image_free(image);
    *image = (struct tfu_image){.pixel = NULL};
}

void tfu_result_array(struct tfu_result *r, const char *name, size_t rank, const int64_t *dim,
                      const float *number)
{
    size_t count = 1;
    for (size_t i = 0; i < rank; i++)
        count *= (size_t)dim[i];
    int64_t *sizes = tfu_result_alloc(r, rank, sizeof *sizes);
    float *copy = tfu_result_alloc(r, count, sizeof *copy);
    if (!sizes || !copy || !grow(r, &r->array, r->arrays, &r->array_capacity, sizeof *r->array))
        return;
    memcpy(sizes, dim, rank * sizeof *sizes);
    memcpy(copy, number, count * sizeof *copy);
    r->array[r->arrays++] =
        (struct tfu_result_array){tfu_result_printf(r, "%s", name), rank, sizes, copy};
}
