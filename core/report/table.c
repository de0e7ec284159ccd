/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "core/io/csv.h"
#include "core/report/label.h"
#include "core/report/script.h"

static void put_number(struct tfu_csv *c, double v)
{
    char text[TFU_NUMBER_SIZE];
    tfu_csv_text(c, isnan(v) ? "NaN" : tfu_number_text(v, text));
}

/* In one line, since gnuplot reads lines. */
static void put_text(struct tfu_csv *c, const char *s)
{
    struct tfu_text clean = TFU_TEXT_INIT;
    tfu_label_clean(&clean, s ? s : "", SIZE_MAX);
    tfu_csv_text(c, tfu_text_get(&clean));
    tfu_text_free(&clean);
}

static void put_header(struct tfu_csv *c, const char *const *name)
{
    for (; *name; name++)
        tfu_csv_text(c, *name);
    tfu_csv_end_line(c);
}

static void put_points(struct tfu_csv *c, const struct tfu_figure_panel *p, size_t panel,
                       size_t series, bool fit)
{
    const struct tfu_figure_series *s = &p->series[series];
    const struct tfu_figure_point *point = fit ? s->fit : s->point;
    const size_t count = fit ? s->fit_count : s->count;
    for (size_t i = 0; i < count; i++) {
        tfu_csv_int(c, (int64_t)panel);
        tfu_csv_int(c, (int64_t)series);
        tfu_csv_text(c, fit ? "fit" : "data");
        put_number(c, point[i].x);
        put_number(c, point[i].y);
        put_number(c, point[i].low);
        put_number(c, point[i].high);
        put_text(c, p->title);
        put_text(c, s->label);
        const bool named = p->category && point[i].x >= 0 &&
                           point[i].x < (double)p->category_count &&
                           point[i].x == floor(point[i].x);
        put_text(c, named ? p->category[(size_t)point[i].x] : NULL);
        tfu_csv_end_line(c);
    }
}

static void put_series(struct tfu_csv *c, const struct tfu_figure_panel *p, size_t panel)
{
    for (size_t i = 0; i < p->series_count; i++) {
        put_points(c, p, panel, i, false);
        put_points(c, p, panel, i, true);
    }
}

static void put_matrix(struct tfu_csv *c, const struct tfu_figure_panel *p, size_t panel)
{
    const struct tfu_figure_matrix *m = &p->matrix;
    for (size_t i = 0; i < m->rows; i++)
        for (size_t k = 0; k < m->columns; k++) {
            tfu_csv_int(c, (int64_t)panel);
            tfu_csv_int(c, (int64_t)k);
            tfu_csv_int(c, (int64_t)i);
            put_number(c, m->value[i * m->columns + k]);
            put_text(c, p->title);
            put_text(c, m->column[k]);
            put_text(c, m->row[i]);
            tfu_csv_end_line(c);
        }
}

static void put_image(struct tfu_csv *c, const struct tfu_figure_panel *p, size_t panel)
{
    tfu_csv_int(c, (int64_t)panel);
    put_text(c, p->image.file);
    tfu_csv_int(c, p->image.height);
    tfu_csv_int(c, p->image.width);
    put_text(c, p->title);
    put_text(c, p->note);
    tfu_csv_end_line(c);
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

void tfu_figure_table(FILE *out, const struct tfu_figure *f)
{
    struct tfu_csv c = {.file = out, .fields = 0};
    put_header(&c, columns(f->kind));
    for (size_t i = 0; i < f->panel_count; i++) {
        const struct tfu_figure_panel *p = &f->panel[i];
        if (f->kind == TFU_FIGURE_HEAT_MAP)
            put_matrix(&c, p, i);
        else if (f->kind == TFU_FIGURE_IMAGES)
            put_image(&c, p, i);
        else
            put_series(&c, p, i);
    }
}
