/* SPDX-License-Identifier: MIT */
#include "core/study/agreement.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/study/assess.h"
#include "core/task/task.h"

/* ---- from counts to numbers */

static struct tfu_estimate known(double v)
{
    return (struct tfu_estimate){true, v};
}

/* (observed - expected) / (1 - expected) in whole numbers out of n * n: nothing is left of
 * expectation 1 by rounding. */
static struct tfu_estimate beyond_chance(int64_t observed, double expected, int64_t n)
{
    const double all = (double)n * (double)n;
    if (!(expected < all))
        return (struct tfu_estimate){.defined = false};
    return known(((double)observed * (double)n - expected) / (all - expected));
}

static struct tfu_estimate kappa_of(const struct tfu_agreement_counts *c, int64_t n)
{
    int64_t same = 0;
    double expected = 0;
    for (int64_t i = 0; i < c->classes; i++) {
        int64_t row = 0, column = 0;
        for (int64_t k = 0; k < c->classes; k++) {
            row += c->said[i * c->classes + k];
            column += c->said[k * c->classes + i];
        }
        same += c->said[i * c->classes + i];
        expected += (double)row * (double)column;
    }
    return beyond_chance(same, expected, n);
}

void tfu_agreement_measure(const struct tfu_agreement_counts *c, struct tfu_agreement *out)
{
    const int64_t n = c->both_right + c->only_a + c->only_b + c->both_wrong;
    *out = (struct tfu_agreement){.examples = n};
    if (n == 0)
        return;
    const double all = (double)n;
    const double right_a = (double)(c->both_right + c->only_a);
    const double right_b = (double)(c->both_right + c->only_b);
    int64_t same = 0;
    for (int64_t i = 0; i < c->classes; i++)
        same += c->said[i * c->classes + i];
    out->both_right = known((double)c->both_right / all);
    out->only_a = known((double)c->only_a / all);
    out->only_b = known((double)c->only_b / all);
    out->both_wrong = known((double)c->both_wrong / all);
    out->accuracy_a = known(right_a / all);
    out->accuracy_b = known(right_b / all);
    out->same = known((double)same / all);
    out->kappa = kappa_of(c, n);
    const double wrong = (all - right_a) * (all - right_b), chance = right_a * right_b + wrong;
    out->chance = known(chance / (all * all));
    out->both_wrong_chance = known(wrong / (all * all));
    out->consistency = beyond_chance(c->both_right + c->both_wrong, chance, n);
}

/* ---- what a network says of a split */

struct answers {
    struct tfu_assessor *assessor;
    const struct tfu_experiment *experiment;
    int64_t count;     /* of rows: examples x positions of the output */
    int64_t positions; /* of an example */
    int64_t columns, outputs;
    int64_t *source; /* count: index in the dataset itself */
    float *label;    /* count x columns */
    int64_t *said;   /* count x columns: a class; 0 or 1 for a label */
    int64_t done;
};

static enum tfu_status on_batch(void *arg, const struct tfu_batch *batch, const int64_t *example,
                                struct tfu_error *e)
{
    (void)e;
    struct answers *w = arg;
    const struct tfu_task_kind *task = tfu_task_of(&w->experiment->task);
    const struct tfu_dataset *data = tfu_assessor_data(w->assessor);
    for (int64_t i = 0; i < batch->rows; i++, w->done++) {
        w->source[w->done] = tfu_dataset_source_index(data, example[i / w->positions]);
        task->answer(batch->logits + i * w->outputs, w->outputs, w->said + w->done * w->columns);
        for (int64_t k = 0; k < w->columns; k++)
            w->label[w->done * w->columns + k] = batch->labels[i * w->columns + k];
    }
    return TFU_OK;
}

static enum tfu_status collect(struct answers *w, struct tfu_error *e)
{
    const struct tfu_dataset_info *info = tfu_dataset_info(tfu_assessor_data(w->assessor));
    const struct tfu_graph *g = tfu_network_graph(tfu_assessor_network(w->assessor));
    w->positions = tfu_graph_positions(g, g->output);
    w->count = info->count * w->positions;
    w->columns = tfu_task_label_columns(&w->experiment->task);
    w->outputs = w->experiment->task.classes;
    const size_t cells = (size_t)w->count * (size_t)w->columns;
    w->source = calloc((size_t)w->count + 1, sizeof *w->source);
    w->label = calloc(cells + 1, sizeof *w->label);
    w->said = calloc(cells + 1, sizeof *w->said);
    struct tfu_measure *measure = calloc(tfu_assessor_measures(w->assessor), sizeof *measure);
    enum tfu_status st = TFU_OK;
    if (!w->source || !w->label || !w->said || !measure)
        st = tfu_error_memory(e, "keeping predictions", cells * sizeof *w->said);
    if (st == TFU_OK)
        st = tfu_assess(w->assessor, measure, on_batch, w, e);
    free(measure);
    return st;
}

static void answers_free(struct answers *w)
{
    tfu_assessor_free(w->assessor);
    free(w->source);
    free(w->label);
    free(w->said);
}

static enum tfu_status answer(struct answers *w, const struct tfu_subject *s,
                              const struct tfu_agreement_request *r, struct tfu_error *e)
{
    const struct tfu_assessor_request request = {.subject = s,
                                                 .split = r->split,
                                                 .images = r->images,
                                                 .arg = r->arg,
                                                 .progress = r->progress};
    w->experiment = s->experiment;
    enum tfu_status st = tfu_assessor_new(&w->assessor, &request, e);
    if (st == TFU_OK)
        st = tfu_subject_load(s, tfu_assessor_network(w->assessor),
                              tfu_dataset_preprocessing(tfu_assessor_data(w->assessor)), e);
    if (st == TFU_OK)
        st = collect(w, e);
    if (st != TFU_OK)
        tfu_error_prefix(e, "%s", s->label);
    return st;
}

