/* SPDX-License-Identifier: MIT
 *
 * A layer's definition is written for one type of number, mostly float64. Numbers that the network
 * keeps in another one it gets as converted copies, which lie in the call's workspace; results are
 * rounded once.
 */
#include <assert.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/graph/number.h"
#include "core/graph/state.h"

/* What a definition computes in, where its output is kept as `kept`. */
static uint32_t type_of(const struct tfu_layer_ops *layer, uint32_t kept)
{
    if (layer->dtypes & tfu_number_bit(kept))
        return kept;
    /* what is neither is kept in few bits, and float32 is enough for it */
    return kept != TFU_F32 && layer->dtypes & TFU_TAKES_F32 ? TFU_F32 : TFU_F64;
}

/* The arrays of a call, as one list to walk. */
struct group {
    const struct tfu_tensor *const *tensor;
    uint32_t count;
    bool read, written;                     /* by the definition */
    const struct tfu_graph_state *declared; /* of states */
};
enum { GROUPS = 7 };

static void list_groups(const struct tfu_graph *g, uint32_t node, const struct tfu_op_call *c,
                        bool backward, struct group group[GROUPS])
{
    const struct tfu_graph_node *n = &g->node[node];
    const struct tfu_graph_state *states = n->state_count ? &g->state[n->first_state] : NULL;
    const struct group list[GROUPS] = {
        {c->in, c->n_in, true, false, NULL},
        {&c->out, 1, backward, !backward, NULL},
        /* running statistics are read and written */
        {c->param, c->n_param, true, !backward && c->training, NULL},
        {c->state, c->n_state, backward, !backward && c->training, states},
        {&c->grad_out, backward, true, false, NULL},
        {c->grad_in, backward ? c->n_in : 0, false, true, NULL},
        {c->grad_param, backward ? c->n_param : 0, false, true, NULL},
    };
    memcpy(group, list, sizeof list);
}

/* Is tensor k one that the definition wants in `dtype` and does not find in it? States of another
 * type than TFU_F32 are what they were declared as. */
static bool is_other(const struct group *group, uint32_t k, uint32_t dtype)
{
    const struct tfu_tensor *t = group->tensor[k];
    return t->dtype != dtype && t->shape.rank > 0 &&
           (!group->declared || group->declared[k].dtype == TFU_F32);
}

static size_t copy_size(const struct tfu_tensor *t, uint32_t dtype)
{
    return tfu_memory_align((size_t)tfu_shape_count(&t->shape) * tfu_dtype_size(dtype));
}

/* Backward: does the call have gradients? */
static bool goes_backward(const struct tfu_op_call *c)
{
    return c->grad_out && c->grad_out->shape.rank;
}

bool tfu_convert_needed(const struct tfu_graph *g, uint32_t node, const struct tfu_op_call *c)
{
    const uint32_t dtype = type_of(g->node[node].layer, c->out->dtype);
    struct group group[GROUPS];
    list_groups(g, node, c, goes_backward(c), group);
    for (int i = 0; i < GROUPS; i++)
        for (uint32_t k = 0; k < group[i].count; k++)
            if (is_other(&group[i], k, dtype))
                return true;
    return false;
}

static size_t copies_size(const struct tfu_graph *g, uint32_t node, const struct tfu_op_call *c)
{
    const uint32_t dtype = type_of(g->node[node].layer, c->out->dtype);
    struct group group[GROUPS];
    list_groups(g, node, c, goes_backward(c), group);
    size_t total = 0, tensors = 0;
    for (int i = 0; i < GROUPS; i++)
        for (uint32_t k = 0; k < group[i].count; k++, tensors++)
            total += is_other(&group[i], k, dtype) ? copy_size(group[i].tensor[k], dtype) : 0;
    return total + tfu_memory_align(tensors * sizeof(struct tfu_tensor)) +
           tfu_memory_align(tensors * sizeof(struct tfu_tensor *));
}

size_t tfu_convert_workspace(const struct tfu_graph *g, uint32_t node,
                             const struct tfu_op_call *call)
{
    const struct tfu_layer_ops *layer = g->node[node].layer;
    size_t own = 0;
    if (layer->workspace) {
        const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
            .kind = "layer", .plugin = call->op, .function = "workspace", .where = call->node});
        own = layer->workspace(call);
        tfu_calling_end(outer);
    }
    if (!tfu_convert_needed(g, node, call))
        return own;
    /* a definition for the other type may want up to twice as much for itself */
    return copies_size(g, node, call) + 2 * tfu_memory_align(own);
}

/* `keep`: what the other tensor has of digits stays where its number has not changed. */
static void copy(const struct tfu_tensor *to, const struct tfu_tensor *from, bool keep)
{
    tfu_number_copy *convert = tfu_number_conversion(from->dtype, to->dtype);
    assert(convert);
    convert(to->data, from->data, (size_t)tfu_shape_count(&from->shape), keep);
}

enum tfu_status tfu_convert_run(const struct tfu_graph *g, uint32_t node,
                                const struct tfu_op_call *call, bool backward, struct tfu_host *h)
{
    const struct tfu_layer_ops *layer = g->node[node].layer;
    const uint32_t dtype = type_of(layer, call->out->dtype);
    struct group group[GROUPS];
    list_groups(g, node, call, backward, group);
    uint32_t tensors = 0;
    for (int i = 0; i < GROUPS; i++)
        tensors += group[i].count;

    unsigned char *memory = call->workspace;
    struct tfu_tensor *one = (struct tfu_tensor *)memory;
    memory += tfu_memory_align(tensors * sizeof *one);
    const struct tfu_tensor **view = (const struct tfu_tensor **)memory;
    memory += tfu_memory_align(tensors * sizeof *view);
    const struct tfu_tensor **first[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
        first[i] = view;
        for (uint32_t k = 0; k < group[i].count; k++, one++) {
            const struct tfu_tensor *t = group[i].tensor[k];
            *one = *t;
            *view++ = one;
            if (!is_other(&group[i], k, dtype))
                continue;
            one->dtype = dtype;
            if (!t->data)
                continue;
            one->data = memory;
            memory += copy_size(t, dtype);
            if (group[i].read)
                copy(one, t, false);
        }
    }

    struct tfu_op_call c = *call;
    c.in = first[0];
    c.out = first[1][0];
    c.param = first[2];
    c.state = first[3];
    c.grad_out = group[4].count ? first[4][0] : call->grad_out;
    c.grad_in = first[5];
    c.grad_param = first[6];
    c.workspace = memory;
    c.workspace_size = call->workspace_size - (size_t)(memory - (unsigned char *)call->workspace);
    const enum tfu_status st = backward ? layer->backward(&c, h) : layer->forward(&c, h);
    if (st != TFU_OK)
        return st;
    for (int i = 0; i < GROUPS; i++)
        for (uint32_t k = 0; k < group[i].count && group[i].written; k++)
            if (is_other(&group[i], k, dtype) && group[i].tensor[k]->data)
                copy(group[i].tensor[k], first[i][k], group[i].read);
    return TFU_OK;
}
