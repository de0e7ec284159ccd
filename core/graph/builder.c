/* SPDX-License-Identifier: MIT
 *
 * The functions behind struct tfu_builder. The first error sticks: later calls return "none".
 */
#include <stdio.h>
#include <string.h>

#include "core/graph/draft.h"

static struct tfu_draft *draft_of(const struct tfu_builder *b)
{
    return b->host;
}

static int failed(const struct tfu_draft *d)
{
    return d->error.status != TFU_OK;
}

/* "<scopes>.<name>" in the arena, or NULL after an error. */
static const char *full_name(struct tfu_draft *d, const char *name)
{
    if (!name || !name[0]) {
        tfu_error_set(&d->error, TFU_EINVAL, "an operation in scope '%s' has no name", d->scope);
        return NULL;
    }
    const char *dot = d->scope[0] ? "." : "";
    if (strlen(d->scope) + strlen(dot) + strlen(name) >= TFU_DRAFT_MAX_NAME) {
        tfu_error_set(&d->error, TFU_EINVAL, "the name '%s%s%s' is longer than %d characters",
                      d->scope, dot, name, TFU_DRAFT_MAX_NAME - 1);
        return NULL;
    }
    const char *full = tfu_arena_printf(&d->graph->arena, "%s%s%s", d->scope, dot, name);
    if (!full)
        tfu_error_memory(&d->error, "building the graph", 0);
    return full;
}

static tfu_value builder_input(struct tfu_builder *b, const char *name)
{
    struct tfu_draft *d = draft_of(b);
    struct tfu_graph *g = d->graph;
    if (failed(d))
        return 0;
    if (!name || !name[0]) {
        tfu_error_set(&d->error, TFU_EINVAL, "the input has no name");
        return 0;
    }
    if (g->value_count) {
        tfu_error_set(
            &d->error, TFU_EINVAL,
            "input('%s') is called after '%s' was declared; an architecture has one input "
            "and declares it first",
            name, g->value[0].name);
        return 0;
    }
    struct tfu_graph_value *v =
        tfu_draft_append(d, (void **)&g->value, &g->value_count, &d->value_capacity, sizeof *v);
    const char *full = v ? full_name(d, name) : NULL;
    if (!full || !tfu_draft_shape_sane(d, full, "the input", &d->request->input))
        return 0;
    *v = (struct tfu_graph_value){
        .name = full, .shape = d->request->input, .producer = TFU_GRAPH_NONE};
    g->input = 0;
    return 1;
}

/* Are `in` values of this graph? */
static int inputs_known(struct tfu_draft *d, const char *name, const tfu_value *in, uint32_t n_in)
{
    for (uint32_t i = 0; i < n_in; i++)
        if (in[i] == 0 || in[i] > d->graph->value_count) {
            tfu_error_set(&d->error, TFU_EINVAL,
                          "input %u of operation '%s' is %u, which is no value of this graph", i,
                          name, in[i]);
            return 0;
        }
    return 1;
}

static struct tfu_graph_node *append_node(struct tfu_draft *d, const char *op, const char *name,
                                          const tfu_value *in, uint32_t n_in)
{
    struct tfu_graph *g = d->graph;
    if (g->stage_count == 0) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      "operation '%s' comes before the first stage; call stage() first", name);
        return NULL;
    }
    if (g->node_count >= TFU_DRAFT_MAX_NODES) {
        tfu_error_set(&d->error, TFU_EINVAL, "the graph has more than %d operations",
                      TFU_DRAFT_MAX_NODES);
        return NULL;
    }
    if (tfu_graph_find_node(g, name) != TFU_GRAPH_NONE ||
        strcmp(name, g->value[g->input].name) == 0) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      "two operations are called '%s'; names must be unique: parameters are saved "
                      "under them",
                      name);
        return NULL;
    }
    uint32_t *values = tfu_arena_array(&g->arena, n_in, sizeof *values);
    const char *op_name = tfu_arena_strdup(&g->arena, op);
    struct tfu_graph_node *node =
        tfu_draft_append(d, (void **)&g->node, &g->node_count, &d->node_capacity, sizeof *node);
    if (!values || !op_name || !node) {
        tfu_error_memory(&d->error, "building the graph", 0);
        return NULL;
    }
    for (uint32_t i = 0; i < n_in; i++)
        values[i] = in[i] - 1;
    *node = (struct tfu_graph_node){.name = name,
                                    .op = op_name,
                                    .in = values,
                                    .in_count = n_in,
                                    .first_param = g->param_count,
                                    .first_state = g->state_count,
                                    .stage = g->stage_count - 1};
    return node;
}

