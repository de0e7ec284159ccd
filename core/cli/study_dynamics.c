/* SPDX-License-Identifier: MIT
 *
 * transfuse study dynamics: similarity over a training, from the checkpoints of its run.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/cli/comparing_main.h"
#include "core/cli/lines.h"
#include "core/cli/study.h"
#include "core/config/defaults.h"
#include "core/report/figure.h"
#include "core/store/run_folder.h"
#include "core/train/shelf.h"

static const char help[] =
    "usage: transfuse study dynamics RUN [RUN2] [--points N] [...]\n"
    "\n"
    "Similarity of every layer over a training: of RUN at each of its checkpoints to RUN at its\n"
    "end, or with two runs of RUN to RUN2 at each step of which both have a checkpoint (Raghu et\n"
    "al. 2017). Checkpoints are kept with `train: {checkpoint: {every_steps: N, keep: 1000}}`.\n"
    "\n"
    "  --points N       at most so many steps, evenly chosen; default 20\n"
    "\n";

struct dynamics {
    int64_t points;
};

/* Steps with a checkpoint in all runs, from 0 on. */
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
    /* the first and the last stay */
    const size_t most = (size_t)points;
    if (st == TFU_OK && out->count > most) {
        for (size_t i = 0; i < most; i++)
            out->step[i] = out->step[i * (out->count - 1) / (most - 1)];
        out->count = most;
    }
    free(all[0]);
    free(all[1]);
    return st;
}

/* "RUN@1200", or the initial state. */
static char *state_of(const char *run, int64_t step)
{
    struct tfu_text text = TFU_TEXT_INIT;
    if (step == 0)
        tfu_text_printf(&text, "%s@initial", run);
    else
        tfu_text_printf(&text, "%s@%" PRId64, run, step);
    return text.data;
}

/* One line a step. Of one run the end is opened once, and captured once. */
static enum tfu_status add_step(struct tfu_lines *lines, struct tfu_comparing *c,
                                const char *const *spec, size_t count, int64_t step,
                                const struct tfu_side *end, struct tfu_error *e)
{
    char *state[2] = {state_of(spec[0], step), count == 2 ? state_of(spec[1], step) : NULL};
    struct tfu_side side[2] = {{.subject = NULL}, {.subject = NULL}};
    const struct tfu_side_request request[2] = {
        {.spec = state[0], .nodes = c->options->nodes, .other = end},
        {.spec = state[1], .nodes = c->options->nodes}};
    struct tfu_text name = TFU_TEXT_INIT;
    tfu_text_printf(&name, "%" PRId64, step);
    enum tfu_status st = state[0] && (count == 1 || state[1]) && !name.failed
                             ? TFU_OK
                             : tfu_error_memory(e, "opening a network", 0);
    if (st == TFU_OK)
        st = count == 2 ? tfu_sides_open(&side[0], &side[1], c, &request[0], &request[1], e)
                        : tfu_side_open(&side[0], c, &request[0], e);
    if (st == TFU_OK)
        st = tfu_lines_add(lines, tfu_text_get(&name), false, c, &side[0],
                           count == 2 ? &side[1] : end, false, e);
    tfu_side_close(&side[1]);
    tfu_side_close(&side[0]);
    tfu_text_free(&name);
    free(state[0]);
    free(state[1]);
    return st;
}

/* ---- the figure: a series a node over steps */

