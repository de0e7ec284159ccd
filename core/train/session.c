/* SPDX-License-Identifier: MIT */
#include "core/train/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/scored.h"
#include "core/config/versus.h"
#include "core/graph/access.h"
#include "core/train/initialise.h"
#include "core/train/inspect.h"
#include "core/train/loss.h"
#include "core/train/monitor.h"
#include "core/train/schedule.h"
#include "core/train/split_lists.h"

static enum tfu_status open_data(struct tfu_session *s, struct tfu_error *e)
{
    for (int i = 0; i < TFU_SPLIT_COUNT; i++) {
        const enum tfu_split split = (enum tfu_split)i;
        if (split != TFU_SPLIT_TRAIN &&
            !tfu_experiment_split(s->context.experiment, split)->present)
            continue;
        enum tfu_status st =
            tfu_assemble_data_beside(&s->data[i], &s->context, split, s->data[TFU_SPLIT_TRAIN], e);
        if (st == TFU_OK)
            st = tfu_assemble_same_size(s->data[TFU_SPLIT_TRAIN], "train", s->data[i],
                                        tfu_split_name(split), e);
        if (st == TFU_OK)
            st = tfu_assemble_same_classes(s->data[TFU_SPLIT_TRAIN], "train", s->data[i],
                                           tfu_split_name(split), e);
        if (st != TFU_OK)
            return st;
        const char *fingerprint = tfu_dataset_info(s->data[i])->fingerprint;
        tfu_text_printf(&s->fingerprints, "%s: %s\n", tfu_split_name(split),
                        fingerprint ? fingerprint : "");
    }
    tfu_assemble_put_classes(tfu_dataset_info(s->data[TFU_SPLIT_TRAIN]), &s->classes);
    return s->fingerprints.failed || s->classes.failed ? tfu_error_memory(e, "opening data", 0)
                                                       : TFU_OK;
}

static struct tfu_loader_request loader_request(const struct tfu_session *s)
{
    const struct tfu_experiment *x = s->context.experiment;
    return (struct tfu_loader_request){
        .dataset = s->data[TFU_SPLIT_TRAIN],
        .batch = x->train.batch,
        .shuffle = true,
        .random = true,
        .seed = (uint64_t)x->seed,
        .drop_last = x->train.drop_last != 0,
        .workers = tfu_loader_workers(x->data.workers),
    };
}

static enum tfu_status open_loader(struct tfu_session *s, struct tfu_error *e)
{
    const struct tfu_experiment *x = s->context.experiment;
    const struct tfu_loader_request request = loader_request(s);
    const enum tfu_status st = tfu_loader_new(&s->loader, &request, e);
    if (st != TFU_OK)
        return st;
    s->batches_per_epoch = tfu_loader_batches_per_epoch(s->loader);
    s->steps = x->train.steps;
    if (s->steps == 0 && __builtin_mul_overflow(x->train.epochs, s->batches_per_epoch, &s->steps))
        return tfu_error_set(e, TFU_EINVAL, "%lld epochs of %lld batches are too many steps",
                             (long long)x->train.epochs, (long long)s->batches_per_epoch);
    return TFU_OK;
}

static enum tfu_status open_network(struct tfu_session *s, struct tfu_error *e)
{
    const struct tfu_experiment *x = s->context.experiment;
    const struct tfu_dataset_info *info = tfu_dataset_info(s->data[TFU_SPLIT_TRAIN]);
    const struct tfu_assemble_options options = {.training = true};
    enum tfu_status st = tfu_assemble_graph(&s->graph, &s->context, info, x->train.batch, e);
    if (st == TFU_OK)
        st = tfu_loss_check_labels(tfu_loss_rule(&x->task), s->graph, (int64_t)info->label_columns,
                                   e);
    if (st == TFU_OK)
        st = tfu_assemble_network(&s->network, s->graph, &s->context, &options, e);
    if (st == TFU_OK)
        st = tfu_optimiser_new(&s->optimiser, s->network, &x->train.optimizer, s->context.registry,
                               s->context.threads, e);
    if (st != TFU_OK)
        return st;
    const int64_t rows = x->train.batch * tfu_graph_positions(s->graph, s->graph->output);
    s->scores = calloc((size_t)(rows * tfu_graph_outputs(s->graph)), sizeof *s->scores);
    s->losses = calloc((size_t)rows, sizeof *s->losses);
    const bool mixes = tfu_dataset_mixes(s->data[TFU_SPLIT_TRAIN]);
    if (mixes && rows > x->train.batch)
        return tfu_error_set(e, TFU_EINVAL,
                             "data.train.transforms mix images, whose labels are of the whole "
                             "image; the network has an output for each position, so leave `mixup` "
                             "and `cutmix` out");
    if (mixes)
        s->spare = calloc((size_t)(rows * tfu_graph_outputs(s->graph)), sizeof *s->spare);
    return s->scores && s->losses && (s->spare || !mixes)
               ? TFU_OK
               : tfu_error_memory(e, "preparing a training", 0);
}

