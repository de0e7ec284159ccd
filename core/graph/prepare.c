/* SPDX-License-Identifier: MIT
 *
 * The calls of all nodes in all passes: made once, so that a pass only runs them.
 */
#include "core/graph/state.h"

static struct tfu_tensor tensor_of(uint32_t dtype, const struct tfu_shape *shape)
{
    return (struct tfu_tensor){.struct_size = sizeof(struct tfu_tensor),
                               .dtype = dtype,
                               .place = TFU_HOST,
                               .shape = *shape};
}

/* A gradient that nobody wants has rank 0. */
static struct tfu_tensor gradient_of(uint32_t dtype, const struct tfu_shape *shape, bool wanted)
{
    struct tfu_tensor t = tensor_of(dtype, shape);
    if (!wanted)
        t.shape = (struct tfu_shape){.rank = 0};
    return t;
}

static bool param_trained(const struct tfu_network *n, uint32_t param)
{
    return tfu_role_trained(n->graph->param[param].role) &&
           !(n->request.frozen && n->request.frozen[param]);
}

static enum tfu_status prepare_node(struct tfu_network *n, enum tfu_pass pass, uint32_t i,
                                    struct tfu_error *e)
{
    const struct tfu_graph *g = n->graph;
    const struct tfu_graph_node *node = &g->node[i];
    struct tfu_prepared *p = &n->prepared[pass][i];
    const uint32_t dtype = n->request.dtype;
    const bool backward = pass == TFU_PASS_BACKWARD;
    const size_t count = 2 * ((size_t)node->in_count + node->param_count) + node->state_count + 2;
    struct tfu_tensor *t = tfu_arena_array(&n->arena, count, sizeof *t);
    if (!t)
        return tfu_error_memory(e, "preparing the network", 0);

    p->in = t;
    p->out = p->in + node->in_count;
    p->param = p->out + 1;
    p->state = p->param + node->param_count;
    p->grad_out = p->state + node->state_count;
    p->grad_in = p->grad_out + 1;
    p->grad_param = p->grad_in + node->in_count;

    for (uint32_t k = 0; k < node->in_count; k++) {
        const struct tfu_graph_value *v = &g->value[node->in[k]];
        const bool wanted = backward && n->plan[1].use[n->first_use[i] + k].wanted;
        p->in[k] = tensor_of(dtype, &v->shape);
        p->grad_in[k] = gradient_of(dtype, &v->shape, wanted);
    }
    *p->out = tensor_of(dtype, &g->value[node->out].shape);
    *p->grad_out = gradient_of(dtype, &p->out->shape, backward);
    for (uint32_t k = 0; k < node->param_count; k++) {
        const uint32_t param = node->first_param + k;
        p->param[k] = tensor_of(dtype, &g->param[param].shape);
        p->grad_param[k] =
            gradient_of(dtype, &g->param[param].shape, backward && param_trained(n, param));
    }
    for (uint32_t k = 0; k < node->state_count; k++) {
        const struct tfu_graph_state *s = &g->state[node->first_state + k];
        p->state[k] = tensor_of(s->dtype == TFU_F32 ? dtype : s->dtype, &s->shape);
    }
    p->call = (struct tfu_op_call){.struct_size = sizeof p->call,
                                   .training = pass != TFU_PASS_INFERENCE,
                                   .op = node->op,
                                   .node = node->name,
                                   .attrs = node->attr,
                                   .n_attrs = node->attr_count,
                                   .n_in = node->in_count,
                                   .n_param = node->param_count,
                                   .n_state = node->state_count,
                                   .in = p->in,
                                   .out = p->out,
                                   .param = p->param,
                                   .state = p->state,
                                   .grad_out = p->grad_out,
                                   .grad_in = p->grad_in,
                                   .grad_param = p->grad_param};
    return TFU_OK;
}

enum tfu_status tfu_network_prepare(struct tfu_network *n, struct tfu_error *e)
{
    const uint32_t nodes = n->graph->node_count;
    for (int pass = 0; pass < TFU_PASS_COUNT; pass++) {
        if (pass != TFU_PASS_INFERENCE && !n->request.training)
            continue;
        n->prepared[pass] = tfu_arena_array(&n->arena, nodes, sizeof **n->prepared);
        if (!n->prepared[pass])
            return tfu_error_memory(e, "preparing the network", 0);
        n->rows[pass] = n->graph->value[n->graph->input].shape.dim[0];
        for (uint32_t i = 0; i < nodes; i++) {
            const enum tfu_status st = prepare_node(n, (enum tfu_pass)pass, i, e);
            if (st != TFU_OK)
                return st;
        }
    }
    return TFU_OK;
}

