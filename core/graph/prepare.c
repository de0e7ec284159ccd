/* SPDX-License-Identifier: MIT
 *
 * The calls of all nodes in all passes: made once, so that a pass only runs them.
 */
#include "core/graph/state.h"

static struct tfu_tensor tensor_of(const struct tfu_network *n, uint32_t dtype,
                                   const struct tfu_shape *shape)
{
    return (struct tfu_tensor){.struct_size = sizeof(struct tfu_tensor),
                               .dtype = dtype,
                               .place = n->backend->place,
                               .shape = *shape};
}

/* A gradient that nobody wants has rank 0. */
static struct tfu_tensor gradient_of(const struct tfu_network *n, uint32_t dtype,
                                     const struct tfu_shape *shape, bool wanted)
{
    struct tfu_tensor t = tensor_of(n, dtype, shape);
    if (!wanted)
        t.shape = (struct tfu_shape){.rank = 0};
    return t;
}

static bool param_trained(const struct tfu_network *n, uint32_t param)
{
    return tfu_role_trained(n->graph->param[param].role) &&
           !(n->request.frozen && n->request.frozen[param]);
}

/* Does the loss's gradient by input k of the unit's operation number i go to somebody? */
static bool input_wanted(const struct tfu_network *n, const struct tfu_unit *unit, uint32_t i,
                         uint32_t k)
{
    const struct tfu_graph_node *node = &n->graph->node[unit->node[i]];
    return n->wants_grad[node->in[k]] && n->wants_grad[node->out] &&
           !tfu_unit_inner(n->graph, unit, i, k);
}

static enum tfu_status prepare_node(const struct tfu_network *n, enum tfu_pass pass,
                                    const struct tfu_unit *unit, uint32_t i,
                                    struct tfu_prepared *prepared, struct tfu_arena *arena,
                                    struct tfu_error *e)
{
    const struct tfu_graph *g = n->graph;
    const struct tfu_graph_node *node = &g->node[unit->node[i]];
    struct tfu_prepared_node *p = &prepared->node[i];
    const bool backward = pass == TFU_PASS_BACKWARD;
    const size_t count = 2 * ((size_t)node->in_count + node->param_count) + node->state_count + 2;
    struct tfu_tensor *t = tfu_arena_array(arena, count, sizeof *t);
    const struct tfu_tensor **view = tfu_arena_array(arena, count, sizeof *view);
    if (!t || !view)
        return tfu_error_memory(e, "preparing the network", 0);

    for (size_t k = 0; k < count; k++)
        view[k] = &t[k];
    p->in = t;
    p->out = p->in + node->in_count;
    p->param = p->out + 1;
    p->state = p->param + node->param_count;
    p->grad_out = p->state + node->state_count;
    p->grad_in = p->grad_out + 1;
    p->grad_param = p->grad_in + node->in_count;

    for (uint32_t k = 0; k < node->in_count; k++) {
        const struct tfu_graph_value *v = &g->value[node->in[k]];
        const uint32_t dtype = n->value_dtype[node->in[k]];
        p->in[k] = tensor_of(n, dtype, &v->shape);
        p->grad_in[k] = gradient_of(n, dtype, &v->shape, backward && input_wanted(n, unit, i, k));
    }
    *p->out = tensor_of(n, n->value_dtype[node->out], &g->value[node->out].shape);
    *p->grad_out = gradient_of(n, p->out->dtype, &p->out->shape, backward && i + 1 == unit->count);
    for (uint32_t k = 0; k < node->param_count; k++) {
        const uint32_t param = node->first_param + k;
        const uint32_t dtype = n->param_dtype[param];
        p->param[k] = tensor_of(n, dtype, &g->param[param].shape);
        p->grad_param[k] =
            gradient_of(n, dtype, &g->param[param].shape, backward && param_trained(n, param));
    }
    for (uint32_t k = 0; k < node->state_count; k++) {
        const uint32_t state = node->first_state + k;
        p->state[k] = tensor_of(n, n->state_dtype[state], &g->state[state].shape);
    }
    prepared->part[i] = (struct tfu_op_call){.struct_size = sizeof prepared->call,
                                             .training = pass != TFU_PASS_INFERENCE,
                                             .op = node->op,
                                             .node = node->name,
                                             .attrs = node->attrs,
                                             .n_attrs = node->attr_count,
                                             .n_in = node->in_count,
                                             .n_param = node->param_count,
                                             .n_state = node->state_count,
                                             .in = view + (p->in - t),
                                             .out = p->out,
                                             .param = view + (p->param - t),
                                             .state = view + (p->state - t),
                                             .grad_out = p->grad_out,
                                             .grad_in = view + (p->grad_in - t),
                                             .grad_param = view + (p->grad_param - t)};
    return TFU_OK;
}