static tfu_value builder_op(struct tfu_builder *b, const char *op, const char *name,
                            const tfu_value *in, uint32_t n_in, const struct tfu_attr *attrs,
                            uint32_t n_attrs, uint32_t attr_size)
{
    struct tfu_draft *d = draft_of(b);
    struct tfu_graph *g = d->graph;
    if (failed(d))
        return 0;
    const char *full = full_name(d, name);
    if (!full || !inputs_known(d, full, in, n_in))
        return 0;
    if (d->truncated && n_in > 0)
        return tfu_draft_cut(d, in, n_in);
    const struct tfu_layer_ops *layer = NULL;
    if (tfu_draft_layer(d, op, &layer) != TFU_OK) {
        tfu_error_prefix(&d->error, "operation '%s'", full);
        return 0;
    }
    if (n_in < layer->min_inputs || n_in > layer->max_inputs) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      "operation '%s': %s takes %u to %u inputs and was given %u", full, op,
                      layer->min_inputs, layer->max_inputs, n_in);
        return 0;
    }
    struct tfu_graph_node *node = append_node(d, op, full, in, n_in);
    if (!node)
        return 0;
    node->layer = layer;
    if (tfu_draft_attrs(d, node, attrs, n_attrs, attr_size) != TFU_OK ||
        tfu_draft_infer(d, node) != TFU_OK)
        return 0;
    for (uint32_t i = 0; i < n_in; i++)
        g->value[node->in[i]].use_count++;
    g->stage[node->stage].node_count++;
    return node->out + 1;
}

/* Does the stage that is open have the name `name`? */
static int stage_is(const struct tfu_graph *g, const char *name)
{
    return name && name[0] && g->stage_count &&
           strcmp(g->stage[g->stage_count - 1].name, name) == 0;
}

static void builder_stage(struct tfu_builder *b, const char *name)
{
    struct tfu_draft *d = draft_of(b);
    struct tfu_graph *g = d->graph;
    if (failed(d) || d->truncated || tfu_draft_stage_empty(d))
        return;
    if (!d->features && stage_is(g, d->request->truncate)) {
        d->truncated = true;
        return;
    }
    if (stage_is(g, d->request->freeze))
        d->freezing = false;
    if (!name || !name[0] || tfu_graph_find_stage(g, name) != TFU_GRAPH_NONE) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      name && name[0]
                          ? "two stages are called '%s'; a stage is one contiguous group"
                          : "a stage has no name%s",
                      name ? name : "");
        return;
    }
    const char *copy = tfu_arena_strdup(&g->arena, name);
    struct tfu_graph_stage *s =
        tfu_draft_append(d, (void **)&g->stage, &g->stage_count, &d->stage_capacity, sizeof *s);
    if (!copy || !s) {
        tfu_error_memory(&d->error, "building the graph", 0);
        return;
    }
    *s = (struct tfu_graph_stage){.name = copy, .first_node = g->node_count};
}

static void builder_scope_push(struct tfu_builder *b, const char *fmt, ...)
{
    struct tfu_draft *d = draft_of(b);
    if (failed(d))
        return;
    if (d->scope_count == TFU_DRAFT_MAX_SCOPES) {
        tfu_error_set(&d->error, TFU_EINVAL, "more than %d scopes are open at '%s'",
                      TFU_DRAFT_MAX_SCOPES, d->scope);
        return;
    }
    const size_t end = strlen(d->scope);
    char part[TFU_DRAFT_MAX_NAME];
    va_list args;
    va_start(args, fmt);
    const int n = vsnprintf(part, sizeof part, fmt, args);
    va_end(args);
    if (n <= 0 || end + (size_t)n + 2 > sizeof d->scope) {
        tfu_error_set(&d->error, TFU_EINVAL, "a scope in '%s' has no name, or too long a one",
                      d->scope);
        return;
    }
    d->scope_end[d->scope_count++] = end;
    char *to = d->scope + end;
    if (end)
        *to++ = '.';
    memcpy(to, part, (size_t)n + 1);
}

static void builder_scope_pop(struct tfu_builder *b)
{
    struct tfu_draft *d = draft_of(b);
    if (failed(d))
        return;
    if (d->scope_count == 0) {
        tfu_error_set(&d->error, TFU_EINVAL, "scope_pop() without an open scope");
        return;
    }
    d->scope[d->scope_end[--d->scope_count]] = '\0';
}

static const struct tfu_shape *builder_shape(const struct tfu_builder *b, tfu_value v)
{
    const struct tfu_draft *d = draft_of(b);
    if (failed(d) || v == 0 || v > d->graph->value_count)
        return NULL;
    return &d->graph->value[v - 1].shape;
}

static enum tfu_status builder_fail(struct tfu_builder *b, enum tfu_status st, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(&draft_of(b)->error, st, fmt, args);
    va_end(args);
    return st;
}

static enum tfu_status builder_status(const struct tfu_builder *b)
{
    return draft_of(b)->error.status;
}

void tfu_draft_init(struct tfu_draft *d, struct tfu_graph *g,
                    const struct tfu_graph_request *request)
{
    *d = (struct tfu_draft){.graph = g, .request = request};
    d->head = request->head ? request->head : &tfu_head_linear;
    d->freezing = request->freeze && request->freeze[0];
    d->builder = (struct tfu_builder){.struct_size = sizeof d->builder,
                                      .host = d,
                                      .input = builder_input,
                                      .op = builder_op,
                                      .stage = builder_stage,
                                      .features = tfu_draft_features,
                                      .scope_push = builder_scope_push,
                                      .scope_pop = builder_scope_pop,
                                      .shape = builder_shape,
                                      .fail = builder_fail,
                                      .status = builder_status,
                                      .auxiliary = tfu_draft_auxiliary};
}
