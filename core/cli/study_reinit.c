/* SPDX-License-Identifier: MIT
 *
 * transfuse study reinit
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cli/output.h"
#include "core/cli/study.h"
#include "core/study/reinit.h"

static const char help[] =
    "usage: transfuse study reinit RUN [KEY=VALUE...] [--to initial|fresh] [--draws N]\n"
    "                              [--by stage|layer] [--metric NAME] [--split NAME]\n"
    "                              [--output FOLDER] [--json] [--quiet]\n"
    "\n"
    "Re-initialisation robustness: one stage of a trained network goes back to what it was before\n"
    "training, its running statistics with it, all else stays; the network is scored again. The\n"
    "last line is that of the whole network reset.\n"
    "\n"
    "RUN is the folder of a run (its best checkpoint, else its final), RUN@best, RUN@final,\n"
    "RUN@STEP, or a checkpoint in the folder of its run.\n"
    "\n"
    "  --to initial     the values that training began with: the run's `init:` again (default)\n"
    "  --to fresh       values of the same `init:` with other seeds\n"
    "  --draws N        of fresh values (default 5)\n"
    "  --by layer       reset each layer with parameters by itself (default: each stage)\n"
    "  --metric NAME    the metric of the table (default: the first of the configuration)\n"
    "  --split NAME     train, valid or test; default: test, else valid\n"
    "  --output FOLDER  write reinit-scores.csv and the figure reinit there\n"
    "  --json           print all as JSON; what is not defined is null\n"
    "  --quiet          show no progress\n";

struct job {
    const char *to, *by, *metric;
    int64_t draws;
    size_t headline; /* the measure of the table */
};

static int check(void *arg)
{
    const struct job *job = arg;
    if (strcmp(job->to, "initial") != 0 && strcmp(job->to, "fresh") != 0)
        return tfu_cli_usage("study reinit", "--to is initial or fresh, not '%s'", job->to);
    if (strcmp(job->by, "stage") != 0 && strcmp(job->by, "layer") != 0)
        return tfu_cli_usage("study reinit", "--by is stage or layer, not '%s'", job->by);
    return 0;
}

static bool is_fresh(const struct job *job)
{
    return strcmp(job->to, "fresh") == 0;
}

static bool is_all(const struct tfu_reinit *r, size_t part)
{
    return part + 1 == r->parts;
}

/* ---- over the draws */

/* A measure of a part over its draws; `value` has room for them. */
static struct tfu_mean mean_of(const struct tfu_reinit *r, size_t part, size_t measure,
                               double *value)
{
    return tfu_mean(value, tfu_reinit_values(r, &r->part[part], measure, value));
}

/* How much worse than the trained network, in the direction of the measure; NaN: not defined. */
static double loss_of(const struct tfu_reinit *r, size_t measure, const struct tfu_mean *m)
{
    const struct tfu_measure *trained = &r->trained[measure];
    const double now = tfu_study_value(m->mean);
    return trained->lower_is_better ? now - trained->value : trained->value - now;
}

/* ---- JSON */

static json_t *scores_json(const struct tfu_reinit *r, size_t part, double *value)
{
    json_t *scores = json_object();
    for (size_t k = 0; k < r->measures; k++) {
        const struct tfu_mean m = mean_of(r, part, k, value);
        json_t *values = json_array();
        for (size_t d = 0; d < r->draws; d++)
            json_array_append_new(
                values, tfu_json_number(r->part[part].measure[d * r->measures + k].value));
        json_object_set_new(scores, r->trained[k].key,
                            json_pack("{s:o, s:o, s:o, s:o}", "mean", tfu_json_estimate(m.mean),
                                      "sd", tfu_json_estimate(m.sd), "worse_by",
                                      tfu_json_number(loss_of(r, k, &m)), "values", values));
    }
    return scores;
}

