/* SPDX-License-Identifier: MIT */
#include "core/study/assess.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config/scored.h"
#include "core/study/images.h"

struct tfu_assessor {
    struct tfu_assessor_request request;
    enum tfu_split split;
    const struct tfu_dataset *data;
    struct tfu_dataset *own; /* NULL: they are the images' */
    struct tfu_evaluator *evaluator;
};

static enum tfu_status open_data(struct tfu_assessor *a, struct tfu_error *e)
{
    const struct tfu_assessor_request *r = &a->request;
    if (r->images)
        return tfu_images_get(r->images, r->subject, a->split, true, &a->data, e);
    const enum tfu_status st = tfu_assemble_data(&a->own, &r->subject->context, a->split, e);
    a->data = a->own;
    return st;
}

enum tfu_status tfu_assessor_new(struct tfu_assessor **out,
                                 const struct tfu_assessor_request *request, struct tfu_error *e)
{
    *out = NULL;
    const struct tfu_context *c = &request->subject->context;
    struct tfu_assessor *a = calloc(1, sizeof *a);
    if (!a)
        return tfu_error_memory(e, "preparing to score a network", 0);
    a->request = *request;
    enum tfu_status st = tfu_split_choose(c->experiment, request->split, &a->split, e);
    if (st == TFU_OK)
        st = open_data(a, e);
    if (st == TFU_OK)
        st = tfu_evaluator_new(&a->evaluator, c, tfu_dataset_info(a->data), false, e);
    if (st != TFU_OK)
        tfu_assessor_free(a);
    else
        *out = a;
    return st;
}

void tfu_assessor_free(struct tfu_assessor *a)
{
    if (!a)
        return;
    tfu_evaluator_free(a->evaluator);
    tfu_dataset_close(a->own);
    free(a);
}

struct tfu_network *tfu_assessor_network(struct tfu_assessor *a)
{
    return tfu_evaluator_network(a->evaluator);
}

const struct tfu_dataset *tfu_assessor_data(const struct tfu_assessor *a)
{
    return a->data;
}

const char *tfu_assessor_split(const struct tfu_assessor *a)
{
    return tfu_split_name(a->split);
}

/* ---- what is measured */

/* The number that is there without any metric. */
static const char loss_key[] = "loss";

/* A metric whose headline is called as it is has nothing to add. */
static bool is_loss(const char *headline)
{
    return strcmp(headline, loss_key) == 0;
}

/* The key of measure number `index`: the loss, then the headlines of the metrics; NULL behind the
 * last. */
static const char *measure_key(const struct tfu_assessor *a, size_t index)
{
    const struct tfu_experiment *x = a->request.subject->experiment;
    if (index == 0)
        return loss_key;
    for (size_t i = 0; i < x->metric_count; i++)
        if (!is_loss(tfu_scored_name(x, i)) && --index == 0)
            return tfu_scored_name(x, i);
    return NULL;
}

size_t tfu_assessor_measures(const struct tfu_assessor *a)
{
    size_t n = 1;
    while (measure_key(a, n))
        n++;
    return n;
}

enum tfu_status tfu_assessor_find(const struct tfu_assessor *a, const char *key, size_t *index,
                                  struct tfu_error *e)
{
    const size_t n = tfu_assessor_measures(a);
    enum tfu_status st = TFU_OK;
    *index = n > 1 ? 1 : 0;
    struct tfu_text list = TFU_TEXT_INIT;
    for (size_t i = 0; key && i < n; i++) {
        if (strcmp(measure_key(a, i), key) == 0) {
            *index = i;
            key = NULL;
        } else {
            tfu_text_printf(&list, "%s%s", list.length ? ", " : "", measure_key(a, i));
        }
    }
    if (list.failed)
        st = tfu_error_memory(e, "looking for a metric", 0);
    else if (key)
        st = tfu_error_set(e, TFU_EINVAL, "no metric '%s' in the configuration; it has %s", key,
                           tfu_text_get(&list));
    tfu_text_free(&list);
    return st;
}

/* ---- a run over the split */

struct run {
    struct tfu_assessor *assessor;
    tfu_assess_batch batch;
    void *arg;
    double loss;  /* weighted sum */
    double known; /* of the weights */
};

static enum tfu_status on_batch(void *arg, const struct tfu_batch *batch, const int64_t *example,
                                struct tfu_error *e)
{
    struct run *run = arg;
    for (int64_t i = 0; i < batch->rows; i++) {
        if (isnan(batch->losses[i]))
            continue;
        run->loss += batch->loss_weights[i] * batch->losses[i];
        run->known += batch->loss_weights[i];
    }
    return run->batch ? run->batch(run->arg, batch, example, e) : TFU_OK;
}

static void on_progress(void *arg, enum tfu_split split, int64_t done, int64_t total)
{
    const struct run *run = arg;
    const struct tfu_assessor_request *r = &run->assessor->request;
    if (r->progress)
        r->progress(r->arg, split, done, total);
}

static void undefine(struct tfu_measure *m, const char *why)
{
    m->value = NAN;
    snprintf(m->why, sizeof m->why, "%s", why);
}

static void read_measures(const struct run *run, struct tfu_measure *measure)
{
    const struct tfu_assessor *a = run->assessor;
    const struct tfu_scores scores = tfu_evaluator_scores(a->evaluator, a->split);
    measure[0] = (struct tfu_measure){loss_key, true, run->loss / run->known, ""};
    if (!(run->known > 0))
        undefine(&measure[0], "no known labels");
    for (size_t i = 1; i < tfu_assessor_measures(a); i++) {
        const char *key = measure_key(a, i);
        const struct tfu_score *s = tfu_scores_find(scores, key);
        measure[i] = (struct tfu_measure){
            .key = key,
            .lower_is_better = tfu_evaluator_lower_is_better(a->evaluator, a->split, key),
            .value = s ? s->value : NAN,
        };
        if (isnan(measure[i].value))
            undefine(&measure[i], s && s->note ? s->note : "not defined");
    }
}

enum tfu_status tfu_assess(struct tfu_assessor *a, struct tfu_measure *measure,
                           tfu_assess_batch batch, void *arg, struct tfu_error *e)
{
    struct run run = {.assessor = a, .batch = batch, .arg = arg};
    const struct tfu_evaluate_hooks hooks = {
        .arg = &run, .progress = on_progress, .batch = on_batch};
    struct tfu_error own = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_evaluator_run(a->evaluator, a->split, a->data, &hooks, &own);
    if (st == TFU_ENUMERIC && !batch) {
        for (size_t i = 0; i < tfu_assessor_measures(a); i++) {
            const char *key = measure_key(a, i);
            measure[i] =
                (struct tfu_measure){.key = key,
                                     .lower_is_better = i == 0 || tfu_evaluator_lower_is_better(
                                                                      a->evaluator, a->split, key)};
            undefine(&measure[i], "outputs are not finite");
        }
        return TFU_OK;
    }
    if (st != TFU_OK)
        return tfu_error_set(e, st, "%s", own.text);
    read_measures(&run, measure);
    return TFU_OK;
}
