/* SPDX-License-Identifier: MIT */
#include "core/run/evaluation.h"

#include <stdlib.h>
#include <string.h>

#include "core/run/eval_cut.h"
#include "core/run/eval_target.h"
#include "core/run/predictions.h"
#include "core/task/task.h"
#include "core/train/edited.h"
#include "core/train/inspect.h"
#include "core/train/monitor.h"
#include "core/train/split_lists.h"
#include "core/train/train.h"

/* ---- the network and its data */

/* A run's numbers on other data than its own are not the run's. */
static enum tfu_status compare_data(struct tfu_evaluation *v, struct tfu_error *e)
{
    bool cut = false;
    enum tfu_status st = tfu_eval_state_other_data(&v->state, v->split, v->data, &v->other_data, e);
    if (st == TFU_OK && v->other_data && v->target.folder)
        st = tfu_eval_cut_warn(v->target.folder, v->target.config, v->split, v->data, &v->context,
                               &cut, e);
    if (st == TFU_OK && v->other_data && !v->says_data && !cut)
        tfu_log_write(v->context.log, TFU_LOG_WARNING,
                      "the %s data are not those of the run: their fingerprint is %s, and was %s",
                      tfu_split_name(v->split), tfu_dataset_info(v->data)->fingerprint,
                      v->other_data);
    return st;
}

/* No group of the training data may be in those that are evaluated. Of parts of one dataset that
 * has been seen when they were cut. */
static enum tfu_status compare_groups(struct tfu_evaluation *v, struct tfu_error *e)
{
    const struct tfu_data_split *split = tfu_experiment_split(v->target.experiment, v->split);
    struct tfu_dataset *data[TFU_SPLIT_COUNT] = {NULL}, *train;
    struct tfu_error unknown = TFU_ERROR_INIT;
    if (v->split == TFU_SPLIT_TRAIN || split->part != TFU_CUT_TRAIN || !tfu_dataset_groups(v->data))
        return TFU_OK;
    const enum tfu_status st = tfu_assemble_open(&train, &v->context, TFU_SPLIT_TRAIN, &unknown);
    if (st == TFU_ENOMEM)
        return tfu_error_set(e, st, "%s", unknown.text);
    if (st != TFU_OK) {
        tfu_log_write(v->context.log, TFU_LOG_WARNING,
                      "whether the %s data have groups of the training data is not known: %s",
                      tfu_split_name(v->split), unknown.text);
        return TFU_OK;
    }
    data[TFU_SPLIT_TRAIN] = train;
    data[v->split] = v->data;
    const enum tfu_status checked = tfu_split_lists_check(&v->context, data, e);
    tfu_dataset_close(train);
    return checked;
}

static enum tfu_status load(struct tfu_evaluation *v, const struct tfu_evaluation_request *r,
                            struct tfu_error *e)
{
    struct tfu_text account = TFU_TEXT_INIT;
    enum tfu_status st =
        tfu_eval_state_load(&v->state, &v->context, tfu_evaluator_network(v->evaluator),
                            tfu_dataset_preprocessing(v->data), &account, e);
    if (st == TFU_OK && account.failed)
        st = tfu_error_memory(e, "preparing an evaluation", 0);
    if (st == TFU_OK && account.length && r->loaded)
        r->loaded(r->arg, tfu_text_get(&account));
    tfu_text_free(&account);
    if (st == TFU_OK)
        st = tfu_assemble_check_classes(tfu_dataset_info(v->data), tfu_split_name(v->split),
                                        v->state.classes, e);
    return st == TFU_OK ? compare_data(v, e) : st;
}

/* What the test data chose has been fitted to them. */
static void warn_chosen(const struct tfu_evaluation *v)
{
    enum tfu_split by;
    const char *name = v->state.path ? strrchr(v->state.path, '/') : NULL;
    if (name && strcmp(name, "/best.safetensors") == 0 &&
        tfu_monitor_split(v->target.experiment, &by) && by == TFU_SPLIT_TEST && by == v->split)
        tfu_log_write(v->context.log, TFU_LOG_WARNING,
                      "the best checkpoint was chosen by these very data (train.monitor: test), "
                      "which makes its numbers too good");
}

static enum tfu_status open_valid(struct tfu_evaluation *v, struct tfu_error *e)
{
    if (v->split == TFU_SPLIT_VALID || !v->target.experiment->valid_data.present ||
        !tfu_evaluator_wants_valid(v->evaluator))
        return TFU_OK;
    return tfu_assemble_data_beside(&v->valid, &v->context, TFU_SPLIT_VALID, v->data, e);
}

static enum tfu_status prepare(struct tfu_evaluation *v, const struct tfu_evaluation_request *r,
                               struct tfu_error *e)
{
    const struct tfu_experiment *x = v->target.experiment;
    struct tfu_context *c = &v->context;
    const char *folder;
    enum tfu_status st = tfu_digests_new(&c->digests, e);
    if (st == TFU_OK)
        st = tfu_split_choose(x, r->split, &v->split, e);
    if (st == TFU_OK)
        st = tfu_eval_state_open(&v->state, &v->target, e);
    if (st == TFU_OK)
        st = tfu_threads_new(&c->threads, (uint32_t)x->threads, e);
    if (st == TFU_OK)
        st = tfu_assemble_data(&v->data, c, v->split, e);
    if (st == TFU_OK)
        st = compare_groups(v, e);
    if (st == TFU_OK)
        st = tfu_inspect_split(c, v->split, v->data, false, e);
    if (st == TFU_OK)
        st = tfu_evaluator_new(&v->evaluator, c, tfu_dataset_info(v->data), true, e);
    if (st == TFU_OK)
        st = tfu_evaluator_check(v->evaluator, v->split, v->data, e);
    if (st == TFU_OK)
        st = open_valid(v, e);
    if (st == TFU_OK)
        st = load(v, r, e);
    folder = v->target.folder;
    if (st == TFU_OK && folder)
        st = tfu_train_warn_plugins(c->registry, folder, c->log, e);
    if (st == TFU_OK && folder)
        st = tfu_edited_warn(folder, c->registry, c->log, c->digests, e);
    if (st == TFU_OK)
        warn_chosen(v);
    return st;
}

