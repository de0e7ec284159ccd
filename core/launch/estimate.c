/* SPDX-License-Identifier: MIT */
#include "core/launch/estimate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double share_enough = 0.02; /* of a case, before it says how long it will take */

struct kind {
    const char *name;
    double sum;
    size_t count;
};

struct kinds {
    struct kind *item;
    size_t count;
    struct kind all;
    double stepped, steps; /* seconds of those whose steps are known, and these */
};

static struct kind *find(struct kinds *k, const char *name)
{
    for (size_t i = 0; i < k->count; i++)
        if (strcmp(k->item[i].name, name) == 0)
            return &k->item[i];
    k->item[k->count] = (struct kind){.name = name};
    return &k->item[k->count++];
}

/* What a case says of how long its kind takes; 0: nothing. */
static double told_by(const struct tfu_estimate_case *c)
{
    if (c->state == TFU_ESTIMATE_DONE)
        return c->seconds;
    if (c->state == TFU_ESTIMATE_RUNNING && c->share >= share_enough)
        return c->seconds / c->share;
    return 0;
}

static void learn(struct kinds *k, const struct tfu_estimate_case *c)
{
    const double seconds = told_by(c);
    if (seconds <= 0)
        return;
    struct kind *kind = find(k, c->kind);
    kind->sum += seconds;
    kind->count++;
    k->all.sum += seconds;
    k->all.count++;
    if (c->steps > 0) {
        k->stepped += seconds;
        k->steps += (double)c->steps;
    }
}

/* How long one takes of which nothing is known but its kind. */
static double whole_of(struct kinds *k, const struct tfu_estimate_case *c)
{
    const struct kind *kind = find(k, c->kind);
    if (kind->count == 0 && c->steps > 0 && k->steps > 0)
        return k->stepped / k->steps * (double)c->steps;
    if (kind->count == 0)
        kind = &k->all;
    return kind->sum / (double)kind->count;
}

/* What is left of one that is not done. */
static double left_of(struct kinds *k, const struct tfu_estimate_case *c)
{
    if (c->state == TFU_ESTIMATE_RUNNING && c->share >= share_enough)
        return c->seconds / c->share - c->seconds;
    const double left = whole_of(k, c) - (c->state == TFU_ESTIMATE_RUNNING ? c->seconds : 0);
    return left > 0 ? left : 0;
}

enum tfu_status tfu_estimate_left(const struct tfu_estimate_case *item, size_t count, size_t slots,
                                  double *left, struct tfu_error *e)
{
    struct kinds kinds = {.item = calloc(count ? count : 1, sizeof *kinds.item)};
    double sum = 0, longest = 0;
    size_t open = 0;
    *left = NAN;
    if (!kinds.item)
        return tfu_error_memory(e, "estimating the time left", count * sizeof *kinds.item);
    for (size_t i = 0; i < count; i++)
        learn(&kinds, &item[i]);
    for (size_t i = 0; i < count && kinds.all.count > 0; i++) {
        if (item[i].state != TFU_ESTIMATE_TODO && item[i].state != TFU_ESTIMATE_RUNNING)
            continue;
        const double one = left_of(&kinds, &item[i]);
        sum += one;
        longest = one > longest ? one : longest;
        open++;
    }
    if (slots > open)
        slots = open;
    if (kinds.all.count > 0)
        *left = open ? fmax(sum / (double)slots, longest) : 0;
    free(kinds.item);
    return TFU_OK;
}