/* What the configuration goes by has to be reported: better said now than after hours. What an
 * observer reports it says itself. */
static enum tfu_status check_metrics(const struct tfu_session *s, struct tfu_error *e)
{
    const struct tfu_train_config *t = &s->context.experiment->train;
    const struct {
        const char *key, *metric;
        bool chooses;
    } use[] = {
        {"train.early_stopping.metric", s->selects ? s->metric : t->early_stopping.metric, true},
        {"train.threshold.metric", t->threshold.metric, false},
    };
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(use); i++)
        if (use[i].metric && use[i].metric[0] &&
            !tfu_versus_find(s->context.experiment, use[i].metric))
            st = tfu_monitor_check(s->evaluator, s->monitor, use[i].key, use[i].metric,
                                   use[i].chooses, e);
    return st;
}

static enum tfu_status open_evaluation(struct tfu_session *s, struct tfu_error *e)
{
    const struct tfu_experiment *x = s->context.experiment;
    s->selects = tfu_monitor_split(x, &s->monitor);
    s->metric = x->train.early_stopping.metric ? x->train.early_stopping.metric : "";
    if (!s->metric[0] && x->metric_count > 0)
        s->metric = tfu_scored_name(x, 0);
    s->selects = s->selects && s->metric[0];
    if (!s->data[s->monitor] || x->metric_count + x->versus_count == 0)
        return TFU_OK;
    enum tfu_status st = tfu_evaluator_new(&s->evaluator, &s->context,
                                           tfu_dataset_info(s->data[TFU_SPLIT_TRAIN]), false, e);
    for (int i = TFU_SPLIT_VALID; st == TFU_OK && i < TFU_SPLIT_COUNT; i++)
        if (s->data[i])
            st = tfu_evaluator_check(s->evaluator, (enum tfu_split)i, s->data[i], e);
    return st == TFU_OK ? check_metrics(s, e) : st;
}

enum tfu_status tfu_session_open(struct tfu_session **out, const struct tfu_experiment *experiment,
                                 struct tfu_registry *registry, struct tfu_log *log,
                                 struct tfu_error *e)
{
    *out = NULL;
    struct tfu_session *s = calloc(1, sizeof *s);
    if (!s)
        return tfu_error_memory(e, "preparing a training", 0);
    s->context = (struct tfu_context){.experiment = experiment, .registry = registry, .log = log};
    enum tfu_status st = tfu_threads_new(&s->context.threads, (uint32_t)experiment->threads, e);
    if (st == TFU_OK)
        st = open_data(s, e);
    if (st != TFU_OK) {
        tfu_session_free(s);
        return st;
    }
    *out = s;
    return TFU_OK;
}

/* Which examples there are; no group of them may be in two splits. */
static enum tfu_status list_examples(struct tfu_session *s, struct tfu_error *e)
{
    enum tfu_status st = tfu_split_lists_check(&s->context, s->data, e);
    for (int i = 0; st == TFU_OK && i < TFU_SPLIT_COUNT; i++)
        if (s->data[i])
            st = tfu_id_list_make(&s->list[i], s->data[i], NULL, e);
    return st;
}

