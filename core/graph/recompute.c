/* SPDX-License-Identifier: MIT
 *
 * Which values are computed once more in the backward pass instead of being stored. Only those
 * whose unit finds its inputs there anyway, for its own backward pass: each is memory saved. What
 * that may cost is said in multiply-adds for a byte, so that a network has the same plan on any
 * machine.
 */
#include "core/graph/state.h"
#include "core/graph/summary.h"

/* Normally what has none, as a normalisation: a pass over memory. With low memory also convolutions
 * 1x1 that make many channels of few, as 64 to 256. */
static double most_work(const struct tfu_network *n)
{
    return n->request.low_memory ? 32 : 0;
}

static bool keeps_input(const struct tfu_network *n, const struct tfu_unit *unit)
{
    return n->wants_grad[tfu_unit_out(n->graph, unit)] && unit->keeps & TFU_KEEPS_INPUT;
}

/* Is a value stored until late in the backward pass, because another unit than `but` keeps it? */
static bool stays(const struct tfu_network *n, uint32_t value, uint32_t but)
{
    const struct tfu_graph *g = n->graph;
    const struct tfu_units *units = &n->units[1];
    const uint32_t producer = g->value[value].producer;
    if (producer != TFU_GRAPH_NONE && n->again[units->of[producer]])
        return false;
    for (uint32_t u = 0; u < but; u++) {
        const struct tfu_unit *unit = &units->unit[u];
        const struct tfu_graph_node *first = &g->node[unit->node[0]];
        for (uint32_t k = 0; k < first->in_count; k++)
            if (first->in[k] == value && keeps_input(n, unit))
                return true;
    }
    return false;
}

/* What unit `u` reads is there when its output is wanted again: earlier units run backward later.
 */
static bool inputs_stay(const struct tfu_network *n, uint32_t u)
{
    const struct tfu_unit *unit = &n->units[1].unit[u];
    for (uint32_t i = 1; i < unit->count; i++)
        for (uint32_t k = 0; k < n->graph->node[unit->node[i]].in_count; k++)
            if (!tfu_unit_inner(n->graph, unit, i, k) &&
                !stays(n, n->graph->node[unit->node[i]].in[k], u))
                return false;
    return keeps_input(n, unit);
}

static bool worth_it(const struct tfu_network *n, const struct tfu_unit *unit)
{
    const uint32_t out = tfu_unit_out(n->graph, unit);
    const double bytes = (double)tfu_shape_count(&n->graph->value[out].shape) *
                         (double)tfu_dtype_size(n->value_dtype[out]);
    double work = 0;
    for (uint32_t i = 0; i < unit->count; i++)
        work += tfu_graph_multiply_adds(n->graph, unit->node[i]);
    return work <= most_work(n) * bytes;
}

enum tfu_status tfu_network_recompute(struct tfu_network *n, struct tfu_error *e)
{
    if (!n->request.training)
        return TFU_OK;
    const struct tfu_units *units = &n->units[1];
    n->again = tfu_arena_array(&n->arena, units->count, sizeof *n->again);
    if (!n->again)
        return tfu_error_memory(e, "preparing the network", 0);
    for (uint32_t u = 0; u < units->count; u++) {
        const struct tfu_unit *unit = &units->unit[u];
        if (n->pinned[tfu_unit_out(n->graph, unit)] || !inputs_stay(n, u) || !worth_it(n, unit))
            continue;
        const struct tfu_kernel *row =
            tfu_network_repeats(n, unit, &n->prepared[TFU_PASS_TRAINING][u]);
        n->again[u] = row != NULL;
        n->prepared[TFU_PASS_RECOMPUTE][u].choice[0] = (struct tfu_choice){row, row != NULL};
    }
    return TFU_OK;
}
