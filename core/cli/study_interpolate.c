/* SPDX-License-Identifier: MIT
 *
 * transfuse study interpolate
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/cli/output.h"
#include "core/cli/study.h"
#include "core/study/interpolate.h"

static const char help[] =
    "usage: transfuse study interpolate A B [KEY=VALUE...] [--points N] [--split NAME]\n"
    "                                   [--output FOLDER] [--json] [--quiet]\n"
    "\n"
    "Loss and metrics of networks on the straight line between two of one architecture, and the\n"
    "barrier: the largest excess of the loss over the line between the losses of the ends. "
    "Running\n"
    "statistics of normalisation are interpolated like the weights. Data and metrics are A's.\n"
    "\n"
    "A and B are the folder of a run (its best checkpoint, else its final), RUN@best, RUN@final,\n"
    "RUN@initial, RUN@STEP, a configuration (its initial state) or a checkpoint.\n"
    "\n"
    "  --points N       networks, both ends among them (default 11)\n"
    "  --split NAME     train, valid or test; default: test, else valid\n"
    "  --config FILE    the configuration that files of weights belong to\n"
    "  --output FOLDER  write interpolate-scores.csv and the figure interpolate there\n"
    "  --json           print all as JSON; what is not defined is null\n"
    "  --quiet          show no progress\n";

struct job {
    int64_t points;
};

static json_t *to_json(const struct tfu_study *s, const struct tfu_assessor *a,
                       const struct tfu_interpolation *r)
{
    json_t *points = json_array();
    for (size_t i = 0; i < r->points; i++) {
        json_t *point = tfu_study_json_measures(&r->measure[i * r->measures], r->measures);
        json_object_set_new(point, "t", json_real(r->t[i]));
        json_array_append_new(points, point);
    }
    return json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o}", "a", s->subject[0]->label, "b",
                     s->subject[1]->label, "split", tfu_assessor_split(a), "examples",
                     (json_int_t)tfu_dataset_info(tfu_assessor_data(a))->count, "points", points,
                     "barrier", tfu_json_estimate(r->barrier), "barrier_at",
                     tfu_json_number(r->barrier.defined ? r->barrier_at : NAN));
}

static enum tfu_status print(const struct tfu_study *s, const struct tfu_assessor *a,
                             const struct tfu_interpolation *r, struct tfu_error *e)
{
    struct tfu_table t;
    tfu_table_init(&t, 1 + r->measures);
    tfu_table_cell(&t, "t");
    for (size_t k = 0; k < r->measures; k++)
        tfu_table_cell(&t, "%s", r->measure[k].key);
    for (size_t i = 0; i < r->points; i++) {
        tfu_table_number(&t, r->t[i], 3);
        for (size_t k = 0; k < r->measures; k++)
            tfu_table_number(&t, r->measure[i * r->measures + k].value, 4);
    }
    printf("from A, t = 0: %s\nto B, t = 1:   %s\n%s data, %" PRId64 " examples\n",
           s->subject[0]->label, s->subject[1]->label, tfu_assessor_split(a),
           tfu_dataset_info(tfu_assessor_data(a))->count);
    const enum tfu_status st = tfu_table_print(&t, stdout, e);
    tfu_table_free(&t);
    tfu_study_print_reasons(r->measure, r->points * r->measures);
    if (!r->barrier.defined)
        printf("barrier n/a: a loss on the way is not defined\n");
    else if (r->barrier.value > 0)
        printf("barrier %.4f at t = %.3f\n", r->barrier.value, r->barrier_at);
    else
        printf("no barrier: the loss is nowhere above the line between its ends\n");
    return st;
}

static enum tfu_status write(const struct tfu_study *s, const struct tfu_interpolation *r,
                             struct tfu_error *e)
{
    struct tfu_study_file f;
    const enum tfu_status st = tfu_study_file_open(&f, s, "interpolate-scores.csv", e);
    if (st == TFU_OK) {
        tfu_csv_text(&f.csv, "t");
        for (size_t k = 0; k < r->measures; k++)
            tfu_csv_text(&f.csv, r->measure[k].key);
        tfu_csv_end_line(&f.csv);
        for (size_t i = 0; i < r->points; i++) {
            tfu_csv_number(&f.csv, r->t[i], 17);
            for (size_t k = 0; k < r->measures; k++)
                tfu_csv_number(&f.csv, r->measure[i * r->measures + k].value, 17);
            tfu_csv_end_line(&f.csv);
        }
    }
    return tfu_study_file_close(&f, st, e);
}

/* ---- the figure: a panel a measure, the loss first */

