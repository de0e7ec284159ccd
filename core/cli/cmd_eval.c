/* SPDX-License-Identifier: MIT
 *
 * transfuse eval: metrics of a network in one of its states, and its predictions.
 */
#include <inttypes.h>
#include <stdio.h>

#include "core/analysis/options.h"
#include "core/base/json.h"
#include "core/cli/cli.h"
#include "core/cli/leave.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/cli/progress.h"
#include "core/cli/target.h"
#include "core/run/evaluation.h"
#include "core/run/predictions.h"
#include "core/run/score_text.h"

static const char help[] =
    "usage: transfuse eval RUN|CONFIG [KEY=VALUE...] [--checkpoint FILE|STATE] [--split NAME]\n"
    "                      [--predictions FILE.csv [--logits] [--force]] [--json] [--quiet]\n"
    "\n"
    "Metrics of a network, computed as the run computes them. RUN is the folder of a run: the\n"
    "network that it has come to. CONFIG is a configuration: its initial state, after the rules "
    "of\n"
    "`init:`, so that weights from elsewhere can be scored without a training.\n"
    "\n"
    "  --checkpoint FILE   a checkpoint, or a file of weights in any format that `init` reads\n"
    "                      (.pth, .safetensors, .npz), in place of `init:`\n"
    "  --checkpoint STATE  best, final, initial or the number of a step: a state of the run, or "
    "of\n"
    "                      the run that belongs to CONFIG\n"
    "                      default of a RUN: best where data.valid or train.monitor chose it, "
    "else\n"
    "                      final\n"
    "  --split NAME        train, valid or test; default: test, else valid\n"
    "  --predictions FILE  write a line an example: index in the dataset, labels, scores\n"
    "  --logits            with the outputs before softmax or sigmoid, which are not rounded to 1\n"
    "  --force             overwrite FILE\n"
    "  --json              print the metrics as JSON; what is not defined is null\n"
    "  --quiet             show no progress\n";

struct options {
    const char *checkpoint, *predictions;
    int32_t split, logits, force, json, quiet;
};

static const struct tfu_option rows[] = {
    TFU_OPT_STRING(struct options, checkpoint, "", 0,
                   "a checkpoint, a file of weights, or a state"),
    TFU_OPT_ENUM(struct options, split, "", tfu_analysis_splits, "the data it is scored on"),
    TFU_OPT_STRING(struct options, predictions, "", 0, "a file for a line an example"),
    TFU_OPT_BOOL(struct options, logits, 0, "in it, with the outputs as they are"),
    TFU_OPT_BOOL(struct options, force, 0, "overwrite it"),
    TFU_OPT_BOOL(struct options, json, 0, "print the metrics as JSON"),
    TFU_OPT_BOOL(struct options, quiet, 0, "show no progress"),
};

/* Fills `request`; 0, or an exit status. */
static int check(const struct tfu_cli_arguments *a, const struct options *o,
                 struct tfu_evaluation_request *request)
{
    const int status = tfu_cli_target(&request->target, a);
    if (status != 0)
        return status;
    if (!request->target.config && !request->target.folder)
        return tfu_cli_missing("eval", a->pair, a->pair_count,
                               "which RUN or CONFIG is to be evaluated?");
    const bool predicts = tfu_cli_arguments_given(a, "predictions");
    if ((o->logits || o->force) && !predicts)
        return tfu_cli_usage("eval", "--logits and --force go with --predictions FILE");
    if (predicts && !o->force && tfu_predictions_exist(o->predictions))
        return tfu_cli_usage("eval", "'%s' exists; --force overwrites it", o->predictions);
    request->checkpoint = tfu_cli_arguments_given(a, "checkpoint") ? o->checkpoint : NULL;
    request->split = o->split ? tfu_analysis_splits[o->split] : NULL;
    request->predictions = predicts ? o->predictions : NULL;
    request->logits = o->logits != 0;
    request->force = o->force != 0;
    return 0;
}