enum tfu_status tfu_session_build(struct tfu_session *s, struct tfu_error *e)
{
    enum tfu_status st = list_examples(s, e);
    if (st == TFU_OK)
        st = open_loader(s, e);
    if (st == TFU_OK)
        st = open_network(s, e);
    if (st == TFU_OK)
        st = open_evaluation(s, e);
    const struct tfu_inspected_training training = {
        .context = &s->context,
        .data = s->data,
        .graph = s->graph,
        .steps = s->steps,
        .batches_per_epoch = s->batches_per_epoch,
    };
    return st == TFU_OK ? tfu_inspect_training(&training, e) : st;
}

void tfu_session_free(struct tfu_session *s)
{
    if (!s)
        return;
    if (s->observer.arg)
        s->observer.free(s->observer.arg);
    tfu_evaluator_free(s->evaluator);
    tfu_optimiser_free(s->optimiser);
    tfu_network_free(s->network);
    tfu_graph_free(s->graph);
    tfu_loader_free(s->loader);
    for (int i = 0; i < TFU_SPLIT_COUNT; i++)
        tfu_dataset_close(s->data[i]);
    tfu_threads_free(s->context.threads);
    tfu_text_free(&s->fingerprints);
    tfu_text_free(&s->classes);
    free(s->scores);
    free(s->spare);
    free(s->losses);
    free(s);
}

enum tfu_status tfu_session_initialise(struct tfu_session *s, struct tfu_text *account,
                                       struct tfu_text *report, struct tfu_error *e)
{
    const struct tfu_experiment *x = s->context.experiment;
    const struct tfu_initialise_request request = {
        .network = s->network,
        .rule = x->init,
        .rule_count = x->init_count,
        .registry = s->context.registry,
        .seed = (uint64_t)x->seed,
        .threads = s->context.threads,
        .account = account,
        .preprocessing = tfu_dataset_preprocessing(s->data[TFU_SPLIT_TRAIN]),
        .log = s->context.log,
        .digests = s->context.digests,
    };
    return tfu_initialise(&request, report, e);
}

enum tfu_status tfu_session_seek(struct tfu_session *s, int64_t step, struct tfu_error *e)
{
    return tfu_loader_seek(s->loader, step / s->batches_per_epoch, step % s->batches_per_epoch, e);
}

/* The next batch, over the end of an epoch. */
static enum tfu_status next_batch(struct tfu_session *s, struct tfu_loader_batch *batch,
                                  struct tfu_error *e)
{
    enum tfu_status st = tfu_loader_next(s->loader, batch, e);
    if (st != TFU_OK || batch->rows > 0)
        return st;
    if (!s->counted)
        tfu_inspect_constant(s->context.log, TFU_SPLIT_TRAIN, s->data[TFU_SPLIT_TRAIN],
                             batch->constant, batch->first_constant);
    s->counted = true;
    return tfu_loader_next(s->loader, batch, e);
}

static enum tfu_status run_batch(struct tfu_session *s, int64_t step,
                                 const struct tfu_loader_batch *batch, double *loss,
                                 struct tfu_error *e)
{
    const struct tfu_experiment *x = s->context.experiment;
    enum tfu_status st = tfu_network_put_input(s->network, batch->rows, batch->pixels, e);
    if (st == TFU_OK)
        st = tfu_network_forward(s->network, batch->rows, true, (uint64_t)step, e);
    const struct tfu_loss_mix mix = {batch->share, batch->other_labels, s->spare};
    if (st == TFU_OK)
        st =
            tfu_loss_network_mixed(tfu_loss_rule(&x->task), s->context.threads, s->network,
                                   batch->rows, batch->labels, &mix, s->scores, s->losses, loss, e);
    if (st == TFU_OK && isinf(*loss))
        st = tfu_error_set(e, TFU_ENUMERIC,
                           "the loss is %g: the training has diverged; lower the learning rate or "
                           "set `clip_norm`",
                           *loss);
    return st == TFU_OK ? tfu_network_backward(s->network, e) : st;
}

