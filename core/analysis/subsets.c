/* SPDX-License-Identifier: MIT
 *
 * subsets: does the similarity at the start tell that at the end? (Raghu et al. 2019, Fig. 4)
 */
#include <math.h>
#include <stdlib.h>

#include "core/analysis/all.h"
#include "core/analysis/lines.h"
#include "core/base/correlation.h"

static const struct tfu_option options[] = {
    TFU_OPTION_METRIC(TFU_DEFAULT_SIMILARITY),
    TFU_OPTION_NODES,
    TFU_OPTION_NODES_B,
    TFU_OPTION_ROWS,
    TFU_OPTION_CHANNELS(8),
    TFU_OPTION_DRAWS(50, "subsets of channels, all looked at in the same rows"),
    TFU_OPTION_PER,
    TFU_OPTION_IMAGES,
    TFU_OPTION_SEED,
    TFU_OPTION_SPLIT,
    TFU_OPTION_DATA,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
    TFU_OPTION_MEMORY,
    TFU_OPTION_THREADS,
};

enum { BEFORE, AFTER };

/* Of one node: a point a subset. Lives in the result. */
struct scatter {
    const char *node;
    double *x, *y;
    size_t n;
    struct tfu_line line;
};

static void collect(struct scatter *s, const struct tfu_compare_pair *before,
                    const struct tfu_compare_pair *after, int64_t draws, const char *key)
{
    for (int64_t d = 0; d < draws; d++) {
        const struct tfu_compare_score *x = tfu_compare_find(&before->draw[d], key);
        const struct tfu_compare_score *y = tfu_compare_find(&after->draw[d], key);
        if (x && y && !isnan(x->value) && !isnan(y->value)) {
            s->x[s->n] = x->value;
            s->y[s->n++] = y->value;
        }
    }
}

static enum tfu_status fit(struct scatter *s, size_t pair, const struct tfu_lines *l,
                           const struct tfu_yardstick *y, struct tfu_result *out,
                           struct tfu_error *e)
{
    const struct tfu_member *m = &l->line[BEFORE].member[0];
    const struct tfu_comparison *before = &m->comparison;
    const struct tfu_comparison *after = &l->line[AFTER].member[0].comparison;
    s->node = tfu_result_printf(out, "%s", m->node[0][before->pair[pair].a]);
    s->x = tfu_result_alloc(out, (size_t)before->draws, sizeof *s->x);
    s->y = tfu_result_alloc(out, (size_t)before->draws, sizeof *s->y);
    if (!s->x || !s->y)
        return tfu_error_memory(e, "fitting lines", 0);
    collect(s, &before->pair[pair], &after->pair[pair], before->draws, y->metric->plugin->name);
    return tfu_line_fit(s->x, s->y, s->n, (uint64_t)y->context->common->seed, &s->line, e);
}

/* ---- results */

static void put_nodes(const struct scatter *s, size_t nodes, struct tfu_result *out)
{
    static const struct tfu_column shown[] = {{.name = "node"},
                                              {.name = "subsets"},
                                              {.name = "before", .digits = 4},
                                              {.name = "after", .digits = 4},
                                              {.name = "slope", .digits = 3},
                                              {.name = "r_squared", .title = "R²", .digits = 3}};
    static const struct tfu_column all[] = {
        {.name = "node"},          {.name = "subsets"},       {.name = "before"},
        {.name = "after"},         {.name = "intercept"},     {.name = "slope"},
        {.name = "slope_low"},     {.name = "slope_high"},    {.name = "r_squared"},
        {.name = "r_squared_low"}, {.name = "r_squared_high"}};
    struct tfu_result_table *t =
        tfu_result_table(out, "shown", TFU_TABLE_SHOWN, shown, TFU_COUNT(shown));
    struct tfu_result_table *j = tfu_result_table(out, "fits", TFU_TABLE_JSON, all, TFU_COUNT(all));
    for (size_t p = 0; p < nodes; p++) {
        const struct tfu_line *line = &s[p].line;
        const struct tfu_estimate x = tfu_mean(s[p].x, s[p].n).mean,
                                  y = tfu_mean(s[p].y, s[p].n).mean;
        struct tfu_result_table *const both[] = {t, j};
        for (size_t i = 0; i < TFU_COUNT(both); i++) {
            tfu_cell_text(both[i], "%s", s[p].node);
            tfu_cell_whole(both[i], (int64_t)s[p].n);
            tfu_cell_estimate(both[i], x);
            tfu_cell_estimate(both[i], y);
        }
        tfu_cell_interval(t, line->slope, line->slope_interval);
        tfu_cell_interval(t, line->r_squared, line->r_squared_interval);
        tfu_cell_estimate(j, line->intercept);
        tfu_cell_estimate(j, line->slope);
        tfu_cell_bounds(j, line->slope_interval);
        tfu_cell_estimate(j, line->r_squared);
        tfu_cell_bounds(j, line->r_squared_interval);
    }
}

static const char *describe_fit(const struct tfu_line *line, struct tfu_result *out)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "slope %.2f", line->slope.value);
    if (line->slope_interval.defined)
        tfu_text_printf(&text, " [%.2f, %.2f]", line->slope_interval.low,
                        line->slope_interval.high);
    tfu_text_printf(&text, ", R² %.2f", line->r_squared.value);
    if (line->r_squared_interval.defined)
        tfu_text_printf(&text, " [%.2f, %.2f]", line->r_squared_interval.low,
                        line->r_squared_interval.high);
    return tfu_result_keep(out, &text);
}

