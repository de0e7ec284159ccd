/* SPDX-License-Identifier: MIT */
#include "core/graph/memory.h"

#include <stdlib.h>

/* Largest first; equal ones in their given order, so that a plan is always the same. */
static int larger_first(const void *a, const void *b)
{
    const struct tfu_buffer *x = *(struct tfu_buffer *const *)a;
    const struct tfu_buffer *y = *(struct tfu_buffer *const *)b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return x < y ? -1 : x > y;
}

static int lower_first(const void *a, const void *b)
{
    const struct tfu_buffer *x = *(struct tfu_buffer *const *)a;
    const struct tfu_buffer *y = *(struct tfu_buffer *const *)b;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return x < y ? -1 : x > y;
}

static int meet(const struct tfu_buffer *a, const struct tfu_buffer *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* The lowest gap among the `placed` ones (sorted by offset) that live at the same time. */
static size_t lowest_place(const struct tfu_buffer *b, struct tfu_buffer *const *placed, size_t n)
{
    size_t end = 0;
    for (size_t i = 0; i < n; i++) {
        if (!meet(b, placed[i]))
            continue;
        if (placed[i]->offset >= end && placed[i]->offset - end >= tfu_memory_align(b->size))
            break;
        const size_t after = placed[i]->offset + tfu_memory_align(placed[i]->size);
        if (after > end)
            end = after;
    }
    return end;
}

enum tfu_status tfu_memory_plan(struct tfu_buffer *buffer, size_t count, size_t *total,
                                struct tfu_error *e)
{
    *total = 0;
    struct tfu_buffer **order = calloc(2 * count + 1, sizeof *order);
    if (!order)
        return tfu_error_memory(e, "planning memory", 0);
    struct tfu_buffer **placed = order + count;
    size_t n = 0, n_placed = 0;
    for (size_t i = 0; i < count; i++)
        if (buffer[i].size)
            order[n++] = &buffer[i];
    qsort(order, n, sizeof(struct tfu_buffer *), larger_first);
    for (size_t i = 0; i < n; i++) {
        struct tfu_buffer *b = order[i];
        b->offset = lowest_place(b, placed, n_placed);
        placed[n_placed++] = b;
        qsort(placed, n_placed, sizeof(struct tfu_buffer *), lower_first);
        const size_t end = b->offset + tfu_memory_align(b->size);
        if (end > *total)
            *total = end;
    }
    free(order);
    return TFU_OK;
}
