/* SPDX-License-Identifier: MIT
 *
 * transfuse study subsets: does the similarity at the start tell that at the end? (Fig. 4)
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/correlation.h"
#include "core/base/path.h"
#include "core/cli/comparing_main.h"
#include "core/cli/lines.h"
#include "core/cli/output.h"
#include "core/cli/study.h"
#include "core/config/defaults.h"
#include "core/report/figure.h"

static const char help[] =
    "usage: transfuse study subsets A B [...]\n"
    "\n"
    "Many small random subsets of channels: the similarity of two networks on a subset before\n"
    "training (x) against that of the same subset after it (y), layer by layer, with a straight\n"
    "line through them. A slope and an R² near 1 say that the layer hardly moved (Raghu et al.\n"
    "2019, Fig. 4).\n"
    "\n"
    "Here --draws is the number of subsets (default 50) and --channels their size (default 8); "
    "all\n"
    "subsets are looked at in the same rows.\n"
    "\n";

/* Of one node. */
struct scatter {
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

static enum tfu_status fit(struct scatter *s, const struct tfu_lines *l,
                           const struct tfu_comparing *c, struct tfu_error *e)
{
    const struct tfu_comparison *before = &l->line[0].member[0].comparison;
    const struct tfu_comparison *after = &l->line[1].member[0].comparison;
    enum tfu_status st = TFU_OK;
    for (size_t p = 0; st == TFU_OK && p < before->pair_count; p++) {
        const size_t room = (size_t)before->draws + 1;
        s[p].x = calloc(room, sizeof *s[p].x);
        s[p].y = calloc(room, sizeof *s[p].y);
        if (!s[p].x || !s[p].y)
            return tfu_error_memory(e, "fitting lines", 0);
        collect(&s[p], &before->pair[p], &after->pair[p], before->draws, c->metric->plugin->name);
        st = tfu_line_fit(s[p].x, s[p].y, s[p].n, (uint64_t)c->options->seed, &s[p].line, e);
    }
    return st;
}

/* ---- results */

static void put_estimate(struct tfu_table *t, struct tfu_estimate v, struct tfu_interval i)
{
    if (!v.defined)
        tfu_table_cell(t, "n/a");
    else if (i.defined)
        tfu_table_cell(t, "%.3f [%.3f, %.3f]", v.value, i.low, i.high);
    else
        tfu_table_cell(t, "%.3f", v.value);
}

static enum tfu_status print(const struct tfu_lines *l, const struct tfu_comparing *c,
                             const struct scatter *s, struct tfu_error *e)
{
    struct tfu_text how = TFU_TEXT_INIT;
    const struct tfu_member *before = &l->line[0].member[0], *after = &l->line[1].member[0];
    struct tfu_table t;
    tfu_table_init(&t, 6);
    tfu_comparing_describe(c, &before->comparison, &how);
    printf("before: %s and %s\nafter:  %s and %s\n%s; intervals of 95 %%\n\n", before->label[0],
           before->label[1], after->label[0], after->label[1], tfu_text_get(&how));
    tfu_text_free(&how);
    static const char *const heading[] = {"node", "subsets", "before", "after", "slope", "R²"};
    for (size_t i = 0; i < TFU_COUNT(heading); i++)
        tfu_table_cell(&t, "%s", heading[i]);
    for (size_t p = 0; p < before->comparison.pair_count; p++) {
        tfu_table_cell(&t, "%s", before->node[0][before->comparison.pair[p].a]);
        tfu_table_cell(&t, "%zu", s[p].n);
        tfu_table_number(&t, tfu_study_value(tfu_mean(s[p].x, s[p].n).mean), 4);
        tfu_table_number(&t, tfu_study_value(tfu_mean(s[p].y, s[p].n).mean), 4);
        put_estimate(&t, s[p].line.slope, s[p].line.slope_interval);
        put_estimate(&t, s[p].line.r_squared, s[p].line.r_squared_interval);
    }
    const enum tfu_status st = tfu_table_print(&t, stdout, e);
    tfu_table_free(&t);
    return st;
}

static json_t *to_json(const struct tfu_lines *l, const struct tfu_comparing *c,
                       const struct scatter *s)
{
    const struct tfu_member *before = &l->line[0].member[0], *after = &l->line[1].member[0];
    json_t *nodes = json_array();
    for (size_t p = 0; p < before->comparison.pair_count; p++) {
        json_t *x = json_array(), *y = json_array();
        for (size_t i = 0; i < s[p].n; i++) {
            json_array_append_new(x, json_real(s[p].x[i]));
            json_array_append_new(y, json_real(s[p].y[i]));
        }
        json_array_append_new(
            nodes, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "node",
                             before->node[0][before->comparison.pair[p].a], "before", x, "after", y,
                             "slope", tfu_json_estimate(s[p].line.slope), "slope_interval",
                             tfu_json_interval(s[p].line.slope_interval), "intercept",
                             tfu_json_estimate(s[p].line.intercept), "r_squared",
                             tfu_json_estimate(s[p].line.r_squared), "r_squared_interval",
                             tfu_json_interval(s[p].line.r_squared_interval)));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "metric", c->metric->plugin->name,
                     "before_a", before->label[0], "before_b", before->label[1], "after_a",
                     after->label[0], "after_b", after->label[1], "nodes", nodes);
}