static json_t *to_json(const struct job *job, const struct tfu_study *s,
                       const struct tfu_assessor *a, const struct tfu_reinit *r, double *value)
{
    json_t *parts = json_array(), *all = NULL;
    for (size_t i = 0; i < r->parts; i++) {
        json_t *part = json_object();
        if (is_all(r, i))
            all = part;
        else
            json_array_append_new(parts, part);
        if (!is_all(r, i))
            json_object_set_new(part, "name", json_string(r->part[i].name));
        json_object_set_new(part, "values", json_integer(r->part[i].values));
        if (is_fresh(job))
            json_object_set_new(part, "drawn", json_boolean(r->part[i].drawn));
        json_object_set_new(part, "scores", scores_json(r, i, value));
    }
    return json_pack("{s:s, s:s, s:I, s:s, s:s, s:I, s:o, s:o, s:o}", "network",
                     s->subject[0]->label, "split", tfu_assessor_split(a), "examples",
                     (json_int_t)tfu_dataset_info(tfu_assessor_data(a))->count, "to", job->to, "by",
                     job->by, "draws", (json_int_t)r->draws, "trained",
                     tfu_study_json_measures(r->trained, r->measures), "parts", parts, "all", all);
}

/* ---- the table */

static void add_row(struct tfu_table *t, const struct job *job, const struct tfu_reinit *r,
                    size_t part, double *value)
{
    const struct tfu_mean m = mean_of(r, part, job->headline, value);
    tfu_table_cell(t, "%s", is_all(r, part) ? "all" : r->part[part].name);
    tfu_table_cell(t, "%" PRId64, r->part[part].values);
    tfu_table_number(t, tfu_study_value(m.mean), 4);
    if (r->draws > 1)
        tfu_table_number(t, tfu_study_value(m.sd), 4);
    tfu_table_number(t, loss_of(r, job->headline, &m), 4);
    if (job->headline > 0)
        tfu_table_number(t, tfu_study_value(mean_of(r, part, 0, value).mean), 4);
}

static enum tfu_status print_table(const struct job *job, const struct tfu_reinit *r, double *value,
                                   struct tfu_error *e)
{
    struct tfu_table t;
    tfu_table_init(&t, (size_t)4 + (r->draws > 1 ? 1 : 0) + (job->headline > 0 ? 1 : 0));
    const char *const title[] = {job->by,
                                 "values",
                                 r->trained[job->headline].key,
                                 r->draws > 1 ? "sd" : NULL,
                                 "worse by",
                                 job->headline > 0 ? "loss" : NULL};
    for (size_t i = 0; i < TFU_COUNT(title); i++)
        if (title[i])
            tfu_table_cell(&t, "%s", title[i]);
    tfu_table_cell(&t, "none");
    tfu_table_cell(&t, "0");
    tfu_table_number(&t, r->trained[job->headline].value, 4);
    if (r->draws > 1)
        tfu_table_cell(&t, "%s", "");
    tfu_table_cell(&t, "%s", "");
    if (job->headline > 0)
        tfu_table_number(&t, r->trained[0].value, 4);
    for (size_t i = 0; i < r->parts; i++)
        add_row(&t, job, r, i, value);
    const enum tfu_status st = tfu_table_print(&t, stdout, e);
    tfu_table_free(&t);
    return st;
}

/* Parts whose rules of `init:` have no chance in them: constants, or a file. */
static void print_undrawn(const struct tfu_reinit *r)
{
    bool any = false;
    for (size_t i = 0; i + 1 < r->parts; i++) {
        if (r->part[i].drawn)
            continue;
        printf("%s%s",
               any ? ", " : "  fresh values are the initial ones where `init:` draws none: ",
               r->part[i].name);
        any = true;
    }
    if (any)
        putchar('\n');
}

