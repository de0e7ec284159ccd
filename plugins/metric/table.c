/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "check.h"

int64_t table_known(const struct table *t, int64_t table)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < t->side * t->side; i++)
        sum += t->count[table * t->side * t->side + i];
    return sum;
}

int64_t table_right(const struct table *t, int64_t table)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < t->side; i++)
        sum += table_at(t, table, i, i);
    return sum;
}

struct table_class table_class(const struct table *t, int64_t k)
{
    const int64_t table = t->label_wise ? k : 0, own = t->label_wise ? 1 : k;
    struct table_class c = {.true_positive = table_at(t, table, own, own)};
    for (int64_t i = 0; i < t->side; i++) {
        c.false_positive += table_at(t, table, i, own);
        c.false_negative += table_at(t, table, own, i);
    }
    c.false_positive -= c.true_positive;
    c.false_negative -= c.true_positive;
    c.true_negative = table_known(t, table) - c.true_positive - c.false_positive - c.false_negative;
    return c;
}

/* ---- the functions of a metric */

static size_t cells(const struct table *t)
{
    return (size_t)t->tables * (size_t)t->side * (size_t)t->side;
}

enum tfu_status table_create(void **self, const char *metric, const void *config,
                             struct tfu_metric_host *h)
{
    *self = NULL;
    const enum tfu_status st = check_task(h, metric);
    if (st != TFU_OK)
        return st;
    const int label_wise = h->task == TFU_TASK_MULTI_LABEL;
    struct table *t = calloc(1, sizeof *t);
    if (t) {
        *t = (struct table){.config = config,
                            .label_wise = label_wise,
                            .tables = label_wise ? h->outputs : 1,
                            .side = label_wise ? 2 : h->outputs};
        t->count = calloc(cells(t), sizeof *t->count);
    }
    if (!t || !t->count) {
        free(t);
        return h->fail(h, TFU_ENOMEM, "out of memory for the metric %s of %lld classes", metric,
                       (long long)h->outputs);
    }
    *self = t;
    return TFU_OK;
}

static void count_row(struct table *t, const float *logit, const float *label,
                      const struct tfu_metric_host *h)
{
    for (int64_t k = 0; k < h->label_columns; k++) {
        if (isnan(label[k]))
            continue;
        const int64_t answer =
            t->label_wise ? answer_label(logit[k]) : answer_class(logit, h->outputs);
        t->count[(k * t->side + (int64_t)label[k]) * t->side + answer]++;
    }
}

enum tfu_status table_update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    struct table *t = self;
    const enum tfu_status st = check_batch(h, t->rows, b);
    if (st != TFU_OK)
        return st;
    for (int64_t r = 0; r < b->rows; r++)
        count_row(t, b->logits + r * h->outputs, b->labels + r * h->label_columns, h);
    t->rows += b->rows;
    return TFU_OK;
}

void table_destroy(void *self)
{
    struct table *t = self;
    if (t)
        free(t->count);
    free(t);
}

void table_reset(void *self)
{
    struct table *t = self;
    t->rows = 0;
    memset(t->count, 0, cells(t) * sizeof *t->count);
}
