/* SPDX-License-Identifier: MIT */
#include "core/result/plot.h"

#include <math.h>

void tfu_plot_begin(struct tfu_plot *p, struct tfu_result *out, size_t series, size_t names)
{
    *p = (struct tfu_plot){.out = out, .names = names};
    p->figure = tfu_result_figure(out, TFU_FIGURE_LINES, &p->panel, 1);
    p->series = tfu_result_alloc(out, series, sizeof *p->series);
    p->point = tfu_result_alloc(out, names * series, sizeof *p->point);
    p->name = tfu_result_alloc(out, names, sizeof *p->name);
    p->there = p->figure && p->series && p->point && p->name;
    if (!p->there)
        return;
    for (size_t i = 0; i < names; i++)
        p->name[i] = "";
    for (size_t i = 0; i < series; i++) {
        p->series[i] =
            (struct tfu_figure_series){.label = "", .point = p->point + i * names, .count = names};
        for (size_t k = 0; k < names; k++)
            tfu_plot_point(p, i, k, NAN);
    }
    *p->panel = (struct tfu_figure_panel){
        .category = p->name, .category_count = names, .series = p->series, .series_count = series};
}

void tfu_plot_axes(struct tfu_plot *p, const char *x_label, const char *y_label)
{
    if (!p->there)
        return;
    p->panel->x_label = tfu_result_printf(p->out, "%s", x_label);
    p->panel->y_label = tfu_result_printf(p->out, "%s", y_label);
}

void tfu_plot_caption(struct tfu_plot *p, const char *fmt, ...)
{
    struct tfu_text text = TFU_TEXT_INIT;
    va_list args;
    va_start(args, fmt);
    tfu_text_printf_v(&text, fmt, args);
    va_end(args);
    const char *caption = tfu_result_keep(p->out, &text);
    if (p->there)
        p->figure->caption = caption;
}

void tfu_plot_series(struct tfu_plot *p, size_t series, const char *label, bool reference)
{
    if (!p->there)
        return;
    p->series[series].label = tfu_result_printf(p->out, "%s", label);
    p->series[series].reference = reference;
}

void tfu_plot_name(struct tfu_plot *p, size_t i, const char *name)
{
    if (p->there)
        p->name[i] = tfu_result_printf(p->out, "%s", name);
}

void tfu_plot_spread(struct tfu_plot *p, size_t series, size_t i, double value, double spread)
{
    if (p->there)
        p->point[series * p->names + i] =
            (struct tfu_figure_point){(double)i, value, value - spread, value + spread};
}

void tfu_plot_point(struct tfu_plot *p, size_t series, size_t i, double value)
{
    tfu_plot_spread(p, series, i, value, NAN);
}
