/* SPDX-License-Identifier: MIT
 *
 * Lines of comparisons as files: every number as CSV, and the figure.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/path.h"
#include "core/cli/lines.h"
#include "core/cli/study.h"
#include "core/report/figure.h"

/* ---- every number */

static void put_draw(struct tfu_csv *csv, const struct tfu_curve *l, size_t member, size_t pair,
                     int64_t draw)
{
    const struct tfu_member *m = &l->member[member];
    const struct tfu_compare_pair *p = &m->comparison.pair[pair];
    const struct tfu_compare_draw *d = &p->draw[draw];
    /* a refusal is a line too, with no value and the reason */
    const size_t count = d->refusal ? 1 : d->count;
    for (size_t i = 0; i < count; i++) {
        tfu_csv_text(csv, l->name);
        tfu_csv_text(csv, m->label[0]);
        tfu_csv_text(csv, m->label[1]);
        tfu_csv_text(csv, m->node[0][p->a]);
        tfu_csv_text(csv, m->node[1][p->b]);
        tfu_csv_int(csv, draw);
        tfu_csv_int(csv, d->rows);
        tfu_csv_int(csv, d->columns_a);
        tfu_csv_int(csv, d->columns_b);
        tfu_csv_text(csv, d->refusal ? "" : d->score[i].key);
        tfu_csv_number(csv, d->refusal ? (double)NAN : d->score[i].value, 17);
        tfu_csv_text(csv, d->refusal ? d->refusal : d->score[i].note ? d->score[i].note : "");
        tfu_csv_end_line(csv);
    }
}

enum tfu_status tfu_lines_write_values(const struct tfu_lines *l, const struct tfu_comparing *c,
                                       const char *stem, struct tfu_error *e)
{
    static const char *const heading[] = {"line",      "network_a", "network_b", "node_a",
                                          "node_b",    "draw",      "rows",      "columns_a",
                                          "columns_b", "key",       "value",     "note"};
    struct tfu_study_file f;
    struct tfu_text name = TFU_TEXT_INIT;
    tfu_text_printf(&name, "%s-values.csv", stem);
    enum tfu_status st = tfu_study_file_create(&f, c->options->output, tfu_text_get(&name), e);
    tfu_text_free(&name);
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(heading); i++)
        tfu_csv_text(&f.csv, heading[i]);
    if (st == TFU_OK)
        tfu_csv_end_line(&f.csv);
    for (size_t i = 0; st == TFU_OK && i < l->count; i++)
        for (size_t k = 0; k < l->line[i].member_count; k++)
            for (size_t p = 0; p < l->line[i].member[k].comparison.pair_count; p++)
                for (int64_t d = 0; d < l->line[i].member[k].comparison.draws; d++)
                    put_draw(&f.csv, &l->line[i], k, p, d);
    return tfu_study_file_close(&f, st, e);
}

/* ---- the figure */

static void caption(const struct tfu_lines *l, const struct tfu_comparing *c, struct tfu_text *out)
{
    struct tfu_text how = TFU_TEXT_INIT;
    tfu_comparing_describe(c, &l->line[0].member[0].comparison, &how);
    for (size_t i = 0; i < l->count; i++) {
        const struct tfu_member *m = &l->line[i].member[0];
        if (l->line[i].single)
            tfu_text_puts(out, l->line[i].name);
        else
            tfu_text_printf(out, "%s: %s and %s", l->line[i].name, m->label[0], m->label[1]);
        if (l->line[i].member_count > 1)
            tfu_text_printf(out, ", and %zu pairs more", l->line[i].member_count - 1);
        tfu_text_puts(out, ". ");
    }
    tfu_text_printf(out, "%s.", tfu_text_get(&how));
    tfu_text_free(&how);
}

static enum tfu_status write_heat_maps(const struct tfu_lines *l, const struct tfu_comparing *c,
                                       const char *stem, struct tfu_error *e)
{
    struct tfu_figure_panel *panel = calloc(l->count + 1, sizeof *panel);
    double **value = calloc(l->count + 1, sizeof *value);
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = panel && value ? TFU_OK : tfu_error_memory(e, "drawing a figure", 0);
    for (size_t i = 0; st == TFU_OK && i < l->count; i++) {
        const struct tfu_member *m = &l->line[i].member[0];
        const size_t cells = m->node_count[0] * m->node_count[1];
        value[i] = malloc(cells * sizeof *value[i] + 1);
        if (!value[i]) {
            st = tfu_error_memory(e, "drawing a figure", 0);
            break;
        }
        for (size_t k = 0; k < cells; k++)
            value[i][k] = NAN;
        for (size_t p = 0; p < m->comparison.pair_count; p++) {
            const struct tfu_compare_pair *pair = &m->comparison.pair[p];
            value[i][pair->a * m->node_count[1] + pair->b] =
                tfu_study_value(tfu_curve_mean(&l->line[i], c, p).mean);
        }
        panel[i] = (struct tfu_figure_panel){
            .title = l->line[i].name,
            .x_label = m->label[1],
            .y_label = m->label[0],
            .matrix = {.row = (const char *const *)m->node[0],
                       .column = (const char *const *)m->node[1],
                       .rows = m->node_count[0],
                       .columns = m->node_count[1],
                       .value = value[i],
                       .label = c->metric->plugin->name},
        };
    }
    caption(l, c, &text);
    const struct tfu_figure figure = {.kind = TFU_FIGURE_HEAT_MAP,
                                      .caption = tfu_text_get(&text),
                                      .panel = panel,
                                      .panel_count = l->count};
    if (st == TFU_OK)
        st = tfu_figure_write(&figure, stem, e);
    for (size_t i = 0; value && i < l->count; i++)
        free(value[i]);
    free(value);
    free(panel);
    tfu_text_free(&text);
    return st;
}

