/* SPDX-License-Identifier: MIT
 *
 * transfuse figure histograms: how the weights of a network spread in several of its states.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/drawing.h"
#include "core/graph/access.h"
#include "core/graph/summary.h"
#include "core/io/numbers.h"

static const char help[] =
    "usage: transfuse figure histograms NETWORK... --output FOLDER [--match GLOB]\n"
    "                                   [--bins N] [--config FILE] [KEY=VALUE]...\n"
    "\n"
    "Histograms of weights (of convolutions and linear layers, without biases and normalisation),\n"
    "all of a stage in one plot. A NETWORK is RUN, RUN@best, RUN@final, RUN@initial, RUN@STEP,\n"
    "CONFIG.yaml (its initial state) or a checkpoint; all are of one architecture.\n"
    "\n"
    "  --output FOLDER  gets histograms.csv, .gp, .svg and .png\n"
    "  --match GLOB     a plot for each parameter that fits, of any role\n"
    "  --bins N         bins of a plot (40)\n"
    "  --config FILE    the configuration that a file of weights belongs to\n"
    "  KEY=VALUE        overrides of the configurations\n";

enum { PLOTS_MAX = 30 };

/* Beyond so many deviations from the mean weights are counted in the outermost bins. */
static const double reach = 4;

struct request {
    const char *match;
    int64_t bins;
};

/* What the command works with: the networks, and the plots, each a group of parameters. */
struct work {
    const struct request *request;
    const struct tfu_drawing *drawing;
    struct tfu_graph *graph[TFU_DRAWING_SUBJECTS];
    struct tfu_network *network[TFU_DRAWING_SUBJECTS];
    const char *plot[PLOTS_MAX]; /* names */
    size_t plots;
    double *number; /* of one group */
    int64_t *count; /* per bin */
    struct tfu_figure_panel *panel;
    struct tfu_figure_series *series;
    struct tfu_figure_point *point;
    struct tfu_text *note;
};

/* Does a parameter belong to the plot? */
static bool belongs(const struct work *w, uint32_t p, const char *plot)
{
    const struct tfu_graph *g = w->graph[0];
    if (w->request->match)
        return strcmp(g->param[p].name, plot) == 0;
    return g->param[p].role == TFU_ROLE_WEIGHT &&
           strcmp(g->stage[g->node[g->param[p].node].stage].name, plot) == 0;
}

static enum tfu_status add_plot(struct work *w, const char *name, struct tfu_error *e)
{
    if (w->plots == PLOTS_MAX)
        return tfu_error_set(e, TFU_EINVAL,
                             "more than %d plots do not fit into a figure; choose fewer with "
                             "--match GLOB",
                             PLOTS_MAX);
    w->plot[w->plots++] = name;
    return TFU_OK;
}

static enum tfu_status choose_plots(struct work *w, struct tfu_error *e)
{
    const struct tfu_graph *g = w->graph[0];
    const char *match = w->request->match;
    enum tfu_status st = TFU_OK;
    for (uint32_t p = 0; match && st == TFU_OK && p < g->param_count; p++)
        if (tfu_text_glob(match, g->param[p].name))
            st = add_plot(w, g->param[p].name, e);
    for (uint32_t s = 0; !match && st == TFU_OK && s < g->stage_count; s++) {
        bool any = false;
        for (uint32_t p = 0; !any && p < g->param_count; p++)
            any = belongs(w, p, g->stage[s].name);
        if (any)
            st = add_plot(w, g->stage[s].name, e);
    }
    if (st != TFU_OK || w->plots > 0)
        return st;
    const char **names = calloc((size_t)g->param_count + 1, sizeof *names);
    if (!names)
        return tfu_error_memory(e, "choosing parameters", 0);
    for (uint32_t p = 0; p < g->param_count; p++)
        names[p] = g->param[p].name;
    const char *nearest = match ? tfu_text_nearest(match, names, g->param_count) : NULL;
    st = tfu_error_set(e, TFU_EINVAL,
                       "no parameter of '%s' fits '%s'%s%s%s; `transfuse model summary` lists the "
                       "layers",
                       g->arch, match ? match : "*", nearest ? " (did you mean '" : "",
                       nearest ? nearest : "", nearest ? "'?)" : "");
    free(names);
    return st;
}

/* Parameters of the same names and sizes. */
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
                                w->drawing->spec[0], w->drawing->spec[i]);
}

/* All parameters of a network, to the places where gather() finds them. */
static enum tfu_status look(struct work *w, size_t subject, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t p = 0; st == TFU_OK && p < w->graph[subject]->param_count; p++) {
        const float *ignored;
        st = tfu_network_look(w->network[subject], tfu_region_param(p), &ignored, e);
    }
    return st;
}

static enum tfu_status open_networks(struct work *w, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < w->drawing->count; i++) {
        st = tfu_drawing_network(w->drawing, i, &w->graph[i], &w->network[i], e);
        if (st == TFU_OK)
            st = check_same(w, i, e);
        if (st == TFU_OK)
            st = look(w, i, e);
    }
    return st;
}

