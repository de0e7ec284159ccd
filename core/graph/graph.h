/* SPDX-License-Identifier: MIT
 *
 * graph.h - a network as data: nodes, values, parameters and stages, with every shape inferred. No
 * numbers, no memory: those are network.h's.
 */
#ifndef TFU_CORE_GRAPH_GRAPH_H
#define TFU_CORE_GRAPH_GRAPH_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/text.h"

#include <transfuse/arch.h>
#include <transfuse/layer.h>

struct tfu_head_kind;
struct tfu_registry;

struct tfu_graph_value {
    const char *name;       /* full name of the node that makes it; "image" for the input */
    struct tfu_shape shape; /* dim[0] is the batch */
    uint32_t producer;      /* node, or TFU_GRAPH_NONE for the input */
    uint32_t use_count;     /* nodes that read it */
};

struct tfu_graph_param {
    const char *name; /* "block1.0.conv.weight" */
    uint32_t role;    /* enum tfu_role */
    uint32_t node;
    struct tfu_shape shape;
    int64_t fan_in, fan_out;
};

struct tfu_graph_state {
    uint32_t dtype;
    int per_row;
    struct tfu_shape shape;
};

struct tfu_graph_node {
    const char *name;
    const char *op;
    const struct tfu_layer_ops *layer;
    struct tfu_attr *attr;               /* complete, in the layer's order */
    const struct tfu_attr *const *attrs; /* pointers to each, as calls have them */
    uint32_t attr_count;
    const uint32_t *in; /* values */
    uint32_t in_count;
    uint32_t out;         /* value */
    uint32_t first_param; /* params of a node are contiguous, in declared order */
    uint32_t param_count;
    uint32_t first_state;
    uint32_t state_count;
    uint32_t stage;
    bool is_head;       /* of a head that the host attached */
    bool training_only; /* serves nothing but auxiliary outputs */
};

/* A second output, for the loss in training only. */
struct tfu_graph_auxiliary {
    uint32_t output; /* value: logits, N,K or N,H,W,K */
    double weight;   /* of its loss */
};

struct tfu_graph_stage {
    const char *name;
    uint32_t first_node, node_count; /* contiguous */
};

enum { TFU_GRAPH_NONE = 0xffffffffu };

struct tfu_graph {
    struct tfu_arena arena; /* owns everything below */
    const char *arch;       /* plugin's name */
    struct tfu_graph_value *value;
    uint32_t value_count;
    struct tfu_graph_node *node; /* in an order in which they can run */
    uint32_t node_count;
    struct tfu_graph_param *param;
    uint32_t param_count;
    struct tfu_graph_state *state;
    uint32_t state_count;
    struct tfu_graph_stage *stage; /* the last is the head */
    uint32_t stage_count;
    uint32_t input;    /* value */
    uint32_t features; /* value */
    uint32_t output;   /* value: logits, N,K or N,H,W,K as the head makes them */
    struct tfu_graph_auxiliary *auxiliary;
    uint32_t auxiliary_count;
};

struct tfu_graph_request {
    const struct tfu_plugin *arch;
    const void *config;
    struct tfu_shape input;           /* N,H,W,C */
    const struct tfu_head_kind *head; /* the task's (head.h); NULL: tfu_head_linear */
    int64_t outputs;                  /* K of the head */
    const char *truncate; /* a stage: what comes behind it is not built, and the head sits on its
                             last value, or the mean over the image of it; NULL or "": no */
    const char *freeze; /* a stage: it and those before it normalise with their running statistics,
                           in training too; NULL or "": none */
    struct tfu_registry *layers; /* where layer plugins are looked up; NULL: core layers only */
};

/* Runs the architecture's build(), attaches the head, checks that the graph is whole: names unique,
 * every value used, every node in a stage, features of the rank that the head takes. */
enum tfu_status tfu_graph_build(struct tfu_graph **out, const struct tfu_graph_request *request,
                                struct tfu_error *e);
void tfu_graph_free(struct tfu_graph *g);

/* TFU_GRAPH_NONE when there is none. */
uint32_t tfu_graph_find_node(const struct tfu_graph *g, const char *name);
uint32_t tfu_graph_find_param(const struct tfu_graph *g, const char *name);
uint32_t tfu_graph_find_stage(const struct tfu_graph *g, const char *name);

/* "conv1, block1, ..., fc": for messages. */
void tfu_graph_list_stages(const struct tfu_graph *g, struct tfu_text *out);

/* The value's index among the ends that a loss is computed from: 0 for the output, i + 1 for
 * auxiliary output i; TFU_GRAPH_NONE: it is no end. */
uint32_t tfu_graph_end(const struct tfu_graph *g, uint32_t value);

/* K, the numbers that the output has in each place. */
int64_t tfu_graph_outputs(const struct tfu_graph *g);
/* Places that an example has in a value: 1 of N,K, H x W of N,H,W,K. */
int64_t tfu_graph_positions(const struct tfu_graph *g, uint32_t value);

/* Is it trained (weight, bias, scale, shift), or running statistics? */
int tfu_role_trained(uint32_t role);

/* Elements of all trained parameters. */
int64_t tfu_graph_trained_count(const struct tfu_graph *g);

#endif
