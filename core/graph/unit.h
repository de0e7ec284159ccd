/* SPDX-License-Identifier: MIT
 *
 * unit.h - what runs at once: an operation, or a chain of operations that a kernel of the backend
 * does in one go. A chain's inner values have one user each and are not stored.
 */
#ifndef TFU_CORE_GRAPH_UNIT_H
#define TFU_CORE_GRAPH_UNIT_H

#include <stdbool.h>

#include "core/graph/graph.h"

struct tfu_unit {
    uint32_t *node; /* each but the first reads the output of the one before */
    uint32_t count;
    uint32_t keeps; /* TFU_KEEPS_*: what its backward pass reads, inputs of the first node and the
                       output of the last */
    bool in_place;  /* the output may share memory with the first input, and so may their gradients
                     */
};

/* All nodes of a graph, in the order in which the units run forward: that of their last nodes. */
struct tfu_units {
    struct tfu_unit *unit;
    uint32_t count;
    uint32_t *of; /* per node: its unit */
};

/* A unit for each node. */
enum tfu_status tfu_units_single(struct tfu_units *out, const struct tfu_graph *g,
                                 struct tfu_arena *arena, struct tfu_error *e);

/* Puts chains into the order in which they run: unit[i] begins with node i where of[i] is i, and
 * of[] of its other nodes is i too. */
enum tfu_status tfu_units_order(struct tfu_units *units, const struct tfu_graph *g,
                                struct tfu_arena *arena, struct tfu_error *e);

/* The value that a unit makes. */
static inline uint32_t tfu_unit_out(const struct tfu_graph *g, const struct tfu_unit *u)
{
    return g->node[u->node[u->count - 1]].out;
}

/* Is input k of the unit's operation number i the output of the one before it? */
static inline bool tfu_unit_inner(const struct tfu_graph *g, const struct tfu_unit *u, uint32_t i,
                                  uint32_t k)
{
    return i > 0 && g->node[u->node[i]].in[k] == g->node[u->node[i - 1]].out;
}

#endif
