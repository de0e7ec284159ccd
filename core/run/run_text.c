/* SPDX-License-Identifier: MIT */
#include "core/run/run_text.h"

#include <inttypes.h>

#include "core/run/plan.h"
#include "core/run/score_text.h"
#include "core/train/split_lists.h"

static double mib(size_t bytes)
{
    return (double)bytes / (1024 * 1024);
}

static void put_network(struct tfu_text *out, const struct tfu_run *r)
{
    const struct tfu_plan_parameters n = tfu_plan_parameters(r->session);
    tfu_text_printf(out, "architecture  %s, %" PRId64 " trained parameters",
                    r->session->graph->arch, n.trained);
    if (n.frozen)
        tfu_text_printf(out, ", %" PRId64 " frozen", n.frozen);
    tfu_text_printf(out, ", %" PRId64 " outputs\n", r->target.experiment->task.classes);
}

static enum tfu_status put_labels(struct tfu_text *out, const struct tfu_session *s,
                                  struct tfu_error *e)
{
    static const char *const head[] = {"train labels", "valid labels", "test labels"};
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < TFU_SPLIT_COUNT; i++) {
        struct tfu_text text = TFU_TEXT_INIT;
        st = tfu_plan_labels(s, (enum tfu_split)i, &text, e);
        if (st == TFU_OK && text.length)
            tfu_text_printf(out, "%-14s%s\n", head[i], text.data);
        tfu_text_free(&text);
    }
    return st;
}

/* Whom the examples are of, and which they are. */
static enum tfu_status put_lists(struct tfu_text *out, const struct tfu_session *s,
                                 struct tfu_error *e)
{
    struct tfu_text groups = TFU_TEXT_INIT, lists = TFU_TEXT_INIT;
    const enum tfu_status st = tfu_split_lists_put_groups(s->data, &groups, e);
    tfu_split_lists_put_digests(&s->context, s->data, s->list, &lists);
    if (groups.length)
        tfu_text_printf(out, "groups        %s\n", groups.data);
    if (lists.length)
        tfu_text_printf(out, "lists         %s\n", lists.data);
    tfu_text_free(&groups);
    tfu_text_free(&lists);
    return st;
}

static enum tfu_status put_data(struct tfu_text *out, const struct tfu_session *s,
                                struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(s->data[TFU_SPLIT_TRAIN]);
    tfu_text_printf(out, "images        %" PRId64 " x %" PRId64 " x %" PRId64 ":", info->height,
                    info->width, info->channels);
    for (int i = 0; i < TFU_SPLIT_COUNT; i++)
        if (s->data[i])
            tfu_text_printf(out, " %s %" PRId64, tfu_split_name((enum tfu_split)i),
                            tfu_dataset_info(s->data[i])->count);
    tfu_text_printf(out, "\n");
    const enum tfu_status st = put_lists(out, s, e);
    return st == TFU_OK ? put_labels(out, s, e) : st;
}

static void put_memory(struct tfu_text *out, const struct tfu_session *s)
{
    const struct tfu_session_memory m = tfu_session_memory(s);
    tfu_text_printf(
        out,
        "memory        %.1f MiB planned: training %.1f (parameters %.1f, gradients %.1f, "
        "activations %.1f, workspace %.1f), optimizer %.1f, evaluation %.1f, batches %.1f, data "
        "%.1f",
        mib(m.total), mib(m.training.total), mib(m.training.parameters), mib(m.training.gradients),
        mib(m.training.activations), mib(m.training.workspace), mib(m.optimiser),
        mib(m.evaluation.total), mib(m.batches), mib(m.data));
    if (m.images)
        tfu_text_printf(out, ", kept images at most %.1f", mib(m.images));
    if (m.results)
        tfu_text_printf(out, ", kept results %.1f", mib(m.results));
    if (m.observer)
        tfu_text_printf(out, ", comparisons %.1f", mib(m.observer));
    tfu_text_printf(out, "\n");
}

