/* SPDX-License-Identifier: MIT
 *
 * study interpolate: networks on the straight line between two, and the barrier between these.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/analysis/all.h"
#include "core/analysis/pairs.h"
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
struct way {
    struct tfu_interpolation r;
    const char *split, *data; /* "test data, 30 examples" */
    int64_t examples;
};

struct study {
    struct tfu_pairs pairs;
    struct way *way; /* of each pair, all with the same points and measures */
};

static const char no_loss[] = "a loss on the way is not defined";

static const struct tfu_interpolation *first(const struct study *s)
{
    return &s->way[0].r;
}

static const struct tfu_measure *measure_at(const struct study *s, size_t pair, size_t point,
                                            size_t measure)
{
    return &s->way[pair].r.measure[point * first(s)->measures + measure];
}

/* ---- over the pairs of a line */

struct wanted {
    const struct study *s;
    size_t point, measure;
};

static double value_of(const void *arg, size_t pair)
{
    const struct wanted *w = arg;
    return measure_at(w->s, pair, w->point, w->measure)->value;
}

static struct tfu_mean mean_of(const struct study *s, size_t line, size_t point, size_t measure)
{
    const struct wanted wanted = {s, point, measure};
    return tfu_pairs_mean(&s->pairs, line, value_of, &wanted);
}

static double height_of(const void *arg, size_t pair)
{
    const struct study *s = arg;
    return tfu_estimate_value(s->way[pair].r.barrier);
}

static struct tfu_mean mean_height(const struct study *s, size_t line)
{
    return tfu_pairs_mean(&s->pairs, line, height_of, s);
}

/* ---- for people */

static void say_barrier(const struct tfu_interpolation *r, struct tfu_result *out)
{
    if (!r->barrier.defined)
        tfu_result_say(out, "barrier n/a: %s", no_loss);
    else if (r->barrier.value > 0)
        tfu_result_say(out, "barrier %.4f at t = %.3f", r->barrier.value, r->barrier_at);
    else
        tfu_result_say(out, "no barrier: the loss is nowhere above the line between its ends");
}

/* The only pair. */
static void show_pair(const struct study *s, struct tfu_result *out)
{
    static const struct tfu_column column[] = {{.name = "t", .digits = 3}};
    const struct tfu_interpolation *r = first(s);
    tfu_result_say(out, "from A, t = 0: %s", s->pairs.pair[0].a->label);
    tfu_result_say(out, "to B, t = 1:   %s", s->pairs.pair[0].b->label);
    tfu_result_say(out, "%s", s->way[0].data);
    struct tfu_result_table *t = tfu_scores_table(out, "pair", TFU_TABLE_SHOWN, column,
                                                  TFU_COUNT(column), r->measure, r->measures);
    for (size_t i = 0; i < r->points; i++) {
        tfu_cell_number(t, r->t[i]);
        tfu_scores_put(t, measure_at(s, 0, i, 0), r->measures);
    }
    tfu_scores_say_reasons(out, r->measure, r->points * r->measures);
    say_barrier(r, out);
}

/* Each reason once, whichever of the pairs have it. */
static void say_reasons(const struct study *s, struct tfu_result *out)
{
    const size_t each = first(s)->points * first(s)->measures;
    struct tfu_measure *all = tfu_result_alloc(out, s->pairs.count * each, sizeof *all);
    for (size_t p = 0; all && p < s->pairs.count; p++)
        memcpy(&all[p * each], s->way[p].r.measure, each * sizeof *all);
    if (all)
        tfu_scores_say_reasons(out, all, s->pairs.count * each);
}

/* Several: the loss of each line over t, and its barrier. */
static void show_lines(const struct study *s, struct tfu_result *out)
{
    static const struct tfu_column barrier[] = {TFU_PAIR_LINE_COLUMNS,
                                                {.name = "barrier", .digits = 4}};
    struct tfu_column *column = tfu_result_alloc(out, s->pairs.lines + 1, sizeof *column);
    if (!column)
        return;
    column[0] = (struct tfu_column){.name = "t", .digits = 3};
    for (size_t l = 0; l < s->pairs.lines; l++)
        column[l + 1] = (struct tfu_column){.name = s->pairs.line[l].name, .digits = 4};
    for (size_t p = 0; p < s->pairs.count; p++)
        tfu_pairs_say(&s->pairs, p, s->way[p].data, out);
    tfu_pairs_say_spread(&s->pairs, out);
    tfu_result_say(out, "%s from A, t = 0, to B, t = 1:", first(s)->measure[0].key);
    struct tfu_result_table *t =
        tfu_result_table(out, "lines", TFU_TABLE_SHOWN, column, s->pairs.lines + 1);
    for (size_t i = 0; i < first(s)->points; i++) {
        tfu_cell_number(t, first(s)->t[i]);
        for (size_t l = 0; l < s->pairs.lines; l++)
            tfu_cell_mean(t, mean_of(s, l, i, 0));
    }
    t = tfu_result_table(out, "heights", TFU_TABLE_SHOWN, barrier, TFU_COUNT(barrier));
    for (size_t l = 0; l < s->pairs.lines; l++) {
        tfu_pairs_put_line(&s->pairs, l, t);
        tfu_cell_mean(t, mean_height(s, l));
    }
    say_reasons(s, out);
}