/* ---- the evaluation */

/* One `arg` for both kinds of calls. */
struct calls {
    const struct tfu_evaluation_request *request;
    struct tfu_predictions predictions;
};

static bool on_interrupted(void *arg)
{
    const struct tfu_evaluation_request *r = ((struct calls *)arg)->request;
    return r->interrupted && r->interrupted(r->arg);
}

static void on_progress(void *arg, enum tfu_split split, int64_t done, int64_t total)
{
    const struct tfu_evaluation_request *r = ((struct calls *)arg)->request;
    if (r->progress)
        r->progress(r->arg, split, done, total);
}

static enum tfu_status on_batch(void *arg, const struct tfu_batch *batch, const int64_t *example,
                                struct tfu_error *e)
{
    return tfu_predictions_add(&((struct calls *)arg)->predictions, batch, example, e);
}

/* What a metric chooses is chosen on the validation data, where there are any. */
static enum tfu_status evaluate_valid(struct tfu_evaluation *v,
                                      const struct tfu_evaluate_hooks *hooks, struct tfu_error *e)
{
    struct tfu_evaluate_hooks quiet = *hooks;
    quiet.batch = NULL; /* the predictions are of the other data */
    if (!v->valid)
        return TFU_OK;
    return tfu_evaluator_run(v->evaluator, TFU_SPLIT_VALID, v->valid, &quiet, e);
}

static enum tfu_status evaluate(struct tfu_evaluation *v, const struct tfu_evaluation_request *r,
                                struct tfu_error *e)
{
    const struct tfu_task_config *task = &v->target.experiment->task;
    struct calls calls = {
        .request = r,
        .predictions = {.data = v->data,
                        .file = {.fd = -1},
                        .logits = r->logits,
                        .force = r->force,
                        .outputs = task->classes,
                        .label_columns = tfu_task_label_columns(task),
                        .positions = tfu_evaluator_positions(v->evaluator)},
    };
    const struct tfu_evaluate_hooks hooks = {
        .arg = &calls,
        .interrupted = on_interrupted,
        .progress = on_progress,
        .batch = r->predictions ? on_batch : NULL,
    };
    enum tfu_status st = TFU_OK;
    if (r->predictions)
        st = tfu_predictions_open(&calls.predictions, r->predictions, v->class_names, e);
    if (st == TFU_OK)
        st = evaluate_valid(v, &hooks, e);
    if (st == TFU_OK)
        st = tfu_evaluator_run(v->evaluator, v->split, v->data, &hooks, e);
    if (st == TFU_OK)
        st = tfu_evaluator_intervals(v->evaluator, v->split, &hooks, e);
    return tfu_predictions_close(&calls.predictions, st, e);
}

static enum tfu_status run(struct tfu_evaluation *v, const struct tfu_evaluation_request *r,
                           struct tfu_diagnostics *d, struct tfu_error *e)
{
    enum tfu_status st = tfu_eval_state_find(&v->state, r->checkpoint, &r->target, e);
    if (st == TFU_OK)
        st = tfu_eval_target_open(&v->target, &v->state, &r->target, d, e);
    if (st != TFU_OK)
        return st;
    v->says_data = tfu_eval_target_override(&r->target, "data.", "data=") != NULL;
    v->context = (struct tfu_context){
        .experiment = v->target.experiment, .registry = r->target.registry, .log = r->target.log};
    st = prepare(v, r, e);
    if (st != TFU_OK)
        return st;
    v->file = v->state.is_weights ? v->state.wanted : v->state.path;
    v->class_names = tfu_assemble_class_names(v->target.experiment, tfu_dataset_info(v->data));
    st = evaluate(v, r, e);
    v->scores = tfu_evaluator_scores(v->evaluator, v->split);
    return st;
}

enum tfu_status tfu_evaluation_run(struct tfu_evaluation **out,
                                   const struct tfu_evaluation_request *request,
                                   struct tfu_diagnostics *d, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_evaluation *v = calloc(1, sizeof *v);
    if (!v)
        return tfu_error_memory(e, "preparing an evaluation", sizeof *v);
    const enum tfu_status st = run(v, request, d, e);
    if (st != TFU_OK)
        tfu_evaluation_free(v);
    else
        *out = v;
    return st;
}

void tfu_evaluation_free(struct tfu_evaluation *v)
{
    if (!v)
        return;
    tfu_evaluator_free(v->evaluator);
    tfu_dataset_close(v->data);
    tfu_dataset_close(v->valid);
    tfu_threads_free(v->context.threads);
    tfu_digests_free(v->context.digests);
    free(v->other_data);
    tfu_eval_state_free(&v->state);
    tfu_target_close(&v->target);
    free(v);
}
