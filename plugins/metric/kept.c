/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include <stdlib.h>
#include <string.h>

enum tfu_status kept_open(struct kept *k, const char *metric, const void *config,
                          struct tfu_metric_host *h)
{
    const enum tfu_status st = check_task(h, metric);
    *k = (struct kept){.config = config, .outputs = h->outputs, .label_columns = h->label_columns};
    return st;
}

void kept_close(struct kept *k)
{
    free(k->score);
    free(k->label);
}

/* realloc() to rows x columns items of `size` bytes. */
static void *resize(void *p, int64_t rows, int64_t columns, size_t size)
{
    if ((uint64_t)rows > SIZE_MAX / size / (uint64_t)columns)
        return NULL;
    return realloc(p, (size_t)rows * (size_t)columns * size);
}

enum tfu_status kept_reserve(struct kept *k, int64_t more, struct tfu_metric_host *h)
{
    if (more <= k->capacity - k->rows)
        return TFU_OK;
    int64_t capacity = k->capacity > 0 ? k->capacity : 1024;
    while (capacity - k->rows < more)
        capacity *= 2;
    double *score = resize(k->score, capacity, k->outputs, sizeof *score);
    if (score)
        k->score = score;
    float *label = score ? resize(k->label, capacity, k->label_columns, sizeof *label) : NULL;
    if (!label)
        return h->fail(h, TFU_ENOMEM, "out of memory for the scores of %lld examples",
                       (long long)capacity);
    k->label = label;
    k->capacity = capacity;
    return TFU_OK;
}

enum tfu_status kept_add(struct kept *k, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    enum tfu_status st = check_batch(h, k->rows, b);
    if (st == TFU_OK)
        st = kept_reserve(k, b->rows, h);
    if (st != TFU_OK || b->rows == 0)
        return st;
    const size_t rows = (size_t)b->rows;
    memcpy(k->score + k->rows * k->outputs, b->log_odds,
           rows * (size_t)k->outputs * sizeof *k->score);
    memcpy(k->label + k->rows * k->label_columns, b->labels,
           rows * (size_t)k->label_columns * sizeof *k->label);
    k->rows += b->rows;
    return TFU_OK;
}

int64_t kept_collect(const struct kept *k, int64_t c, uint32_t task, struct ranked_row *r)
{
    const int classification = task == TFU_TASK_CLASSIFICATION;
    int64_t n = 0;
    for (int64_t i = 0; i < k->rows; i++) {
        const float label = k->label[i * k->label_columns + (classification ? 0 : c)];
        if (isnan(label))
            continue;
        r[n].score = k->score[i * k->outputs + c];
        r[n].positive = classification ? label == (float)c : label > 0;
        r[n++].row = i;
    }
    return n;
}

struct ranked_row *kept_room(const struct kept *k, struct tfu_metric_host *h)
{
    struct ranked_row *r = calloc(k->rows > 0 ? (size_t)k->rows : 1, sizeof *r);
    if (!r)
        h->fail(h, TFU_ENOMEM, "out of memory to rank %lld examples", (long long)k->rows);
    return r;
}

enum tfu_status kept_create(void **self, const char *metric, const void *config,
                            struct tfu_metric_host *h)
{
    *self = NULL;
    struct kept *k = calloc(1, sizeof *k);
    if (!k)
        return h->fail(h, TFU_ENOMEM, "out of memory for the metric %s", metric);
    const enum tfu_status st = kept_open(k, metric, config, h);
    if (st == TFU_OK)
        *self = k;
    else
        free(k);
    return st;
}

enum tfu_status kept_update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    return kept_add(self, b, h);
}

void kept_destroy(void *self)
{
    if (self)
        kept_close(self);
    free(self);
}

void kept_reset(void *self)
{
    ((struct kept *)self)->rows = 0;
}
