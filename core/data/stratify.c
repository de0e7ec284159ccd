/* SPDX-License-Identifier: MIT */
#include "core/data/stratify.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { NOWHERE = 255 };
#define ONE (INT64_C(1) << 40)

__extension__ typedef __int128 wide; /* of whole numbers, so that all processors choose alike */

/* A unit in the order of a label. */
struct turn {
    uint64_t key;
    int64_t unit;
    int64_t count; /* its examples of the label */
};

struct state {
    const struct tfu_stratify_request *request;
    uint8_t *part;
    /* Of each label and part, and of examples: what the part is short of, in parts of
     * TFU_STRATIFY_WHOLE: its share of what has been put anywhere, less what has been put there. */
    int64_t *short_of;
    int64_t short_of_examples[TFU_STRATIFY_PARTS];
    int64_t *weight;        /* of each label: ONE over its examples */
    int64_t example_weight; /* likewise of all examples, as much as all labels together */
    bool *has;              /* has the part a unit with the label? */
    int64_t *left;          /* of each label: units that are nowhere yet */
    int64_t *start;         /* of each label: its first turn */
    struct turn *turn;      /* of all labels, one after the other */
};

static void free_state(struct state *s)
{
    free(s->short_of);
    free(s->weight);
    free(s->has);
    free(s->left);
    free(s->start);
    free(s->turn);
}

static bool allocate(struct state *s)
{
    const struct tfu_stratify_request *r = s->request;
    const size_t labels = (size_t)r->labels + 1, entries = (size_t)r->first[r->units];
    const size_t turns = entries > (size_t)r->units ? entries : (size_t)r->units;
    s->short_of = calloc(labels * r->parts, sizeof *s->short_of);
    s->weight = calloc(labels, sizeof *s->weight);
    s->has = calloc(labels * r->parts, sizeof *s->has);
    s->left = calloc(labels, sizeof *s->left);
    s->start = calloc(labels + 1, sizeof *s->start);
    s->turn = calloc(turns + 1, sizeof *s->turn);
    return s->short_of && s->weight && s->has && s->left && s->start && s->turn;
}

static void count_labels(struct state *s)
{
    const struct tfu_stratify_request *r = s->request;
    int64_t examples = 0;
    for (int64_t u = 0; u < r->units; u++) {
        examples += r->weight[u];
        for (int64_t k = r->first[u]; k < r->first[u + 1]; k++) {
            s->left[r->label[k]]++;
            s->weight[r->label[k]] += r->count[k];
        }
    }
    for (int64_t l = 0; l < r->labels; l++)
        s->weight[l] = s->weight[l] ? ONE / s->weight[l] : 0;
    s->example_weight = examples ? ONE / examples * (r->labels ? r->labels : 1) : 0;
}

static void list_turns(struct state *s)
{
    const struct tfu_stratify_request *r = s->request;
    for (int64_t l = 0; l < r->labels; l++)
        s->start[l + 1] = s->start[l] + s->left[l];
    /* start[l] moves to its end, and is put back */
    for (int64_t u = 0; u < r->units; u++)
        for (int64_t k = r->first[u]; k < r->first[u + 1]; k++)
            s->turn[s->start[r->label[k]]++] = (struct turn){r->key[u], u, r->count[k]};
    for (int64_t l = r->labels; l > 0; l--)
        s->start[l] = s->start[l - 1];
    s->start[0] = 0;
}

static int by_turn(const void *a, const void *b)
{
    const struct turn *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->unit < y->unit ? -1 : x->unit > y->unit;
}

/* How much closer to its shares part `p` comes by unit `u`. */
static wide gain(const struct state *s, int64_t u, uint32_t p)
{
    const struct tfu_stratify_request *r = s->request;
    wide sum = (wide)s->example_weight * r->weight[u] *
               (s->short_of_examples[p] + r->share[p] * r->weight[u]);
    for (int64_t k = r->first[u]; k < r->first[u + 1]; k++) {
        const int64_t l = r->label[k];
        sum += (wide)s->weight[l] * r->count[k] *
               (s->short_of[l * (int64_t)r->parts + p] + r->share[p] * r->count[k]);
    }
    return sum;
}

/* The part that takes unit `u`, whose turn it is for `label`, or for none (-1). */
static uint32_t choose(const struct state *s, int64_t u, int64_t label)
{
    const uint32_t parts = s->request->parts;
    const bool *has = label < 0 ? NULL : s->has + label * (int64_t)parts;
    int64_t without = 0;
    for (uint32_t p = 0; has && p < parts; p++)
        without += !has[p];
    const bool spread = without > 0 && s->left[label] <= without;
    uint32_t best = parts;
    wide most = 0;
    for (uint32_t p = 0; p < parts; p++) {
        if (spread && has[p])
            continue;
        const wide by = gain(s, u, p);
        if (best == parts || by > most) {
            best = p;
            most = by;
        }
    }
    return best;
}

static void put(struct state *s, int64_t u, uint32_t to)
{
    const struct tfu_stratify_request *r = s->request;
    s->part[u] = (uint8_t)to;
    for (uint32_t p = 0; p < r->parts; p++)
        s->short_of_examples[p] +=
            (r->share[p] - (p == to ? TFU_STRATIFY_WHOLE : 0)) * r->weight[u];
    for (int64_t k = r->first[u]; k < r->first[u + 1]; k++) {
        const int64_t l = r->label[k];
        for (uint32_t p = 0; p < r->parts; p++)
            s->short_of[l * (int64_t)r->parts + p] +=
                (r->share[p] - (p == to ? TFU_STRATIFY_WHOLE : 0)) * r->count[k];
        s->has[l * (int64_t)r->parts + to] = true;
        s->left[l]--;
    }
}

/* The label of the fewest units that are left; -1: none are. */
static int64_t rarest(const struct state *s)
{
    int64_t best = -1;
    for (int64_t l = 0; l < s->request->labels; l++)
        if (s->left[l] > 0 && (best < 0 || s->left[l] < s->left[best]))
            best = l;
    return best;
}

static void put_labelled(struct state *s)
{
    for (int64_t l; (l = rarest(s)) >= 0;) {
        struct turn *turn = s->turn + s->start[l];
        const int64_t turns = s->start[l + 1] - s->start[l];
        int64_t open = 0;
        for (int64_t k = 0; k < turns; k++)
            if (s->part[turn[k].unit] == NOWHERE)
                turn[open++] = turn[k];
        qsort(turn, (size_t)open, sizeof *turn, by_turn);
        for (int64_t k = 0; k < open; k++)
            put(s, turn[k].unit, choose(s, turn[k].unit, l));
    }
}

static void put_others(struct state *s)
{
    const struct tfu_stratify_request *r = s->request;
    int64_t open = 0;
    for (int64_t u = 0; u < r->units; u++)
        if (s->part[u] == NOWHERE)
            s->turn[open++] = (struct turn){r->key[u], u, r->weight[u]};
    qsort(s->turn, (size_t)open, sizeof *s->turn, by_turn);
    for (int64_t k = 0; k < open; k++)
        put(s, s->turn[k].unit, choose(s, s->turn[k].unit, -1));
}

enum tfu_status tfu_stratify(uint8_t *part, const struct tfu_stratify_request *r,
                             struct tfu_error *e)
{
    struct state s = {.request = r, .part = part};
    if (!allocate(&s)) {
        free_state(&s);
        return tfu_error_memory(e, "cutting data in parts", 0);
    }
    memset(part, NOWHERE, (size_t)r->units);
    count_labels(&s);
    list_turns(&s);
    put_labelled(&s);
    put_others(&s);
    free_state(&s);
    return TFU_OK;
}
