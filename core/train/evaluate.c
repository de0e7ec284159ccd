/* SPDX-License-Identifier: MIT */
#include "core/train/evaluate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/scored.h"
#include "core/config/versus.h"
#include "core/data/loader.h"
#include "core/graph/access.h"
#include "core/task/task.h"
#include "core/train/inspect.h"
#include "core/train/loss.h"
#include "core/train/rehearse.h"
#include "core/train/score_intervals.h"

struct tfu_evaluator {
    const struct tfu_context *context;
    int64_t batch, outputs, positions; /* of an example, in the output */
    struct tfu_graph *graph;
    struct tfu_network *network;
    float *scores;            /* batch x positions x outputs */
    double *losses, *weights; /* batch x positions */
    double *odds;             /* batch x positions x outputs */
    double *room;             /* of tfu_log_odds(), for each thread */
    float *hard;              /* labels of a batch that are 0, 1 or unknown; NULL: all are */
    struct tfu_scorer_request scoring;
    struct tfu_scorer *scorer[TFU_SPLIT_COUNT];
    struct tfu_scorer *rehearsing; /* of one metric by itself; NULL: none has had to */
    struct tfu_scores result[TFU_SPLIT_COUNT];
    struct tfu_score *longer[TFU_SPLIT_COUNT]; /* the same with others, where some were added */
    bool counted[TFU_SPLIT_COUNT];             /* constant images were */
    bool told[TFU_SPLIT_COUNT];                /* that some labels are soft */
    bool diverged;                             /* outputs were not finite */
    bool fit; /* the validation's results at hand are those of the network as it is */
};

