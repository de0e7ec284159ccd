/* SPDX-License-Identifier: MIT */
#include "core/graph/unit.h"

enum tfu_status tfu_units_single(struct tfu_units *out, const struct tfu_graph *g,
                                 struct tfu_arena *arena, struct tfu_error *e)
{
    out->count = g->node_count;
    out->unit = tfu_arena_array(arena, g->node_count + 1, sizeof *out->unit);
    out->of = tfu_arena_array(arena, 2 * (size_t)g->node_count + 1, sizeof *out->of);
    if (!out->unit || !out->of)
        return tfu_error_memory(e, "preparing the network", 0);
    uint32_t *node = out->of + g->node_count;
    for (uint32_t i = 0; i < g->node_count; i++) {
        const uint32_t keeps = g->node[i].layer->keeps;
        node[i] = out->of[i] = i;
        out->unit[i] = (struct tfu_unit){.node = &node[i],
                                         .count = 1,
                                         .keeps = keeps & (TFU_KEEPS_INPUT | TFU_KEEPS_OUTPUT),
                                         .in_place = (keeps & TFU_IN_PLACE) != 0};
    }
    return TFU_OK;
}

enum tfu_status tfu_units_order(struct tfu_units *units, const struct tfu_graph *g,
                                struct tfu_arena *arena, struct tfu_error *e)
{
    struct tfu_unit *ordered = tfu_arena_array(arena, g->node_count + 1, sizeof *ordered);
    if (!ordered)
        return tfu_error_memory(e, "preparing the network", 0);
    units->count = 0;
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct tfu_unit *unit = &units->unit[units->of[i]];
        if (unit->node[unit->count - 1] == i)
            ordered[units->count++] = *unit;
    }
    units->unit = ordered;
    for (uint32_t u = 0; u < units->count; u++)
        for (uint32_t k = 0; k < ordered[u].count; k++)
            units->of[ordered[u].node[k]] = u;
    return TFU_OK;
}