/* ---- the figure: a panel a node */

enum { FIT_POINTS = 2 };

struct drawing {
    struct tfu_figure_panel *panel;
    struct tfu_figure_series *series;
    struct tfu_figure_point *point, *fit;
    struct tfu_text *note;
};

static void draw_node(struct drawing *d, size_t p, const struct scatter *s, const char *node,
                      size_t room)
{
    struct tfu_figure_point *point = d->point + p * room, *ends = d->fit + p * FIT_POINTS;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < s->n; i++) {
        point[i] = (struct tfu_figure_point){s->x[i], s->y[i], (double)NAN, (double)NAN};
        low = fmin(low, s->x[i]);
        high = fmax(high, s->x[i]);
    }
    const bool fits = s->line.slope.defined && s->line.r_squared.defined;
    for (int i = 0; fits && i < FIT_POINTS; i++) {
        const double x = i ? high : low;
        ends[i] = (struct tfu_figure_point){x, s->line.intercept.value + s->line.slope.value * x,
                                            (double)NAN, (double)NAN};
    }
    if (fits) {
        tfu_text_printf(&d->note[p], "slope %.2f", s->line.slope.value);
        if (s->line.slope_interval.defined)
            tfu_text_printf(&d->note[p], " [%.2f, %.2f]", s->line.slope_interval.low,
                            s->line.slope_interval.high);
        tfu_text_printf(&d->note[p], ", R² %.2f", s->line.r_squared.value);
        if (s->line.r_squared_interval.defined)
            tfu_text_printf(&d->note[p], " [%.2f, %.2f]", s->line.r_squared_interval.low,
                            s->line.r_squared_interval.high);
    }
    d->series[p] = (struct tfu_figure_series){.label = "a subset of channels",
                                              .point = point,
                                              .count = s->n,
                                              .fit = ends,
                                              .fit_count = fits ? FIT_POINTS : 0,
                                              .fit_label = "least squares"};
    d->panel[p] = (struct tfu_figure_panel){.title = node,
                                            .note = fits ? tfu_text_get(&d->note[p]) : NULL,
                                            .x_label = "before training",
                                            .y_label = "after training",
                                            .diagonal = true,
                                            .series = &d->series[p],
                                            .series_count = 1};
}

