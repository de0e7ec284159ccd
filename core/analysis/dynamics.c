/* SPDX-License-Identifier: MIT
 *
 * dynamics: similarity over a training, from the checkpoints of its run.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/analysis/all.h"
#include "core/analysis/lines.h"
#include "core/store/run_folder.h"
#include "core/train/shelf.h"

struct config {
    struct tfu_analysis_common common;
    int64_t points;
};

static const struct tfu_option options[] = {
    TFU_OPTION_METRIC(TFU_DEFAULT_SIMILARITY),
    TFU_OPT_INT(struct config, points, 20, 2, 10000, "at most so many steps, evenly chosen"),
    TFU_OPTION_NODES,
    TFU_OPTION_ROWS,
    TFU_OPTION_CHANNELS(64),
    TFU_OPTION_DRAWS(5, "draws of rows and channels"),
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

/* ---- steps with a checkpoint in all runs, from 0 on */

struct steps {
    int64_t *step;
    size_t count;
};

static bool contains(const int64_t *step, size_t count, int64_t wanted)
{
    for (size_t i = 0; i < count; i++)
        if (step[i] == wanted)
            return true;
    return false;
}

/* The first and the last stay. */
static void thin_out(struct steps *s, size_t most)
{
    if (s->count <= most)
        return;
    for (size_t i = 0; i < most; i++)
        s->step[i] = s->step[i * (s->count - 1) / (most - 1)];
    s->count = most;
}

static enum tfu_status list_steps(struct steps *out, const char *const *spec, size_t count,
                                  int64_t points, struct tfu_error *e)
{
    int64_t *all[2] = {NULL, NULL};
    size_t n[2] = {0, 0};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        if (tfu_run_state(spec[i]) == TFU_RUN_ABSENT)
            st = tfu_error_at(e, TFU_EINVAL, spec[i], 0, 0,
                              "not the folder of a run: it has no config.yaml");
        if (st == TFU_OK)
            st = tfu_shelf_steps(spec[i], &all[i], &n[i], e);
    }
    *out = (struct steps){calloc(n[0] + 2, sizeof *out->step), 1}; /* the initial state is step 0 */
    if (st == TFU_OK && !out->step)
        st = tfu_error_memory(e, "listing checkpoints", 0);
    for (size_t i = 0; st == TFU_OK && i < n[0]; i++)
        if (count == 1 || contains(all[1], n[1], all[0][i]))
            out->step[out->count++] = all[0][i];
    if (st == TFU_OK && out->count == 1)
        st = tfu_error_at(e, TFU_ENOTFOUND, spec[0], 0, 0,
                          "%s; keep some with `train: {checkpoint: {every_steps: N, keep: M}}`",
                          count == 1 ? "the run has no checkpoints of single steps"
                                     : "the two runs have no step with a checkpoint in common");
    if (st == TFU_OK)
        thin_out(out, (size_t)points);
    free(all[0]);
    free(all[1]);
    return st;
}

/* ---- one line a step */

/* "RUN@1200", or the initial state; to be freed, NULL when out of memory. */
static char *state_of(const char *run, int64_t step)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (step == 0)
        tfu_text_printf(&text, "%s@initial", run);
    else
        tfu_text_printf(&text, "%s@%" PRId64, run, step);
    if (text.failed)
        tfu_text_free(&text);
    return text.data;
}

/* Of one run against its end, which is opened once and captured once. */
static enum tfu_status add_against(struct tfu_lines *lines, const struct tfu_line_kind *kind,
                                   const struct tfu_yardstick *y, const char *state,
                                   const struct tfu_side *end, struct tfu_error *e)
{
    const struct tfu_side_request request = {
        .network = {.spec = state}, .nodes = &y->context->common->nodes, .other = end};
    struct tfu_side side;
    enum tfu_status st = tfu_side_open(&side, y, &request, e);
    if (st == TFU_OK)
        st = tfu_lines_add(lines, kind, y, &side, end, e);
    tfu_side_close(&side);
    return st;
}

static enum tfu_status add_step(struct tfu_lines *lines, const struct tfu_yardstick *y,
                                char *const state[2], int64_t step, const struct tfu_side *end,
                                struct tfu_error *e)
{
    char name[32];
    snprintf(name, sizeof name, "%" PRId64, step);
    const struct tfu_line_kind kind = {.name = name};
    const struct tfu_state_request both[2] = {{.spec = state[0]}, {.spec = state[1]}};
    return end ? add_against(lines, &kind, y, state[0], end, e)
               : tfu_lines_add_pair(lines, &kind, y, both, e);
}

static enum tfu_status add_steps(struct tfu_lines *lines, const struct tfu_yardstick *y,
                                 const char *const *spec, const struct steps *steps,
                                 const struct tfu_side *end, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < steps->count; i++) {
        char *state[2] = {state_of(spec[0], steps->step[i]),
                          end ? NULL : state_of(spec[1], steps->step[i])};
        st = state[0] && (end || state[1]) ? TFU_OK : tfu_error_memory(e, "opening a network", 0);
        if (st == TFU_OK)
            st = add_step(lines, y, state, steps->step[i], end, e);
        free(state[0]);
        free(state[1]);
    }
    return st;
}

/* ---- the figure: a series a node over steps */

