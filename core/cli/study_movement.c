/* SPDX-License-Identifier: MIT
 *
 * transfuse study movement: how far did training take each layer, and do larger models move less?
 */
#include <inttypes.h>
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
    "usage: transfuse study movement RUN... [...]\n"
    "\n"
    "How far did training take each layer from its initial state? A table, a row a layer and a\n"
    "column a run, of the distance of the weights or, with a metric of activations "
    "(--metric\n" TFU_DEFAULT_SIMILARITY
    "), of their similarity before and after training; default " TFU_DEFAULT_MOVEMENT ". With\n"
    "three runs or more: the rank correlation of model size with it, with its interval (Raghu et\n"
    "al. 2019: larger models move less).\n"
    "\n";

/* One run. */
struct moved {
    int64_t size; /* trained numbers */
    double mean;  /* over layers */
};

static double mean_over_layers(const struct tfu_curve *l, const struct tfu_comparing *c)
{
    double sum = 0;
    size_t count = 0;
    for (size_t p = 0; p < l->member[0].comparison.pair_count; p++) {
        const struct tfu_mean m = tfu_curve_mean(l, c, p);
        if (m.mean.defined) {
            sum += m.mean.value;
            count++;
        }
    }
    return count ? sum / (double)count : (double)NAN;
}

/* Lines of its own for every run: networks of several sizes have layers of several names. */
static enum tfu_status add(struct tfu_lines *l, struct moved *to, struct tfu_comparing *c,
                           const char *spec, struct tfu_error *e)
{
    struct tfu_side a, b;
    const struct tfu_side_request request[2] = {
        {.spec = spec, .initial = true, .nodes = c->options->nodes},
        {.spec = spec, .nodes = c->options->nodes}};
    enum tfu_status st = tfu_sides_open(&a, &b, c, &request[0], &request[1], e);
    if (st == TFU_OK) {
        to->size = tfu_graph_trained_count(tfu_capture_graph(b.capture));
        st = tfu_lines_add(l, b.subject->label, false, c, &a, &b, false, e);
    }
    if (st == TFU_OK)
        to->mean = mean_over_layers(&l->line[0], c);
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

static void print_correlation(const struct tfu_rank_correlation *r, const char *metric)
{
    if (!r->rho.defined) {
        printf("rank correlation of model size and mean %s: n/a (it takes three runs of more than "
               "one size)\n",
               metric);
        return;
    }
    printf("rank correlation of model size and mean %s: %.3f", metric, r->rho.value);
    if (r->interval.defined)
        printf(" [%.3f, %.3f]", r->interval.low, r->interval.high);
    if (r->p.defined)
        printf(", p = %.3g%s", r->p.value, r->p_is_exact ? " (exact)" : "");
    printf(", %zu runs\n", r->n);
}

static enum tfu_status print(const struct tfu_lines *l, const struct moved *run, size_t count,
                             const struct tfu_comparing *c, const struct tfu_rank_correlation *r,
                             struct tfu_error *e)
{
    struct tfu_table t;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        st = tfu_lines_print(&l[i], c, e);
        putchar('\n');
    }
    if (st != TFU_OK)
        return st;
    tfu_table_init(&t, 3);
    tfu_table_cell(&t, "run");
    tfu_table_cell(&t, "parameters");
    tfu_table_cell(&t, "mean %s", c->metric->plugin->name);
    for (size_t i = 0; i < count; i++) {
        tfu_table_cell(&t, "%s", l[i].line[0].name);
        tfu_table_cell(&t, "%" PRId64, run[i].size);
        tfu_table_number(&t, run[i].mean, 4);
    }
    st = tfu_table_print(&t, stdout, e);
    tfu_table_free(&t);
    if (count > 1)
        print_correlation(r, c->metric->plugin->name);
    return st;
}

static json_t *to_json(const struct tfu_lines *l, const struct moved *run, size_t count,
                       const struct tfu_comparing *c, const struct tfu_rank_correlation *r)
{
    json_t *runs = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(runs, json_pack("{s:s, s:I, s:o, s:o}", "run", l[i].line[0].name,
                                              "parameters", (json_int_t)run[i].size, "mean",
                                              tfu_json_number(run[i].mean), "layers",
                                              tfu_lines_json(&l[i], c)));
    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "metric", c->metric->plugin->name, "runs", runs,
                     "rank_correlation", tfu_json_estimate(r->rho), "interval",
                     tfu_json_interval(r->interval), "p", tfu_json_estimate(r->p));
}

