/* SPDX-License-Identifier: MIT */
#include "core/cli/run_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "core/cli/score_table.h"
#include "core/graph/access.h"
#include "core/task/task.h"

static double mib(size_t bytes)
{
    return (double)bytes / (1024 * 1024);
}

/* Numbers that would be trained and are kept as they are. */
static int64_t count_frozen(const struct tfu_session *s)
{
    int64_t n = 0;
    for (uint32_t p = 0; p < s->graph->param_count; p++)
        if (tfu_role_trained(s->graph->param[p].role) &&
            !tfu_network_has(s->network, tfu_region_param_grad(p)))
            n += tfu_shape_count(&s->graph->param[p].shape);
    return n;
}

/* What there is of each class or label. */
static void print_labels(const struct tfu_session *s, const struct tfu_target *target)
{
    const struct tfu_experiment *x = target->experiment;
    const struct tfu_task_kind *kind = tfu_task_of(&x->task);
    for (int i = 0; i < TFU_SPLIT_COUNT; i++) {
        const struct tfu_dataset_info *info = s->data[i] ? tfu_dataset_info(s->data[i]) : NULL;
        struct tfu_text text = TFU_TEXT_INIT;
        if (info && kind->put_census)
            kind->put_census(tfu_dataset_census(s->data[i]), x->task.classes,
                             tfu_assemble_class_names(x, info), &text);
        if (text.length)
            printf("%-14s%s\n",
                   i == TFU_SPLIT_TRAIN   ? "train labels"
                   : i == TFU_SPLIT_VALID ? "valid labels"
                                          : "test labels",
                   text.data);
        tfu_text_free(&text);
    }
}

void tfu_run_plan_print(const struct tfu_session *s, const struct tfu_target *target)
{
    const struct tfu_session_memory m = tfu_session_memory(s);
    const struct tfu_dataset_info *info = tfu_dataset_info(s->data[TFU_SPLIT_TRAIN]);
    printf("run           %s\n", target->folder);
    const int64_t frozen = count_frozen(s);
    printf("architecture  %s, %" PRId64 " trained parameters", s->graph->arch,
           tfu_graph_trained_count(s->graph) - frozen);
    if (frozen)
        printf(", %" PRId64 " frozen", frozen);
    printf(", %" PRId64 " outputs\n", target->experiment->task.classes);
    printf("images        %" PRId64 " x %" PRId64 " x %" PRId64 ":", info->height, info->width,
           info->channels);
    for (int i = 0; i < TFU_SPLIT_COUNT; i++)
        if (s->data[i])
            printf(" %s %" PRId64, tfu_split_name((enum tfu_split)i),
                   tfu_dataset_info(s->data[i])->count);
    printf("\n");
    print_labels(s, target);
    printf("steps         %" PRId64 " of batch %" PRId64 ", %" PRId64 " an epoch; threads: %u\n",
           s->steps, target->experiment->train.batch, s->batches_per_epoch,
           tfu_threads_count(s->context.threads));
    if (s->evaluator && s->selects)
        printf("chosen by     %s on the %s data: best.safetensors\n", s->metric,
               tfu_split_name(s->monitor));
    else if (s->evaluator)
        printf(
            "chosen by     nothing: there is no data.valid, so final.safetensors is the result\n");
    printf("memory        %.1f MiB planned: training %.1f (parameters %.1f, gradients %.1f, "
           "activations %.1f, workspace %.1f), optimizer %.1f, evaluation %.1f, batches %.1f, data %.1f\n",
           mib(m.total), mib(m.training.total), mib(m.training.parameters),
           mib(m.training.gradients), mib(m.training.activations), mib(m.training.workspace),
           mib(m.optimiser), mib(m.evaluation.total), mib(m.batches), mib(m.data));
    fflush(stdout);
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

void tfu_run_result_print(const struct tfu_session *s, const struct tfu_target *target,
                          const struct tfu_train_result *r)
{
    const struct tfu_experiment *x = target->experiment;
    const char *const *names =
        tfu_assemble_class_names(x, tfu_dataset_info(s->data[TFU_SPLIT_TRAIN]));
    printf("finished after step %" PRId64 "%s, %.1f s\n", r->step,
           r->stopped_early ? " (stopped early)" : "", r->seconds);
    for (int i = 0; s->evaluator && i < TFU_SPLIT_COUNT; i++) {
        const struct tfu_scores scores = tfu_evaluator_scores(s->evaluator, (enum tfu_split)i);
        if (scores.count == 0)
            continue;
        printf("%s data\n", tfu_split_name((enum tfu_split)i));
        tfu_score_table_print(stdout, scores, names, x->task.classes);
    }
    if (r->metric && r->best_step > 0 && r->best_step != r->step)
        printf("best %s on the %s data: %.4f at step %" PRId64 "\n", r->metric,
               tfu_split_name(s->monitor), r->best, r->best_step);
    print_threshold(s, r);
    printf("run folder: %s\n", target->folder);
}
