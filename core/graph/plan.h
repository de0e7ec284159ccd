/* SPDX-License-Identifier: MIT
 *
 * plan.h - where the values, gradients and states of a graph lie during a pass. Private to this
 * folder.
 */
#ifndef TFU_CORE_GRAPH_PLAN_H
#define TFU_CORE_GRAPH_PLAN_H

#include <stdbool.h>

#include "core/graph/graph.h"
#include "core/graph/memory.h"
#include "core/graph/unit.h"

/* One input of one node: a place where a gradient arises. */
struct tfu_plan_use {
    bool wanted;    /* somebody wants the gradient of this input */
    bool added;     /* it goes to a scratch buffer and is added to the value's gradient: an earlier
                       use (in backward order) has written that */
    size_t scratch; /* offset of that buffer */
};

/* Offsets into the arena; TFU_PLAN_NOWHERE: not in it. Arrays in the plan's arena. */
struct tfu_plan {
    size_t *value;            /* per value */
    size_t *gradient;         /* per value */
    size_t *state;            /* per state */
    size_t *again;            /* per value that is computed once more for backward: where then */
    struct tfu_plan_use *use; /* per node and input, at first_use[node] + i */
    /* Per unit: the first unit to run once more before its backward pass, and the one to run once
     * more behind it; TFU_GRAPH_NONE: none. */
    uint32_t *again_first, *again_next;
    size_t total;
};

#define TFU_PLAN_NOWHERE SIZE_MAX

struct tfu_plan_request {
    const struct tfu_graph *graph;
    const struct tfu_units *units; /* what is inside one needs no place */
    bool training;                 /* gradients and states too */
    const uint32_t *value_dtype;   /* per value: in which it and its gradient are kept */
    const uint32_t *state_dtype;   /* per state */
    const bool *pinned;            /* per value: lies elsewhere, always readable */
    const bool *wants_grad;        /* per value */
    const bool *grad_pinned;       /* per value: its gradient lies elsewhere, and stays there */
    const bool *again; /* per unit: its output is not stored for backward but computed once more;
                          its inputs are kept for its own backward pass. NULL: none is */
    const uint32_t *first_use; /* per node */
    uint32_t use_count;
};

/* `arena` gets the arrays. */
enum tfu_status tfu_plan_make(struct tfu_plan *out, const struct tfu_plan_request *request,
                              struct tfu_arena *arena, struct tfu_error *e);

#endif