static enum tfu_status write_runs(const struct tfu_lines *l, const struct moved *run, size_t count,
                                  const struct tfu_comparing *c, struct tfu_error *e)
{
    struct tfu_study_file f;
    const enum tfu_status st =
        tfu_study_file_create(&f, c->options->output, "movement-values.csv", e);
    if (st == TFU_OK) {
        static const char *const heading[] = {"run", "parameters", "layer", "mean", "sd"};
        for (size_t i = 0; i < TFU_COUNT(heading); i++)
            tfu_csv_text(&f.csv, heading[i]);
        tfu_csv_end_line(&f.csv);
        for (size_t i = 0; i < count; i++) {
            const struct tfu_member *m = &l[i].line[0].member[0];
            for (size_t p = 0; p < m->comparison.pair_count; p++) {
                const struct tfu_mean mean = tfu_curve_mean(&l[i].line[0], c, p);
                tfu_csv_text(&f.csv, l[i].line[0].name);
                tfu_csv_int(&f.csv, run[i].size);
                tfu_csv_text(&f.csv, m->node[0][m->comparison.pair[p].a]);
                tfu_csv_number(&f.csv, tfu_study_value(mean.mean), 17);
                tfu_csv_number(&f.csv, tfu_study_value(mean.sd), 17);
                tfu_csv_end_line(&f.csv);
            }
        }
    }
    return tfu_study_file_close(&f, st, e);
}

/* Mean over layers against model size, a point a run. */
static enum tfu_status draw(const struct moved *run, size_t count, const struct tfu_comparing *c,
                            const struct tfu_rank_correlation *r, struct tfu_error *e)
{
    struct tfu_figure_point *point = calloc(count + 1, sizeof *point);
    char *stem = tfu_path_join(c->options->output, "movement");
    struct tfu_text text = TFU_TEXT_INIT;
    if (!point || !stem) {
        free(point);
        free(stem);
        return tfu_error_memory(e, "drawing a figure", 0);
    }
    for (size_t i = 0; i < count; i++)
        point[i] =
            (struct tfu_figure_point){(double)run[i].size, run[i].mean, (double)NAN, (double)NAN};
    tfu_text_printf(&text,
                    "Mean over layers of %s between the initial and the trained state of each of "
                    "%zu runs, against the number of trained parameters.",
                    c->metric->plugin->name, count);
    if (r->rho.defined)
        tfu_text_printf(&text, " Spearman's rank correlation %.2f.", r->rho.value);
    if (r->interval.defined)
        tfu_text_printf(&text, " Its interval of 95 %%: %.2f to %.2f.", r->interval.low,
                        r->interval.high);
    const struct tfu_figure_series series = {.label = "a run", .point = point, .count = count};
    const struct tfu_figure_panel panel = {.x_label = "trained parameters",
                                           .y_label = c->metric->plugin->name,
                                           .log_x = true,
                                           .series = &series,
                                           .series_count = 1};
    const struct tfu_figure figure = {.kind = TFU_FIGURE_SCATTER,
                                      .caption = tfu_text_get(&text),
                                      .panel = &panel,
                                      .panel_count = 1};
    const enum tfu_status st = tfu_figure_write(&figure, stem, e);
    tfu_text_free(&text);
    free(stem);
    free(point);
    return tfu_comparing_figure_written(c, st, e);
}

static enum tfu_status run(void *arg, struct tfu_comparing *c, const char *const *spec,
                           size_t count, struct tfu_error *e)
{
    (void)arg;
    struct tfu_lines *l = calloc(count, sizeof *l);
    struct moved *moved = calloc(count, sizeof *moved);
    struct tfu_rank_correlation r = {.n = 0};
    enum tfu_status st = l && moved ? TFU_OK : tfu_error_memory(e, "measuring movement", 0);
    for (size_t i = 0; st == TFU_OK && i < count; i++)
        st = add(&l[i], &moved[i], c, spec[i], e);
    tfu_progress_end(&c->progress);
    if (st == TFU_OK)
        st = correlate(moved, count, &r, e);
    if (st == TFU_OK)
        st = c->options->json ? tfu_cli_json_print(to_json(l, moved, count, c, &r), e)
                              : print(l, moved, count, c, &r, e);
    if (st == TFU_OK && c->options->output)
        st = write_runs(l, moved, count, c, e);
    if (st == TFU_OK && c->options->output)
        st = draw(moved, count, c, &r, e);
    for (size_t i = 0; l && i < count; i++)
        tfu_lines_free(&l[i]);
    free(l);
    free(moved);
    return st;
}

int tfu_study_movement(struct tfu_cli *cli, int argc, char **argv)
{
    static const char *const unused[] = {"--data", "--nodes-b", NULL};
    const struct tfu_comparing_command command = {
        .name = "study movement",
        .help = help,
        .metric = TFU_DEFAULT_MOVEMENT,
        .rows = -1,
        .channels = -1,
        .draws = -1,
        .subjects_min = 1,
        .subjects_max = 1000,
        .unused = unused,
        .run = run,
    };
    return tfu_comparing_main(cli, &command, argc, argv);
}