/* The points of a node, and the line from the leftmost to the rightmost of them. */
static void draw_node(struct tfu_figure_panel *panel, const struct scatter *s,
                      struct tfu_result *out)
{
    enum { ENDS = 2 };
    struct tfu_figure_series *series = tfu_result_alloc(out, 1, sizeof *series);
    struct tfu_figure_point *point = tfu_result_alloc(out, s->n, sizeof *point);
    struct tfu_figure_point *end = tfu_result_alloc(out, ENDS, sizeof *end);
    if (!series || !point || !end)
        return;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < s->n; i++) {
        point[i] = (struct tfu_figure_point){s->x[i], s->y[i], NAN, NAN};
        low = fmin(low, s->x[i]);
        high = fmax(high, s->x[i]);
    }
    const bool fits = s->line.slope.defined && s->line.r_squared.defined;
    for (int i = 0; fits && i < ENDS; i++) {
        const double x = i ? high : low;
        end[i] = (struct tfu_figure_point){x, s->line.intercept.value + s->line.slope.value * x,
                                           NAN, NAN};
    }
    *series = (struct tfu_figure_series){.label = "a subset of channels",
                                         .point = point,
                                         .count = s->n,
                                         .fit = end,
                                         .fit_count = fits ? ENDS : 0,
                                         .fit_label = "least squares"};
    *panel = (struct tfu_figure_panel){.title = s->node,
                                       .note = fits ? describe_fit(&s->line, out) : NULL,
                                       .x_label = "before training",
                                       .y_label = "after training",
                                       .diagonal = true,
                                       .series = series,
                                       .series_count = 1};
}

static enum tfu_status report(const struct tfu_lines *l, const struct tfu_yardstick *y,
                              struct tfu_result *out, struct tfu_error *e)
{
    const struct tfu_member *before = &l->line[BEFORE].member[0],
                            *after = &l->line[AFTER].member[0];
    const size_t nodes = before->comparison.pair_count;
    struct scatter *s = tfu_result_alloc(out, nodes, sizeof *s);
    struct tfu_text how = TFU_TEXT_INIT;
    enum tfu_status st = s ? TFU_OK : tfu_error_memory(e, "fitting lines", 0);
    for (size_t p = 0; st == TFU_OK && p < nodes; p++)
        st = fit(&s[p], p, l, y, out, e);
    if (st != TFU_OK)
        return st;
    tfu_yardstick_describe(y, &before->comparison, &how);
    const char *basis = tfu_result_keep(out, &how);
    tfu_result_say(out, "before: %s and %s", before->label[0], before->label[1]);
    tfu_result_say(out, "after:  %s and %s", after->label[0], after->label[1]);
    tfu_result_say(out, "%s; intervals of 95 %%", basis);
    tfu_result_say(out, "%s", "");
    put_nodes(s, nodes, out);
    tfu_lines_put_values(l, out);

    struct tfu_figure_panel *panel;
    struct tfu_figure *f = tfu_result_figure(out, TFU_FIGURE_SCATTER, &panel, nodes);
    for (size_t p = 0; f && p < nodes; p++)
        draw_node(&panel[p], &s[p], out);
    if (f)
        f->caption = tfu_result_printf(
            out, "Similarity (%s) before training: %s and %s; after: %s and %s. %s, each a point.",
            y->metric->plugin->name, before->label[0], before->label[1], after->label[0],
            after->label[1], basis);
    return TFU_OK;
}

/* ---- the study */

static enum tfu_status add(struct tfu_lines *l, const struct tfu_yardstick *y,
                           const char *const *spec, bool initial, struct tfu_error *e)
{
    const struct tfu_line_kind kind = {.name = initial ? "before" : "after"};
    const struct tfu_state_request state[2] = {{.spec = spec[0], .initial = initial},
                                               {.spec = spec[1], .initial = initial}};
    return tfu_lines_add_pair(l, &kind, y, state, e);
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    struct tfu_lines l = {.line = NULL};
    struct tfu_yardstick y;
    enum tfu_status st = tfu_yardstick_open(&y, c, e);
    y.same_rows = true;
    if (st == TFU_OK)
        st = add(&l, &y, n->of, true, e);
    if (st == TFU_OK)
        st = add(&l, &y, n->of, false, e);
    if (st == TFU_OK)
        st = report(&l, &y, out, e);
    tfu_lines_free(&l);
    (void)config;
    return st;
}

const struct tfu_analysis tfu_analysis_subsets = {
    .name = "subsets",
    .group = "study",
    .summary = "does the similarity at the start tell that at the end?",
    .about =
        "Many small random subsets of channels: the similarity of two networks on a subset before\n"
        "training (x) against that of the same subset after it (y), layer by layer, with a "
        "straight\n"
        "line through them. A slope and an R² near 1 say that the layer hardly moved (Raghu et "
        "al.\n"
        "2019, Fig. 4).\n",
    .takes = TFU_ANALYSIS_TAKES_PAIR,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct tfu_analysis_common),
    .ability = &tfu_metric_compares_networks,
    .run = run,
};
