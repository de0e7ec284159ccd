/* SPDX-License-Identifier: MIT
 *
 * transfuse eval: metrics of a network in one of its states, and its predictions.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/cli/eval_state.h"
#include "core/cli/option.h"
#include "core/cli/output.h"
#include "core/cli/predictions.h"
#include "core/cli/progress.h"
#include "core/cli/score_table.h"
#include "core/study/subject.h"
#include "core/task/task.h"
#include "core/train/edited.h"
#include "core/train/inspect.h"
#include "core/train/monitor.h"
#include "core/train/train.h"

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

struct request {
    struct tfu_target_request target;
    const char *checkpoint, *split, *predictions;
    bool json, quiet, logits, force, help;
};

/* 0, or an exit status. `override` has room for all arguments. */
static int parse(int argc, char **argv, struct request *r, const char **override)
{
    const struct tfu_cli_option options[] = {
        {.name = "--checkpoint", .text = &r->checkpoint},
        {.name = "--split", .text = &r->split},
        {.name = "--predictions", .text = &r->predictions},
        {.name = "--logits", .flag = &r->logits},
        {.name = "--force", .flag = &r->force},
        {.name = "--json", .flag = &r->json},
        {.name = "--quiet", .flag = &r->quiet},
        {.name = "--help", .flag = &r->help},
        {.name = "-h", .flag = &r->help},
    };
    r->target.override = override;
    for (int i = 1; i < argc; i++) {
        int status = 0;
        if (tfu_cli_option_take(options, TFU_COUNT(options), "eval", argc, argv, &i, &status)) {
            if (status)
                return status;
        } else if (argv[i][0] == '-' && argv[i][1]) {
            return tfu_cli_usage("eval", "unknown option '%s'", argv[i]);
        } else if (!tfu_target_argument(&r->target, "eval", argv[i], override, &status)) {
            return status;
        }
    }
    if (r->help)
        return 0;
    if (!r->target.config && !r->target.folder)
        return tfu_cli_missing("eval", override, r->target.override_count,
                               "which RUN or CONFIG is to be evaluated?");
    if ((r->logits || r->force) && !r->predictions)
        return tfu_cli_usage("eval", "--logits and --force go with --predictions FILE");
    if (r->predictions && !r->force && tfu_predictions_exist(r->predictions))
        return tfu_cli_usage("eval", "'%s' exists; --force overwrites it", r->predictions);
    return 0;
}

/* ---- evaluation */

struct evaluation {
    const struct request *request;
    struct tfu_target *target;
    struct tfu_context context;
    enum tfu_split split;
    struct tfu_dataset *data;
    struct tfu_evaluator *evaluator;
    struct tfu_eval_state *state;
    char *other_data; /* fingerprint of the run's data, where it is another */
};

/* Do the command line's own values say what the data are? */
static bool overrides_data(const struct request *r)
{
    for (size_t i = 0; i < r->target.override_count; i++)
        if (strncmp(r->target.override[i], "data.", 5) == 0 ||
            strncmp(r->target.override[i], "data=", 5) == 0)
            return true;
    return false;
}

/* A run's numbers on other data than its own are not the run's. */
static enum tfu_status compare_data(struct evaluation *v, struct tfu_error *e)
{
    const enum tfu_status st =
        tfu_eval_state_other_data(v->state, v->split, v->data, &v->other_data, e);
    if (st == TFU_OK && v->other_data && !overrides_data(v->request))
        tfu_log_write(v->context.log, TFU_LOG_WARNING,
                      "the %s data are not those of the run: their fingerprint is %s, and was %s",
                      tfu_split_name(v->split), tfu_dataset_info(v->data)->fingerprint,
                      v->other_data);
    return st;
}

static enum tfu_status load(struct evaluation *v, struct tfu_error *e)
{
    struct tfu_text account = TFU_TEXT_INIT;
    enum tfu_status st = tfu_eval_state_load(
        v->state, &v->context, tfu_evaluator_network(v->evaluator), v->data, &account, e);
    if (st == TFU_OK && !v->request->quiet && account.length)
        fputs(tfu_text_get(&account), stderr);
    tfu_text_free(&account);
    return st == TFU_OK ? compare_data(v, e) : st;
}

/* One `arg` for both kinds of calls. */
struct calls {
    struct tfu_progress progress;
    struct tfu_predictions predictions;
};

/* The flag is all that a handler touches. */
static volatile sig_atomic_t leave_requested;

