/* SPDX-License-Identifier: MIT
 *
 * transfuse eval: metrics of a checkpoint, and its predictions.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cli/json.h"
#include "core/cli/option.h"
#include "core/cli/progress.h"
#include "core/cli/score_table.h"
#include "core/cli/target.h"
#include "core/io/csv.h"
#include "core/train/shelf.h"

static const char help[] =
    "usage: transfuse eval RUN|CONFIG [KEY=VALUE...] [--checkpoint FILE] [--split NAME]\n"
    "                      [--predictions FILE.csv] [--json] [--quiet]\n"
    "\n"
    "Metrics of a network, computed as the run computes them. RUN is the folder of a run; for a\n"
    "CONFIG it is the one that belongs to it.\n"
    "\n"
    "  --checkpoint FILE   default: the run's best.safetensors, else its final.safetensors\n"
    "  --split NAME        train, valid or test; default: test, else valid\n"
    "  --predictions FILE  write a line an example: index in the dataset, labels, scores\n"
    "  --json              print the metrics as JSON; what is not defined is null\n"
    "  --quiet             show no progress\n";

struct request {
    struct tfu_target_request target;
    const char *checkpoint, *split, *predictions;
    bool json, quiet, help;
};

/* The value of an option at argv[*i], "--name VALUE" or "--name=VALUE"; NULL when it is another. */
static const char *option_value(int argc, char **argv, int *i, const char *name, int *status)
{
    const size_t n = strlen(name);
    if (strncmp(argv[*i], name, n) == 0 && argv[*i][n] == '=')
        return argv[*i] + n + 1;
    if (strcmp(argv[*i], name) != 0)
        return NULL;
    if (*i + 1 < argc)
        return argv[++*i];
    *status = tfu_cli_usage("eval", "%s needs a value", name);
    return "";
}

/* 0, or an exit status. `override` has room for all arguments. */
static int parse(int argc, char **argv, struct request *r, const char **override)
{
    const struct {
        const char *name;
        const char **value;
    } options[] = {
        {"--checkpoint", &r->checkpoint},
        {"--split", &r->split},
        {"--predictions", &r->predictions},
    };
    r->target.override = override;
    for (int i = 1; i < argc; i++) {
        int status = 0;
        const char *value = NULL;
        for (size_t k = 0; !value && k < TFU_COUNT(options); k++)
            if ((value = option_value(argc, argv, &i, options[k].name, &status)))
                *options[k].value = value;
        if (status)
            return status;
        if (value)
            continue;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            r->help = true;
        else if (strcmp(argv[i], "--json") == 0)
            r->json = true;
        else if (strcmp(argv[i], "--quiet") == 0)
            r->quiet = true;
        else if (argv[i][0] == '-' && argv[i][1])
            return tfu_cli_usage("eval", "unknown option '%s'", argv[i]);
        else if (!tfu_target_argument(&r->target, "eval", argv[i], override, &status))
            return status;
    }
    if (!r->help && !r->target.config && !r->target.folder)
        return tfu_cli_missing("eval", override, r->target.override_count,
                               "which RUN or CONFIG is to be evaluated?");
    return 0;
}

/* ---- predictions */

struct predictions {
    struct tfu_csv csv;
    const char *path;
    const struct tfu_dataset *data;
    int64_t outputs, label_columns;
};

static enum tfu_status open_predictions(struct predictions *p, const char *const *class_names,
                                        struct tfu_error *e)
{
    p->csv.file = fopen(p->path, "we");
    if (!p->csv.file)
        return tfu_error_errno(e, errno, "cannot create", p->path);
    char name[48];
    tfu_csv_text(&p->csv, "index");
    for (int64_t i = 0; i < p->label_columns; i++) {
        snprintf(name, sizeof name, "label.%" PRId64, i);
        tfu_csv_text(&p->csv, p->label_columns == 1 ? "label" : name);
    }
    for (int64_t k = 0; k < p->outputs; k++) {
        snprintf(name, sizeof name, "score.%" PRId64, k);
        if (!class_names) {
            tfu_csv_text(&p->csv, name);
            continue;
        }
        struct tfu_text column = TFU_TEXT_INIT;
        tfu_text_printf(&column, "score.%s", class_names[k]);
        tfu_csv_text(&p->csv, column.failed ? name : column.data);
        tfu_text_free(&column);
    }
    tfu_csv_end_line(&p->csv);
    return TFU_OK;
}