enum tfu_status tfu_network_prepare_unit(const struct tfu_network *n, enum tfu_pass pass,
                                         const struct tfu_unit *unit, struct tfu_prepared *p,
                                         struct tfu_arena *arena, struct tfu_error *e)
{
    p->part = tfu_arena_array(arena, unit->count, sizeof *p->part);
    p->parts = tfu_arena_array(arena, unit->count, sizeof *p->parts);
    p->node = tfu_arena_array(arena, unit->count, sizeof *p->node);
    if (!p->part || !p->parts || !p->node)
        return tfu_error_memory(e, "preparing the network", 0);
    for (uint32_t i = 0; i < unit->count; i++) {
        const enum tfu_status st = prepare_node(n, pass, unit, i, p, arena, e);
        if (st != TFU_OK)
            return st;
        p->parts[i] = &p->part[i];
    }
    p->call = p->part[0];
    if (unit->count > 1) {
        p->call.out = p->part[unit->count - 1].out;
        p->call.grad_out = p->part[unit->count - 1].grad_out;
        p->call.n_parts = unit->count;
        p->call.parts = p->parts;
    }
    return TFU_OK;
}

enum tfu_status tfu_network_prepare(struct tfu_network *n, struct tfu_error *e)
{
    for (enum tfu_pass pass = 0; pass < TFU_PASS_COUNT; pass++) {
        if (pass != TFU_PASS_INFERENCE && !n->request.training)
            continue;
        const struct tfu_units *units = tfu_network_units(n, pass);
        n->prepared[pass] = tfu_arena_array(&n->arena, units->count, sizeof **n->prepared);
        if (!n->prepared[pass])
            return tfu_error_memory(e, "preparing the network", 0);
        n->rows[pass] = n->graph->value[n->graph->input].shape.dim[0];
        for (uint32_t u = 0; u < units->count; u++) {
            const enum tfu_status st = tfu_network_prepare_unit(
                n, pass, &units->unit[u], &n->prepared[pass][u], &n->arena, e);
            if (st != TFU_OK)
                return st;
        }
    }
    return TFU_OK;
}

/* `late`: where backward finds it. */
static void *value_data(const struct tfu_network *n, const struct tfu_plan *plan, uint32_t value,
                        bool late)
{
    if (n->pinned[value])
        return n->block[TFU_BLOCK_BATCH].memory + n->pinned_offset[value];
    const bool again = late && plan->again[value] != TFU_PLAN_NOWHERE;
    const size_t place = again ? plan->again[value] : plan->value[value];
    return place == TFU_PLAN_NOWHERE ? NULL : n->activation_memory + place;
}

void *tfu_network_gradient_data(const struct tfu_network *n, uint32_t value)
{
    if (n->grad_pinned[value])
        return n->block[TFU_BLOCK_BATCH].memory + n->grad_offset[value];
    return n->activation_memory + n->plan[1].gradient[value];
}

