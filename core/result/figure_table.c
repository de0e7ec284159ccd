/* SPDX-License-Identifier: MIT */
#include "core/result/figure_table.h"

#include <math.h>
#include <stdlib.h>

#include "core/io/csv.h"
#include "core/result/boxes.h"
#include "core/result/label.h"

struct table {
    struct tfu_csv csv;
    bool has_keys;
    bool failed; /* memory ran out */
};

/* Counts without an exponent: 40, where the shortest text is 4e+01. */
static void put_number(struct table *t, double v)
{
    char text[TFU_NUMBER_SIZE];
    const double whole = fabs(v);
    if (isfinite(v) && whole < 1e9 && !(whole > floor(whole)))
        tfu_csv_int(&t->csv, (int64_t)v);
    else
        tfu_csv_text(&t->csv, !isfinite(v) ? "NaN" : tfu_number_text(v, text));
}

/* In one line, since gnuplot reads lines. */
static void put_text(struct table *t, const char *s)
{
    struct tfu_text clean = TFU_TEXT_INIT;
    tfu_label_clean(&clean, s ? s : "", SIZE_MAX);
    tfu_csv_text(&t->csv, tfu_text_get(&clean));
    t->failed |= clean.failed;
    tfu_text_free(&clean);
}

static const char *const keys[] = {"panel_key", "series_key", "category_key", NULL};
static const char *const matrix_keys[] = {"panel_key", "column_key", "row_key", NULL};

static void put_header(struct table *t, const char *const *name, const char *const *key)
{
    for (; *name; name++)
        tfu_csv_text(&t->csv, *name);
    for (; t->has_keys && *key; key++)
        tfu_csv_text(&t->csv, *key);
    tfu_csv_end_line(&t->csv);
}

static void put_points(struct table *t, const struct tfu_figure_panel *p, size_t panel,
                       size_t series, const char *part, const struct tfu_figure_point *point,
                       size_t count)
{
    const struct tfu_figure_series *s = &p->series[series];
    const bool data = point == s->point;
    for (size_t i = 0; i < count; i++) {
        tfu_csv_int(&t->csv, (int64_t)panel);
        tfu_csv_int(&t->csv, (int64_t)series);
        tfu_csv_text(&t->csv, part);
        put_number(t, point[i].x);
        put_number(t, point[i].y);
        put_number(t, point[i].low);
        put_number(t, point[i].high);
        put_text(t, p->title);
        put_text(t, s->label);
        const bool named = p->category && point[i].x >= 0 &&
                           point[i].x < (double)p->category_count &&
                           point[i].x == floor(point[i].x);
        const size_t at = named ? (size_t)point[i].x : i;
        const char *own = data && s->point_label ? s->point_label[i] : NULL;
        put_text(t, named ? p->category[at] : own);
        if (t->has_keys) {
            const char *own_key = data && s->point_key ? s->point_key[i] : own;
            put_text(t, p->key ? p->key : p->title);
            put_text(t, s->key ? s->key : s->label);
            put_text(t, !named ? own_key : p->category_key ? p->category_key[at] : p->category[at]);
        }
        tfu_csv_end_line(&t->csv);
    }
}

static void put_boxes(struct table *t, const struct tfu_figure_panel *p, size_t panel,
                      size_t series)
{
    const struct tfu_figure_series *s = &p->series[series];
    struct tfu_figure_point *box = calloc(s->count + 1, sizeof *box);
    double *spare = calloc(s->count + 1, sizeof *spare);
    if (box && spare)
        put_points(t, p, panel, series, "box", box, tfu_boxes_find(s, box, spare));
    else
        t->failed = true;
    free(box);
    free(spare);
}

static void put_series(struct table *t, const struct tfu_figure *f, size_t panel)
{
    const struct tfu_figure_panel *p = &f->panel[panel];
    for (size_t i = 0; i < p->series_count; i++) {
        const struct tfu_figure_series *s = &p->series[i];
        put_points(t, p, panel, i, "data", s->point, s->count);
        put_points(t, p, panel, i, "fit", s->fit, s->fit_count);
        if (f->kind == TFU_FIGURE_BOX)
            put_boxes(t, p, panel, i);
    }
}

static void put_matrix(struct table *t, const struct tfu_figure_panel *p, size_t panel)
{
    const struct tfu_figure_matrix *m = &p->matrix;
    for (size_t i = 0; i < m->rows; i++)
        for (size_t k = 0; k < m->columns; k++) {
            tfu_csv_int(&t->csv, (int64_t)panel);
            tfu_csv_int(&t->csv, (int64_t)k);
            tfu_csv_int(&t->csv, (int64_t)i);
            put_number(t, m->value[i * m->columns + k]);
            put_text(t, p->title);
            put_text(t, m->column[k]);
            put_text(t, m->row[i]);
            if (t->has_keys) {
                put_text(t, p->key ? p->key : p->title);
                put_text(t, m->column_key ? m->column_key[k] : m->column[k]);
                put_text(t, m->row_key ? m->row_key[i] : m->row[i]);
            }
            tfu_csv_end_line(&t->csv);
        }
}

static void put_image(struct table *t, const struct tfu_figure_panel *p, size_t panel)
{
    tfu_csv_int(&t->csv, (int64_t)panel);
    put_text(t, p->image.file);
    tfu_csv_int(&t->csv, p->image.height);
    tfu_csv_int(&t->csv, p->image.width);
    put_text(t, p->title);
    put_text(t, p->note);
    tfu_csv_end_line(&t->csv);
}

static const char *const *columns(enum tfu_figure_kind kind)
{
    static const char *const series[] = {
        "panel", "series",      "part",         "x",        "y", "low",
        "high",  "panel_title", "series_label", "category", NULL};
    static const char *const matrix[] = {"panel",       "x",      "y",   "value",
                                         "panel_title", "column", "row", NULL};
    static const char *const image[] = {"panel",       "file",       "height", "width",
                                        "panel_title", "panel_note", NULL};
    return kind == TFU_FIGURE_HEAT_MAP ? matrix : kind == TFU_FIGURE_IMAGES ? image : series;
}

bool tfu_figure_table(FILE *out, const struct tfu_figure *f)
{
    struct table t = {.csv = {.file = out},
                      .has_keys = f->has_keys && f->kind != TFU_FIGURE_IMAGES};
    put_header(&t, columns(f->kind), f->kind == TFU_FIGURE_HEAT_MAP ? matrix_keys : keys);
    for (size_t i = 0; i < f->panel_count; i++) {
        const struct tfu_figure_panel *p = &f->panel[i];
        if (f->kind == TFU_FIGURE_HEAT_MAP)
            put_matrix(&t, p, i);
        else if (f->kind == TFU_FIGURE_IMAGES)
            put_image(&t, p, i);
        else
            put_series(&t, f, i);
    }
    return !t.failed;
}

enum tfu_status tfu_figure_table_text(struct tfu_text *out, const struct tfu_figure *f,
                                      struct tfu_error *e)
{
    char *bytes = NULL;
    size_t n = 0;
    FILE *stream = open_memstream(&bytes, &n);
    if (!stream)
        return tfu_error_memory(e, "the table of a figure", 0);
    const bool failed = !tfu_figure_table(stream, f) || ferror(stream) != 0;
    const bool complete = fclose(stream) == 0 && !failed;
    if (complete)
        tfu_text_append(out, bytes, n);
    free(bytes);
    return complete && !out->failed ? TFU_OK : tfu_error_memory(e, "the table of a figure", 0);
}