static enum tfu_status write_predictions(void *arg, const struct tfu_batch *batch,
                                         const int64_t *example, struct tfu_error *e)
{
    struct predictions *p = arg;
    for (int64_t i = 0; i < batch->rows; i++) {
        tfu_csv_int(&p->csv, tfu_dataset_source_index(p->data, example[i]));
        for (int64_t k = 0; k < p->label_columns; k++)
            tfu_csv_number(&p->csv, (double)batch->labels[i * p->label_columns + k], 9);
        for (int64_t k = 0; k < p->outputs; k++)
            tfu_csv_number(&p->csv, (double)batch->scores[i * p->outputs + k], 9);
        tfu_csv_end_line(&p->csv);
    }
    return ferror(p->csv.file) ? tfu_error_errno(e, errno, "cannot write", p->path) : TFU_OK;
}

static enum tfu_status close_predictions(struct predictions *p, enum tfu_status st,
                                         struct tfu_error *e)
{
    if (!p->csv.file)
        return st;
    const bool failed = ferror(p->csv.file) != 0;
    if ((fclose(p->csv.file) != 0 || failed) && st == TFU_OK)
        st = tfu_error_errno(e, errno, "cannot write", p->path);
    return st;
}

/* ---- evaluation */

struct evaluation {
    const struct request *request;
    const struct tfu_target *target;
    struct tfu_context context;
    enum tfu_split split;
    struct tfu_dataset *data;
    struct tfu_evaluator *evaluator;
    char *path; /* of the checkpoint */
    int64_t step;
};

static enum tfu_status choose_checkpoint(struct evaluation *v, struct tfu_error *e)
{
    if (v->request->checkpoint) {
        v->path = strdup(v->request->checkpoint);
        return v->path ? TFU_OK : tfu_error_memory(e, "opening a checkpoint", 0);
    }
    static const enum tfu_shelf_place place[] = {TFU_SHELF_BEST, TFU_SHELF_FINAL};
    for (size_t i = 0; i < TFU_COUNT(place); i++) {
        v->path = tfu_shelf_path(v->target->folder, place[i], 0);
        if (!v->path)
            return tfu_error_memory(e, "opening a checkpoint", 0);
        if (access(v->path, F_OK) == 0)
            return TFU_OK;
        free(v->path);
        v->path = NULL;
    }
    return tfu_error_at(e, TFU_ENOTFOUND, v->target->folder, 0, 0,
                        "the run has neither best.safetensors nor final.safetensors; name a "
                        "checkpoint with --checkpoint FILE");
}

static enum tfu_status load(struct evaluation *v, struct tfu_error *e)
{
    struct tfu_checkpoint *c;
    enum tfu_status st = tfu_checkpoint_open(&c, v->path, e);
    if (st != TFU_OK)
        return st;
    v->step = tfu_checkpoint_state(c)->step;
    st = tfu_checkpoint_load(c, tfu_evaluator_network(v->evaluator), NULL, e);
    tfu_checkpoint_close(c);
    return st;
}

/* One `arg` for both kinds of calls. */
struct calls {
    struct tfu_progress progress;
    struct predictions predictions;
};

static void on_progress(void *arg, enum tfu_split split, int64_t done, int64_t total)
{
    tfu_progress_evaluating(&((struct calls *)arg)->progress, split, done, total);
}

static enum tfu_status on_batch(void *arg, const struct tfu_batch *batch, const int64_t *example,
                                struct tfu_error *e)
{
    return write_predictions(&((struct calls *)arg)->predictions, batch, example, e);
}

