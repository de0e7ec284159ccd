/* SPDX-License-Identifier: MIT */
#include "core/data/cut_shares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/checksum.h"
#include "core/base/random.h"
#include "core/data/stratify.h"

enum { VALUES_MAX = 64, CLASS_MAX = 1000000 };

/* The examples that are cut, as units. */
struct cutting {
    const struct tfu_cut_shares *shares;
    const uint8_t *part;
    int64_t units;
    int32_t *unit;   /* per example, -1: it is in a part already */
    int64_t *member; /* examples, unit after unit */
    int64_t *begin;  /* of each unit in `member`, and the end */
    /* Labels: */
    int64_t labels;
    float value[VALUES_MAX]; /* of one column that is no class: the label of each */
    bool *is_label;          /* of several columns */
    int32_t *seen;           /* of each label: examples of the unit at hand */
    struct tfu_stratify_request request;
    size_t entries;
};

static void free_cutting(struct cutting *c)
{
    free(c->unit);
    free(c->member);
    free(c->begin);
    free(c->is_label);
    free(c->seen);
    free(c->request.weight);
    free(c->request.first);
    free(c->request.label);
    free(c->request.count);
    free(c->request.key);
}

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "cutting data in parts", 0);
}

/* ---- units */

/* Numbers the units of open examples, and lists their members. */
static bool find_units(struct cutting *c)
{
    const struct tfu_cut_shares *s = c->shares;
    const int64_t all = s->groups ? s->groups->count : s->count;
    int32_t *number = malloc(((size_t)all + 1) * sizeof *number);
    c->unit = malloc(((size_t)s->count + 1) * sizeof *c->unit);
    c->member = malloc(((size_t)s->count + 1) * sizeof *c->member);
    c->begin = calloc((size_t)all + 2, sizeof *c->begin);
    if (!number || !c->unit || !c->member || !c->begin) {
        free(number);
        return false;
    }
    for (int64_t i = 0; i < all; i++)
        number[i] = -1;
    for (int64_t i = 0; i < s->count; i++) {
        const int64_t k = s->groups ? s->groups->of[i] : i;
        c->unit[i] = -1;
        if (c->part[i] != TFU_CUT_OPEN)
            continue;
        if (number[k] < 0)
            number[k] = (int32_t)c->units++;
        c->unit[i] = number[k];
        c->begin[number[k] + 1]++;
    }
    free(number);
    for (int64_t u = 0; u < c->units; u++)
        c->begin[u + 1] += c->begin[u];
    /* begin[u] moves to its end, and is put back */
    for (int64_t i = 0; i < s->count; i++)
        if (c->unit[i] >= 0)
            c->member[c->begin[c->unit[i]]++] = i;
    for (int64_t u = c->units; u > 0; u--)
        c->begin[u] = c->begin[u - 1];
    c->begin[0] = 0;
    return true;
}

