/* SPDX-License-Identifier: MIT
 *
 * One operation of a draft: its layer, its attributes, and what the layer's infer() declares.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/text.h"
#include "core/graph/draft.h"
#include "core/graph/layers.h"
#include "core/plugin/registry.h"

enum { MAX_NAMES = 64 };

/* Of an attribute as architectures gave it first. */
#define ATTR_SIZE (offsetof(struct tfu_attr, f) + sizeof(double))

enum tfu_status tfu_draft_layer(struct tfu_draft *d, const char *op,
                                const struct tfu_layer_ops **out)
{
    *out = tfu_layer_find(op);
    if (*out)
        return TFU_OK;
    size_t n = 0;
    for (const char *const *name = tfu_layer_names(); name[n];)
        n++;
    const char *nearest = tfu_text_nearest(op, tfu_layer_names(), n);
    if (d->request->layers) {
        const struct tfu_plugin *p = NULL;
        const enum tfu_status st = tfu_registry_find_for(d->request->layers, d->request->arch,
                                                         TFU_KIND_LAYER, op, &p, &d->error);
        if (st == TFU_OK)
            *out = p->ops;
        else if (nearest)
            tfu_error_prefix(&d->error, "the core has no layer '%s' (did you mean '%s'?)", op,
                             nearest);
        return st;
    }
    return tfu_error_set(&d->error, TFU_ENOTFOUND, "there is no layer '%s'%s%s%s", op,
                         nearest ? "; did you mean '" : "", nearest ? nearest : "",
                         nearest ? "'?" : "");
}

static const struct tfu_attr_info *info_at(const struct tfu_layer_ops *layer, uint32_t i)
{
    return (const struct tfu_attr_info *)((const char *)layer->attrs +
                                          (size_t)i * layer->attr_size);
}

static enum tfu_status unknown_attr(struct tfu_draft *d, const struct tfu_graph_node *node,
                                    const char *name)
{
    const char *known[MAX_NAMES];
    uint32_t n = 0;
    for (; n < node->layer->attr_count && n < MAX_NAMES; n++)
        known[n] = info_at(node->layer, n)->name;
    struct tfu_text advice = TFU_TEXT_INIT;
    tfu_text_put_advice(&advice, name, known, n);
    tfu_error_set(&d->error, TFU_EINVAL, "operation '%s': %s has no attribute '%s'%s", node->name,
                  node->op, name, tfu_text_get(&advice));
    tfu_text_free(&advice);
    return TFU_EINVAL;
}

static enum tfu_status check_attr(struct tfu_draft *d, const struct tfu_graph_node *node,
                                  const struct tfu_attr_info *info, const struct tfu_attr *a)
{
    const double v = info->type == TFU_INT ? (double)a->i : a->f;
    if (v >= info->min && v <= info->max)
        return TFU_OK;
    return tfu_error_set(&d->error, TFU_EINVAL, "operation '%s': %s %g is not within %g and %g",
                         node->name, info->name, v, info->min, info->max);
}

