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

void tfu_figure_table(FILE *out, const struct tfu_figure *f)
{
    struct tfu_csv c = {.file = out, .fields = 0};
    if (f->kind == TFU_FIGURE_HEAT_MAP)
        put_header(&c, (const char *const[]){"panel", "x", "y", "value", "panel_title", "column",
                                             "row", NULL});
    else
        put_header(&c, (const char *const[]){"panel", "series", "part", "x", "y", "low", "high",
                                             "panel_title", "series_label", "category", NULL});
    for (size_t i = 0; i < f->panel_count; i++) {
        const struct tfu_figure_panel *p = &f->panel[i];
        if (f->kind == TFU_FIGURE_HEAT_MAP)
            put_matrix(&c, p, i);
        for (size_t k = 0; f->kind != TFU_FIGURE_HEAT_MAP && k < p->series_count; k++) {
            put_points(&c, p, i, k, false);
            put_points(&c, p, i, k, true);
        }
    }
}
