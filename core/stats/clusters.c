/* SPDX-License-Identifier: MIT */
#include "core/stats/clusters.h"

#include <stdlib.h>

#include "core/base/statistics.h"

static int64_t example_at(const int64_t *member, int64_t i)
{
    return member ? member[i] : i;
}

enum tfu_status tfu_clusters_make(struct tfu_clusters *out, const int64_t *member, int64_t members,
                                  const int64_t *group, int64_t groups, struct tfu_error *e)
{
    const size_t known = group ? (size_t)groups : 0, room = (size_t)members;
    int64_t *number = malloc((known + 1) * sizeof *number); /* of a group; -1: not met yet */
    int64_t *end = calloc(room + 1, sizeof *end);
    struct tfu_clusters *c = out;
    *c = (struct tfu_clusters){.begin = calloc(room + 2, sizeof *c->begin),
                               .member = calloc(room + 1, sizeof *c->member)};
    if (!number || !end || !c->begin || !c->member) {
        free(end);
        free(number);
        return tfu_error_memory(e, "drawing examples", 0);
    }
    for (size_t i = 0; i < known; i++)
        number[i] = -1;
    for (int64_t i = 0; i < members; i++) {
        int64_t *met = group ? &number[group[example_at(member, i)]] : NULL;
        const int64_t own = met && *met >= 0 ? *met : c->count;
        c->count += own == c->count;
        if (met)
            *met = own;
        c->begin[own + 1]++;
    }
    for (int64_t i = 0; i < c->count; i++)
        c->begin[i + 1] += c->begin[i];
    for (int64_t i = 0; i < members; i++) {
        const int64_t own = group ? number[group[example_at(member, i)]] : i;
        c->member[c->begin[own] + end[own]++] = example_at(member, i);
    }
    free(end);
    free(number);
    return TFU_OK;
}

void tfu_clusters_free(struct tfu_clusters *c)
{
    free(c->begin);
    free(c->member);
    *c = (struct tfu_clusters){0};
}

void tfu_clusters_draw(const struct tfu_clusters *c, uint64_t seed, int64_t draw, size_t *drawn)
{
    tfu_bootstrap_draw(seed, (uint64_t)draw, drawn, (size_t)c->count);
}