static enum tfu_status fill_series(struct tfu_figure_series *series, size_t nodes,
                                   const struct tfu_lines *l, const struct tfu_yardstick *y,
                                   const struct steps *steps, struct tfu_result *out,
                                   struct tfu_error *e)
{
    const struct tfu_member *m = &l->line[0].member[0];
    struct tfu_figure_point *point = tfu_result_alloc(out, nodes * l->count, sizeof *point);
    if (!point)
        return tfu_error_memory(e, "drawing a figure", 0);
    for (size_t i = 0; i < l->count; i++) {
        struct tfu_mean *mean;
        const enum tfu_status st = tfu_curve_means(&l->line[i], y, &mean, e);
        if (st != TFU_OK)
            return st;
        for (size_t p = 0; p < nodes; p++) {
            const double v = tfu_estimate_value(mean[p].mean), sd = tfu_estimate_value(mean[p].sd);
            point[p * l->count + i] =
                (struct tfu_figure_point){(double)steps->step[i], v, v - sd, v + sd};
        }
        free(mean);
    }
    for (size_t p = 0; p < nodes; p++)
        series[p] = (struct tfu_figure_series){
            .label = tfu_result_printf(out, "%s", m->node[0][m->comparison.pair[p].a]),
            .point = point + p * l->count,
            .count = l->count,
            .band = true};
    return TFU_OK;
}

static enum tfu_status draw(const struct tfu_lines *l, const struct tfu_yardstick *y,
                            const struct steps *steps, struct tfu_result *out, struct tfu_error *e)
{
    const struct tfu_member *m = &l->line[0].member[0];
    const struct tfu_member *last = &l->line[l->count - 1].member[0];
    const size_t nodes = m->comparison.pair_count;
    struct tfu_figure_panel *panel;
    struct tfu_figure *f = tfu_result_figure(out, TFU_FIGURE_LINES, &panel, 1);
    struct tfu_figure_series *series = tfu_result_alloc(out, nodes, sizeof *series);
    if (!f || !series)
        return tfu_error_memory(e, "drawing a figure", 0);
    *panel = (struct tfu_figure_panel){.x_label = "training step",
                                       .y_label = y->metric->plugin->name,
                                       .series = series,
                                       .series_count = nodes};
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "From %s to %s, each compared with %s. ", m->label[0], last->label[0],
                    strcmp(m->label[1], last->label[1]) == 0
                        ? last->label[1]
                        : "the other network at the same step");
    tfu_yardstick_describe(y, &m->comparison, &text);
    tfu_text_puts(&text, ". Bands: one standard deviation over draws.");
    f->caption = tfu_result_keep(out, &text);
    return fill_series(series, nodes, l, y, steps, out, e);
}

/* ---- the study */

/* The end of a single run. */
static enum tfu_status open_end(struct tfu_side *end, const struct tfu_yardstick *y,
                                const char *run, int64_t step, struct tfu_error *e)
{
    char *state = state_of(run, step);
    const struct tfu_side_request request = {.network = {.spec = state},
                                             .nodes = &y->context->common->nodes};
    const enum tfu_status st =
        state ? tfu_side_open(end, y, &request, e) : tfu_error_memory(e, "opening a network", 0);
    free(state);
    return st;
}

static enum tfu_status report(const struct tfu_lines *lines, const struct tfu_yardstick *y,
                              const struct steps *steps, struct tfu_result *out,
                              struct tfu_error *e)
{
    tfu_lines_warn(lines, y);
    enum tfu_status st = tfu_lines_show(lines, y, out, e);
    if (st == TFU_OK)
        st = tfu_lines_put_means(lines, y, out, e);
    tfu_lines_put_values(lines, out);
    return st == TFU_OK ? draw(lines, y, steps, out, e) : st;
}

static enum tfu_status fits(const void *config, const struct tfu_analysis_networks *n,
                            struct tfu_analysis_context *c, struct tfu_error *e)
{
    const struct config *o = config;
    if (n->count > 1 || o->common.data == TFU_DATA_OWN)
        return TFU_OK;
    return tfu_analysis_refuse(
        c, "data", e, "`data: %s` chooses between two runs, and there is one; leave it out",
        tfu_analysis_sides[o->common.data]);
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    const struct config *o = config;
    const bool single = n->count == 1;
    struct tfu_yardstick y;
    struct tfu_lines lines = {.line = NULL};
    struct tfu_side end = {.subject = NULL};
    struct steps steps = {NULL, 0};
    enum tfu_status st = list_steps(&steps, n->of, n->count, o->points, e);
    if (st == TFU_OK)
        st = tfu_yardstick_open(&y, c, e);
    if (st == TFU_OK && single)
        st = open_end(&end, &y, n->of[0], steps.step[steps.count - 1], e);
    if (st == TFU_OK)
        st = add_steps(&lines, &y, n->of, &steps, single ? &end : NULL, e);
    if (st == TFU_OK)
        st = report(&lines, &y, &steps, out, e);
    tfu_side_close(&end);
    tfu_lines_free(&lines);
    free(steps.step);
    return st;
}

const struct tfu_analysis tfu_analysis_dynamics = {
    .name = "dynamics",
    .group = "study",
    .summary = "similarity over a training, checkpoint by checkpoint",
    .about = "Similarity of every layer over a training: of a run at each of its checkpoints to "
             "the run at\n"
             "its end, or with two runs of the one to the other at each step of which both have a "
             "checkpoint\n"
             "(Raghu et al. 2017). Checkpoints are kept with\n"
             "`train: {checkpoint: {every_steps: N, keep: 1000}}`.\n",
    .takes = TFU_ANALYSIS_TAKES_LIST,
    .least = 1,
    .most = 2,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .ability = &tfu_metric_compares_networks,
    .fits = fits,
    .run = run,
};
