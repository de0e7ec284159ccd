/* SPDX-License-Identifier: MIT */
#include "tests/support/scoring.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/task/odds.h"
#include "core/task/task.h"
#include "tests/support/formula.h"

struct split split_new(enum tfu_task task, int64_t rows, int64_t outputs)
{
    struct split s = {.task = task, .rows = rows, .outputs = outputs};
    s.columns = task == TFU_TASK_CLASSIFICATION ? 1 : outputs;
    s.score = calloc((size_t)(rows * outputs), sizeof *s.score);
    s.label = calloc((size_t)(rows * s.columns), sizeof *s.label);
    s.loss = calloc((size_t)rows, sizeof *s.loss);
    ck_assert(s.score && s.label && s.loss);
    return s;
}

void split_free(struct split *s)
{
    free(s->score);
    free(s->label);
    free(s->loss);
    free(s->logit);
    free(s->odds);
}

void split_sure(struct split *s)
{
    s->logit = calloc((size_t)(s->rows * s->outputs), sizeof *s->logit);
    s->odds = calloc((size_t)(s->rows * s->outputs), sizeof *s->odds);
    ck_assert(s->logit && s->odds);
}

void split_scores(struct split *s)
{
    struct tfu_error e = TFU_ERROR_INIT;
    static const struct {
        const struct tfu_task_kind *task;
        const struct tfu_loss_kind *loss;
    } of[] = {
        [TFU_TASK_CLASSIFICATION] = {&tfu_task_classification, &tfu_loss_softmax},
        [TFU_TASK_MULTI_LABEL] = {&tfu_task_multi_label, &tfu_loss_sigmoid},
        [TFU_TASK_REGRESSION] = {&tfu_task_regression, &tfu_loss_squared},
    };
    const struct tfu_loss_rule rule = {.kind = of[s->task].loss};
    const struct tfu_loss_batch batch = {.rows = s->rows,
                                         .outputs = s->outputs,
                                         .logits = s->logit,
                                         .labels = s->label,
                                         .scores = s->score,
                                         .losses = s->loss};
    double mean, *room = calloc(tfu_log_odds_room(s->outputs), sizeof *room);
    ck_assert_ptr_nonnull(room);
    tfu_loss(rule, NULL, &batch, &mean, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    of[s->task].task->log_odds(s->rows, s->outputs, s->logit, s->odds, room);
    free(room);
}

static struct tfu_plugin_choice choose_metric(struct tfu_registry *r, const char *words)
{
    char name[64];
    const size_t n = strcspn(words, " ");
    ck_assert_uint_lt(n, sizeof name);
    memcpy(name, words, n);
    name[n] = '\0';
    return choose(r, TFU_KIND_METRIC, name, words[n] ? words + n + 1 : "");
}

enum tfu_status scoring_try(struct scoring *s, const struct split *d, const char *first,
                            const char *second, struct tfu_error *e)
{
    *s = (struct scoring){.registry = open_registry()};
    s->metric[0] = choose_metric(s->registry, first);
    if (second)
        s->metric[1] = choose_metric(s->registry, second);
    const struct tfu_scorer_request request = {.metric = s->metric,
                                               .metric_count = second ? 2 : 1,
                                               .task = d->task,
                                               .outputs = d->outputs,
                                               .label_columns = d->columns,
                                               .registry = s->registry};
    return tfu_scorer_new(&s->scorer, &request, e);
}

struct scoring scoring_open(const struct split *d, const char *first, const char *second)
{
    struct scoring s;
    struct tfu_error e = TFU_ERROR_INIT;
    scoring_try(&s, d, first, second, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
    return s;
}

void scoring_close(struct scoring *s)
{
    tfu_scorer_free(s->scorer);
    choice_free(&s->metric[0]);
    choice_free(&s->metric[1]);
    tfu_registry_free(s->registry);
}

/* What a host makes of logits, of scores that are given without any: numbers in the same order, so
 * that scores in steps of 1/64 stay as exact as they are. */
static void stand_in(const struct split *d, float *logit, double *odds)
{
    const bool labels = d->task == TFU_TASK_MULTI_LABEL;
    const bool two = d->task == TFU_TASK_CLASSIFICATION && d->outputs == 2;
    for (int64_t i = 0; i < d->rows * d->outputs; i++) {
        logit[i] = d->score[i] - (labels ? 0.5f : 0);
        odds[i] = (double)(two && i % 2 == 0 ? -d->score[i + 1] : d->score[i]);
    }
}

enum tfu_status scoring_feed(struct scoring *s, const struct split *d, int64_t batch,
                             struct tfu_error *e)
{
    const size_t n = (size_t)(d->rows * d->outputs);
    float *logit = calloc(n, sizeof *logit);
    double *odds = calloc(n, sizeof *odds), *weight = calloc((size_t)d->rows, sizeof *weight);
    enum tfu_status st = logit && odds && weight ? TFU_OK : tfu_error_memory(e, "scoring", 0);
    if (st == TFU_OK)
        stand_in(d, logit, odds);
    for (int64_t r = 0; st == TFU_OK && r < d->rows; r++)
        weight[r] = isnan(d->loss[r]) ? 0 : 1;
    for (int64_t r = 0; st == TFU_OK && r < d->rows; r += batch) {
        const struct tfu_batch b = {
            .struct_size = sizeof b,
            .part = d->part,
            .rows = d->rows - r < batch ? d->rows - r : batch,
            .positions = 1,
            .logits = (d->logit ? d->logit : logit) + r * d->outputs,
            .scores = d->score + r * d->outputs,
            .log_odds = (d->odds ? d->odds : odds) + r * d->outputs,
            .labels = d->label + r * d->columns,
            .losses = d->loss + r,
            .loss_weights = weight + r,
        };
        st = tfu_scorer_update(s->scorer, &b, e);
    }
    free(logit);
    free(odds);
    free(weight);
    return st;
}

void scoring_finish(struct scoring *s)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_scorer_finish(s->scorer, &s->score, &s->count, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

const struct tfu_score *scoring_get(const struct scoring *s, const char *key)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->score[i].key, key) == 0)
            return &s->score[i];
    ck_abort_msg("no score '%s'", key);
    return NULL;
}

double score_draw(const char *name, const char *what, int64_t i)
{
    char full[64];
    snprintf(full, sizeof full, "%s.%s", name, what);
    return formula(stream(full), (uint64_t)i);
}

struct split split_of_classes(const char *name, int64_t rows, int64_t classes)
{
    struct split d = split_new(TFU_TASK_CLASSIFICATION, rows, classes);
    for (int64_t r = 0; r < rows; r++) {
        float *score = d.score + r * classes;
        d.label[r] = (float)floor((double)classes * score_draw(name, "label", r));
        for (int64_t k = 0; k < classes; k++)
            score[k] = (float)(floor(32 * score_draw(name, "score", r * classes + k) +
                                     (d.label[r] == (float)k ? 12 : 0)) /
                               64);
        if (classes == 2)
            score[0] = 1 - score[1];
    }
    return d;
}
