/* SPDX-License-Identifier: MIT
 *
 * A layer's definition is written for one type of number, mostly float64. In a network of the other
 * type it runs over converted copies, which lie in the call's workspace; results are rounded once.
 */
#include <string.h>

#include "core/base/calling.h"
#include "core/graph/state.h"

bool tfu_convert_needed(const struct tfu_layer_ops *layer, uint32_t dtype)
{
    return !(layer->dtypes & (dtype == TFU_F64 ? TFU_TAKES_F64 : TFU_TAKES_F32));
}

static uint32_t other_type(uint32_t dtype)
{
    return dtype == TFU_F64 ? TFU_F32 : TFU_F64;
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

/* Is tensor k one of the network's own numbers? A state that is float64 in any network is not. */
static bool is_real(const struct group *group, uint32_t k, uint32_t dtype)
{
    const struct tfu_tensor *t = group->tensor[k];
    return t->dtype == dtype && t->shape.rank > 0 &&
           (!group->declared || group->declared[k].dtype == TFU_F32);
}

static size_t copy_size(const struct tfu_tensor *t)
{
    return tfu_memory_align((size_t)tfu_shape_count(&t->shape) *
                            tfu_dtype_size(other_type(t->dtype)));
}

static size_t copies_size(const struct tfu_graph *g, uint32_t node, const struct tfu_op_call *c,
                          uint32_t dtype)
{
    struct group group[GROUPS];
    list_groups(g, node, c, c->grad_out && c->grad_out->shape.rank, group);
    size_t total = 0, tensors = 0;
    for (int i = 0; i < GROUPS; i++)
        for (uint32_t k = 0; k < group[i].count; k++, tensors++)
            total += is_real(&group[i], k, dtype) ? copy_size(group[i].tensor[k]) : 0;
    return total + tfu_memory_align(tensors * sizeof(struct tfu_tensor)) +
           tfu_memory_align(tensors * sizeof(struct tfu_tensor *));
}

size_t tfu_convert_workspace(const struct tfu_graph *g, uint32_t node,
                             const struct tfu_op_call *call, uint32_t dtype)
{
    const struct tfu_layer_ops *layer = g->node[node].layer;
    size_t own = 0;
    if (layer->workspace) {
        const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
            .kind = "layer", .plugin = call->op, .function = "workspace", .where = call->node});
        own = layer->workspace(call);
        tfu_calling_end(outer);
    }
    if (!tfu_convert_needed(layer, dtype))
        return own;
    /* a definition for the other type may want up to twice as much for itself */
    return copies_size(g, node, call, dtype) + 2 * tfu_memory_align(own);
}

static void copy_in(const struct tfu_tensor *to, const struct tfu_tensor *from)
{
    const int64_t n = tfu_shape_count(&from->shape);
    if (from->dtype == TFU_F32) {
        const float *a = from->data;
        double *b = to->data;
        for (int64_t i = 0; i < n; i++)
            b[i] = a[i];
    } else {
        const double *a = from->data;
        float *b = to->data;
        for (int64_t i = 0; i < n; i++)
            b[i] = (float)a[i];
    }
}

/* Of what was `read` too, a number that the definition left alone keeps all its digits. */
static void copy_back(const struct tfu_tensor *to, const struct tfu_tensor *from, bool read)
{
    const int64_t n = tfu_shape_count(&from->shape);
    if (from->dtype == TFU_F32) {
        const float *a = from->data;
        double *b = to->data;
        for (int64_t i = 0; i < n; i++)
            if (!read || a[i] != (float)b[i])
                b[i] = a[i];
    } else {
        const double *a = from->data;
        float *b = to->data;
        for (int64_t i = 0; i < n; i++)
            if (!read || a[i] != b[i])
                b[i] = (float)a[i];
    }
}

enum tfu_status tfu_convert_run(const struct tfu_graph *g, uint32_t node,
                                const struct tfu_op_call *call, bool backward, struct tfu_host *h)
{
    const struct tfu_layer_ops *layer = g->node[node].layer;
    const uint32_t dtype = call->out->dtype;
    struct group group[GROUPS];
    list_groups(g, node, call, backward, group);
    uint32_t tensors = 0;
    for (int i = 0; i < GROUPS; i++)
        tensors += group[i].count;

    unsigned char *memory = call->workspace;
    struct tfu_tensor *copy = (struct tfu_tensor *)memory;
    memory += tfu_memory_align(tensors * sizeof *copy);
    const struct tfu_tensor **view = (const struct tfu_tensor **)memory;
    memory += tfu_memory_align(tensors * sizeof *view);
    const struct tfu_tensor **first[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
        first[i] = view;
        for (uint32_t k = 0; k < group[i].count; k++, copy++) {
            const struct tfu_tensor *t = group[i].tensor[k];
            *copy = *t;
            *view++ = copy;
            if (!is_real(&group[i], k, dtype))
                continue;
            copy->dtype = other_type(dtype);
            if (!t->data)
                continue;
            copy->data = memory;
            memory += copy_size(t);
            if (group[i].read)
                copy_in(copy, t);
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
            if (is_real(&group[i], k, dtype) && group[i].tensor[k]->data)
                copy_back(group[i].tensor[k], first[i][k], group[i].read);
    return TFU_OK;
}
