/* SPDX-License-Identifier: MIT
 *
 * Near pairs by the pigeonhole: of 16 pieces of 16 bits two hashes that differ in at most 15 bits
 * share one, so that only images with a piece in common are compared.
 */
#include "core/audit/alike.h"

#include <stdlib.h>
#include <string.h>

enum { PIECES = 16, PIECE_VALUES = 1 << 16 };

/* Comparisons after which the search ends: some ten seconds. */
static const int64_t comparisons_max = INT64_C(4000000000);

struct item {
    const struct tfu_look *look;
    size_t split;
    int64_t image;
};

struct items {
    struct item *item;
    size_t count;
};

/* ---- pairs that are kept: the nearest ones, by a heap of the farthest at the top */

static bool is_before(const struct tfu_alike_pair *a, const struct tfu_alike_pair *b)
{
    if (a->distance != b->distance)
        return a->distance < b->distance;
    for (size_t k = 0; k < 2; k++) {
        if (a->split[k] != b->split[k])
            return a->split[k] < b->split[k];
        if (a->image[k] != b->image[k])
            return a->image[k] < b->image[k];
    }
    return false;
}

static int by_distance(const void *a, const void *b)
{
    return is_before(a, b) ? -1 : is_before(b, a);
}

static void sift_down(struct tfu_alike_pair *heap, size_t count)
{
    for (size_t i = 0, child = 1; child < count; child = 2 * i + 1) {
        if (child + 1 < count && is_before(&heap[child], &heap[child + 1]))
            child++;
        if (!is_before(&heap[i], &heap[child]))
            return;
        const struct tfu_alike_pair keep = heap[i];
        heap[i] = heap[child];
        heap[child] = keep;
        i = child;
    }
}

static void sift_up(struct tfu_alike_pair *heap, size_t i)
{
    for (; i > 0 && is_before(&heap[(i - 1) / 2], &heap[i]); i = (i - 1) / 2) {
        const struct tfu_alike_pair keep = heap[i];
        heap[i] = heap[(i - 1) / 2];
        heap[(i - 1) / 2] = keep;
    }
}

static void add_pair(struct tfu_alike *a, size_t most, const struct item *x, const struct item *y,
                     int distance)
{
    const bool across = x->split != y->split;
    const bool ordered = x->split < y->split || (x->split == y->split && x->image < y->image);
    const struct item *first = ordered ? x : y, *second = ordered ? y : x;
    const struct tfu_alike_pair p = {
        {first->split, second->split}, {first->image, second->image}, distance};
    a->same += distance < 0;
    a->near += distance >= 0;
    a->same_across += distance < 0 && across;
    a->near_across += distance >= 0 && across;
    if (a->pairs < most) {
        a->pair[a->pairs] = p;
        sift_up(a->pair, a->pairs++);
    } else if (most > 0 && is_before(&p, &a->pair[0])) {
        a->pair[0] = p;
        sift_down(a->pair, a->pairs);
    }
}

/* ---- equal pixels */

static enum tfu_status list_items(struct items *out, const struct tfu_looks *splits, size_t count,
                                  struct tfu_error *e)
{
    size_t total = 0;
    for (size_t s = 0; s < count; s++)
        total += (size_t)splits[s].count;
    *out = (struct items){.item = calloc(total + 1, sizeof *out->item)};
    if (!out->item)
        return tfu_error_memory(e, "comparing images", 0);
    for (size_t s = 0; s < count; s++)
        for (int64_t i = 0; i < splits[s].count; i++) {
            const struct tfu_look *l = &splits[s].image[i];
            if (!l->problem && !l->constant && l->height * l->width > 1)
                out->item[out->count++] = (struct item){l, s, i};
        }
    return TFU_OK;
}

static int by_content(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    const int order = memcmp(a->look->content, b->look->content, sizeof a->look->content);
    if (order != 0)
        return order;
    if (a->split != b->split)
        return a->split < b->split ? -1 : 1;
    return a->image < b->image ? -1 : a->image > b->image;
}