/* ---- for programs */

static void put_pairs(const struct study *s, struct tfu_result *out)
{
    static const struct tfu_column about[] = {
        TFU_PAIR_COLUMNS, {.name = "split"}, {.name = "examples"}};
    static const struct tfu_column barrier[] = {
        TFU_PAIR_COLUMNS, {.name = "height"}, {.name = "t"}};
    static const struct tfu_column score[] = {TFU_PAIR_COLUMNS, {.name = "t"}};
    struct tfu_result_table *to_about =
        tfu_result_table(out, "about", TFU_TABLE_JSON, about, TFU_COUNT(about));
    struct tfu_result_table *to_barrier =
        tfu_result_table(out, "barrier", TFU_TABLE_JSON, barrier, TFU_COUNT(barrier));
    struct tfu_result_table *to_scores =
        tfu_scores_table(out, "scores", TFU_TABLE_DATA, score, TFU_COUNT(score), first(s)->measure,
                         first(s)->measures);
    for (size_t p = 0; p < s->pairs.count; p++) {
        const struct way *w = &s->way[p];
        tfu_pairs_put(&s->pairs, p, to_about);
        tfu_cell_text(to_about, "%s", w->split);
        tfu_cell_whole(to_about, w->examples);
        tfu_pairs_put(&s->pairs, p, to_barrier);
        if (w->r.barrier.defined)
            tfu_cell_estimate(to_barrier, w->r.barrier);
        else
            tfu_cell_none(to_barrier, no_loss);
        tfu_cell_number(to_barrier, w->r.barrier.defined ? w->r.barrier_at : (double)NAN);
        for (size_t i = 0; i < w->r.points; i++) {
            tfu_pairs_put(&s->pairs, p, to_scores);
            tfu_cell_number(to_scores, w->r.t[i]);
            tfu_scores_put(to_scores, measure_at(s, p, i, 0), w->r.measures);
        }
    }
}

static void put_means(const struct study *s, struct tfu_result *out)
{
    static const struct tfu_column means[] = {
        TFU_PAIR_LINE_COLUMNS, {.name = "t"}, {.name = "measure"}, TFU_PAIR_MEAN_COLUMNS};
    static const struct tfu_column barriers[] = {TFU_PAIR_LINE_COLUMNS, TFU_PAIR_MEAN_COLUMNS};
    struct tfu_result_table *to_means =
        tfu_result_table(out, "means", TFU_TABLE_DATA, means, TFU_COUNT(means));
    struct tfu_result_table *to_barriers =
        tfu_result_table(out, "barriers", TFU_TABLE_DATA, barriers, TFU_COUNT(barriers));
    for (size_t l = 0; l < s->pairs.lines; l++) {
        for (size_t k = 0; k < first(s)->points * first(s)->measures; k++) {
            const size_t point = k / first(s)->measures, measure = k % first(s)->measures;
            const struct tfu_measure *m = measure_at(s, s->pairs.line[l].first, point, measure);
            tfu_pairs_put_line(&s->pairs, l, to_means);
            tfu_cell_number(to_means, first(s)->t[point]);
            tfu_cell_text(to_means, "%s", m->key);
            tfu_pairs_put_mean(mean_of(s, l, point, measure), m->why, to_means);
        }
        tfu_pairs_put_line(&s->pairs, l, to_barriers);
        tfu_pairs_put_mean(mean_height(s, l), no_loss, to_barriers);
    }
}

/* ---- the figure */

/* A measure of a line over the points, or of the two ends alone. */
static void fill_series(struct tfu_figure_series *to, const struct study *s, size_t line,
                        size_t measure, bool ends, struct tfu_result *out)
{
    const size_t points = first(s)->points, count = ends ? 2 : points;
    const char *label = s->pairs.lines > 1 ? s->pairs.line[line].name : "networks on the line";
    struct tfu_figure_point *point = tfu_result_alloc(out, count, sizeof *point);
    for (size_t k = 0; point && k < count; k++) {
        const size_t i = ends ? k * (points - 1) : k;
        const struct tfu_mean m = mean_of(s, line, i, measure);
        const double value = tfu_estimate_value(m.mean);
        const double sd = ends ? (double)NAN : tfu_estimate_value(m.sd);
        point[k] = (struct tfu_figure_point){first(s)->t[i], value, value - sd, value + sd};
    }
    *to = (struct tfu_figure_series){.label = ends ? "between the ends"
                                                   : tfu_result_printf(out, "%s", label),
                                     .point = point,
                                     .count = point ? count : 0,
                                     .reference = ends};
}