/* What is inside a unit is nowhere; backward() sees what its unit keeps. */
static void connect_forward(struct tfu_network *n, enum tfu_pass pass, const struct tfu_unit *unit,
                            struct tfu_prepared *p)
{
    const struct tfu_graph *g = n->graph;
    const struct tfu_plan *plan = &n->plan[pass != TFU_PASS_INFERENCE];
    const bool backward = pass == TFU_PASS_BACKWARD, late = pass >= TFU_PASS_BACKWARD;
    for (uint32_t i = 0; i < unit->count; i++) {
        const struct tfu_graph_node *node = &g->node[unit->node[i]];
        const struct tfu_prepared_node *to = &p->node[i];
        for (uint32_t k = 0; k < node->in_count; k++)
            if (!tfu_unit_inner(g, unit, i, k) &&
                (!backward || (i == 0 && unit->keeps & TFU_KEEPS_INPUT)))
                to->in[k].data = value_data(n, plan, node->in[k], late);
        if (i + 1 == unit->count && (!backward || unit->keeps & TFU_KEEPS_OUTPUT))
            to->out->data = value_data(n, plan, node->out, late);
        for (uint32_t k = 0; k < node->param_count; k++)
            to->param[k].data =
                n->block[TFU_BLOCK_PARAMS].memory + n->param_offset[node->first_param + k];
        for (uint32_t k = 0; k < node->state_count && pass != TFU_PASS_INFERENCE; k++)
            to->state[k].data = n->activation_memory + plan->state[node->first_state + k];
    }
    p->call.workspace = n->workspace;
    p->call.workspace_size = n->workspace_size;
    p->call.packed = p->packs ? n->packed + p->packed_at : NULL;
}

static void connect_backward(struct tfu_network *n, const struct tfu_unit *unit,
                             struct tfu_prepared *p)
{
    const uint32_t out = tfu_unit_out(n->graph, unit);
    if (n->wants_grad[out])
        p->node[unit->count - 1].grad_out->data = tfu_network_gradient_data(n, out);
    for (uint32_t i = 0; i < unit->count; i++) {
        const struct tfu_graph_node *node = &n->graph->node[unit->node[i]];
        const struct tfu_prepared_node *to = &p->node[i];
        for (uint32_t k = 0; k < node->in_count; k++) {
            const struct tfu_plan_use *use = &n->plan[1].use[n->first_use[unit->node[i]] + k];
            if (use->wanted)
                to->grad_in[k].data = use->added ? (void *)(n->activation_memory + use->scratch)
                                                 : tfu_network_gradient_data(n, node->in[k]);
        }
        for (uint32_t k = 0; k < node->param_count; k++)
            if (to->grad_param[k].shape.rank)
                to->grad_param[k].data =
                    n->block[TFU_BLOCK_GRADS].memory + n->param_offset[node->first_param + k];
    }
}

void tfu_network_connect(struct tfu_network *n)
{
    for (enum tfu_pass pass = 0; pass < TFU_PASS_COUNT; pass++) {
        const struct tfu_units *units = tfu_network_units(n, pass);
        for (uint32_t u = 0; n->prepared[pass] && u < units->count; u++) {
            connect_forward(n, pass, &units->unit[u], &n->prepared[pass][u]);
            if (pass == TFU_PASS_BACKWARD)
                connect_backward(n, &units->unit[u], &n->prepared[pass][u]);
        }
    }
}

static void set_batch(struct tfu_tensor *t, int64_t rows)
{
    if (t->shape.rank)
        t->shape.dim[0] = rows;
}

static void set_node_batch(const struct tfu_graph *g, const struct tfu_graph_node *node,
                           const struct tfu_prepared_node *p, int64_t rows)
{
    for (uint32_t k = 0; k < node->in_count; k++) {
        set_batch(&p->in[k], rows);
        set_batch(&p->grad_in[k], rows);
    }
    set_batch(p->out, rows);
    set_batch(p->grad_out, rows);
    for (uint32_t k = 0; k < node->state_count; k++)
        if (g->state[node->first_state + k].per_row)
            set_batch(&p->state[k], rows);
}

void tfu_network_set_rows(struct tfu_network *n, enum tfu_pass pass, int64_t rows)
{
    if (n->rows[pass] == rows)
        return;
    n->rows[pass] = rows;
    const struct tfu_units *units = tfu_network_units(n, pass);
    for (uint32_t u = 0; u < units->count; u++)
        for (uint32_t i = 0; i < units->unit[u].count; i++)
            set_node_batch(n->graph, &n->graph->node[units->unit[u].node[i]],
                           &n->prepared[pass][u].node[i], rows);
}