static enum tfu_status allocate(struct work *w, struct tfu_error *e)
{
    int64_t most = 0;
    for (size_t k = 0; k < w->plots; k++) {
        int64_t n = 0;
        for (uint32_t p = 0; p < w->graph[0]->param_count; p++)
            n += belongs(w, p, w->plot[k]) ? tfu_shape_count(&w->graph[0]->param[p].shape) : 0;
        most = n > most ? n : most;
    }
    const size_t lines = w->plots * w->drawing->count, bins = (size_t)w->request->bins;
    w->number = malloc((size_t)most * sizeof *w->number + 1);
    w->count = malloc(bins * sizeof *w->count);
    w->panel = calloc(w->plots, sizeof *w->panel);
    w->series = calloc(lines, sizeof *w->series);
    w->point = calloc(lines * (bins + 1), sizeof *w->point);
    w->note = calloc(w->plots, sizeof *w->note);
    return w->number && w->count && w->panel && w->series && w->point && w->note
               ? TFU_OK
               : tfu_error_memory(e, "counting weights", (size_t)most * sizeof *w->number);
}

/* All numbers of a plot in one network. */
static size_t gather(const struct work *w, size_t subject, const char *plot)
{
    size_t n = 0;
    for (uint32_t p = 0; p < w->graph[0]->param_count; p++) {
        if (!belongs(w, p, plot))
            continue;
        const float *from = tfu_network_draft(w->network[subject], tfu_region_param(p));
        for (int64_t i = 0; i < tfu_shape_count(&w->graph[0]->param[p].shape); i++)
            w->number[n++] = (double)from[i];
    }
    return n;
}

/* From the least to the largest of all networks, but not beyond `reach` deviations. */
static void find_range(const struct work *w, const char *plot, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < w->drawing->count; i++) {
        const struct tfu_numbers s = tfu_numbers_describe(w->number, gather(w, i, plot));
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

static void count_plot(struct work *w, size_t k)
{
    const size_t bins = (size_t)w->request->bins, networks = w->drawing->count;
    double low, high;
    find_range(w, w->plot[k], &low, &high);
    const double width = (high - low) / (double)bins;
    struct tfu_figure_panel *panel = &w->panel[k];
    *panel = (struct tfu_figure_panel){.title = w->plot[k],
                                       .x_label = "weight",
                                       .y_label = "density",
                                       .series = &w->series[k * networks],
                                       .series_count = networks};
    char thousands[32];
    for (size_t i = 0; i < networks; i++) {
        const size_t n = gather(w, i, w->plot[k]);
        const double deviation = sqrt(tfu_numbers_describe(w->number, n).variance);
        if (i == 0)
            tfu_text_printf(&w->note[k], "%s weights, σ ", tfu_thousands((int64_t)n, thousands));
        tfu_text_printf(&w->note[k], "%s%.3g", i ? " → " : "", deviation);
        for (size_t j = 0; j < n; j++) /* what is beyond the range is in the outermost bins */
            w->number[j] = fmin(fmax(w->number[j], low), high);
        tfu_numbers_histogram(w->number, n, low, high, bins, w->count);
        struct tfu_figure_point *point = &w->point[(k * networks + i) * (bins + 1)];
        for (size_t b = 0; b <= bins; b++)
            point[b] = (struct tfu_figure_point){
                low + (double)b * width,
                b < bins ? (double)w->count[b] / ((double)(n ? n : 1) * width) : 0, NAN, NAN};
        w->series[k * networks + i] = (struct tfu_figure_series){
            .label = w->drawing->subject[i]->label, .point = point, .count = bins + 1};
    }
    panel->note = tfu_text_get(&w->note[k]);
}

static enum tfu_status draw(struct work *w, struct tfu_error *e)
{
    bool failed = false;
    for (size_t k = 0; k < w->plots; k++) {
        count_plot(w, k);
        failed |= w->note[k].failed;
    }
    struct tfu_text caption = TFU_TEXT_INIT;
    tfu_text_printf(&caption,
                    "%s in %" PRId64 " bins; what lies beyond %g deviations from the mean "
                    "is counted in the outermost ones.",
                    w->request->match ? "Parameters" : "Weights of the stages", w->request->bins,
                    reach);
    const struct tfu_figure figure = {.kind = TFU_FIGURE_HISTOGRAM,
                                      .caption = tfu_text_get(&caption),
                                      .panel = w->panel,
                                      .panel_count = w->plots};
    const enum tfu_status st =
        failed || caption.failed
            ? tfu_error_memory(e, "drawing histograms", 0)
            : tfu_cli_figure(w->drawing->cli, &figure, w->drawing->output, "histograms", stdout, e);
    tfu_text_free(&caption);
    return st;
}

static enum tfu_status run(void *arg, struct tfu_drawing *d, struct tfu_error *e)
{
    struct work w = {.request = arg, .drawing = d};
    enum tfu_status st = open_networks(&w, e);
    if (st == TFU_OK)
        st = choose_plots(&w, e);
    if (st == TFU_OK)
        st = allocate(&w, e);
    if (st == TFU_OK)
        st = draw(&w, e);
    for (size_t k = 0; w.note && k < w.plots; k++)
        tfu_text_free(&w.note[k]);
    for (size_t i = 0; i < d->count; i++) {
        tfu_network_free(w.network[i]);
        tfu_graph_free(w.graph[i]);
    }
    free(w.number);
    free(w.count);
    free(w.panel);
    free(w.series);
    free(w.point);
    free(w.note);
    return st;
}

int tfu_figure_histograms(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.bins = 40};
    const struct tfu_cli_option option[] = {
        {.name = "--match", .text = &r.match},
        {.name = "--bins", .number = &r.bins, .min = 2, .max = 1000},
    };
    const struct tfu_drawing_command command = {
        .name = "figure histograms",
        .help = help,
        .least = 1,
        .option = option,
        .option_count = TFU_COUNT(option),
        .run = run,
        .arg = &r,
    };
    return tfu_drawing_main(cli, &command, argc, argv);
}