static enum tfu_status make_scorers(struct tfu_evaluator *v, const struct tfu_dataset_info *info,
                                    struct tfu_error *e)
{
    const struct tfu_experiment *x = v->context->experiment;
    v->scoring = (struct tfu_scorer_request){
        .metric = x->metric,
        .scored = x->scored,
        .metric_count = x->metric_count,
        .seed = (uint64_t)x->seed,
        .task = tfu_task_of(&x->task)->reads,
        .outputs = v->outputs,
        .label_columns = tfu_task_label_columns(&x->task),
        .class_names = tfu_assemble_class_names(x, info),
        .registry = v->context->registry,
        .threads = v->context->threads,
    };
    for (int i = 0; i < TFU_SPLIT_COUNT; i++) {
        const enum tfu_status st = tfu_scorer_new(&v->scorer[i], &v->scoring, e);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

/* Of the size of the network's output. */
static enum tfu_status allocate(struct tfu_evaluator *v, struct tfu_error *e)
{
    v->outputs = tfu_graph_outputs(v->graph);
    v->positions = tfu_graph_positions(v->graph, v->graph->output);
    const size_t threads = v->context->threads ? tfu_threads_count(v->context->threads) : 1;
    const size_t rows = (size_t)(v->batch * v->positions), cells = rows * (size_t)v->outputs;
    v->scores = calloc(cells, sizeof *v->scores);
    v->losses = calloc(rows, sizeof *v->losses);
    v->weights = calloc(rows, sizeof *v->weights);
    v->odds = calloc(cells, sizeof *v->odds);
    v->room = calloc(threads * tfu_log_odds_room(v->outputs), sizeof *v->room);
    return v->scores && v->losses && v->weights && v->odds && v->room
               ? TFU_OK
               : tfu_error_memory(e, "preparing an evaluation", 0);
}

enum tfu_status tfu_evaluator_new(struct tfu_evaluator **out, const struct tfu_context *c,
                                  const struct tfu_dataset_info *info, bool constant,
                                  struct tfu_error *e)
{
    *out = NULL;
    struct tfu_evaluator *v = calloc(1, sizeof *v);
    if (!v)
        return tfu_error_memory(e, "preparing an evaluation", 0);
    const struct tfu_train_config *train = &c->experiment->train;
    v->context = c;
    v->batch = train->evaluate.batch > 0 ? train->evaluate.batch : train->batch;
    const struct tfu_assemble_options options = {.constant = constant};
    enum tfu_status st = tfu_assemble_graph(&v->graph, c, info, v->batch, e);
    if (st == TFU_OK)
        st = tfu_loss_check_labels(tfu_loss_rule(&c->experiment->task), v->graph,
                                   (int64_t)info->label_columns, e);
    if (st == TFU_OK)
        st = tfu_assemble_network(&v->network, v->graph, c, &options, e);
    if (st == TFU_OK)
        st = allocate(v, e);
    if (st == TFU_OK)
        st = make_scorers(v, info, e);
    if (st != TFU_OK) {
        tfu_evaluator_free(v);
        return st;
    }
    *out = v;
    return TFU_OK;
}

void tfu_evaluator_free(struct tfu_evaluator *v)
{
    if (!v)
        return;
    for (int i = 0; i < TFU_SPLIT_COUNT; i++) {
        tfu_scorer_free(v->scorer[i]);
        free(v->longer[i]);
    }
    tfu_scorer_free(v->rehearsing);
    tfu_network_free(v->network);
    tfu_graph_free(v->graph);
    free(v->scores);
    free(v->losses);
    free(v->weights);
    free(v->odds);
    free(v->room);
    free(v->hard);
    free(v);
}

int64_t tfu_evaluator_positions(const struct tfu_evaluator *v)
{
    return v->positions;
}

struct tfu_network *tfu_evaluator_network(struct tfu_evaluator *v)
{
    v->fit = false;
    return v->network;
}

enum tfu_status tfu_evaluator_copy(struct tfu_evaluator *v, const struct tfu_network *from,
                                   struct tfu_error *e)
{
    v->fit = false;
    return tfu_network_copy_params(v->network, from, e);
}

/* ---- soft labels: a probability, as that of an uncertain finding, which the loss takes */

static bool is_soft(float label)
{
    return label > 0 && label < 1;
}

/* The labels as metrics have them: of several, one that is neither 0 nor 1 is not known. NULL:
 * memory ran out. */
static const float *harden(struct tfu_evaluator *v, const float *labels, int64_t rows)
{
    const int64_t columns = v->scoring.label_columns;
    if (v->scoring.task != TFU_TASK_MULTI_LABEL)
        return labels;
    if (!v->hard)
        v->hard = calloc((size_t)(v->batch * v->positions * columns), sizeof *v->hard);
    for (int64_t i = 0; v->hard && i < rows * columns; i++)
        v->hard[i] = is_soft(labels[i]) ? NAN : labels[i];
    return v->hard;
}

static void say_soft(struct tfu_evaluator *v, enum tfu_split split, const struct tfu_dataset *data)
{
    const struct tfu_census *c = tfu_dataset_census(data);
    int64_t soft = 0;
    for (uint32_t k = 0; k < c->columns; k++)
        soft += c->column[k].between;
    if (soft && !v->told[split] && v->scoring.task == TFU_TASK_MULTI_LABEL)
        tfu_log_write(v->context->log, TFU_LOG_NOTE,
                      "%lld labels of the %s data are between 0 and 1: the loss takes them as they "
                      "are, and metrics as unknown",
                      (long long)soft, tfu_split_name(split));
    v->told[split] = true;
}

static enum tfu_status run_batch(struct tfu_evaluator *v, enum tfu_split split,
                                 const struct tfu_loader_batch *batch,
                                 const struct tfu_evaluate_hooks *hooks, struct tfu_error *e)
{
    const float *logits;
    enum tfu_status st = tfu_network_put_input(v->network, batch->rows, batch->pixels, e);
    if (st == TFU_OK)
        st = tfu_network_forward(v->network, batch->rows, false, 0, e);
    if (st == TFU_OK)
        st = tfu_network_look(v->network, tfu_region_output(v->graph, batch->rows), &logits, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_task_config *task = &v->context->experiment->task;
    const struct tfu_loss_rule rule = tfu_loss_rule(task);
    struct tfu_loss_batch rows =
        tfu_loss_batch(v->graph, batch->rows, batch->labels, v->scores, v->losses);
    rows.logits = logits;
    double mean;
    st = tfu_loss(rule, v->context->threads, &rows, &mean, e);
    v->diverged |= st == TFU_ENUMERIC;
    if (st != TFU_OK)
        return st;
    tfu_loss_weights(rule, rows.rows, v->outputs, batch->labels, v->weights);
    tfu_log_odds(tfu_task_of(task)->log_odds, v->context->threads, rows.rows, v->outputs,
                 rows.logits, v->odds, v->room);
    const float *hard = harden(v, batch->labels, rows.rows);
    if (!hard)
        return tfu_error_memory(e, "scoring a batch", 0);
    struct tfu_batch result = {
        .struct_size = sizeof result,
        .rows = rows.rows,
        .positions = rows.positions,
        .logits = rows.logits,
        .scores = v->scores,
        .labels = hard,
        .losses = v->losses,
        .log_odds = v->odds,
        .loss_weights = v->weights,
    };
    st = tfu_scorer_update_of(v->scorer[split], &result, batch->example, e);
    result.labels = batch->labels;
    if (st == TFU_OK && hooks->batch)
        st = hooks->batch(hooks->arg, &result, batch->example, e);
    return st;
}

static void say_constant(struct tfu_evaluator *v, enum tfu_split split,
                         const struct tfu_dataset *data, const struct tfu_loader_batch *end)
{
    if (!v->counted[split])
        tfu_inspect_constant(v->context->log, split, data, end->constant, end->first_constant);
    v->counted[split] = true;
}

static enum tfu_status run_split(struct tfu_evaluator *v, enum tfu_split split,
                                 const struct tfu_dataset *data, struct tfu_loader *loader,
                                 const struct tfu_evaluate_hooks *hooks, struct tfu_error *e)
{
    const int64_t total = tfu_dataset_info(data)->count;
    int64_t done = 0;
    say_soft(v, split, data);
    for (;;) {
        struct tfu_loader_batch batch;
        enum tfu_status st = tfu_loader_next(loader, &batch, e);
        if (st == TFU_OK && batch.rows == 0)
            say_constant(v, split, data, &batch);
        if (st != TFU_OK || batch.rows == 0)
            return st;
        st = run_batch(v, split, &batch, hooks, e);
        if (st != TFU_OK)
            return st;
        done += batch.rows;
        if (hooks->progress)
            hooks->progress(hooks->arg, split, done, total);
        if (hooks->interrupted && hooks->interrupted(hooks->arg))
            return tfu_error_set(e, TFU_EINTERRUPTED, "interrupted");
    }
}

static struct tfu_loader_request loader_request(const struct tfu_evaluator *v,
                                                const struct tfu_dataset *data)
{
    return (struct tfu_loader_request){
        .dataset = data,
        .batch = v->batch,
        .workers = tfu_loader_workers(v->context->experiment->data.workers)};
}

size_t tfu_evaluator_bytes(const struct tfu_evaluator *v, const struct tfu_dataset *data)
{
    const struct tfu_loader_request request = loader_request(v, data);
    return tfu_loader_bytes(&request);
}

size_t tfu_evaluator_kept_bytes(const struct tfu_evaluator *v, enum tfu_split split,
                                const struct tfu_dataset *data)
{
    return tfu_scorer_bytes(v->scorer[split], tfu_dataset_info(data)->count,
                            tfu_evaluator_positions(v));
}

enum tfu_status tfu_evaluator_check(struct tfu_evaluator *v, enum tfu_split split,
                                    const struct tfu_dataset *data, struct tfu_error *e)
{
    struct tfu_error said = TFU_ERROR_INIT;
    char place[32];
    if (tfu_scorer_data(v->scorer[split], data, &said) == TFU_OK)
        return TFU_OK;
    snprintf(place, sizeof place, "data.%s", tfu_split_name(split));
    return tfu_error_at(e, said.status, place, 0, 0, "%s", said.text);
}

bool tfu_evaluator_wants_valid(const struct tfu_evaluator *v)
{
    return tfu_scorer_wants_fit(v->scorer[TFU_SPLIT_VALID]);
}

/* What is chosen on the validation data is chosen by the same network. */
static enum tfu_status give_fit(struct tfu_evaluator *v, enum tfu_split split, struct tfu_error *e)
{
    const struct tfu_kept_rows *rows = tfu_scorer_rows(v->scorer[TFU_SPLIT_VALID]);
    return split != TFU_SPLIT_VALID && v->fit && rows ? tfu_scorer_fit(v->scorer[split], rows, e)
                                                      : TFU_OK;
}

enum tfu_status tfu_evaluator_run(struct tfu_evaluator *v, enum tfu_split split,
                                  const struct tfu_dataset *data,
                                  const struct tfu_evaluate_hooks *hooks, struct tfu_error *e)
{
    const struct tfu_loader_request request = loader_request(v, data);
    struct tfu_loader *loader;
    enum tfu_status st = tfu_loader_new(&loader, &request, e);
    if (st != TFU_OK)
        return st;
    v->result[split] = (struct tfu_scores){NULL, 0};
    tfu_scorer_reset(v->scorer[split]);
    if (split == TFU_SPLIT_VALID)
        v->fit = false;
    st = tfu_evaluator_check(v, split, data, e);
    if (st == TFU_OK)
        st = give_fit(v, split, e);
    if (st == TFU_OK)
        st = run_split(v, split, data, loader, hooks, e);
    tfu_loader_free(loader);
    if (st == TFU_OK && split == TFU_SPLIT_VALID)
        v->fit = true;
    if (st == TFU_OK)
        st = tfu_scorer_finish(v->scorer[split], &v->result[split].score, &v->result[split].count,
                               e);
    if (st != TFU_OK && st != TFU_EINTERRUPTED)
        tfu_error_prefix(e, "evaluating the %s data", tfu_split_name(split));
    return st;
}

bool tfu_evaluator_diverged(const struct tfu_evaluator *v)
{
    return v->diverged;
}

enum tfu_status tfu_evaluator_intervals(struct tfu_evaluator *v, enum tfu_split split,
                                        const struct tfu_evaluate_hooks *hooks, struct tfu_error *e)
{
    struct tfu_scores more;
    const enum tfu_status st = tfu_scorer_intervals(v->scorer[split], hooks->interrupted,
                                                    hooks->arg, &more.score, &more.count, e);
    if (st != TFU_OK && st != TFU_EINTERRUPTED)
        tfu_error_prefix(e, "evaluating the %s data", tfu_split_name(split));
    return st == TFU_OK && more.count > 0 ? tfu_evaluator_add(v, split, more, e) : st;
}

/* The metric that `key` is of, by itself, on the data of `split`; NULL, with TFU_OK: there is none.
 */
static enum tfu_status make_rehearsing(struct tfu_evaluator *v, enum tfu_split split,
                                       const char *key, struct tfu_error *e)
{
    const struct tfu_dataset *data = tfu_scorer_dataset(v->scorer[split]);
    tfu_scorer_free(v->rehearsing);
    v->rehearsing = NULL;
    const int64_t i = tfu_scored_find(v->context->experiment, key);
    if (i < 0)
        return TFU_OK;
    struct tfu_scorer_request request = v->scoring;
    request.metric += i;
    request.scored += i;
    request.metric_count = 1;
    const enum tfu_status st = tfu_scorer_new(&v->rehearsing, &request, e);
    return st == TFU_OK && data ? tfu_scorer_data(v->rehearsing, data, e) : st;
}

enum tfu_status tfu_evaluator_rehearse(struct tfu_evaluator *v, enum tfu_split split,
                                       const char *key, struct tfu_scores *out, struct tfu_error *e)
{
    const struct tfu_task_config *task = &v->context->experiment->task;
    const struct tfu_rehearsal rehearsal = {
        .task = tfu_task_of(task),
        .rule = tfu_loss_rule(task),
        .outputs = v->outputs,
    };
    enum tfu_status st = tfu_rehearse(v->scorer[split], &rehearsal, &out->score, &out->count, e);
    if (st != TFU_OK || out->count > 0)
        return st;
    st = make_rehearsing(v, split, key, e);
    if (st != TFU_OK || !v->rehearsing)
        return st;
    return tfu_rehearse(v->rehearsing, &rehearsal, &out->score, &out->count, e);
}

enum tfu_status tfu_evaluator_add(struct tfu_evaluator *v, enum tfu_split split,
                                  struct tfu_scores more, struct tfu_error *e)
{
    const struct tfu_scores own = v->result[split]; /* `longer` itself the second time */
    struct tfu_score *all = calloc(own.count + more.count + 1, sizeof *all);
    if (!all)
        return tfu_error_memory(e, "keeping scores", 0);
    for (size_t i = 0; i < own.count; i++)
        all[i] = own.score[i];
    for (size_t i = 0; i < more.count; i++)
        all[own.count + i] = more.score[i];
    free(v->longer[split]);
    v->longer[split] = all;
    v->result[split] = (struct tfu_scores){all, own.count + more.count};
    return TFU_OK;
}

struct tfu_scores tfu_evaluator_scores(const struct tfu_evaluator *v, enum tfu_split split)
{
    return v->result[split];
}

void tfu_scores_headline(struct tfu_scores s, struct tfu_text *out)
{
    const char *space = "";
    for (size_t i = 0; i < s.count; i++) {
        const struct tfu_score *score = &s.score[i];
        if (strchr(score->key, '.') && !score->headline)
            continue;
        tfu_text_printf(out, "%s%s ", space, score->key);
        if (isnan(score->value))
            tfu_text_printf(out, "n/a (%s)", score->note ? score->note : "not defined");
        else
            tfu_text_printf(out, "%.4f", score->value);
        space = "  ";
    }
}

const struct tfu_score *tfu_scores_find(struct tfu_scores s, const char *key)
{
    for (size_t i = 0; i < s.count; i++)
        if (strcmp(s.score[i].key, key) == 0)
            return &s.score[i];
    return NULL;
}

bool tfu_evaluator_lower_is_better(const struct tfu_evaluator *v, enum tfu_split split,
                                   const char *key)
{
    const struct tfu_versus *versus = tfu_versus_find(v->context->experiment, key);
    if (versus)
        return tfu_versus_lower_is_better(versus);
    return tfu_scorer_lower_is_better(v->scorer[split], key);
}
