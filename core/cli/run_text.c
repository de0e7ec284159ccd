/* SPDX-License-Identifier: MIT */
#include "core/cli/run_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/cli/score_table.h"
#include "core/run/plan.h"

static double mib(size_t bytes)
{
    return (double)bytes / (1024 * 1024);
}

static void print_network(const struct tfu_run *r)
{
    const struct tfu_plan_parameters n = tfu_plan_parameters(r->session);
    printf("architecture  %s, %" PRId64 " trained parameters", r->session->graph->arch, n.trained);
    if (n.frozen)
        printf(", %" PRId64 " frozen", n.frozen);
    printf(", %" PRId64 " outputs\n", r->target.experiment->task.classes);
}

static enum tfu_status print_labels(const struct tfu_session *s, struct tfu_error *e)
{
    static const char *const head[] = {"train labels", "valid labels", "test labels"};
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < TFU_SPLIT_COUNT; i++) {
        struct tfu_text text = TFU_TEXT_INIT;
        st = tfu_plan_labels(s, (enum tfu_split)i, &text, e);
        if (st == TFU_OK && text.length)
            printf("%-14s%s\n", head[i], text.data);
        tfu_text_free(&text);
    }
    return st;
}

static enum tfu_status print_data(const struct tfu_session *s, struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(s->data[TFU_SPLIT_TRAIN]);
    printf("images        %" PRId64 " x %" PRId64 " x %" PRId64 ":", info->height, info->width,
           info->channels);
    for (int i = 0; i < TFU_SPLIT_COUNT; i++)
        if (s->data[i])
            printf(" %s %" PRId64, tfu_split_name((enum tfu_split)i),
                   tfu_dataset_info(s->data[i])->count);
    printf("\n");
    return print_labels(s, e);
}

static void print_memory(const struct tfu_session *s)
{
    const struct tfu_session_memory m = tfu_session_memory(s);
    printf("memory        %.1f MiB planned: training %.1f (parameters %.1f, gradients %.1f, "
           "activations %.1f, workspace %.1f), optimizer %.1f, evaluation %.1f, batches %.1f, data "
           "%.1f",
           mib(m.total), mib(m.training.total), mib(m.training.parameters),
           mib(m.training.gradients), mib(m.training.activations), mib(m.training.workspace),
           mib(m.optimiser), mib(m.evaluation.total), mib(m.batches), mib(m.data));
    if (m.observer)
        printf(", comparisons %.1f", mib(m.observer));
    printf("\n");
}

enum tfu_status tfu_run_plan_print(const struct tfu_run *r, struct tfu_error *e)
{
    const struct tfu_session *s = r->session;
    printf("run           %s\n", r->target.folder);
    print_network(r);
    const enum tfu_status st = print_data(s, e);
    if (st != TFU_OK)
        return st;
    printf("steps         %" PRId64 " of batch %" PRId64 ", %" PRId64 " an epoch; threads: %u\n",
           s->steps, r->target.experiment->train.batch, s->batches_per_epoch,
           tfu_threads_count(s->context.threads));
    if (s->evaluator && s->selects)
        printf("chosen by     %s on the %s data: best.safetensors\n", s->metric,
               tfu_split_name(s->monitor));
    else if (s->evaluator)
        printf("chosen by     nothing: %s, so final.safetensors is the result\n",
               s->metric[0] ? "there is no data.valid" : "no metric scores the network by itself");
    print_memory(s);
    fflush(stdout);
    return TFU_OK;
}

/* " (0 positives)" of a metric without a value. */
static void print_reason(struct tfu_scores scores, const char *metric)
{
    const struct tfu_score *score = tfu_scores_find(scores, metric);
    if (score && score->note)
        printf(", where it has no value (%s)", score->note);
}

static void print_threshold(const struct tfu_session *s, const struct tfu_train_result *r)
{
    const struct tfu_train_config *t = &s->context.experiment->train;
    if (!t->threshold.metric || !t->threshold.metric[0])
        return;
    printf("%s %s %g on the %s data", t->threshold.metric,
           r->threshold_step > 0 ? "reached" : "did not reach", t->threshold.value,
           tfu_split_name(s->monitor));
    if (r->threshold_step > 0)
        printf(" at step %" PRId64, r->threshold_step);
    else if (s->evaluator)
        print_reason(tfu_evaluator_scores(s->evaluator, s->monitor), t->threshold.metric);
    printf("\n");
}

static enum tfu_status print_scores(const struct tfu_run *r, struct tfu_error *e)
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
        printf("%s data\n", tfu_split_name((enum tfu_split)i));
        st = tfu_score_table_print(stdout, scores, names, x->task.classes, e);
    }
    return st;
}

enum tfu_status tfu_run_result_print(const struct tfu_run *r, const struct tfu_train_result *result,
                                     struct tfu_error *e)
{
    const struct tfu_session *s = r->session;
    printf("finished after step %" PRId64 "%s, %.1f s\n", result->step,
           result->stopped_early ? " (stopped early)" : "", result->seconds);
    const enum tfu_status st = print_scores(r, e);
    if (st != TFU_OK)
        return st;
    if (result->metric && result->best_step > 0 && result->best_step != result->step)
        printf("best %s on the %s data: %.4f at step %" PRId64 "\n", result->metric,
               tfu_split_name(s->monitor), result->best, result->best_step);
    print_threshold(s, result);
    printf("run folder: %s\n", r->target.folder);
    return TFU_OK;
}