/* Points of a line, one a node, with a standard deviation on either side. */
static void make_points(const struct tfu_curve *l, const struct tfu_comparing *c,
                        struct tfu_figure_point *to)
{
    for (size_t p = 0; p < l->member[0].comparison.pair_count; p++) {
        const struct tfu_mean m = tfu_curve_mean(l, c, p);
        const double mean = tfu_study_value(m.mean), sd = tfu_study_value(m.sd);
        to[p] = (struct tfu_figure_point){(double)p, mean, mean - sd, mean + sd};
    }
}

static enum tfu_status draw_lines(const struct tfu_lines *l, const struct tfu_comparing *c,
                                  const char *stem, struct tfu_figure_point *point,
                                  struct tfu_figure_series *series, char **category,
                                  struct tfu_error *e)
{
    const size_t nodes = l->line[0].member[0].comparison.pair_count;
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t p = 0; p < nodes; p++) {
        struct tfu_text name = TFU_TEXT_INIT;
        tfu_curve_pair_name(&l->line[0], p, &name);
        category[p] = name.data;
        if (name.failed || !name.data)
            return tfu_error_memory(e, "drawing a figure", 0);
    }
    for (size_t i = 0; i < l->count; i++) {
        make_points(&l->line[i], c, point + i * nodes);
        series[i] = (struct tfu_figure_series){.label = l->line[i].name,
                                               .point = point + i * nodes,
                                               .count = nodes,
                                               .reference = l->line[i].noise};
    }
    caption(l, c, &text);
    if (l->line[0].member_count > 1 || l->line[0].member[0].comparison.draws > 1)
        tfu_text_printf(&text, " Bars: one standard deviation over %s.",
                        l->line[0].member_count > 1 ? "pairs of networks" : "draws");
    const struct tfu_figure_panel panel = {
        .x_label = c->needs & TFU_NEEDS_PARAMETERS ? "parameters of" : "layer",
        .y_label = c->metric->plugin->name,
        .category = (const char *const *)category,
        .category_count = nodes,
        .series = series,
        .series_count = l->count,
    };
    const struct tfu_figure figure = {.kind = TFU_FIGURE_LINES,
                                      .caption = tfu_text_get(&text),
                                      .panel = &panel,
                                      .panel_count = 1};
    const enum tfu_status st = text.failed ? tfu_error_memory(e, "drawing a figure", 0)
                                           : tfu_figure_write(&figure, stem, e);
    tfu_text_free(&text);
    return st;
}

static enum tfu_status write_line_figure(const struct tfu_lines *l, const struct tfu_comparing *c,
                                         const char *stem, struct tfu_error *e)
{
    const size_t nodes = l->line[0].member[0].comparison.pair_count;
    struct tfu_figure_point *point = calloc(nodes * l->count + 1, sizeof *point);
    struct tfu_figure_series *series = calloc(l->count + 1, sizeof *series);
    char **category = calloc(nodes + 1, sizeof *category);
    enum tfu_status st =
        point && series && category ? TFU_OK : tfu_error_memory(e, "drawing a figure", 0);
    if (st == TFU_OK)
        st = draw_lines(l, c, stem, point, series, category, e);
    for (size_t p = 0; category && p < nodes; p++)
        free(category[p]);
    free(category);
    free(series);
    free(point);
    return st;
}

enum tfu_status tfu_lines_write(const struct tfu_lines *l, const struct tfu_comparing *c,
                                const char *stem, struct tfu_error *e)
{
    enum tfu_status st = tfu_lines_write_values(l, c, stem, e);
    if (st != TFU_OK)
        return st;
    char *path = tfu_path_join(c->options->output, stem);
    if (!path)
        return tfu_error_memory(e, "drawing a figure", 0);
    st = l->matrix ? write_heat_maps(l, c, path, e) : write_line_figure(l, c, path, e);
    free(path);
    return tfu_comparing_figure_written(c, st, e);
}