static enum tfu_status print(const struct job *job, const struct tfu_study *s,
                             const struct tfu_assessor *a, const struct tfu_reinit *r,
                             double *value, struct tfu_error *e)
{
    const char *unit = job->by;
    printf("%s\n%s data, %" PRId64 " examples; ", s->subject[0]->label, tfu_assessor_split(a),
           tfu_dataset_info(tfu_assessor_data(a))->count);
    if (is_fresh(job))
        printf("each %s set to fresh values, %zu draws\n", unit, r->draws);
    else
        printf("each %s set back to its initial values\n", unit);
    const enum tfu_status st = print_table(job, r, value, e);
    tfu_study_print_reasons(r->trained, r->measures);
    for (size_t i = 0; i < r->parts; i++)
        tfu_study_print_reasons(r->part[i].measure, r->draws * r->measures);
    if (is_fresh(job))
        print_undrawn(r);
    return st;
}

static enum tfu_status write(const struct tfu_study *s, const struct tfu_reinit *r,
                             struct tfu_error *e)
{
    struct tfu_study_file f;
    const enum tfu_status st = tfu_study_file_open(&f, s, "reinit-scores.csv", e);
    if (st == TFU_OK) {
        static const char *const title[] = {"part", "values", "draw"};
        for (size_t i = 0; i < TFU_COUNT(title); i++)
            tfu_csv_text(&f.csv, title[i]);
        for (size_t k = 0; k < r->measures; k++)
            tfu_csv_text(&f.csv, r->trained[k].key);
        tfu_csv_end_line(&f.csv);
        /* first the trained network, then part by part */
        for (size_t i = 0; i < 1 + r->parts * r->draws; i++) {
            const size_t part = i ? (i - 1) / r->draws : 0, draw = i ? (i - 1) % r->draws : 0;
            const struct tfu_measure *m =
                i ? &r->part[part].measure[draw * r->measures] : r->trained;
            tfu_csv_text(&f.csv, !i ? "none" : is_all(r, part) ? "all" : r->part[part].name);
            tfu_csv_int(&f.csv, i ? r->part[part].values : 0);
            tfu_csv_int(&f.csv, (int64_t)draw);
            for (size_t k = 0; k < r->measures; k++)
                tfu_csv_number(&f.csv, m[k].value, 17);
            tfu_csv_end_line(&f.csv);
        }
    }
    return tfu_study_file_close(&f, st, e);
}

/* ---- the figure */

/* Each part's mean with its standard deviation over the draws, and the trained network's score
 * behind them. `point` has room for two series. */
static void fill_points(const struct job *job, const struct tfu_reinit *r, double *value,
                        struct tfu_figure_point *point, const char **category)
{
    for (size_t i = 0; i < r->parts; i++) {
        const struct tfu_mean m = mean_of(r, i, job->headline, value);
        const double mean = tfu_study_value(m.mean), sd = tfu_study_value(m.sd);
        point[i] = (struct tfu_figure_point){(double)i, mean, mean - sd, mean + sd};
        point[r->parts + i] =
            (struct tfu_figure_point){(double)i, r->trained[job->headline].value, NAN, NAN};
        category[i] = is_all(r, i) ? "all" : r->part[i].name;
    }
}

static enum tfu_status draw_points(const struct job *job, const struct tfu_study *s,
                                   const struct tfu_assessor *a, const struct tfu_reinit *r,
                                   const struct tfu_figure_point *point,
                                   const char *const *category, struct tfu_error *e)
{
    const struct tfu_figure_series series[] = {
        {.label = is_fresh(job) ? "set to fresh values" : "set to initial values",
         .point = point,
         .count = r->parts},
        {.label = "trained", .point = point + r->parts, .count = r->parts, .reference = true},
    };
    const struct tfu_figure_panel panel = {
        .x_label = job->by,
        .y_label = r->trained[job->headline].key,
        .category = category,
        .category_count = r->parts,
        .series = series,
        .series_count = TFU_COUNT(series),
    };
    struct tfu_text caption = TFU_TEXT_INIT;
    tfu_text_printf(&caption, "%s, one %s reset and all else kept; %s data, %" PRId64 " examples",
                    s->subject[0]->label, job->by, tfu_assessor_split(a),
                    tfu_dataset_info(tfu_assessor_data(a))->count);
    if (r->draws > 1)
        tfu_text_printf(&caption, "; mean and standard deviation over %zu draws", r->draws);
    tfu_text_puts(&caption, ".");
    const struct tfu_figure figure = {.kind = TFU_FIGURE_LINES,
                                      .caption = tfu_text_get(&caption),
                                      .panel = &panel,
                                      .panel_count = 1};
    const enum tfu_status st = caption.failed ? tfu_error_memory(e, "drawing a figure", 0)
                                              : tfu_study_figure(s, &figure, "reinit", e);
    tfu_text_free(&caption);
    return st;
}

