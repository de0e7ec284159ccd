/* SPDX-License-Identifier: MIT */
#include "core/train/kept_rows.h"

#include <stdlib.h>
#include <string.h>

enum { PICK_ROWS = 1024 }; /* of a batch, or one example */

void tfu_kept_rows_free(struct tfu_kept_rows *k)
{
    free(k->logits);
    free(k->scores);
    free(k->labels);
    free(k->odds);
    free(k->losses);
    free(k->weights);
    free(k->example);
    *k = (struct tfu_kept_rows){.outputs = k->outputs, .label_columns = k->label_columns};
}

void tfu_kept_rows_clear(struct tfu_kept_rows *k)
{
    k->examples = 0;
}

/* realloc() of `*p` to rows x columns items of `size` bytes. */
static bool resize(void *p, int64_t rows, int64_t columns, size_t size)
{
    void *old, *new;
    size_t bytes;
    memcpy(&old, p, sizeof old);
    if (__builtin_mul_overflow((size_t)rows, size, &bytes) ||
        __builtin_mul_overflow(bytes, (size_t)columns, &bytes))
        return false;
    new = realloc(old, bytes ? bytes : 1);
    if (new)
        memcpy(p, &new, sizeof new);
    return new != NULL;
}

static int64_t capacity_for(int64_t capacity, int64_t examples)
{
    capacity = capacity > 0 ? capacity : 64;
    while (capacity < examples)
        capacity *= 2;
    return capacity;
}

size_t tfu_kept_rows_bytes(const struct tfu_kept_rows *k, int64_t examples, int64_t positions)
{
    const size_t output = sizeof *k->logits + sizeof *k->scores + sizeof *k->odds;
    const size_t row = (size_t)k->outputs * output + (size_t)k->label_columns * sizeof *k->labels +
                       sizeof *k->losses + sizeof *k->weights;
    return (size_t)capacity_for(0, examples) * ((size_t)positions * row + sizeof *k->example);
}

static enum tfu_status reserve(struct tfu_kept_rows *k, int64_t more, struct tfu_error *e)
{
    if (more <= k->capacity - k->examples)
        return TFU_OK;
    const int64_t capacity = capacity_for(k->capacity, k->examples + more);
    const int64_t rows = capacity * k->positions;
    const bool all = resize(&k->logits, rows, k->outputs, sizeof *k->logits) &&
                     resize(&k->scores, rows, k->outputs, sizeof *k->scores) &&
                     resize(&k->labels, rows, k->label_columns, sizeof *k->labels) &&
                     resize(&k->odds, rows, k->outputs, sizeof *k->odds) &&
                     resize(&k->losses, rows, 1, sizeof *k->losses) &&
                     resize(&k->weights, rows, 1, sizeof *k->weights) &&
                     resize(&k->example, capacity, 1, sizeof *k->example);
    if (!all)
        return tfu_error_memory(e, "keeping the results of a split", (size_t)rows);
    k->capacity = capacity;
    return TFU_OK;
}

/* Rows `from`.. of a batch behind the others. */
static void copy_rows(struct tfu_kept_rows *k, const struct tfu_batch *b, int64_t from,
                      int64_t rows)
{
    const int64_t to = k->examples * k->positions, n = k->outputs, l = k->label_columns;
    memcpy(k->logits + to * n, b->logits + from * n, (size_t)(rows * n) * sizeof *k->logits);
    memcpy(k->scores + to * n, b->scores + from * n, (size_t)(rows * n) * sizeof *k->scores);
    memcpy(k->odds + to * n, b->log_odds + from * n, (size_t)(rows * n) * sizeof *k->odds);
    memcpy(k->labels + to * l, b->labels + from * l, (size_t)(rows * l) * sizeof *k->labels);
    memcpy(k->losses + to, b->losses + from, (size_t)rows * sizeof *k->losses);
    memcpy(k->weights + to, b->loss_weights + from, (size_t)rows * sizeof *k->weights);
}

enum tfu_status tfu_kept_rows_add(struct tfu_kept_rows *k, const struct tfu_batch *b,
                                  const int64_t *example, struct tfu_error *e)
{
    if (b->rows == 0)
        return TFU_OK;
    if (k->positions != b->positions) { /* always of the first batch */
        k->positions = b->positions;
        k->capacity = 0;
    }
    const int64_t examples = b->rows / b->positions;
    const enum tfu_status st = reserve(k, examples, e);
    if (st != TFU_OK)
        return st;
    copy_rows(k, b, 0, b->rows);
    for (int64_t i = 0; i < examples; i++)
        k->example[k->examples + i] = example ? example[i] : k->examples + i;
    k->examples += examples;
    return TFU_OK;
}

struct tfu_batch tfu_kept_rows_batch(const struct tfu_kept_rows *k, enum tfu_part part)
{
    return (struct tfu_batch){
        .struct_size = sizeof(struct tfu_batch),
        .part = part,
        .rows = k->examples * k->positions,
        .positions = k->positions > 0 ? k->positions : 1,
        .logits = k->logits,
        .scores = k->scores,
        .log_odds = k->odds,
        .labels = k->labels,
        .losses = k->losses,
        .loss_weights = k->weights,
    };
}

enum tfu_status tfu_kept_rows_pick(const struct tfu_kept_rows *k, const int64_t *pick,
                                   int64_t count, struct tfu_kept_rows *room,
                                   enum tfu_status (*take)(void *arg, const struct tfu_batch *b,
                                                           struct tfu_error *e),
                                   void *arg, struct tfu_error *e)
{
    const struct tfu_batch all = tfu_kept_rows_batch(k, TFU_PART_TEST);
    const int64_t most = all.positions < PICK_ROWS ? PICK_ROWS / all.positions : 1;
    room->outputs = k->outputs;
    room->label_columns = k->label_columns;
    room->positions = all.positions;
    tfu_kept_rows_clear(room);
    enum tfu_status st = reserve(room, most, e);
    for (int64_t i = 0; st == TFU_OK && i < count; i++) {
        copy_rows(room, &all, pick[i] * all.positions, all.positions);
        room->examples++;
        if (room->examples < most && i + 1 < count)
            continue;
        const struct tfu_batch batch = tfu_kept_rows_batch(room, TFU_PART_TEST);
        st = take(arg, &batch, e);
        tfu_kept_rows_clear(room);
    }
    return st;
}