static void fill_points(const struct tfu_interpolation *r, struct tfu_figure_point *point)
{
    for (size_t k = 0; k < r->measures; k++)
        for (size_t i = 0; i < r->points; i++)
            point[k * r->points + i] =
                (struct tfu_figure_point){r->t[i], r->measure[i * r->measures + k].value, NAN, NAN};
}

static enum tfu_status draw_panels(const struct tfu_study *s, const struct tfu_assessor *a,
                                   const struct tfu_interpolation *r,
                                   const struct tfu_figure_point *point,
                                   struct tfu_figure_series *series, struct tfu_figure_panel *panel,
                                   struct tfu_error *e)
{
    const struct tfu_figure_point ends[] = {point[0], point[r->points - 1]};
    for (size_t k = 0; k < r->measures; k++) {
        series[k] = (struct tfu_figure_series){
            .label = "networks on the line", .point = point + k * r->points, .count = r->points};
        panel[k] = (struct tfu_figure_panel){.x_label = "t (0: A, 1: B)",
                                             .y_label = r->measure[k].key,
                                             .series = &series[k],
                                             .series_count = 1};
    }
    const struct tfu_figure_series loss[] = {
        series[0],
        {.label = "between the ends", .point = ends, .count = TFU_COUNT(ends), .reference = true}};
    panel[0].series = loss;
    panel[0].series_count = TFU_COUNT(loss);
    struct tfu_text caption = TFU_TEXT_INIT;
    tfu_text_printf(&caption,
                    "%zu networks (1 - t) A + t B; A: %s; B: %s; %s data, %" PRId64 " examples. ",
                    r->points, s->subject[0]->label, s->subject[1]->label, tfu_assessor_split(a),
                    tfu_dataset_info(tfu_assessor_data(a))->count);
    if (r->barrier.defined)
        tfu_text_printf(&caption, "Barrier %.4g.", r->barrier.value);
    const struct tfu_figure figure = {.kind = TFU_FIGURE_LINES,
                                      .caption = tfu_text_get(&caption),
                                      .panel = panel,
                                      .panel_count = r->measures};
    const enum tfu_status st = caption.failed ? tfu_error_memory(e, "drawing a figure", 0)
                                              : tfu_study_figure(s, &figure, "interpolate", e);
    tfu_text_free(&caption);
    return st;
}

static enum tfu_status draw(const struct tfu_study *s, const struct tfu_assessor *a,
                            const struct tfu_interpolation *r, struct tfu_error *e)
{
    struct tfu_figure_point *point = calloc(r->points, r->measures * sizeof *point);
    struct tfu_figure_series *series = calloc(r->measures, sizeof *series);
    struct tfu_figure_panel *panel = calloc(r->measures, sizeof *panel);
    enum tfu_status st = TFU_OK;
    if (!point || !series || !panel) {
        st = tfu_error_memory(e, "drawing a figure", 0);
    } else {
        fill_points(r, point);
        st = draw_panels(s, a, r, point, series, panel, e);
    }
    free(point);
    free(series);
    free(panel);
    return st;
}

static enum tfu_status run(void *arg, struct tfu_study *s, struct tfu_error *e)
{
    const struct job *job = arg;
    struct tfu_assessor *a = NULL;
    struct tfu_interpolation r;
    enum tfu_status st = tfu_study_assessor(s, 0, &a, e);
    if (st == TFU_OK)
        st = tfu_interpolate(&r, a, s->subject[0], s->subject[1], (size_t)job->points, e);
    if (st == TFU_OK) {
        tfu_progress_end(&s->progress);
        st = s->arguments.json ? tfu_cli_json_print(to_json(s, a, &r), e) : print(s, a, &r, e);
        if (st == TFU_OK && s->arguments.output)
            st = write(s, &r, e);
        if (st == TFU_OK && s->arguments.output)
            st = draw(s, a, &r, e);
        tfu_interpolation_free(&r);
    }
    tfu_assessor_free(a);
    return st;
}

int tfu_study_interpolate(struct tfu_cli *cli, int argc, char **argv)
{
    struct job job = {.points = 11};
    const struct tfu_cli_option options[] = {
        {.name = "--points", .number = &job.points, .min = 2, .max = 100001},
    };
    const struct tfu_study_command command = {
        .name = "study interpolate",
        .help = help,
        .subjects = 2,
        .option = options,
        .option_count = TFU_COUNT(options),
        .run = run,
        .arg = &job,
    };
    return tfu_study_main(cli, &command, argc, argv);
}