/* ---- what it came to */

static void print_heading(const struct tfu_evaluation *v, const char *config)
{
    const struct tfu_eval_state *s = &v->state;
    const struct tfu_dataset_info *info = tfu_dataset_info(v->data);
    if (s->is_initial)
        printf("%s, initial state\n", config ? config : v->target.folder);
    else if (s->is_weights)
        printf("%s\n", v->file);
    else
        printf("%s, step %" PRId64 "\n", v->file, s->step);
    printf("%s data, %" PRId64 " examples\n", tfu_split_name(v->split), info->count);
    if (v->other_data && v->says_data)
        printf("fingerprint %s; that of the run's is %s\n", info->fingerprint, v->other_data);
}

static enum tfu_status print_json(const struct tfu_evaluation *v, struct tfu_error *e)
{
    json_t *metrics = json_object(), *root = json_object();
    for (size_t i = 0; i < v->scores.count; i++)
        json_object_set_new(metrics, v->scores.score[i].key,
                            tfu_json_number(v->scores.score[i].value));
    json_object_set_new(root, "checkpoint", v->file ? json_string(v->file) : json_null());
    json_object_set_new(root, "step",
                        v->state.step >= 0 ? json_integer((json_int_t)v->state.step) : json_null());
    json_object_set_new(root, "split", json_string(tfu_split_name(v->split)));
    json_object_set_new(root, "metrics", metrics);
    return tfu_cli_json_print(root, e);
}

static int print(const struct tfu_evaluation *v, const char *config, bool json)
{
    struct tfu_error e = TFU_ERROR_INIT;
    enum tfu_status st;
    if (json) {
        st = print_json(v, &e);
    } else {
        print_heading(v, config);
        struct tfu_text text = TFU_TEXT_INIT;
        st = tfu_score_text(&text, v->scores, v->class_names, v->target.experiment->task.classes,
                            &e);
        fputs(tfu_text_get(&text), stdout);
        tfu_text_free(&text);
    }
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

/* ---- the evaluation */

static void on_loaded(void *arg, const char *account)
{
    const struct tfu_progress *p = arg;
    if (!p->quiet)
        fputs(account, stderr);
}

static int evaluate(struct tfu_cli *cli, struct tfu_evaluation_request *request,
                    const struct options *o)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_diagnostics *d = NULL;
    struct tfu_evaluation *v = NULL;
    struct tfu_progress progress;
    tfu_progress_init(&progress, o->quiet != 0);
    request->target.log = &cli->log;
    request->arg = &progress;
    request->loaded = on_loaded;
    request->interrupted = tfu_cli_leave_requested;
    request->progress = tfu_progress_evaluating;
    enum tfu_status st = tfu_cli_registry(cli, &request->target.registry, &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&d, &e);
    if (st == TFU_OK)
        st = tfu_evaluation_run(&v, request, d, &e);
    tfu_progress_end(&progress);
    const int status =
        st == TFU_OK ? print(v, request->target.config, o->json != 0) : tfu_cli_failure(d, &e);
    tfu_evaluation_free(v);
    tfu_diagnostics_free(d);
    tfu_registry_free(request->target.registry);
    return status;
}

int tfu_cmd_eval(struct tfu_cli *cli, int argc, char **argv)
{
    struct options o;
    struct tfu_evaluation_request request = {.arg = NULL};
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(rows, &o);
    struct tfu_cli_arguments a = {.command = "eval", .table = &table, .table_count = 1};
    tfu_cli_leave_watch(false);
    int status = tfu_cli_arguments_read(&a, argc, argv);
    if (status == 0 && !a.help)
        status = check(&a, &o, &request);
    if (status == 0 && a.help)
        fputs(help, stdout);
    else if (status == 0)
        status = evaluate(cli, &request, &o);
    tfu_cli_arguments_free(&a);
    return status;
}
