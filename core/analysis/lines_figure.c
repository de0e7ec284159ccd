/* SPDX-License-Identifier: MIT
 *
 * Lines of comparisons as a figure: points over nodes, or heat maps.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/analysis/lines.h"

static const char *make_caption(const struct tfu_lines *l, const struct tfu_yardstick *y,
                                struct tfu_result *out)
{
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t i = 0; i < l->count; i++) {
        const struct tfu_member *m = &l->line[i].member[0];
        if (l->line[i].single)
            tfu_text_puts(&text, l->line[i].name);
        else
            tfu_text_printf(&text, "%s: %s and %s", l->line[i].name, m->label[0], m->label[1]);
        if (l->line[i].member_count > 1)
            tfu_text_printf(&text, ", and %zu pairs more", l->line[i].member_count - 1);
        tfu_text_puts(&text, ". ");
    }
    tfu_yardstick_describe(y, &l->line[0].member[0].comparison, &text);
    tfu_text_puts(&text, ".");
    bool mixed = false;
    for (size_t i = 1; i < l->count; i++)
        mixed = mixed || (l->line[0].member_count > 1 && l->line[i].member_count == 1);
    if (!l->matrix && (l->line[0].member_count > 1 || l->line[0].member[0].comparison.draws > 1))
        tfu_text_printf(&text, " Bars: one standard deviation over %s.",
                        mixed ? "pairs of networks, or draws of a line of one pair"
                        : l->line[0].member_count > 1 ? "pairs of networks"
                                                      : "draws");
    return tfu_result_keep(out, &text);
}

/* The members outlive the lines: texts of a figure are the result's. */
static const char *const *copy_names(struct tfu_result *out, char *const *name, size_t count)
{
    const char **copy = tfu_result_alloc(out, count, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++)
        copy[i] = tfu_result_printf(out, "%s", name[i]);
    return copy;
}

/* ---- heat maps */

static enum tfu_status fill_heat_map(const struct tfu_curve *l, const struct tfu_yardstick *y,
                                     struct tfu_result *out, struct tfu_figure_panel *panel,
                                     struct tfu_error *e)
{
    const struct tfu_member *m = &l->member[0];
    const size_t cells = m->node_count[0] * m->node_count[1];
    double *value = tfu_result_alloc(out, cells, sizeof *value);
    struct tfu_mean *mean;
    if (!value)
        return tfu_error_memory(e, "drawing a figure", 0);
    const enum tfu_status st = tfu_curve_means(l, y, &mean, e);
    if (st != TFU_OK)
        return st;
    for (size_t k = 0; k < cells; k++)
        value[k] = NAN;
    for (size_t p = 0; p < m->comparison.pair_count; p++) {
        const struct tfu_compare_pair *pair = &m->comparison.pair[p];
        value[pair->a * m->node_count[1] + pair->b] = tfu_estimate_value(mean[p].mean);
    }
    free(mean);
    *panel = (struct tfu_figure_panel){
        .title = tfu_result_printf(out, "%s", l->name),
        .x_label = tfu_result_printf(out, "%s", m->label[1]),
        .y_label = tfu_result_printf(out, "%s", m->label[0]),
        .matrix = {.row = copy_names(out, m->node[0], m->node_count[0]),
                   .column = copy_names(out, m->node[1], m->node_count[1]),
                   .rows = m->node_count[0],
                   .columns = m->node_count[1],
                   .value = value,
                   .label = y->metric->plugin->name},
    };
    return TFU_OK;
}

static enum tfu_status draw_heat_maps(const struct tfu_lines *l, const struct tfu_yardstick *y,
                                      struct tfu_result *out, struct tfu_error *e)
{
    struct tfu_figure_panel *panel;
    struct tfu_figure *f = tfu_result_figure(out, TFU_FIGURE_HEAT_MAP, &panel, l->count);
    if (!f)
        return tfu_error_memory(e, "drawing a figure", 0);
    f->caption = make_caption(l, y, out);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < l->count; i++)
        st = fill_heat_map(&l->line[i], y, out, &panel[i], e);
    return st;
}

/* ---- points over nodes, with a standard deviation on either side */

static enum tfu_status fill_series(const struct tfu_curve *l, const struct tfu_yardstick *y,
                                   struct tfu_result *out, struct tfu_figure_series *series,
                                   struct tfu_error *e)
{
    const size_t nodes = l->member[0].comparison.pair_count;
    struct tfu_figure_point *point = tfu_result_alloc(out, nodes, sizeof *point);
    struct tfu_mean *mean;
    if (!point)
        return tfu_error_memory(e, "drawing a figure", 0);
    const enum tfu_status st = tfu_curve_means(l, y, &mean, e);
    if (st != TFU_OK)
        return st;
    for (size_t p = 0; p < nodes; p++) {
        const double v = tfu_estimate_value(mean[p].mean), sd = tfu_estimate_value(mean[p].sd);
        point[p] = (struct tfu_figure_point){(double)p, v, v - sd, v + sd};
    }
    free(mean);
    *series = (struct tfu_figure_series){.label = tfu_result_printf(out, "%s", l->name),
                                         .point = point,
                                         .count = nodes,
                                         .reference = l->noise};
    return TFU_OK;
}

static enum tfu_status draw_points(const struct tfu_lines *l, const struct tfu_yardstick *y,
                                   struct tfu_result *out, struct tfu_error *e)
{
    const size_t nodes = l->line[0].member[0].comparison.pair_count;
    struct tfu_figure_panel *panel;
    struct tfu_figure *f = tfu_result_figure(out, TFU_FIGURE_LINES, &panel, 1);
    struct tfu_figure_series *series = tfu_result_alloc(out, l->count, sizeof *series);
    const char **category = tfu_result_alloc(out, nodes, sizeof *category);
    if (!f || !series || !category)
        return tfu_error_memory(e, "drawing a figure", 0);
    for (size_t p = 0; p < nodes; p++) {
        struct tfu_text name = TFU_TEXT_INIT;
        tfu_member_pair_name(&l->line[0].member[0], p, &name);
        category[p] = tfu_result_keep(out, &name);
    }
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < l->count; i++)
        st = fill_series(&l->line[i], y, out, &series[i], e);
    f->caption = make_caption(l, y, out);
    panel[0] = (struct tfu_figure_panel){
        .x_label = y->needs & TFU_NEEDS_PARAMETERS ? "parameters of" : "layer",
        .y_label = y->metric->plugin->name,
        .category = category,
        .category_count = nodes,
        .series = series,
        .series_count = l->count,
    };
    return st;
}

enum tfu_status tfu_lines_draw(const struct tfu_lines *l, const struct tfu_yardstick *y,
                               struct tfu_result *out, struct tfu_error *e)
{
    return l->matrix ? draw_heat_maps(l, y, out, e) : draw_points(l, y, out, e);
}