enum tfu_status tfu_draft_attrs(struct tfu_draft *d, struct tfu_graph_node *node,
                                const struct tfu_attr *given, uint32_t given_count,
                                uint32_t given_size)
{
    const struct tfu_layer_ops *layer = node->layer;
    struct tfu_attr *attr = tfu_arena_array(&d->graph->arena, layer->attr_count + 1, sizeof *attr);
    const struct tfu_attr **attrs =
        tfu_arena_array(&d->graph->arena, layer->attr_count + 1, sizeof *attrs);
    if (!attr || !attrs)
        return tfu_error_memory(&d->error, "building the graph", 0);
    for (uint32_t i = 0; i < layer->attr_count; i++)
        attrs[i] = &attr[i];
    node->attr = attr;
    node->attrs = attrs;
    node->attr_count = layer->attr_count;
    if (given_count && given_size < ATTR_SIZE)
        return tfu_error_set(&d->error, TFU_EABI,
                             "operation '%s': its attributes are %u bytes each, which is less than "
                             "%zu; pass them with TFU_ATTRS()",
                             node->name, given_size, ATTR_SIZE);
    for (uint32_t k = 0; k < given_count; k++) {
        const struct tfu_attr *g = (const void *)((const char *)given + (size_t)k * given_size);
        uint32_t i = 0;
        while (i < layer->attr_count && strcmp(info_at(layer, i)->name, g->name) != 0)
            i++;
        if (i == layer->attr_count)
            return unknown_attr(d, node, g->name);
        if (attr[i].name)
            return tfu_error_set(&d->error, TFU_EINVAL,
                                 "operation '%s': attribute '%s' is given twice", node->name,
                                 g->name);
        attr[i] = (struct tfu_attr){info_at(layer, i)->name, g->i, g->f};
    }
    for (uint32_t i = 0; i < layer->attr_count; i++) {
        const struct tfu_attr_info *info = info_at(layer, i);
        /* of a layer plugin too: layer.h gives the attribute this meaning */
        if (d->freezing && strcmp(info->name, "frozen") == 0)
            attr[i] = (struct tfu_attr){info->name, 1, 1};
        if (!attr[i].name && info->flags & TFU_OPT_REQUIRED)
            return tfu_error_set(&d->error, TFU_EINVAL, "operation '%s': %s needs '%s'", node->name,
                                 node->op, info->name);
        if (!attr[i].name)
            attr[i] = (struct tfu_attr){info->name, info->type == TFU_INT ? (int64_t)info->def : 0,
                                        info->def};
        const enum tfu_status st = check_attr(d, node, info, &attr[i]);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

/* Bounded sizes: with at most 2^48 elements, bytes and sums of them stay far from overflow. */
bool tfu_draft_shape_sane(struct tfu_draft *d, const char *name, const char *what,
                          const struct tfu_shape *shape)
{
    int64_t n = 1;
    const int64_t limit = (int64_t)1 << 48;
    for (uint32_t i = 0; i < shape->rank && i < TFU_MAX_RANK; i++) {
        if (shape->dim[i] < 1 || shape->dim[i] > limit / n) {
            tfu_error_set(&d->error, TFU_ESHAPE,
                          "operation '%s': dim %u of %s would be %lld, which is %s", name, i, what,
                          (long long)shape->dim[i],
                          shape->dim[i] < 1 ? "less than 1" : "too large");
            return false;
        }
        n *= shape->dim[i];
    }
    if (shape->rank < 1 || shape->rank > TFU_MAX_RANK) {
        tfu_error_set(&d->error, TFU_ESHAPE, "operation '%s': %s would have rank %u", name, what,
                      shape->rank);
        return false;
    }
    return true;
}

/* The same, with nothing but ones beyond its rank. */
static struct tfu_shape tidy(const struct tfu_shape *shape)
{
    struct tfu_shape s = {.rank = shape->rank};
    for (uint32_t i = 0; i < TFU_MAX_RANK; i++)
        s.dim[i] = i < shape->rank ? shape->dim[i] : 1;
    return s;
}

/* The host's end of struct tfu_infer for one call. */
struct inference {
    struct tfu_infer api; /* its `host` points back here */
    struct tfu_draft *draft;
    struct tfu_graph_node *node;
    int outputs;
};

static const struct tfu_attr *find_attr(const struct tfu_infer *h, const char *name)
{
    const struct inference *s = h->host;
    for (uint32_t i = 0; i < s->node->attr_count; i++)
        if (strcmp(s->node->attr[i].name, name) == 0)
            return &s->node->attr[i];
    tfu_error_set(&s->draft->error, TFU_EINVAL,
                  "layer '%s' asks for its attribute '%s', which is not in its table", s->node->op,
                  name);
    return NULL;
}

static int64_t infer_attr_int(const struct tfu_infer *h, const char *name)
{
    const struct tfu_attr *a = find_attr(h, name);
    return a ? a->i : 0;
}

static double infer_attr_float(const struct tfu_infer *h, const char *name)
{
    const struct tfu_attr *a = find_attr(h, name);
    return a ? a->f : 0;
}

static void infer_output(struct tfu_infer *h, const struct tfu_shape *shape)
{
    struct inference *s = h->host;
    struct tfu_draft *d = s->draft;
    struct tfu_graph *g = d->graph;
    if (d->error.status != TFU_OK || !tfu_draft_shape_sane(d, s->node->name, "the output", shape))
        return;
    if (s->outputs++ || shape->dim[0] != d->request->input.dim[0]) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      s->outputs > 1
                          ? "operation '%s': layer '%s' declares two outputs"
                          : "operation '%s': layer '%s' changes the batch, the first dim",
                      s->node->name, s->node->op);
        return;
    }
    s->node->out = g->value_count;
    struct tfu_graph_value *v =
        tfu_draft_append(d, (void **)&g->value, &g->value_count, &d->value_capacity, sizeof *v);
    if (v)
        *v = (struct tfu_graph_value){
            .name = s->node->name, .shape = tidy(shape), .producer = g->node_count - 1};
}