enum tfu_status tfu_run_plan_text(const struct tfu_run *r, struct tfu_text *out,
                                  struct tfu_error *e)
{
    const struct tfu_session *s = r->session;
    tfu_text_printf(out, "run           %s\n", r->target.folder);
    put_network(out, r);
    const enum tfu_status st = put_data(out, s, e);
    if (st != TFU_OK)
        return st;
    tfu_text_printf(
        out, "steps         %" PRId64 " of batch %" PRId64 ", %" PRId64 " an epoch; threads: %u\n",
        s->steps, r->target.experiment->train.batch, s->batches_per_epoch,
        tfu_threads_count(s->context.threads));
    if (s->evaluator && s->selects)
        tfu_text_printf(out, "chosen by     %s on the %s data: best.safetensors\n", s->metric,
                        tfu_split_name(s->monitor));
    else if (s->evaluator)
        tfu_text_printf(out, "chosen by     nothing: %s, so final.safetensors is the result\n",
                        s->metric[0] ? "there is no data.valid"
                                     : "no metric scores the network by itself");
    put_memory(out, s);
    return out->failed ? tfu_error_memory(e, "printing a plan", 0) : TFU_OK;
}

/* " (0 positives)" of a metric without a value. */
static void put_reason(struct tfu_text *out, struct tfu_scores scores, const char *metric)
{
    const struct tfu_score *score = tfu_scores_find(scores, metric);
    if (score && score->note)
        tfu_text_printf(out, ", where it has no value (%s)", score->note);
}

static void put_threshold(struct tfu_text *out, const struct tfu_session *s,
                          const struct tfu_train_result *r)
{
    const struct tfu_train_config *t = &s->context.experiment->train;
    if (!t->threshold.metric || !t->threshold.metric[0])
        return;
    tfu_text_printf(out, "%s %s %g on the %s data", t->threshold.metric,
                    r->threshold_step > 0 ? "reached" : "did not reach", t->threshold.value,
                    tfu_split_name(s->monitor));
    if (r->threshold_step > 0)
        tfu_text_printf(out, " at step %" PRId64, r->threshold_step);
    else if (s->evaluator)
        put_reason(out, tfu_evaluator_scores(s->evaluator, s->monitor), t->threshold.metric);
    tfu_text_printf(out, "\n");
}

static enum tfu_status put_scores(struct tfu_text *out, const struct tfu_run *r,
                                  struct tfu_error *e)
{
    const struct tfu_session *s = r->session;
    const struct tfu_experiment *x = r->target.experiment;
    const char *const *names =
        tfu_assemble_class_names(x, tfu_dataset_info(s->data[TFU_SPLIT_TRAIN]));
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && s->evaluator && i < TFU_SPLIT_COUNT; i++) {
        const struct tfu_scores scores = tfu_evaluator_scores(s->evaluator, (enum tfu_split)i);
        if (scores.count == 0)
            continue;
        tfu_text_printf(out, "%s data\n", tfu_split_name((enum tfu_split)i));
        st = tfu_score_text(out, scores, names, x->task.classes, e);
    }
    return st;
}

enum tfu_status tfu_run_result_text(const struct tfu_run *r, const struct tfu_train_result *result,
                                    struct tfu_text *out, struct tfu_error *e)
{
    const struct tfu_session *s = r->session;
    tfu_text_printf(out, "finished after step %" PRId64 "%s, %.1f s\n", result->step,
                    result->stopped_early ? " (stopped early)" : "", result->seconds);
    const enum tfu_status st = put_scores(out, r, e);
    if (st != TFU_OK)
        return st;
    if (result->metric && result->best_step > 0 && result->best_step != result->step)
        tfu_text_printf(out, "best %s on the %s data: %.4f at step %" PRId64 "\n", result->metric,
                        tfu_split_name(s->monitor), result->best, result->best_step);
    put_threshold(out, s, result);
    tfu_text_printf(out, "run folder: %s\n", r->target.folder);
    return out->failed ? tfu_error_memory(e, "printing a result", 0) : TFU_OK;
}
