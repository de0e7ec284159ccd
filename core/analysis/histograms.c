/* SPDX-License-Identifier: MIT
 *
 * figure histograms: how the weights of a network spread in several of its states.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/analysis/all.h"
#include "core/analysis/pictures.h"
#include "core/graph/summary.h"
#include "core/io/numbers.h"
#include "core/study/groups.h"

struct config {
    struct tfu_analysis_common common;
    const char *match;
    int64_t bins;
};

static const struct tfu_option options[] = {
    TFU_OPT_STRING(struct config, match, "", 0,
                   "a plot for each parameter whose name fits this pattern, of any role"),
    TFU_OPT_INT(struct config, bins, 40, 2, 1000, "of a plot"),
    TFU_OPTION_SPLIT_ANY,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
};

enum { PLOTS_MAX = 30 };

/* Beyond so many deviations from the mean weights are counted in the outermost bins. */
static const double reach = 4;

/* The networks, and the plots: a group of parameters each. */
struct work {
    struct tfu_pictures pictures;
    struct tfu_graph *graph[TFU_PICTURES_MAX];
    struct tfu_network *network[TFU_PICTURES_MAX];
    struct tfu_groups groups;
    size_t bins;
    double *number[TFU_PICTURES_MAX]; /* of one group */
    int64_t *count;                   /* per bin */
};

/* Parameters of the same names and sizes as the first network's. */
static enum tfu_status check_same(const struct work *w, size_t i, struct tfu_error *e)
{
    const struct tfu_graph *a = w->graph[0], *b = w->graph[i];
    bool same = a->param_count == b->param_count;
    for (uint32_t p = 0; same && p < a->param_count; p++)
        same = strcmp(a->param[p].name, b->param[p].name) == 0 &&
               tfu_shape_count(&a->param[p].shape) == tfu_shape_count(&b->param[p].shape);
    return same ? TFU_OK
                : tfu_error_set(e, TFU_EINVAL,
                                "'%s' and '%s' are networks of other parameters; histograms are of "
                                "one architecture in several states",
                                w->pictures.spec[0], w->pictures.spec[i]);
}

static enum tfu_status open_all(struct work *w, const char *match, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    size_t most = 0;
    for (size_t i = 0; st == TFU_OK && i < w->pictures.count; i++) {
        st = tfu_pictures_network(&w->pictures, i, &w->graph[i], &w->network[i], e);
        if (st == TFU_OK)
            st = check_same(w, i, e);
    }
    if (st == TFU_OK)
        st = tfu_groups_choose(&w->groups, w->graph[0], match[0] ? match : NULL, e);
    if (st == TFU_OK && w->groups.count > PLOTS_MAX)
        st = tfu_error_set(e, TFU_EINVAL,
                           "more than %d plots do not fit into a figure; choose fewer with `match`",
                           PLOTS_MAX);
    for (size_t k = 0; st == TFU_OK && k < w->groups.count; k++)
        most = tfu_groups_size(&w->groups, k) > most ? tfu_groups_size(&w->groups, k) : most;
    for (size_t i = 0; st == TFU_OK && i < w->pictures.count; i++)
        if (!(w->number[i] = malloc(most * sizeof *w->number[i] + 1)))
            st = tfu_error_memory(e, "counting weights", most * sizeof *w->number[i]);
    return st;
}

/* From the least to the largest of all networks, but not beyond `reach` deviations. */
static void find_range(const struct work *w, size_t n, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < w->pictures.count; i++) {
        const struct tfu_numbers s = tfu_numbers_describe(w->number[i], n);
        const double deviation = sqrt(s.variance);
        *low = fmin(*low, fmax(s.min, s.mean - reach * deviation));
        *high = fmax(*high, fmin(s.max, s.mean + reach * deviation));
    }
    if (!(*low < *high)) { /* one number, or none */
        const double middle = isfinite(*low) ? *low : 0;
        *low = middle - 0.5;
        *high = middle + 0.5;
    }
}

