/* SPDX-License-Identifier: MIT
 *
 * study interpolate: networks on the straight line between two, and the barrier between these.
 */
#include <math.h>

#include "core/analysis/all.h"
#include "core/analysis/scores.h"
#include "core/study/interpolate.h"

struct config {
    struct tfu_analysis_common common;
    int64_t points;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, points, 11, 2, 100001, "networks, both ends among them"),
    TFU_OPTION_SPLIT,
    TFU_OPTION_CONFIG,
    TFU_OPTION_SET,
};

/* The study, computed. */
struct line {
    const char *a, *b, *data;
    const struct tfu_assessor *assessor;
    struct tfu_interpolation r;
};

static void put_scores(const struct line *l, struct tfu_result *out)
{
    static const struct tfu_column first[] = {{.name = "t", .digits = 3}};
    struct tfu_result_table *t =
        tfu_scores_table(out, "scores", TFU_TABLE_SHOWN | TFU_TABLE_DATA, first, TFU_COUNT(first),
                         l->r.measure, l->r.measures);
    for (size_t i = 0; i < l->r.points; i++) {
        tfu_cell_number(t, l->r.t[i]);
        tfu_scores_put(t, &l->r.measure[i * l->r.measures], l->r.measures);
    }
}

/* What it is about, and its one number, for programs. */
static void put_barrier(const struct line *l, struct tfu_result *out)
{
    static const struct tfu_column about[] = {
        {.name = "a"}, {.name = "b"}, {.name = "split"}, {.name = "examples"}};
    static const struct tfu_column barrier[] = {{.name = "height"}, {.name = "t"}};
    struct tfu_result_table *t =
        tfu_result_table(out, "about", TFU_TABLE_JSON, about, TFU_COUNT(about));
    tfu_cell_text(t, "%s", l->a);
    tfu_cell_text(t, "%s", l->b);
    tfu_cell_text(t, "%s", tfu_assessor_split(l->assessor));
    tfu_cell_whole(t, tfu_scores_examples(l->assessor));
    t = tfu_result_table(out, "barrier", TFU_TABLE_JSON, barrier, TFU_COUNT(barrier));
    if (l->r.barrier.defined)
        tfu_cell_estimate(t, l->r.barrier);
    else
        tfu_cell_none(t, "a loss on the way is not defined");
    tfu_cell_number(t, l->r.barrier.defined ? l->r.barrier_at : NAN);
}

static void say_barrier(const struct line *l, struct tfu_result *out)
{
    if (!l->r.barrier.defined)
        tfu_result_say(out, "barrier n/a: a loss on the way is not defined");
    else if (l->r.barrier.value > 0)
        tfu_result_say(out, "barrier %.4f at t = %.3f", l->r.barrier.value, l->r.barrier_at);
    else
        tfu_result_say(out, "no barrier: the loss is nowhere above the line between its ends");
}

/* A measure over the points, or of the two ends alone. */
static void fill_series(struct tfu_figure_series *s, const struct line *l, size_t measure,
                        bool ends, struct tfu_result *out)
{
    const size_t count = ends ? 2 : l->r.points;
    struct tfu_figure_point *point = tfu_result_alloc(out, count, sizeof *point);
    for (size_t k = 0; point && k < count; k++) {
        const size_t i = ends ? k * (l->r.points - 1) : k;
        const double value = l->r.measure[i * l->r.measures + measure].value;
        point[k] = (struct tfu_figure_point){l->r.t[i], value, NAN, NAN};
    }
    *s = (struct tfu_figure_series){.label = ends ? "between the ends" : "networks on the line",
                                    .point = point,
                                    .count = point ? count : 0,
                                    .reference = ends};
}

/* A panel a measure, the loss first. */
static void draw(const struct line *l, struct tfu_result *out)
{
    struct tfu_figure_panel *panel;
    struct tfu_figure *f = tfu_result_figure(out, TFU_FIGURE_LINES, &panel, l->r.measures);
    struct tfu_figure_series *series = tfu_result_alloc(out, 2 * l->r.measures, sizeof *series);
    if (!f || !series)
        return;
    for (size_t k = 0; k < l->r.measures; k++) {
        fill_series(&series[2 * k], l, k, false, out);
        fill_series(&series[2 * k + 1], l, k, true, out);
        panel[k] =
            (struct tfu_figure_panel){.x_label = "t (0: A, 1: B)",
                                      .y_label = tfu_result_printf(out, "%s", l->r.measure[k].key),
                                      .series = &series[2 * k],
                                      .series_count = k == 0 ? 2 : 1};
    }
    const char *barrier =
        l->r.barrier.defined ? tfu_result_printf(out, "Barrier %.4g.", l->r.barrier.value) : "";
    f->caption = tfu_result_printf(out, "%zu networks (1 - t) A + t B; A: %s; B: %s; %s. %s",
                                   l->r.points, l->a, l->b, l->data, barrier);
}

static void report(const struct line *l, struct tfu_result *out)
{
    tfu_result_say(out, "from A, t = 0: %s", l->a);
    tfu_result_say(out, "to B, t = 1:   %s", l->b);
    tfu_result_say(out, "%s", l->data);
    put_scores(l, out);
    tfu_scores_say_reasons(out, l->r.measure, l->r.points * l->r.measures);
    say_barrier(l, out);
    put_barrier(l, out);
    draw(l, out);
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    const struct tfu_subject *subject[2] = {NULL, NULL};
    struct tfu_assessor *assessor = NULL;
    struct line l;
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < 2; i++)
        st = tfu_analysis_subject(c, &(struct tfu_state_request){.spec = n->of[i]}, &subject[i], e);
    if (st == TFU_OK)
        st = tfu_scores_open(&assessor, c, subject[0], e);
    if (st == TFU_OK)
        st = tfu_interpolate(&l.r, assessor, subject[0], subject[1],
                             (size_t)((const struct config *)config)->points, e);
    if (st == TFU_OK) {
        l.a = subject[0]->label;
        l.b = subject[1]->label;
        l.assessor = assessor;
        l.data = tfu_scores_data(out, assessor);
        report(&l, out);
        tfu_interpolation_free(&l.r);
    }
    tfu_assessor_free(assessor);
    return st;
}

const struct tfu_analysis tfu_analysis_interpolate = {
    .name = "interpolate",
    .group = "study",
    .summary = "loss and metrics on the line between two networks",
    .about = "Loss and metrics of networks on the straight line between two of one architecture, "
             "and the\n"
             "barrier: the largest excess of the loss over the line between the losses of the "
             "ends. Running\n"
             "statistics of normalisation are interpolated like the weights. Data and metrics are "
             "A's.\n",
    .takes = TFU_ANALYSIS_TAKES_PAIR,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .run = run,
};
