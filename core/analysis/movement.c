/* SPDX-License-Identifier: MIT
 *
 * movement: how far did training take each layer, and do larger models move less?
 */
#include <math.h>
#include <stdlib.h>

#include "core/analysis/all.h"
#include "core/analysis/lines.h"
#include "core/base/correlation.h"

static const struct tfu_option options[] = {
    TFU_OPTION_METRIC(TFU_DEFAULT_MOVEMENT),
    TFU_OPTION_NODES,
    TFU_OPTION_ROWS,
    TFU_OPTION_CHANNELS(64),
    TFU_OPTION_DRAWS(5, "draws of rows and channels"),
    TFU_OPTION_PER,
    TFU_OPTION_IMAGES,
    TFU_OPTION_SEED,
    TFU_OPTION_SPLIT,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
    TFU_OPTION_MEMORY,
    TFU_OPTION_THREADS,
};

/* One run. Networks of several sizes have layers of several names, so that each has lines of its
 * own. */
struct moved {
    struct tfu_lines lines;
    int64_t size; /* trained numbers */
    double mean;  /* over layers */
};

static enum tfu_status average(struct moved *m, const struct tfu_yardstick *y, struct tfu_error *e)
{
    struct tfu_mean *mean;
    const enum tfu_status st = tfu_curve_means(&m->lines.line[0], y, &mean, e);
    if (st != TFU_OK)
        return st;
    double sum = 0;
    size_t count = 0;
    for (size_t p = 0; p < m->lines.line[0].member[0].comparison.pair_count; p++)
        if (mean[p].mean.defined) {
            sum += mean[p].mean.value;
            count++;
        }
    m->mean = count ? sum / (double)count : NAN;
    free(mean);
    return TFU_OK;
}

static enum tfu_status measure(struct moved *to, const struct tfu_yardstick *y, const char *spec,
                               struct tfu_error *e)
{
    const struct tfu_string_list *nodes = &y->context->common->nodes;
    const struct tfu_side_request request[2] = {
        {.network = {.spec = spec, .initial = true}, .nodes = nodes},
        {.network = {.spec = spec}, .nodes = nodes}};
    struct tfu_side a, b;
    enum tfu_status st = tfu_sides_open(&a, &b, y, &request[0], &request[1], e);
    if (st == TFU_OK) {
        const struct tfu_line_kind kind = {.name = b.subject->label};
        to->size = tfu_graph_trained_count(tfu_capture_graph(b.capture));
        st = tfu_lines_add(&to->lines, &kind, y, &a, &b, e);
    }
    if (st == TFU_OK)
        st = average(to, y, e);
    tfu_side_close(&b);
    tfu_side_close(&a);
    return st;
}

static enum tfu_status correlate(const struct moved *run, size_t count,
                                 struct tfu_rank_correlation *out, struct tfu_error *e)
{
    double *x = calloc(count + 1, sizeof *x), *y = calloc(count + 1, sizeof *y);
    enum tfu_status st = x && y ? TFU_OK : tfu_error_memory(e, "correlating", 0);
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        x[i] = (double)run[i].size;
        y[i] = run[i].mean;
    }
    if (st == TFU_OK)
        st = tfu_rank_correlate(x, y, count, out, e);
    free(x);
    free(y);
    return st;
}

/* ---- results */

static void put_runs(const struct moved *run, size_t count, const char *metric,
                     struct tfu_result *out)
{
    const struct tfu_column column[] = {
        {.name = "run"},
        {.name = "parameters"},
        {.name = "mean", .title = tfu_result_printf(out, "mean %s", metric), .digits = 4}};
    struct tfu_result_table *t =
        tfu_result_table(out, "runs", TFU_TABLE_SHOWN | TFU_TABLE_JSON, column, TFU_COUNT(column));
    for (size_t i = 0; i < count; i++) {
        tfu_cell_text(t, "%s", run[i].lines.line[0].name);
        tfu_cell_whole(t, run[i].size);
        tfu_cell_number(t, run[i].mean);
    }
}

static void put_correlation(const struct tfu_rank_correlation *r, const char *metric,
                            struct tfu_result *out)
{
    static const struct tfu_column column[] = {
        {.name = "rho"}, {.name = "low"}, {.name = "high"}, {.name = "p"}, {.name = "runs"}};
    struct tfu_result_table *t =
        tfu_result_table(out, "rank_correlation", TFU_TABLE_JSON, column, TFU_COUNT(column));
    tfu_cell_estimate(t, r->rho);
    tfu_cell_bounds(t, r->interval);
    tfu_cell_estimate(t, r->p);
    tfu_cell_whole(t, (int64_t)r->n);
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "rank correlation of model size and mean %s: ", metric);
    if (!r->rho.defined)
        tfu_text_puts(&text, "n/a (it takes three runs of more than one size)");
    else
        tfu_text_printf(&text, "%.3f", r->rho.value);
    if (r->rho.defined && r->interval.defined)
        tfu_text_printf(&text, " [%.3f, %.3f]", r->interval.low, r->interval.high);
    if (r->rho.defined && r->p.defined)
        tfu_text_printf(&text, ", p = %.3g%s", r->p.value, r->p_is_exact ? " (exact)" : "");
    if (r->rho.defined)
        tfu_text_printf(&text, ", %zu runs", r->n);
    tfu_result_say(out, "%s", tfu_result_keep(out, &text));
}