static enum tfu_status draw(const struct job *job, const struct tfu_study *s,
                            const struct tfu_assessor *a, const struct tfu_reinit *r, double *value,
                            struct tfu_error *e)
{
    struct tfu_figure_point *point = calloc(r->parts, 2 * sizeof *point);
    const char **category = calloc(r->parts, sizeof *category);
    enum tfu_status st = TFU_OK;
    if (!point || !category) {
        st = tfu_error_memory(e, "drawing a figure", 0);
    } else {
        fill_points(job, r, value, point, category);
        st = draw_points(job, s, a, r, point, category, e);
    }
    free(point);
    free(category);
    return st;
}

static enum tfu_status report(const struct job *job, struct tfu_study *s,
                              const struct tfu_assessor *a, const struct tfu_reinit *r,
                              struct tfu_error *e)
{
    double *value = calloc(r->draws, sizeof *value);
    if (!value)
        return tfu_error_memory(e, "reporting a study", 0);
    tfu_progress_end(&s->progress);
    enum tfu_status st = s->arguments.json ? tfu_cli_json_print(to_json(job, s, a, r, value), e)
                                           : print(job, s, a, r, value, e);
    if (st == TFU_OK && s->arguments.output)
        st = write(s, r, e);
    if (st == TFU_OK && s->arguments.output)
        st = draw(job, s, a, r, value, e);
    free(value);
    return st;
}

static enum tfu_status run(void *arg, struct tfu_study *s, struct tfu_error *e)
{
    struct job *job = arg;
    struct tfu_assessor *a = NULL;
    enum tfu_status st = tfu_study_assessor(s, 0, &a, e);
    if (st == TFU_OK)
        st = tfu_assessor_find(a, job->metric, &job->headline, e);
    const struct tfu_reinit_request request = {
        .subject = s->subject[0],
        .assessor = a,
        .to = is_fresh(job) ? TFU_REINIT_FRESH : TFU_REINIT_INITIAL,
        .draws = (size_t)job->draws,
        .by_layers = strcmp(job->by, "layer") == 0,
    };
    struct tfu_reinit r;
    if (st == TFU_OK)
        st = tfu_reinit(&r, &request, e);
    if (st == TFU_OK) {
        st = report(job, s, a, &r, e);
        tfu_reinit_free(&r);
    }
    tfu_assessor_free(a);
    return st;
}

int tfu_study_reinit(struct tfu_cli *cli, int argc, char **argv)
{
    struct job job = {.to = "initial", .by = "stage", .draws = 5};
    const struct tfu_cli_option options[] = {
        {.name = "--to", .text = &job.to},
        {.name = "--by", .text = &job.by},
        {.name = "--metric", .text = &job.metric},
        {.name = "--draws", .number = &job.draws, .min = 1, .max = 10000},
    };
    const struct tfu_study_command command = {
        .name = "study reinit",
        .help = help,
        .subjects = 1,
        .option = options,
        .option_count = TFU_COUNT(options),
        .check = check,
        .run = run,
        .arg = &job,
    };
    return tfu_study_main(cli, &command, argc, argv);
}