static enum tfu_status draw(const struct tfu_lines *l, const struct tfu_comparing *c,
                            const struct steps *steps, struct tfu_error *e)
{
    const struct tfu_member *m = &l->line[0].member[0];
    const struct tfu_member *last = &l->line[l->count - 1].member[0];
    const size_t nodes = m->comparison.pair_count;
    struct tfu_figure_point *point = calloc(nodes * l->count + 1, sizeof *point);
    struct tfu_figure_series *series = calloc(nodes + 1, sizeof *series);
    char *stem = tfu_path_join(c->options->output, "dynamics");
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st =
        point && series && stem ? TFU_OK : tfu_error_memory(e, "drawing a figure", 0);
    for (size_t p = 0; st == TFU_OK && p < nodes; p++) {
        for (size_t i = 0; i < l->count; i++) {
            const struct tfu_mean mean = tfu_curve_mean(&l->line[i], c, p);
            const double v = tfu_study_value(mean.mean), sd = tfu_study_value(mean.sd);
            point[p * l->count + i] =
                (struct tfu_figure_point){(double)steps->step[i], v, v - sd, v + sd};
        }
        series[p] = (struct tfu_figure_series){.label = m->node[0][m->comparison.pair[p].a],
                                               .point = point + p * l->count,
                                               .count = l->count,
                                               .band = true};
    }
    tfu_text_printf(&text, "From %s to %s, each compared with %s. ", m->label[0], last->label[0],
                    strcmp(m->label[1], last->label[1]) == 0
                        ? last->label[1]
                        : "the other network at the same step");
    tfu_comparing_describe(c, &m->comparison, &text);
    tfu_text_puts(&text, ". Bands: one standard deviation over draws.");
    const struct tfu_figure_panel panel = {.x_label = "training step",
                                           .y_label = c->metric->plugin->name,
                                           .series = series,
                                           .series_count = nodes};
    const struct tfu_figure figure = {.kind = TFU_FIGURE_LINES,
                                      .caption = tfu_text_get(&text),
                                      .panel = &panel,
                                      .panel_count = 1};
    if (st == TFU_OK)
        st = tfu_comparing_figure_written(c, tfu_figure_write(&figure, stem, e), e);
    tfu_text_free(&text);
    free(stem);
    free(series);
    free(point);
    return st;
}

static enum tfu_status run(void *arg, struct tfu_comparing *c, const char *const *spec,
                           size_t count, struct tfu_error *e)
{
    const struct dynamics *d = arg;
    const struct tfu_side_request request = {.spec = spec[0], .nodes = c->options->nodes};
    struct tfu_lines lines = {.line = NULL};
    struct tfu_side end = {.subject = NULL};
    struct steps steps = {NULL, 0};
    enum tfu_status st =
        count == 1 && c->options->data
            ? tfu_error_set(e, TFU_EINVAL,
                            "`data: %s` chooses between two runs, and there is one; leave it out",
                            c->options->data)
            : list_steps(&steps, spec, count, d->points, e);
    if (st == TFU_OK && count == 1) {
        struct tfu_text final = TFU_TEXT_INIT;
        struct tfu_side_request last = request;
        tfu_text_printf(&final, "%s@%" PRId64, spec[0], steps.step[steps.count - 1]);
        last.spec = tfu_text_get(&final);
        st = tfu_side_open(&end, c, &last, e);
        tfu_text_free(&final);
    }
    for (size_t i = 0; st == TFU_OK && i < steps.count; i++)
        st = add_step(&lines, c, spec, count, steps.step[i], count == 1 ? &end : NULL, e);
    if (st == TFU_OK)
        st = tfu_lines_tell(&lines, c, "dynamics", e);
    if (st == TFU_OK && c->options->output)
        st = draw(&lines, c, &steps, e);
    tfu_side_close(&end);
    tfu_lines_free(&lines);
    free(steps.step);
    return st;
}

int tfu_study_dynamics(struct tfu_cli *cli, int argc, char **argv)
{
    struct dynamics d = {.points = 20};
    const struct tfu_cli_option options[] = {
        {.name = "--points", .number = &d.points, .min = 2, .max = 10000}};
    static const char *const unused[] = {"--nodes-b", NULL};
    const struct tfu_comparing_command command = {
        .name = "study dynamics",
        .help = help,
        .metric = TFU_DEFAULT_SIMILARITY,
        .rows = -1,
        .channels = -1,
        .draws = -1,
        .subjects_min = 1,
        .subjects_max = 2,
        .unused = unused,
        .option = options,
        .option_count = TFU_COUNT(options),
        .run = run,
        .arg = &d,
    };
    return tfu_comparing_main(cli, &command, argc, argv);
}