/* Finds pairs of equal ones, of which the first stays among the items. */
static void find_same(struct tfu_alike *a, size_t most, struct items *items)
{
    size_t kept = 0;
    qsort(items->item, items->count, sizeof *items->item, by_content);
    for (size_t i = 0; i < items->count; i++) {
        struct item *x = &items->item[i];
        struct item *first = kept > 0 ? &items->item[kept - 1] : NULL;
        if (first && memcmp(first->look->content, x->look->content, sizeof x->look->content) == 0)
            add_pair(a, most, first, x, -1);
        else
            items->item[kept++] = *x;
    }
    items->count = kept;
}

/* ---- near ones */

static uint32_t piece_of(const struct item *x, uint32_t piece)
{
    return (uint32_t)(x->look->hash.word[piece / 4] >> piece % 4 * 16) & (PIECE_VALUES - 1);
}

/* Indices of the items, those with the same value of a piece together; where each value begins. */
static void sort_by_piece(const struct items *items, uint32_t piece, uint32_t *order,
                          uint32_t *begin)
{
    memset(begin, 0, (PIECE_VALUES + 1) * sizeof *begin);
    for (size_t i = 0; i < items->count; i++)
        begin[piece_of(&items->item[i], piece) + 1]++;
    for (size_t v = 0; v < PIECE_VALUES; v++)
        begin[v + 1] += begin[v];
    for (size_t i = items->count; i-- > 0;)
        order[--begin[piece_of(&items->item[i], piece) + 1]] = (uint32_t)i;
    /* begin[v + 1] is where v begins now */
    memmove(begin, begin + 1, PIECE_VALUES * sizeof *begin);
    begin[PIECE_VALUES] = (uint32_t)items->count;
}

/* A pair is found once for each piece that it shares, and counts the first time. */
static bool shared_before(const struct item *x, const struct item *y, uint32_t piece)
{
    for (uint32_t p = 0; p < piece; p++)
        if (piece_of(x, p) == piece_of(y, p))
            return true;
    return false;
}

static void compare_bucket(struct tfu_alike *a, size_t most, const struct items *items,
                           const uint32_t *order, size_t count, uint32_t piece, int distance)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            const struct item *x = &items->item[order[i]], *y = &items->item[order[j]];
            const int d = tfu_perceptual_distance(&x->look->hash, &y->look->hash);
            if (d <= distance && !shared_before(x, y, piece))
                add_pair(a, most, x, y, d);
        }
}

static enum tfu_status find_near(struct tfu_alike *a, size_t most, const struct items *items,
                                 int distance, struct tfu_error *e)
{
    uint32_t *order = malloc((items->count + 1) * sizeof *order);
    uint32_t *begin = malloc((PIECE_VALUES + 1) * sizeof *begin);
    int64_t done = 0;
    const enum tfu_status st = order && begin ? TFU_OK : tfu_error_memory(e, "comparing images", 0);
    for (uint32_t piece = 0; st == TFU_OK && a->complete && piece < PIECES; piece++) {
        sort_by_piece(items, piece, order, begin);
        for (size_t v = 0; a->complete && v < PIECE_VALUES; v++) {
            const int64_t n = (int64_t)begin[v + 1] - begin[v];
            done += n * (n - 1) / 2;
            a->complete = done <= comparisons_max;
            if (a->complete)
                compare_bucket(a, most, items, order + begin[v], (size_t)n, piece, distance);
        }
    }
    free(order);
    free(begin);
    return st;
}

enum tfu_status tfu_alike_find(struct tfu_alike *out, const struct tfu_looks *splits, size_t count,
                               int distance, size_t most, struct tfu_error *e)
{
    struct items items = {.item = NULL};
    *out = (struct tfu_alike){.complete = true, .pair = calloc(most + 1, sizeof *out->pair)};
    enum tfu_status st =
        out->pair ? TFU_OK : tfu_error_memory(e, "comparing images", most * sizeof *out->pair);
    if (st == TFU_OK)
        st = list_items(&items, splits, count, e);
    if (st == TFU_OK)
        find_same(out, most, &items);
    if (st == TFU_OK && distance > 0)
        st = find_near(out, most, &items, distance, e);
    if (st == TFU_OK)
        qsort(out->pair, out->pairs, sizeof *out->pair, by_distance);
    else
        tfu_alike_free(out);
    free(items.item);
    return st;
}

void tfu_alike_free(struct tfu_alike *a)
{
    free(a->pair);
    *a = (struct tfu_alike){.pairs = 0};
}