/* The bins of one network; what is beyond the range is in the outermost ones. */
static void fill_series(struct tfu_figure_series *s, const struct work *w, size_t network, size_t n,
                        double low, double high, struct tfu_result *out)
{
    const double width = (high - low) / (double)w->bins;
    struct tfu_figure_point *point = tfu_result_alloc(out, w->bins + 1, sizeof *point);
    double *x = w->number[network];
    for (size_t j = 0; j < n; j++)
        x[j] = fmin(fmax(x[j], low), high);
    tfu_numbers_histogram(x, n, low, high, w->bins, w->count);
    for (size_t b = 0; point && b <= w->bins; b++)
        point[b] = (struct tfu_figure_point){
            low + (double)b * width,
            b < w->bins ? (double)w->count[b] / ((double)(n ? n : 1) * width) : 0, NAN, NAN};
    *s = (struct tfu_figure_series){
        .label = tfu_result_printf(out, "%s", w->pictures.subject[network]->label),
        .point = point,
        .count = point ? w->bins + 1 : 0};
}

static enum tfu_status fill_panel(struct tfu_figure_panel *panel, const struct work *w, size_t k,
                                  struct tfu_result *out, struct tfu_error *e)
{
    const size_t networks = w->pictures.count, n = tfu_groups_size(&w->groups, k);
    struct tfu_figure_series *series = tfu_result_alloc(out, networks, sizeof *series);
    enum tfu_status st = series ? TFU_OK : tfu_error_memory(e, "drawing histograms", 0);
    for (size_t i = 0; st == TFU_OK && i < networks; i++)
        st = tfu_groups_gather(&w->groups, k, w->network[i], w->number[i], e);
    if (st != TFU_OK)
        return st;
    double low, high;
    char thousands[32];
    struct tfu_text note = TFU_TEXT_INIT;
    find_range(w, n, &low, &high);
    tfu_text_printf(&note, "%s weights, σ ", tfu_thousands((int64_t)n, thousands));
    for (size_t i = 0; i < networks; i++) {
        const double deviation = sqrt(tfu_numbers_describe(w->number[i], n).variance);
        tfu_text_printf(&note, "%s%.3g", i ? " → " : "", deviation);
        fill_series(&series[i], w, i, n, low, high, out);
    }
    *panel = (struct tfu_figure_panel){.title = tfu_result_printf(out, "%s", w->groups.name[k]),
                                       .note = tfu_result_keep(out, &note),
                                       .x_label = "weight",
                                       .y_label = "density",
                                       .series = series,
                                       .series_count = networks};
    return TFU_OK;
}

static enum tfu_status draw(const struct work *w, struct tfu_result *out, struct tfu_error *e)
{
    struct tfu_figure_panel *panel;
    struct tfu_figure *f = tfu_result_figure(out, TFU_FIGURE_HISTOGRAM, &panel, w->groups.count);
    enum tfu_status st = f ? TFU_OK : tfu_error_memory(e, "drawing histograms", 0);
    for (size_t k = 0; st == TFU_OK && k < w->groups.count; k++)
        st = fill_panel(&panel[k], w, k, out, e);
    if (st == TFU_OK)
        f->caption = tfu_result_printf(
            out,
            "%s in %zu bins; what lies beyond %g deviations from the mean is "
            "counted in the outermost ones.",
            w->groups.match ? "Parameters" : "Weights of the stages", w->bins, reach);
    return st;
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    const struct config *o = config;
    struct work w = {.bins = (size_t)o->bins};
    enum tfu_status st = tfu_pictures_open(&w.pictures, n, c, e);
    if (st == TFU_OK && !(w.count = calloc(w.bins, sizeof *w.count)))
        st = tfu_error_memory(e, "counting weights", 0);
    if (st == TFU_OK)
        st = open_all(&w, o->match, e);
    if (st == TFU_OK)
        st = draw(&w, out, e);
    tfu_groups_free(&w.groups);
    for (size_t i = 0; i < TFU_PICTURES_MAX; i++) {
        free(w.number[i]);
        tfu_network_free(w.network[i]);
        tfu_graph_free(w.graph[i]);
    }
    free(w.count);
    return st;
}

const struct tfu_analysis tfu_analysis_histograms = {
    .name = "histograms",
    .group = "figure",
    .summary = "how weights spread, before and after training",
    .about =
        "Histograms of weights (of convolutions and linear layers, without biases and "
        "normalisation), all\n"
        "of a stage in one plot: histograms.csv, .gp, .svg, .png and .pdf. All networks are of "
        "one architecture.\n",
    .takes = TFU_ANALYSIS_TAKES_LIST,
    .least = 1,
    .most = TFU_PICTURES_MAX,
    .is_figure = true,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .run = run,
};
