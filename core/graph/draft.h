/* SPDX-License-Identifier: MIT
 *
 * draft.h - a graph under construction: what stands behind struct tfu_builder. Private to this
 * folder.
 */
#ifndef TFU_CORE_GRAPH_DRAFT_H
#define TFU_CORE_GRAPH_DRAFT_H

#include <stdbool.h>

#include "core/graph/graph.h"
#include "core/graph/head.h"

enum { TFU_DRAFT_MAX_SCOPES = 32, TFU_DRAFT_MAX_NAME = 256, TFU_DRAFT_MAX_NODES = 100000 };

struct tfu_draft {
    struct tfu_builder builder; /* its `host` points back here */
    struct tfu_graph *graph;
    const struct tfu_graph_request *request;
    const struct tfu_head_kind *head; /* the request's, or the one that stands for none */
    struct tfu_error error;           /* the first one; sticky */
    uint32_t value_capacity, node_capacity, param_capacity, state_capacity, stage_capacity;
    uint32_t auxiliary_capacity;
    char scope[TFU_DRAFT_MAX_NAME]; /* open scopes, joined with dots */
    size_t scope_end[TFU_DRAFT_MAX_SCOPES];
    uint32_t scope_count;
    uint32_t features;     /* value + 1; 0: not declared */
    bool truncated;        /* the last stage that is wanted is built; what follows is dropped */
    uint32_t cut;          /* value + 1 that the dropped part begins with; 0: it has not yet */
    bool freezing;         /* the open stage is one of the frozen ones */
    const char *head_name; /* in the graph's arena */
};

/* Appends one zeroed element to an array in the arena; NULL when out of memory. */
void *tfu_draft_append(struct tfu_draft *d, void **array, uint32_t *count, uint32_t *capacity,
                       size_t size);
/* Has the open stage no operations? Then that is the draft's error. */
bool tfu_draft_stage_empty(struct tfu_draft *d);

/* builder.c: fills draft->builder. */
void tfu_draft_init(struct tfu_draft *d, struct tfu_graph *g,
                    const struct tfu_graph_request *request);

/* ends.c: the builder's features() and auxiliary(); and the value that the dropped part of a
 * truncated network begins with, once an operation of it has these inputs. */
void tfu_draft_features(struct tfu_builder *b, tfu_value v, const char *head_name);
void tfu_draft_auxiliary(struct tfu_builder *b, tfu_value v, const char *head_name, double weight);
tfu_value tfu_draft_cut(struct tfu_draft *d, const tfu_value *in, uint32_t n_in);
/* Puts the task's head on `features`, which are of its rank, in the open stage and outside of all
 * scopes; 0 after an error. */
tfu_value tfu_draft_head(struct tfu_draft *d, tfu_value features, const char *name);

/* infer.c: runs the layer's infer() for `node`, whose op, attributes and inputs are set, and
 * appends its output value, parameters and states to the graph. */
enum tfu_status tfu_draft_infer(struct tfu_draft *d, struct tfu_graph_node *node);
/* Fills node->attr from what was given, in rows of `given_size` bytes, and the layer's defaults. */
enum tfu_status tfu_draft_attrs(struct tfu_draft *d, struct tfu_graph_node *node,
                                const struct tfu_attr *given, uint32_t given_count,
                                uint32_t given_size);
/* Has `what` of the operation or input `name` 1 to TFU_MAX_RANK dims, each at least 1, and few
 * enough elements? */
bool tfu_draft_shape_sane(struct tfu_draft *d, const char *name, const char *what,
                          const struct tfu_shape *shape);
/* The layer called `op`: a core layer, else a plugin. */
enum tfu_status tfu_draft_layer(struct tfu_draft *d, const char *op,
                                const struct tfu_layer_ops **out);

#endif