static enum tfu_status evaluate(struct evaluation *v, const char *const *class_names,
                                struct tfu_error *e)
{
    const char *predictions = v->request->predictions;
    struct calls calls = {
        .predictions = {.path = predictions,
                        .data = v->data,
                        .outputs = v->target->experiment->task.classes,
                        .label_columns = (int64_t)tfu_dataset_info(v->data)->label_columns},
    };
    const struct tfu_evaluate_hooks hooks = {
        .arg = &calls,
        .progress = on_progress,
        .batch = predictions ? on_batch : NULL,
    };
    tfu_progress_init(&calls.progress, v->request->quiet);
    enum tfu_status st = TFU_OK;
    if (predictions)
        st = open_predictions(&calls.predictions, class_names, e);
    if (st == TFU_OK)
        st = tfu_evaluator_run(v->evaluator, v->split, v->data, &hooks, e);
    tfu_progress_end(&calls.progress);
    return close_predictions(&calls.predictions, st, e);
}

static enum tfu_status print_json(const struct evaluation *v, struct tfu_scores scores,
                                  struct tfu_error *e)
{
    json_t *metrics = json_object();
    for (size_t i = 0; i < scores.count; i++)
        json_object_set_new(metrics, scores.score[i].key,
                            tfu_cli_json_number(scores.score[i].value));
    json_t *root =
        json_pack("{s:s, s:I, s:s, s:o}", "checkpoint", v->path, "step", (json_int_t)v->step,
                  "split", tfu_split_name(v->split), "metrics", metrics);
    return tfu_cli_json_print(root, e);
}

static enum tfu_status run(struct evaluation *v, struct tfu_error *e)
{
    const struct tfu_experiment *x = v->target->experiment;
    enum tfu_status st = tfu_split_choose(x, v->request->split, &v->split, e);
    if (st == TFU_OK)
        st = choose_checkpoint(v, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&v->context.threads, (uint32_t)x->threads, e);
    if (st == TFU_OK)
        st = tfu_assemble_data(&v->data, &v->context, v->split, e);
    if (st == TFU_OK)
        st = tfu_evaluator_new(&v->evaluator, &v->context, tfu_dataset_info(v->data), e);
    if (st == TFU_OK)
        st = load(v, e);
    if (st != TFU_OK)
        return st;
    const char *const *names = tfu_assemble_class_names(x, tfu_dataset_info(v->data));
    st = evaluate(v, names, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_scores scores = tfu_evaluator_scores(v->evaluator, v->split);
    if (v->request->json)
        return print_json(v, scores, e);
    printf("%s, step %" PRId64 "\n%s data, %" PRId64 " examples\n", v->path, v->step,
           tfu_split_name(v->split), tfu_dataset_info(v->data)->count);
    tfu_score_table_print(stdout, scores, names, x->task.classes);
    return TFU_OK;
}

static int evaluate_target(struct tfu_cli *cli, const struct tfu_target *target,
                           const struct request *r)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct evaluation v = {
        .request = r,
        .target = target,
        .context = {.experiment = target->experiment,
                    .registry = target->registry,
                    .log = &cli->log},
    };
    const enum tfu_status st = run(&v, &e);
    tfu_evaluator_free(v.evaluator);
    tfu_dataset_close(v.data);
    tfu_threads_free(v.context.threads);
    free(v.path);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

int tfu_cmd_eval(struct tfu_cli *cli, int argc, char **argv)
{
    struct request r = {.json = false};
    const char **override = calloc((size_t)argc + 1, sizeof *override);
    if (!override)
        return TFU_EXIT_FAILED;
    struct tfu_target target;
    int status = parse(argc, argv, &r, override);
    if (status == 0 && r.help) {
        fputs(help, stdout);
    } else if (status == 0) {
        status = tfu_target_open(cli, &r.target, &target);
        if (status == TFU_EXIT_OK) {
            status = evaluate_target(cli, &target, &r);
            tfu_target_close(&target);
        }
    }
    free(override);
    return status;
}