/* ---- two of them */

static enum tfu_status refuse_task(const struct tfu_task_config *task, struct tfu_error *e)
{
    struct tfu_text list = TFU_TEXT_INIT;
    tfu_task_list_answering(&list);
    const enum tfu_status st =
        list.failed
            ? tfu_error_memory(e, "looking at tasks", 0)
            : tfu_error_set(
                  e, TFU_EINVAL,
                  "the task is %s, whose outputs are not right or wrong; agreement is for %s",
                  tfu_task_of(task)->words.name, tfu_text_get(&list));
    tfu_text_free(&list);
    return st;
}

static enum tfu_status check_tasks(const struct tfu_experiment *a, const struct tfu_experiment *b,
                                   struct tfu_error *e)
{
    if (!tfu_task_of(&a->task)->answer)
        return refuse_task(&a->task, e);
    if (a->task.kind == b->task.kind && a->task.classes == b->task.classes)
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "the networks have different tasks, of %" PRId64 " and %" PRId64
                         " outputs; agreement is between networks for one task",
                         a->task.classes, b->task.classes);
}

static bool same_label(float a, float b)
{
    return isnan(a) ? isnan(b) : a >= b && a <= b;
}

static enum tfu_status check_examples(const struct answers *a, const struct answers *b,
                                      struct tfu_error *e)
{
    if (a->positions != b->positions)
        return tfu_error_set(e, TFU_EINVAL,
                             "the networks' outputs have %" PRId64 " and %" PRId64
                             " positions an image; agreement is between outputs of one size",
                             a->positions, b->positions);
    if (a->count != b->count || a->columns != b->columns)
        return tfu_error_set(e, TFU_EINVAL,
                             "the networks' %s data have %" PRId64 " and %" PRId64
                             " examples; give both the same data",
                             tfu_assessor_split(a->assessor), a->count / a->positions,
                             b->count / b->positions);
    for (int64_t i = 0; i < a->count; i++) {
        bool same = a->source[i] == b->source[i];
        for (int64_t k = 0; k < a->columns; k++)
            same = same && same_label(a->label[i * a->columns + k], b->label[i * a->columns + k]);
        if (!same)
            return tfu_error_set(e, TFU_EINVAL,
                                 "the networks' %s data differ at example %" PRId64
                                 "; give both the same data",
                                 tfu_assessor_split(a->assessor), i / a->positions);
    }
    return TFU_OK;
}

static void count_column(const struct answers *a, const struct answers *b, int64_t column,
                         struct tfu_agreement_counts *c)
{
    for (int64_t i = column; i < a->count * a->columns; i += a->columns) {
        if (isnan(a->label[i]))
            continue;
        /* a label may be a share: it counts as the nearer of 0 and 1 */
        const int64_t label = (int64_t)floorf(a->label[i] + 0.5F);
        const bool right_a = a->said[i] == label, right_b = b->said[i] == label;
        c->said[a->said[i] * c->classes + b->said[i]]++;
        c->both_right += right_a && right_b;
        c->only_a += right_a && !right_b;
        c->only_b += !right_a && right_b;
        c->both_wrong += !right_a && !right_b;
    }
}

static enum tfu_status measure(struct tfu_agreements *out, const struct answers *a,
                               const struct answers *b, struct tfu_error *e)
{
    const bool classes = tfu_task_of(&a->experiment->task)->words.chooses_one;
    const size_t ways = classes ? (size_t)a->outputs : 2;
    out->count = (size_t)a->columns;
    out->item = calloc(out->count + 1, sizeof *out->item);
    if (!out->item)
        return tfu_error_memory(e, "measuring agreement", 0);
    for (size_t k = 0; k < out->count; k++) {
        struct tfu_agreement_counts counts = {.classes = (int64_t)ways,
                                              .said = calloc(ways, ways * sizeof *counts.said)};
        if (!counts.said)
            return tfu_error_memory(e, "measuring agreement", ways * ways * sizeof *counts.said);
        count_column(a, b, (int64_t)k, &counts);
        tfu_agreement_measure(&counts, &out->item[k]);
        free(counts.said);
    }
    out->split = tfu_assessor_split(a->assessor);
    out->examples = a->count / a->positions;
    return TFU_OK;
}

enum tfu_status tfu_agree(struct tfu_agreements *out, const struct tfu_agreement_request *request,
                          struct tfu_error *e)
{
    *out = (struct tfu_agreements){.count = 0};
    struct answers a = {.count = 0}, b = {.count = 0};
    enum tfu_status st = check_tasks(request->a->experiment, request->b->experiment, e);
    if (st == TFU_OK)
        st = answer(&a, request->a, request, e);
    if (st == TFU_OK)
        st = answer(&b, request->b, request, e);
    if (st == TFU_OK)
        st = check_examples(&a, &b, e);
    if (st == TFU_OK)
        st = measure(out, &a, &b, e);
    answers_free(&a);
    answers_free(&b);
    if (st != TFU_OK)
        tfu_agreements_free(out);
    return st;
}

void tfu_agreements_free(struct tfu_agreements *r)
{
    free(r->item);
    *r = (struct tfu_agreements){.count = 0};
}