enum tfu_status tfu_session_step(struct tfu_session *s, int64_t step, bool update,
                                 struct tfu_step_report *out, struct tfu_error *e)
{
    const struct tfu_train_config *train = &s->context.experiment->train;
    const double factor = tfu_schedule_factor(train, step, s->steps);
    struct tfu_loader_batch batch = {.rows = 0};
    double loss = NAN, norm = NAN;
    enum tfu_status st = next_batch(s, &batch, e);
    const bool read = st == TFU_OK; /* numbers that are not finite are not those of the data */
    if (st == TFU_OK)
        st = run_batch(s, step, &batch, &loss, e);
    if (st == TFU_OK && update)
        st = tfu_optimiser_step(s->optimiser, step, factor, train->clip_norm, &norm, e);
    if (st != TFU_OK) {
        s->diverged |= read && st == TFU_ENUMERIC;
        tfu_error_prefix(e, "step %lld", (long long)step);
        return st;
    }
    *out = (struct tfu_step_report){
        .step = step,
        .steps = s->steps,
        .epoch = (double)step / (double)s->batches_per_epoch,
        .rows = batch.rows,
        .loss = loss,
        .lr = factor * tfu_optimiser_lr(s->optimiser),
        .gradient_norm = norm,
    };
    return TFU_OK;
}

enum tfu_status tfu_session_evaluate(struct tfu_session *s, const struct tfu_evaluate_hooks *hooks,
                                     struct tfu_error *e)
{
    struct tfu_scores more;
    enum tfu_status st = tfu_evaluator_copy(s->evaluator, s->network, e);
    for (int i = TFU_SPLIT_VALID; st == TFU_OK && i < TFU_SPLIT_COUNT; i++)
        if (s->data[i])
            st = tfu_evaluator_run(s->evaluator, (enum tfu_split)i, s->data[i], hooks, e);
    s->diverged |= tfu_evaluator_diverged(s->evaluator);
    if (st != TFU_OK || !s->observer.arg)
        return st;
    st = s->observer.look(s->observer.arg, hooks, &more, e);
    return st == TFU_OK ? tfu_evaluator_add(s->evaluator, s->monitor, more, e) : st;
}

enum tfu_status tfu_session_intervals(struct tfu_session *s, const struct tfu_evaluate_hooks *hooks,
                                      struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (int i = TFU_SPLIT_VALID; st == TFU_OK && i < TFU_SPLIT_COUNT; i++)
        if (s->data[i])
            st = tfu_evaluator_intervals(s->evaluator, (enum tfu_split)i, hooks, e);
    return st;
}

enum tfu_status tfu_session_try_observer(struct tfu_session *s,
                                         const struct tfu_evaluate_hooks *hooks,
                                         struct tfu_error *e)
{
    struct tfu_scores ignored;
    return s->observer.arg ? s->observer.look(s->observer.arg, hooks, &ignored, e) : TFU_OK;
}

/* Of the largest: one split is evaluated after the other, while the training's batches stay. */
static size_t evaluation_batches(const struct tfu_session *s)
{
    size_t most = 0;
    for (int i = 0; i < TFU_SPLIT_COUNT; i++) {
        const bool evaluated = i != TFU_SPLIT_TRAIN && s->data[i];
        const size_t bytes = evaluated ? tfu_evaluator_bytes(s->evaluator, s->data[i]) : 0;
        most = bytes > most ? bytes : most;
    }
    return most;
}

struct tfu_session_memory tfu_session_memory(const struct tfu_session *s)
{
    struct tfu_session_memory m = {.training = tfu_network_memory(s->network)};
    m.optimiser = tfu_optimiser_bytes(s->optimiser);
    const struct tfu_loader_request request = loader_request(s);
    m.batches = tfu_loader_bytes(&request);
    if (s->evaluator) {
        m.evaluation = tfu_network_memory(tfu_evaluator_network(s->evaluator));
        m.batches += evaluation_batches(s);
    }
    for (int i = 0; i < TFU_SPLIT_COUNT; i++)
        if (s->data[i]) {
            m.data += tfu_dataset_bytes(s->data[i]);
            m.images += tfu_dataset_cache_bytes(s->data[i]);
            if (s->evaluator && i != TFU_SPLIT_TRAIN)
                m.results += tfu_evaluator_kept_bytes(s->evaluator, (enum tfu_split)i, s->data[i]);
        }
    m.observer = s->observer.arg ? s->observer.bytes : 0;
    m.total = m.training.total + m.evaluation.total + m.optimiser + m.batches + m.data + m.images +
              m.results + m.observer;
    return m;
}