static void *value_data(const struct tfu_network *n, const struct tfu_plan *plan, uint32_t value)
{
    if (n->pinned[value])
        return n->pinned_memory + n->pinned_offset[value];
    return plan->value[value] == TFU_PLAN_NOWHERE ? NULL
                                                  : n->activation_memory + plan->value[value];
}

void *tfu_network_gradient_data(const struct tfu_network *n, uint32_t value)
{
    if (n->grad_pinned[value])
        return n->pinned_memory + n->grad_offset[value];
    return n->activation_memory + n->plan[1].gradient[value];
}

static void connect_forward(struct tfu_network *n, enum tfu_pass pass, uint32_t i)
{
    const struct tfu_graph_node *node = &n->graph->node[i];
    const struct tfu_plan *plan = &n->plan[pass == TFU_PASS_INFERENCE ? 0 : 1];
    struct tfu_prepared *p = &n->prepared[pass][i];
    const uint32_t keeps = node->layer->keeps;
    const bool backward = pass == TFU_PASS_BACKWARD;
    for (uint32_t k = 0; k < node->in_count; k++)
        if (!backward || keeps & TFU_KEEPS_INPUT)
            p->in[k].data = value_data(n, plan, node->in[k]);
    if (!backward || keeps & TFU_KEEPS_OUTPUT)
        p->out->data = value_data(n, plan, node->out);
    for (uint32_t k = 0; k < node->param_count; k++)
        p->param[k].data = n->param_memory + n->param_offset[node->first_param + k];
    for (uint32_t k = 0; k < node->state_count && pass != TFU_PASS_INFERENCE; k++)
        p->state[k].data = n->activation_memory + plan->state[node->first_state + k];
    p->call.workspace = n->workspace;
    p->call.workspace_size = n->workspace_size;
}

static void connect_backward(struct tfu_network *n, uint32_t i)
{
    const struct tfu_graph_node *node = &n->graph->node[i];
    struct tfu_prepared *p = &n->prepared[TFU_PASS_BACKWARD][i];
    if (n->wants_grad[node->out])
        p->grad_out->data = tfu_network_gradient_data(n, node->out);
    for (uint32_t k = 0; k < node->in_count; k++) {
        const struct tfu_plan_use *use = &n->plan[1].use[n->first_use[i] + k];
        if (use->wanted)
            p->grad_in[k].data = use->added ? (void *)(n->activation_memory + use->scratch)
                                            : tfu_network_gradient_data(n, node->in[k]);
    }
    for (uint32_t k = 0; k < node->param_count; k++)
        if (p->grad_param[k].shape.rank)
            p->grad_param[k].data = n->grad_memory + n->param_offset[node->first_param + k];
}

void tfu_network_connect(struct tfu_network *n)
{
    for (int pass = 0; pass < TFU_PASS_COUNT; pass++)
        for (uint32_t i = 0; n->prepared[pass] && i < n->graph->node_count; i++) {
            connect_forward(n, (enum tfu_pass)pass, i);
            if (pass == TFU_PASS_BACKWARD)
                connect_backward(n, i);
        }
}

static void set_batch(struct tfu_tensor *t, int64_t rows)
{
    if (t->shape.rank)
        t->shape.dim[0] = rows;
}

void tfu_network_set_rows(struct tfu_network *n, enum tfu_pass pass, int64_t rows)
{
    if (n->rows[pass] == rows)
        return;
    n->rows[pass] = rows;
    for (uint32_t i = 0; i < n->graph->node_count; i++) {
        const struct tfu_graph_node *node = &n->graph->node[i];
        struct tfu_prepared *p = &n->prepared[pass][i];
        for (uint32_t k = 0; k < node->in_count; k++) {
            set_batch(&p->in[k], rows);
            set_batch(&p->grad_in[k], rows);
        }
        set_batch(p->out, rows);
        set_batch(p->grad_out, rows);
        for (uint32_t k = 0; k < node->state_count; k++)
            if (n->graph->state[node->first_state + k].per_row)
                set_batch(&p->state[k], rows);
    }
}