/* A row a layer and run. */
static enum tfu_status put_values(const struct moved *run, size_t count,
                                  const struct tfu_yardstick *y, struct tfu_result *out,
                                  struct tfu_error *e)
{
    static const struct tfu_column column[] = {{.name = "run"},
                                               {.name = "parameters"},
                                               {.name = "layer"},
                                               {.name = "mean"},
                                               {.name = "sd"}};
    struct tfu_result_table *t =
        tfu_result_table(out, "values", TFU_TABLE_DATA, column, TFU_COUNT(column));
    for (size_t i = 0; i < count; i++) {
        const struct tfu_member *m = &run[i].lines.line[0].member[0];
        struct tfu_mean *mean;
        const enum tfu_status st = tfu_curve_means(&run[i].lines.line[0], y, &mean, e);
        if (st != TFU_OK)
            return st;
        for (size_t p = 0; p < m->comparison.pair_count; p++) {
            tfu_cell_text(t, "%s", run[i].lines.line[0].name);
            tfu_cell_whole(t, run[i].size);
            tfu_cell_text(t, "%s", m->node[0][m->comparison.pair[p].a]);
            tfu_cell_estimate(t, mean[p].mean);
            tfu_cell_estimate(t, mean[p].sd);
        }
        free(mean);
    }
    return TFU_OK;
}

/* Mean over layers against model size, a point a run. */
static void draw(const struct moved *run, size_t count, const char *metric,
                 const struct tfu_rank_correlation *r, struct tfu_result *out)
{
    struct tfu_figure_panel *panel;
    struct tfu_figure *f = tfu_result_figure(out, TFU_FIGURE_SCATTER, &panel, 1);
    struct tfu_figure_series *series = tfu_result_alloc(out, 1, sizeof *series);
    struct tfu_figure_point *point = tfu_result_alloc(out, count, sizeof *point);
    if (!f || !series || !point)
        return;
    for (size_t i = 0; i < count; i++)
        point[i] = (struct tfu_figure_point){(double)run[i].size, run[i].mean, NAN, NAN};
    *series = (struct tfu_figure_series){.label = "a run", .point = point, .count = count};
    *panel = (struct tfu_figure_panel){.x_label = "trained parameters",
                                       .y_label = metric,
                                       .log_x = true,
                                       .series = series,
                                       .series_count = 1};
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text,
                    "Mean over layers of %s between the initial and the trained state of each of "
                    "%zu runs, against the number of trained parameters.",
                    metric, count);
    if (r->rho.defined)
        tfu_text_printf(&text, " Spearman's rank correlation %.2f.", r->rho.value);
    if (r->interval.defined)
        tfu_text_printf(&text, " Its interval of 95 %%: %.2f to %.2f.", r->interval.low,
                        r->interval.high);
    f->caption = tfu_result_keep(out, &text);
}

static enum tfu_status report(const struct moved *run, size_t count, const struct tfu_yardstick *y,
                              struct tfu_result *out, struct tfu_error *e)
{
    const char *metric = y->metric->plugin->name;
    struct tfu_rank_correlation r = {.n = 0};
    enum tfu_status st = correlate(run, count, &r, e);
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        st = tfu_lines_show(&run[i].lines, y, out, e);
        tfu_result_say(out, "%s", "");
    }
    if (st == TFU_OK)
        st = put_values(run, count, y, out, e);
    put_runs(run, count, metric, out);
    if (count > 1)
        put_correlation(&r, metric, out);
    draw(run, count, metric, &r, out);
    return st;
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    struct tfu_yardstick y;
    struct moved *moved = calloc(n->count, sizeof *moved);
    enum tfu_status st =
        moved ? tfu_yardstick_open(&y, c, e) : tfu_error_memory(e, "measuring movement", 0);
    for (size_t i = 0; st == TFU_OK && i < n->count; i++)
        st = measure(&moved[i], &y, n->of[i], e);
    if (st == TFU_OK)
        st = report(moved, n->count, &y, out, e);
    for (size_t i = 0; moved && i < n->count; i++)
        tfu_lines_free(&moved[i].lines);
    free(moved);
    (void)config;
    return st;
}

const struct tfu_analysis tfu_analysis_movement = {
    .name = "movement",
    .group = "study",
    .summary = "how far did training take each layer?",
    .about = "How far did training take each layer from its initial state? A table, a row a layer "
             "and a\n"
             "column a run, of the distance of the weights or, with a `metric` of activations, of "
             "their\n"
             "similarity before and after training. With three runs or more: the rank correlation "
             "of model\n"
             "size with it, with its interval (Raghu et al. 2019: larger models move less).\n",
    .takes = TFU_ANALYSIS_TAKES_LIST,
    .least = 1,
    .most = 1000,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct tfu_analysis_common),
    .ability = &tfu_metric_compares_networks,
    .run = run,
};