static enum tfu_status draw(const struct tfu_lines *l, const struct tfu_comparing *c,
                            const struct scatter *s, struct tfu_error *e)
{
    const struct tfu_member *before = &l->line[0].member[0], *after = &l->line[1].member[0];
    const size_t nodes = before->comparison.pair_count;
    const size_t room = (size_t)before->comparison.draws;
    struct drawing d = {
        .panel = calloc(nodes + 1, sizeof *d.panel),
        .series = calloc(nodes + 1, sizeof *d.series),
        .point = calloc(nodes * room + 1, sizeof *d.point),
        .fit = calloc(nodes * FIT_POINTS + 1, sizeof *d.fit),
        .note = calloc(nodes + 1, sizeof *d.note),
    };
    struct tfu_text text = TFU_TEXT_INIT;
    char *stem = tfu_path_join(c->options->output, "subsets");
    enum tfu_status st = d.panel && d.series && d.point && d.fit && d.note && stem
                             ? TFU_OK
                             : tfu_error_memory(e, "drawing a figure", 0);
    for (size_t p = 0; st == TFU_OK && p < nodes; p++)
        draw_node(&d, p, &s[p], before->node[0][before->comparison.pair[p].a], room);
    tfu_text_printf(&text, "Similarity (%s) before training: %s and %s; after: %s and %s. ",
                    c->metric->plugin->name, before->label[0], before->label[1], after->label[0],
                    after->label[1]);
    tfu_comparing_describe(c, &before->comparison, &text);
    tfu_text_puts(&text, ", each a point.");
    const struct tfu_figure figure = {.kind = TFU_FIGURE_SCATTER,
                                      .caption = tfu_text_get(&text),
                                      .panel = d.panel,
                                      .panel_count = nodes};
    if (st == TFU_OK)
        st = tfu_comparing_figure_written(c, tfu_figure_write(&figure, stem, e), e);
    for (size_t p = 0; d.note && p < nodes; p++)
        tfu_text_free(&d.note[p]);
    free(d.note);
    free(d.fit);
    free(d.point);
    free(d.series);
    free(d.panel);
    free(stem);
    tfu_text_free(&text);
    return st;
}

/* ---- the study */

static enum tfu_status add(struct tfu_lines *l, struct tfu_comparing *c, const char *const *spec,
                           bool initial, struct tfu_error *e)
{
    struct tfu_side a, b;
    const struct tfu_side_request request[2] = {
        {.spec = spec[0], .initial = initial, .nodes = c->options->nodes},
        {.spec = spec[1],
         .initial = initial,
         .nodes = c->options->nodes_b ? c->options->nodes_b : c->options->nodes}};
    enum tfu_status st = tfu_sides_open(&a, &b, c, &request[0], &request[1], e);
    if (st == TFU_OK)
        st = tfu_lines_add(l, initial ? "before" : "after", false, c, &a, &b, false, e);
    tfu_side_close(&b);
    tfu_side_close(&a);
    return st;
}

static enum tfu_status run(void *arg, struct tfu_comparing *c, const char *const *spec,
                           size_t count, struct tfu_error *e)
{
    (void)arg, (void)count;
    struct tfu_lines l = {.line = NULL};
    struct scatter *s = NULL;
    size_t nodes = 0;
    enum tfu_status st = add(&l, c, spec, true, e);
    if (st == TFU_OK)
        st = add(&l, c, spec, false, e);
    if (st == TFU_OK) {
        nodes = l.line[0].member[0].comparison.pair_count;
        s = calloc(nodes + 1, sizeof *s);
        st = s ? fit(s, &l, c, e) : tfu_error_memory(e, "fitting lines", 0);
    }
    tfu_progress_end(&c->progress);
    if (st == TFU_OK)
        st = c->options->json ? tfu_cli_json_print(to_json(&l, c, s), e) : print(&l, c, s, e);
    if (st == TFU_OK && c->options->output)
        st = tfu_lines_write_values(&l, c, "subsets", e);
    if (st == TFU_OK && c->options->output)
        st = draw(&l, c, s, e);
    for (size_t p = 0; s && p < nodes; p++) {
        free(s[p].x);
        free(s[p].y);
    }
    free(s);
    tfu_lines_free(&l);
    return st;
}

int tfu_study_subsets(struct tfu_cli *cli, int argc, char **argv)
{
    const struct tfu_comparing_command command = {
        .name = "study subsets",
        .help = help,
        .metric = TFU_DEFAULT_SIMILARITY,
        .rows = -1,
        .channels = 8,
        .draws = 50,
        .same_rows = true,
        .subjects_min = 2,
        .subjects_max = 2,
        .run = run,
    };
    return tfu_comparing_main(cli, &command, argc, argv);
}