/* FNV-1a from a key on, mixed (the end of MurmurHash3). */
static uint64_t key_of(uint64_t key, const char *name)
{
    uint64_t h = tfu_fnv1a(TFU_FNV1A_BEGIN ^ key, name, strlen(name));
    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

static void key_units(struct cutting *c)
{
    const struct tfu_cut_shares *s = c->shares;
    const uint64_t key = tfu_random_key(s->seed, "split", "");
    for (int64_t u = 0; u < c->units; u++) {
        const int64_t i = c->member[c->begin[u]];
        const char *group = s->groups ? s->groups->name[s->groups->of[i]] : NULL;
        c->request.key[u] = key_of(key, group ? group : s->names[i]);
        c->request.weight[u] = c->begin[u + 1] - c->begin[u];
    }
}

/* ---- labels */

/* Of one column that is no class index: the few whole numbers that it has. */
static void find_values(struct cutting *c)
{
    const struct tfu_cut_shares *s = c->shares;
    for (int64_t i = 0; i < s->count; i++) {
        const float v = s->labels[i];
        int64_t k = 0;
        if (isnan(v))
            continue;
        while (k < c->labels && c->value[k] != v)
            k++;
        if (k < c->labels)
            continue;
        if (v != floorf(v) || c->labels == VALUES_MAX) {
            c->labels = 0; /* a quantity */
            return;
        }
        c->value[c->labels++] = v;
    }
}

static bool find_columns(struct cutting *c)
{
    const struct tfu_cut_shares *s = c->shares;
    c->is_label = calloc((size_t)s->columns, sizeof *c->is_label);
    if (!c->is_label)
        return false;
    c->labels = s->columns;
    for (int64_t k = 0; k < s->columns; k++)
        c->is_label[k] = true;
    for (int64_t i = 0; i < s->count; i++)
        for (int64_t k = 0; k < s->columns; k++) {
            const float v = s->labels[i * s->columns + k];
            c->is_label[k] &= isnan(v) || (v >= 0 && v <= 1);
        }
    return true;
}

static bool find_labels(struct cutting *c)
{
    const struct tfu_cut_shares *s = c->shares;
    if (s->target == TFU_FIELD_CLASS) {
        for (int64_t i = 0; i < s->count; i++)
            if (s->labels[i] >= (float)c->labels)
                c->labels = (int64_t)s->labels[i] + 1;
    } else if (s->columns == 1)
        find_values(c);
    else if (s->columns > 1 && !find_columns(c))
        return false;
    c->seen = calloc((size_t)c->labels + 1, sizeof *c->seen);
    return c->seen;
}

/* Is label `k` one of example `i`, of several columns? */
static bool has_label(const struct cutting *c, int64_t i, int64_t k)
{
    return c->is_label[k] && c->shares->labels[i * c->labels + k] > 0.5F;
}

/* The label of example `i`, of one column; -1: none. */
static int64_t label_of(const struct cutting *c, int64_t i)
{
    const float v = c->shares->labels[i];
    if (!c->labels || isnan(v))
        return -1;
    if (c->shares->target == TFU_FIELD_CLASS)
        return (int64_t)v;
    int64_t k = 0;
    while (k < c->labels && c->value[k] != v)
        k++;
    return k < c->labels ? k : -1;
}

static bool add_entry(struct cutting *c, size_t *room, int64_t label, int32_t count)
{
    struct tfu_stratify_request *r = &c->request;
    if (c->entries == *room) {
        *room = *room ? 2 * *room : 1024;
        int32_t *a = realloc(r->label, *room * sizeof *a);
        r->label = a ? a : r->label;
        int32_t *b = a ? realloc(r->count, *room * sizeof *b) : NULL;
        r->count = b ? b : r->count;
        if (!b)
            return false;
    }
    r->label[c->entries] = (int32_t)label;
    r->count[c->entries++] = count;
    return true;
}

/* The labels of several columns of a unit. */
static bool list_columns(struct cutting *c, int64_t u, size_t *room)
{
    for (int64_t k = 0; k < c->labels; k++) {
        int32_t count = 0;
        for (int64_t m = c->begin[u]; m < c->begin[u + 1]; m++)
            count += has_label(c, c->member[m], k);
        if (count && !add_entry(c, room, k, count))
            return false;
    }
    return true;
}

/* Those of one column: each once, in the order of its first member with it. */
static bool list_one(struct cutting *c, int64_t u, size_t *room)
{
    for (int64_t m = c->begin[u]; m < c->begin[u + 1]; m++) {
        const int64_t k = label_of(c, c->member[m]);
        if (k >= 0)
            c->seen[k]++;
    }
    for (int64_t m = c->begin[u]; m < c->begin[u + 1]; m++) {
        const int64_t k = label_of(c, c->member[m]);
        if (k >= 0 && c->seen[k] && !add_entry(c, room, k, c->seen[k]))
            return false;
        if (k >= 0)
            c->seen[k] = 0;
    }
    return true;
}

static bool list_labels(struct cutting *c)
{
    size_t room = 0;
    for (int64_t u = 0; u < c->units; u++) {
        c->request.first[u] = (int64_t)c->entries;
        if (!(c->is_label ? list_columns(c, u, &room) : list_one(c, u, &room)))
            return false;
    }
    c->request.first[c->units] = (int64_t)c->entries;
    return true;
}

/* ---- parts */

static enum tfu_status make_request(struct cutting *c, struct tfu_error *e)
{
    struct tfu_stratify_request *r = &c->request;
    if (!find_units(c) || !find_labels(c))
        return no_memory(e);
    r->weight = calloc((size_t)c->units + 1, sizeof *r->weight);
    r->first = calloc((size_t)c->units + 1, sizeof *r->first);
    r->key = calloc((size_t)c->units + 1, sizeof *r->key);
    if (!r->weight || !r->first || !r->key || !list_labels(c))
        return no_memory(e);
    key_units(c);
    r->units = c->units;
    r->labels = c->labels;
    r->parts = 0;
    return TFU_OK;
}

/* The parts that have a share, train first; `part` gets which they are. */
static void set_shares(struct cutting *c, uint8_t part[TFU_CUT_PARTS])
{
    struct tfu_stratify_request *r = &c->request;
    int64_t rest = TFU_STRATIFY_WHOLE;
    part[0] = TFU_CUT_TRAIN;
    r->parts = 1;
    for (int k = TFU_CUT_TRAIN + 1; k < TFU_CUT_PARTS; k++) {
        if (!(c->shares->share[k] > 0))
            continue;
        part[r->parts] = (uint8_t)k;
        r->share[r->parts] = llround(c->shares->share[k] * (double)TFU_STRATIFY_WHOLE);
        rest -= r->share[r->parts++];
    }
    r->share[0] = rest;
}

enum tfu_status tfu_cut_by_shares(uint8_t *part, const struct tfu_cut_shares *s,
                                  struct tfu_error *e)
{
    struct cutting c = {.shares = s, .part = part};
    uint8_t which[TFU_CUT_PARTS];
    if (s->count >= INT32_MAX)
        return tfu_error_set(e, TFU_EINVAL, "%lld examples are too many to be cut by shares",
                             (long long)s->count);
    enum tfu_status st = make_request(&c, e);
    uint8_t *of = st == TFU_OK ? malloc((size_t)c.units + 1) : NULL;
    if (st == TFU_OK && !of)
        st = no_memory(e);
    if (st == TFU_OK) {
        set_shares(&c, which);
        st = tfu_stratify(of, &c.request, e);
    }
    for (int64_t i = 0; st == TFU_OK && i < s->count; i++)
        if (c.unit[i] >= 0)
            part[i] = which[of[c.unit[i]]];
    free(of);
    free_cutting(&c);
    return st;
}