static void infer_param(struct tfu_infer *h, const char *suffix, enum tfu_role role,
                        const struct tfu_shape *shape, int64_t fan_in, int64_t fan_out)
{
    struct inference *s = h->host;
    struct tfu_draft *d = s->draft;
    struct tfu_graph *g = d->graph;
    if (d->error.status != TFU_OK || !tfu_draft_shape_sane(d, s->node->name, suffix, shape))
        return;
    if (role < TFU_ROLE_WEIGHT || role > TFU_ROLE_RUNNING_VAR) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      "operation '%s': parameter '%s' has the unknown role %d", s->node->name,
                      suffix, (int)role);
        return;
    }
    const char *name = tfu_arena_printf(&g->arena, "%s.%s", s->node->name, suffix);
    if (name && tfu_graph_find_param(g, name) != TFU_GRAPH_NONE) {
        tfu_error_set(&d->error, TFU_EINVAL, "two parameters are called '%s'", name);
        return;
    }
    struct tfu_graph_param *p =
        tfu_draft_append(d, (void **)&g->param, &g->param_count, &d->param_capacity, sizeof *p);
    if (!p || !name) {
        tfu_error_memory(&d->error, "building the graph", 0);
        return;
    }
    *p = (struct tfu_graph_param){.name = name,
                                  .role = role,
                                  .node = g->node_count - 1,
                                  .shape = tidy(shape),
                                  .fan_in = fan_in,
                                  .fan_out = fan_out};
    s->node->param_count++;
}

static void infer_state(struct tfu_infer *h, uint32_t dtype, const struct tfu_shape *shape,
                        int per_row)
{
    struct inference *s = h->host;
    struct tfu_draft *d = s->draft;
    struct tfu_graph *g = d->graph;
    if (d->error.status != TFU_OK || !tfu_draft_shape_sane(d, s->node->name, "a state", shape))
        return;
    if (dtype == TFU_BF16) {
        tfu_error_set(&d->error, TFU_EUNSUPPORTED,
                      "operation '%s': a state of bfloat16, which this version does not compute in",
                      s->node->name);
        return;
    }
    if (tfu_dtype_size(dtype) == 0) {
        tfu_error_set(&d->error, TFU_EINVAL, "operation '%s': a state has the unknown type %u",
                      s->node->name, dtype);
        return;
    }
    if (per_row && shape->dim[0] != d->request->input.dim[0]) {
        tfu_error_set(&d->error, TFU_EINVAL,
                      "operation '%s': a state per row has %lld rows, not the batch's %lld",
                      s->node->name, (long long)shape->dim[0], (long long)d->request->input.dim[0]);
        return;
    }
    struct tfu_graph_state *t =
        tfu_draft_append(d, (void **)&g->state, &g->state_count, &d->state_capacity, sizeof *t);
    if (t) {
        *t = (struct tfu_graph_state){.dtype = dtype, .per_row = per_row, .shape = tidy(shape)};
        s->node->state_count++;
    }
}

static enum tfu_status infer_fail(struct tfu_infer *h, enum tfu_status st, const char *fmt, ...)
{
    const struct inference *s = h->host;
    if (s->draft->error.status != TFU_OK)
        return st;
    va_list args;
    va_start(args, fmt);
    tfu_error_set_v(&s->draft->error, st, fmt, args);
    va_end(args);
    tfu_error_prefix(&s->draft->error, "operation '%s'", s->node->name);
    return st;
}

enum tfu_status tfu_draft_infer(struct tfu_draft *d, struct tfu_graph_node *node)
{
    const struct tfu_layer_ops *layer = node->layer;
    const struct tfu_shape **in = tfu_arena_array(&d->graph->arena, node->in_count + 1, sizeof *in);
    if (!in)
        return tfu_error_memory(&d->error, "building the graph", 0);
    for (uint32_t i = 0; i < node->in_count; i++)
        in[i] = &d->graph->value[node->in[i]].shape; /* the arena keeps it there */
    struct inference s = {.draft = d, .node = node};
    s.api = (struct tfu_infer){.struct_size = sizeof s.api,
                               .host = &s,
                               .node = node->name,
                               .attr_int = infer_attr_int,
                               .attr_float = infer_attr_float,
                               .output = infer_output,
                               .param = infer_param,
                               .state = infer_state,
                               .fail = infer_fail};
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "layer", .plugin = node->op, .function = "infer", .where = node->name});
    const enum tfu_status st = layer->infer(&s.api, in, node->in_count);
    tfu_calling_end(outer);
    if (d->error.status != TFU_OK)
        return d->error.status;
    if (st != TFU_OK)
        return tfu_error_set(&d->error, st,
                             "operation '%s': layer '%s' refuses it without saying why", node->name,
                             node->op);
    if (s.outputs != 1)
        return tfu_error_set(&d->error, TFU_EINVAL, "operation '%s': layer '%s' declares no output",
                             node->name, node->op);
    return TFU_OK;
}