static void on_signal(int number)
{
    (void)number;
    leave_requested = 1;
}

/* Half a file of predictions is taken away before the program ends. A second SIGINT ends it at
 * once. */
static void catch_signals(void)
{
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < TFU_COUNT(ending); i++) {
        struct sigaction old;
        if (sigaction(ending[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* as of nohup */
            sigaction(ending[i], &action, NULL);
    }
}

static bool is_leave_requested(void *arg)
{
    (void)arg;
    return leave_requested != 0;
}

static void on_progress(void *arg, enum tfu_split split, int64_t done, int64_t total)
{
    tfu_progress_evaluating(&((struct calls *)arg)->progress, split, done, total);
}

static enum tfu_status on_batch(void *arg, const struct tfu_batch *batch, const int64_t *example,
                                struct tfu_error *e)
{
    return tfu_predictions_add(&((struct calls *)arg)->predictions, batch, example, e);
}

static enum tfu_status evaluate(struct evaluation *v, const char *const *class_names,
                                struct tfu_error *e)
{
    const char *predictions = v->request->predictions;
    struct calls calls = {
        .predictions = {.data = v->data,
                        .file = {.fd = -1},
                        .logits = v->request->logits,
                        .force = v->request->force,
                        .outputs = v->target->experiment->task.classes,
                        .label_columns = tfu_task_label_columns(&v->target->experiment->task),
                        .positions = tfu_evaluator_positions(v->evaluator)},
    };
    const struct tfu_evaluate_hooks hooks = {
        .arg = &calls,
        .interrupted = is_leave_requested,
        .progress = on_progress,
        .batch = predictions ? on_batch : NULL,
    };
    tfu_progress_init(&calls.progress, v->request->quiet);
    enum tfu_status st = TFU_OK;
    if (predictions)
        st = tfu_predictions_open(&calls.predictions, predictions, class_names, e);
    if (st == TFU_OK)
        st = tfu_evaluator_run(v->evaluator, v->split, v->data, &hooks, e);
    tfu_progress_end(&calls.progress);
    return tfu_predictions_close(&calls.predictions, st, e);
}

/* The file of the state; NULL: it has none. */
static const char *name_state(const struct evaluation *v)
{
    return v->state->is_weights ? v->state->wanted : v->state->path;
}

static void print_heading(const struct evaluation *v)
{
    const struct tfu_eval_state *s = v->state;
    const struct request *r = v->request;
    if (s->is_initial)
        printf("%s, initial state\n", r->target.config ? r->target.config : v->target->folder);
    else if (s->is_weights)
        printf("%s\n", s->wanted);
    else
        printf("%s, step %" PRId64 "\n", s->path, s->step);
    printf("%s data, %" PRId64 " examples\n", tfu_split_name(v->split),
           tfu_dataset_info(v->data)->count);
    if (v->other_data && overrides_data(r))
        printf("fingerprint %s; that of the run's is %s\n", tfu_dataset_info(v->data)->fingerprint,
               v->other_data);
}

/* What the test data chose has been fitted to them. */
static void warn_chosen(const struct evaluation *v)
{
    enum tfu_split by;
    const char *name = v->state->path ? strrchr(v->state->path, '/') : NULL;
    if (name && strcmp(name, "/best.safetensors") == 0 &&
        tfu_monitor_split(v->target->experiment, &by) && by == TFU_SPLIT_TEST && by == v->split)
        tfu_log_write(v->context.log, TFU_LOG_WARNING,
                      "the best checkpoint was chosen by these very data (train.monitor: test), "
                      "which makes its numbers too good");
}

static enum tfu_status print_json(const struct evaluation *v, struct tfu_scores scores,
                                  struct tfu_error *e)
{
    json_t *metrics = json_object();
    for (size_t i = 0; i < scores.count; i++)
        json_object_set_new(metrics, scores.score[i].key, tfu_json_number(scores.score[i].value));
    const char *path = name_state(v);
    json_t *root = json_object();
    json_object_set_new(root, "checkpoint", path ? json_string(path) : json_null());
    json_object_set_new(
        root, "step", v->state->step >= 0 ? json_integer((json_int_t)v->state->step) : json_null());
    json_object_set_new(root, "split", json_string(tfu_split_name(v->split)));
    json_object_set_new(root, "metrics", metrics);
    return tfu_cli_json_print(root, e);
}

static enum tfu_status run(struct evaluation *v, struct tfu_error *e)
{
    const struct tfu_experiment *x = v->target->experiment;
    enum tfu_status st = tfu_split_choose(x, v->request->split, &v->split, e);
    if (st == TFU_OK)
        st = tfu_eval_state_open(v->state, v->target, v->context.log, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&v->context.threads, (uint32_t)x->threads, e);
    if (st == TFU_OK)
        st = tfu_assemble_data(&v->data, &v->context, v->split, e);
    if (st == TFU_OK)
        st = tfu_inspect_split(&v->context, v->split, v->data, false, e);
    if (st == TFU_OK)
        st = tfu_evaluator_new(&v->evaluator, &v->context, tfu_dataset_info(v->data), e);
    if (st == TFU_OK)
        st = load(v, e);
    if (st == TFU_OK && v->target->folder)
        st = tfu_train_warn_plugins(v->context.registry, v->target->folder, v->context.log, e);
    if (st == TFU_OK && v->target->folder)
        st = tfu_edited_warn(v->target->folder, v->context.registry, v->context.log,
                             v->context.digests, e);
    if (st != TFU_OK)
        return st;
    warn_chosen(v);
    const char *const *names = tfu_assemble_class_names(x, tfu_dataset_info(v->data));
    st = evaluate(v, names, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_scores scores = tfu_evaluator_scores(v->evaluator, v->split);
    if (v->request->json)
        return print_json(v, scores, e);
    print_heading(v);
    tfu_score_table_print(stdout, scores, names, x->task.classes);
    return TFU_OK;
}

static int evaluate_target(struct tfu_cli *cli, struct tfu_target *target, const struct request *r,
                           struct tfu_eval_state *state)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct evaluation v = {
        .request = r,
        .target = target,
        .state = state,
        .context = {.experiment = target->experiment,
                    .registry = target->registry,
                    .log = &cli->log},
    };
    const enum tfu_status st = run(&v, &e);
    tfu_evaluator_free(v.evaluator);
    tfu_dataset_close(v.data);
    tfu_threads_free(v.context.threads);
    free(v.other_data);
    return st == TFU_OK ? TFU_EXIT_OK : tfu_cli_error(&e);
}

/* An override before those that there are; `place` is the one before theirs. */
static void put_before(struct tfu_target_request *target, const char **place, const char *override)
{
    *place = override;
    target->override = place;
    target->override_count++;
}

/* Other rules than the one that reads the file would be scored under its name. */
static const char *other_rules(const struct tfu_target_request *target)
{
    for (size_t i = 0; i < target->override_count; i++)
        if (strncmp(target->override[i], "init=", 5) == 0 ||
            strncmp(target->override[i], "init.+", 6) == 0)
            return target->override[i];
    return NULL;
}

static int open_and_evaluate(struct tfu_cli *cli, struct request *r, const char **override)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_eval_state state;
    struct tfu_target target;
    if (tfu_eval_state_find(&state, r->checkpoint, &r->target, &e) != TFU_OK) {
        tfu_eval_state_free(&state);
        return tfu_cli_error(&e);
    }
    if (state.is_weights && other_rules(&r->target)) {
        tfu_eval_state_free(&state);
        return tfu_cli_usage("eval",
                             "--checkpoint %s is read in place of `init:`, and '%s' would take its "
                             "place; say with init.0.KEY=VALUE how the file is read, or leave out "
                             "one of both",
                             r->checkpoint, other_rules(&r->target));
    }
    /* before those of the user, who may add to what they say */
    if (state.is_weights)
        put_before(&r->target, --override, tfu_text_get(&state.override));
    if (r->target.folder)
        put_before(&r->target, --override, TFU_SUBJECT_NO_TRAINING);
    int status = tfu_target_open(cli, &r->target, &target);
    if (status == TFU_EXIT_OK) {
        status = evaluate_target(cli, &target, r, &state);
        tfu_target_close(&target);
    }
    tfu_eval_state_free(&state);
    return status;
}

int tfu_cmd_eval(struct tfu_cli *cli, int argc, char **argv)
{
    enum { OURS = 2 }; /* overrides that go before the user's */
    struct request r = {.json = false};
    const char **override = calloc((size_t)argc + OURS + 1, sizeof *override);
    if (!override)
        return TFU_EXIT_FAILED;
    catch_signals();
    int status = parse(argc, argv, &r, override + OURS);
    if (status == 0 && r.help)
        fputs(help, stdout);
    else if (status == 0)
        status = open_and_evaluate(cli, &r, override + OURS);
    free(override);
    return status;
}
