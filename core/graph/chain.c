/* SPDX-License-Identifier: MIT
 *
 * Units of a network: from each node on the longest chain that the backend has rows for.
 */
#include <string.h>

#include "core/graph/state.h"

enum { LONGEST = 8 };

/* The node that alone reads a value that nobody else looks at; TFU_GRAPH_NONE: there is none. */
static uint32_t only_user(const struct tfu_network *n, uint32_t value)
{
    const struct tfu_graph *g = n->graph;
    if (g->value[value].use_count != 1 || n->pinned[value] || n->grad_pinned[value])
        return TFU_GRAPH_NONE;
    for (uint32_t i = g->value[value].producer + 1; i < g->node_count; i++)
        for (uint32_t k = 0; k < g->node[i].in_count; k++)
            if (g->node[i].in[k] == value)
                return i;
    return TFU_GRAPH_NONE;
}

/* Has the backend a row for these operations? */
static bool listed(const struct tfu_network *n, const struct tfu_unit *unit)
{
    for (uint32_t i = 0; i < n->backend->kernel_count; i++)
        if (tfu_kernel_does(tfu_kernel_at(n->backend, i), n->graph, unit))
            return true;
    return false;
}

/* Can the chain run in every pass that `training` or inference has? TFU_EUNSUPPORTED: no. */
static enum tfu_status try_chain(struct tfu_network *n, struct tfu_unit *unit, bool training,
                                 struct tfu_error *e)
{
    const enum tfu_pass first = training ? TFU_PASS_TRAINING : TFU_PASS_INFERENCE;
    const enum tfu_pass last = training ? TFU_PASS_BACKWARD : TFU_PASS_INFERENCE;
    struct tfu_arena arena;
    tfu_arena_init(&arena, 0);
    enum tfu_status st = TFU_OK;
    unit->keeps = 0;
    for (enum tfu_pass pass = first; pass <= last && st == TFU_OK; pass++) {
        struct tfu_prepared p = {.seconds = 0};
        st = tfu_network_prepare_unit(n, pass, unit, &p, &arena, e);
        if (st == TFU_OK)
            st = tfu_network_choose_unit(n, pass, unit, &p, NULL);
        for (int i = 0; i < 2 && st == TFU_OK && pass == TFU_PASS_BACKWARD; i++)
            unit->keeps |= p.choice[i].used ? p.choice[i].kernel->keeps : 0;
    }
    tfu_arena_free(&arena);
    return st;
}

/* The longest chain that begins at `node`, or the node alone. */
static enum tfu_status grow(struct tfu_network *n, uint32_t node, bool training,
                            struct tfu_unit *unit, struct tfu_error *e)
{
    const struct tfu_graph *g = n->graph;
    const uint32_t *of = n->units[training].of;
    uint32_t chain[LONGEST] = {node}, count = 1;
    while (count < LONGEST) {
        const uint32_t next = only_user(n, g->node[chain[count - 1]].out);
        if (next == TFU_GRAPH_NONE || of[next] != next) /* it is in another chain */
            break;
        chain[count++] = next;
    }
    for (struct tfu_unit u = {.node = chain, .count = count}; u.count > 1; u.count--) {
        if (!listed(n, &u))
            continue;
        const enum tfu_status st = try_chain(n, &u, training, e);
        if (st == TFU_EUNSUPPORTED)
            continue;
        if (st != TFU_OK)
            return st;
        u.in_place = true;
        for (uint32_t i = 0; i < u.count; i++)
            u.in_place = u.in_place && (g->node[chain[i]].layer->keeps & TFU_IN_PLACE);
        u.node = tfu_arena_array(&n->arena, u.count, sizeof *u.node);
        if (!u.node)
            return tfu_error_memory(e, "preparing the network", 0);
        memcpy(u.node, chain, u.count * sizeof *u.node);
        *unit = u;
        return TFU_OK;
    }
    return TFU_OK;
}

enum tfu_status tfu_network_find_units(struct tfu_network *n, bool training, struct tfu_error *e)
{
    struct tfu_units *units = &n->units[training];
    enum tfu_status st = tfu_units_single(units, n->graph, &n->arena, e);
    for (uint32_t i = 0; i < n->graph->node_count && st == TFU_OK; i++) {
        struct tfu_unit *unit = &units->unit[i];
        if (units->of[i] != i)
            continue; /* in the chain of an earlier one */
        st = grow(n, i, training, unit, e);
        for (uint32_t k = 1; k < unit->count; k++)
            units->of[unit->node[k]] = i;
    }
    return st == TFU_OK ? tfu_units_order(units, n->graph, &n->arena, e) : st;
}
