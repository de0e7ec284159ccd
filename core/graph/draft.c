/* SPDX-License-Identifier: MIT */
#include "core/graph/draft.h"

#include <string.h>

void *tfu_draft_append(struct tfu_draft *d, void **array, uint32_t *count, uint32_t *capacity,
                       size_t size)
{
    if (*count == *capacity) {
        const uint32_t larger = *capacity ? *capacity * 2 : 32;
        void *copy = tfu_arena_array(&d->graph->arena, larger, size);
        if (!copy) {
            tfu_error_memory(&d->error, "building the graph", 0);
            return NULL;
        }
        if (*count)
            memcpy(copy, *array, *count * size);
        *array = copy;
        *capacity = larger;
    }
    return (char *)*array + (size_t)(*count)++ * size;
}

/* A stage that nothing was put in would be a name that means nothing. */
bool tfu_draft_stage_empty(struct tfu_draft *d)
{
    const struct tfu_graph *g = d->graph;
    if (g->stage_count == 0 || g->stage[g->stage_count - 1].node_count > 0)
        return false;
    tfu_error_set(&d->error, TFU_EINVAL, "stage '%s' has no operations",
                  g->stage[g->stage_count - 1].name);
    return true;
}
