/* SPDX-License-Identifier: MIT */
#include "core/sweep/tune_group.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/checksum.h"

static bool is_alike(const struct tfu_spec *s, const uint32_t *a, const uint32_t *b)
{
    for (size_t i = 0; i < s->axes; i++)
        if (s->tune.for_each[i] && a[i] != b[i])
            return false;
    return true;
}

struct tfu_tune_group *tfu_tune_groups_at(const struct tfu_tune_groups *g, const struct tfu_spec *s,
                                          const uint32_t *value)
{
    uint64_t h = TFU_FNV1A_BEGIN;
    for (size_t i = 0; i < s->axes; i++)
        if (s->tune.for_each[i])
            h = tfu_fnv1a(h, &value[i], sizeof value[i]);
    size_t i = (size_t)h & (g->slots - 1);
    while (g->slot[i].first && !is_alike(s, g->slot[i].first, value))
        i = (i + 1) & (g->slots - 1);
    return &g->slot[i];
}

enum tfu_status tfu_tune_groups_find(struct tfu_tune_groups *g, struct tfu_sweep_priv *p,
                                     struct tfu_error *e)
{
    const struct tfu_case_grid *grid = &p->spec.grid;
    g->count = 0;
    for (g->slots = 16; g->slots < 2 * grid->count;)
        g->slots *= 2;
    g->slot = tfu_arena_array(&p->arena, g->slots, sizeof *g->slot);
    if (!g->slot)
        return tfu_error_memory(e, "planning a sweep", 0);
    for (size_t i = 0; i < grid->count; i++) {
        const uint32_t *value = grid->tuple + i * grid->axes;
        struct tfu_tune_group *group = tfu_tune_groups_at(g, &p->spec, value);
        g->count += !group->first;
        if (!group->first)
            group->first = value;
    }
    return TFU_OK;
}

struct candidate {
    const char *key;
    uint32_t value;
};

static int by_key(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    const int order = strcmp(x->key, y->key);
    return order ? order : (x->value > y->value) - (x->value < y->value);
}

enum tfu_status tfu_tune_group_sort(struct tfu_tune_group *group, struct tfu_sweep_priv *p,
                                    struct tfu_error *e)
{
    const size_t n = group->candidates;
    struct candidate *sorted = calloc(n + 1, sizeof *sorted);
    struct tfu_text text = TFU_TEXT_INIT;
    const char *last = ""; /* as of one that something is wrong with */
    group->stand_in = 0;
    for (size_t v = 0; sorted && v < n; v++)
        sorted[v] =
            (struct candidate){.key = p->item[group->candidate[v]].key, .value = (uint32_t)v};
    if (sorted)
        qsort(sorted, n, sizeof *sorted, by_key);
    for (size_t i = 0; sorted && i < n; i++) {
        if (strcmp(sorted[i].key, last) == 0)
            continue;
        if (!last[0])
            group->stand_in = sorted[i].value;
        last = sorted[i].key;
        tfu_text_printf(&text, "- %s\n", last);
    }
    group->choice =
        sorted && !text.failed ? tfu_arena_strdup(&p->arena, tfu_text_get(&text)) : NULL;
    tfu_text_free(&text);
    free(sorted);
    return group->choice ? TFU_OK : tfu_error_memory(e, "planning a sweep", 0);
}