/* Of one pair the networks and the barrier, of several the lines. */
static const char *make_caption(const struct study *s, struct tfu_result *out)
{
    const struct tfu_interpolation *r = first(s);
    if (s->pairs.count > 1)
        return tfu_result_printf(out, "%zu networks (1 - t) A + t B; %s. %s", r->points,
                                 s->way[0].data, tfu_pairs_caption(&s->pairs, out));
    const char *barrier =
        r->barrier.defined ? tfu_result_printf(out, "Barrier %.4g.", r->barrier.value) : "";
    return tfu_result_printf(out, "%zu networks (1 - t) A + t B; A: %s; B: %s; %s. %s", r->points,
                             s->pairs.pair[0].a->label, s->pairs.pair[0].b->label, s->way[0].data,
                             barrier);
}

/* A panel a measure, the loss first; with it, of one line, the line between its ends. */
static void draw(const struct study *s, struct tfu_result *out)
{
    const size_t measures = first(s)->measures, lines = s->pairs.lines;
    struct tfu_figure_panel *panel;
    struct tfu_figure *f = tfu_result_figure(out, TFU_FIGURE_LINES, &panel, measures);
    struct tfu_figure_series *series = tfu_result_alloc(out, measures * lines + 1, sizeof *series);
    if (!f || !series)
        return;
    for (size_t k = 0; k < measures; k++) {
        /* the one for the ends lies behind the lines of the first panel */
        struct tfu_figure_series *of = series + k * lines + (k > 0);
        for (size_t l = 0; l < lines; l++)
            fill_series(&of[l], s, l, k, false, out);
        if (k == 0 && lines == 1)
            fill_series(&of[1], s, 0, k, true, out);
        panel[k] = (struct tfu_figure_panel){
            .x_label = "t (0: A, 1: B)",
            .y_label = tfu_result_printf(out, "%s", first(s)->measure[k].key),
            .series = of,
            .series_count = k == 0 && lines == 1 ? 2 : lines};
    }
    f->caption = make_caption(s, out);
}

static void report(const struct study *s, struct tfu_result *out)
{
    (s->pairs.count == 1 ? show_pair : show_lines)(s, out);
    put_pairs(s, out);
    put_means(s, out);
    draw(s, out);
}

/* ---- all */

/* Lines of a figure are over the same measures. */
static enum tfu_status check_measures(const struct study *s, size_t pair, struct tfu_error *e)
{
    const struct tfu_interpolation *r = &s->way[pair].r;
    bool same = r->measures == first(s)->measures;
    for (size_t k = 0; same && k < r->measures; k++)
        same = strcmp(r->measure[k].key, first(s)->measure[k].key) == 0;
    return same ? TFU_OK
                : tfu_error_set(e, TFU_EINVAL,
                                "the metrics of '%s' are not those of '%s': all lines of an "
                                "analysis have the same; say them with `set`, or make several "
                                "analyses",
                                s->pairs.pair[pair].a->label, s->pairs.pair[0].a->label);
}

static enum tfu_status follow(struct study *s, size_t pair, size_t points,
                              struct tfu_analysis_context *c, struct tfu_result *out,
                              struct tfu_error *e)
{
    const struct tfu_pair *is = &s->pairs.pair[pair];
    struct way *w = &s->way[pair];
    struct tfu_assessor *assessor = NULL;
    enum tfu_status st = tfu_scores_open(&assessor, c, is->a, e);
    if (st == TFU_OK)
        st = tfu_interpolate(&w->r, assessor, is->a, is->b, points, e);
    if (st == TFU_OK) {
        w->split = tfu_result_printf(out, "%s", tfu_assessor_split(assessor));
        w->data = tfu_scores_data(out, assessor);
        w->examples = tfu_scores_examples(assessor);
        st = check_measures(s, pair, e);
    }
    tfu_assessor_free(assessor);
    return st;
}

static enum tfu_status run(const void *config, const struct tfu_analysis_networks *n,
                           struct tfu_analysis_context *c, struct tfu_result *out,
                           struct tfu_error *e)
{
    const size_t points = (size_t)((const struct config *)config)->points;
    struct study s = {.way = NULL};
    enum tfu_status st = tfu_pairs_open(&s.pairs, c, n, e);
    if (st == TFU_OK && !(s.way = calloc(s.pairs.count, sizeof *s.way)))
        st = tfu_error_memory(e, "interpolating", 0);
    for (size_t p = 0; st == TFU_OK && p < s.pairs.count; p++)
        st = follow(&s, p, points, c, out, e);
    if (st == TFU_OK)
        report(&s, out);
    for (size_t p = 0; s.way && p < s.pairs.count; p++)
        tfu_interpolation_free(&s.way[p].r);
    free(s.way);
    tfu_pairs_free(&s.pairs);
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
             "A's. Of several\n"
             "pairs: the means over those of a line.\n",
    .takes = TFU_ANALYSIS_TAKES_LINES,
    .option = options,
    .options = TFU_COUNT(options),
    .config_size = sizeof(struct config),
    .run = run,
};
