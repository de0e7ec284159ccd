/* SPDX-License-Identifier: MIT
 *
 * The two passes. Nothing is allocated here.
 */
#include <assert.h>

#include "core/base/calling.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/graph/state.h"
#include "core/graph/transfer.h"

static enum tfu_status run_choice(struct tfu_network *n, uint32_t node, struct tfu_prepared *p,
                                  const struct tfu_choice *choice, bool backward,
                                  struct tfu_error *e)
{
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_host_call call;
    struct tfu_host *h = tfu_host_call_init(&call, n->request.log, &error);
    tfu_host_call_share(&call, n->request.threads);
    const struct tfu_layer_ops *layer = n->graph->node[node].layer;
    enum tfu_status st;
    const struct tfu_calling calling = {
        .kind = choice->kernel ? "backend" : "layer",
        .plugin = choice->kernel ? n->request.backend->name : p->call.op,
        .function = choice->kernel ? "run"
                    : backward     ? "backward"
                                   : "forward",
        .where = p->call.node,
        .kernel = choice->kernel ? choice->kernel->algorithm : NULL,
    };
    const struct tfu_calling *outer = tfu_calling_begin(&calling);
    if (choice->kernel)
        st = choice->kernel->run(n->device, &p->call, h);
    else if (tfu_convert_needed(n->graph, node, &p->call))
        st = tfu_convert_run(n->graph, node, &p->call, backward, h);
    else
        st = backward ? layer->backward(&p->call, h) : layer->forward(&p->call, h);
    tfu_calling_end(outer);
    if (st == TFU_OK)
        return TFU_OK;
    tfu_host_check(st, choice->kernel ? n->request.backend->name : p->call.op,
                   backward ? "backward" : "forward", &error);
    return tfu_error_set(e, st, "layer '%s': %s", p->call.node, error.text);
}

enum tfu_status tfu_network_wait(struct tfu_network *n, struct tfu_error *e)
{
    struct tfu_host_call call;
    struct tfu_error said = TFU_ERROR_INIT;
    if (!TFU_HAS(n->backend, struct tfu_backend_ops, synchronise) || !n->backend->synchronise)
        return TFU_OK;
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "backend", .plugin = n->request.backend->name, .function = "synchronise"});
    const enum tfu_status st =
        n->backend->synchronise(n->device, tfu_host_call_init(&call, n->request.log, &said));
    tfu_calling_end(outer);
    return tfu_network_backend_status(n, st, "synchronise", &said, e);
}

static enum tfu_status run_unit(struct tfu_network *n, const struct tfu_unit *unit,
                                struct tfu_prepared *p, bool backward, struct tfu_error *e)
{
    const double start = n->profiling ? tfu_clock_seconds() : 0;
    enum tfu_status st = TFU_OK;
    for (int i = 0; i < 2 && st == TFU_OK; i++)
        if (p->choice[i].used)
            st = run_choice(n, unit->node[0], p, &p->choice[i], backward, e);
    if (n->profiling && st == TFU_OK)
        st = tfu_network_wait(n, e);
    if (n->profiling)
        p->seconds += tfu_clock_seconds() - start;
    return st;
}

static void set_keys(const struct tfu_network *n, const struct tfu_unit *unit,
                     struct tfu_prepared *p, uint64_t step)
{
    for (uint32_t i = 0; i < unit->count; i++)
        p->part[i].random_key = tfu_random_subkey(n->key[unit->node[i]], step);
    p->call.random_key = p->part[0].random_key;
}

enum tfu_status tfu_network_forward(struct tfu_network *n, int64_t rows, bool training,
                                    uint64_t step, struct tfu_error *e)
{
    assert(rows > 0 && rows <= n->graph->value[n->graph->input].shape.dim[0]);
    assert(!training || n->request.training);
    const enum tfu_pass pass = training ? TFU_PASS_TRAINING : TFU_PASS_INFERENCE;
    const struct tfu_units *units = tfu_network_units(n, pass);
    if (!training && n->packed_stale) {
        const enum tfu_status st = tfu_network_pack(n, e);
        if (st != TFU_OK)
            return st;
    }
    tfu_network_set_rows(n, pass, rows);
    for (enum tfu_pass late = TFU_PASS_BACKWARD; training && late < TFU_PASS_COUNT; late++)
        tfu_network_set_rows(n, late, rows);
    for (uint32_t u = 0; u < units->count; u++) {
        const struct tfu_unit *unit = &units->unit[u];
        struct tfu_prepared *p = &n->prepared[pass][u];
        if (!training && n->graph->node[unit->node[0]].training_only)
            continue;
        for (enum tfu_pass any = pass; training && any < TFU_PASS_COUNT; any++)
            set_keys(n, unit, &n->prepared[any][u], step);
        const enum tfu_status st = run_unit(n, unit, p, false, e);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

enum { ADD_PIECE = 16384 };

struct addition {
    void *to;
    const void *from;
    size_t count;
    uint32_t dtype;
};

static void add_piece(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct addition *a = arg;
    const size_t first = (size_t)index * ADD_PIECE;
    const size_t end = first + ADD_PIECE < a->count ? first + ADD_PIECE : a->count;
    if (a->dtype == TFU_F32) {
        float *to = a->to;
        const float *from = a->from;
        for (size_t i = first; i < end; i++)
            to[i] += from[i];
    } else {
        double *to = a->to;
        const double *from = a->from;
        for (size_t i = first; i < end; i++)
            to[i] += from[i];
    }
}

/* to += from, in host memory. */
static void add_here(struct tfu_network *n, const struct tfu_tensor *to,
                     const struct tfu_tensor *from)
{
    struct addition a = {.to = to->data,
                         .from = from->data,
                         .count = (size_t)tfu_shape_count(&from->shape),
                         .dtype = from->dtype};
    tfu_threads_run(n->request.threads, (uint32_t)((a.count + ADD_PIECE - 1) / ADD_PIECE),
                    add_piece, &a);
}

static enum tfu_status add_there(struct tfu_network *n, const struct tfu_tensor *to,
                                 const struct tfu_tensor *from, struct tfu_error *e)
{
    struct tfu_host_call call;
    struct tfu_error said = TFU_ERROR_INIT;
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "backend", .plugin = n->request.backend->name, .function = "add"});
    const enum tfu_status st =
        n->backend->add(n->device, to, from, tfu_host_call_init(&call, n->request.log, &said));
    tfu_calling_end(outer);
    return tfu_network_backend_status(n, st, "add", &said, e);
}

/* On a device that cannot add: there and back. */
static enum tfu_status add_copies(struct tfu_network *n, const struct tfu_tensor *to,
                                  const struct tfu_tensor *from, struct tfu_error *e)
{
    const size_t bytes = (size_t)tfu_shape_count(&from->shape) * tfu_dtype_size(from->dtype);
    struct tfu_tensor a = *to, b = *from;
    a.data = n->share[0];
    b.data = n->share[1];
    enum tfu_status st = tfu_network_download(n, a.data, to->data, bytes, e);
    if (st == TFU_OK)
        st = tfu_network_download(n, b.data, from->data, bytes, e);
    if (st != TFU_OK)
        return st;
    add_here(n, &a, &b);
    return tfu_network_upload(n, to->data, a.data, bytes, e);
}

/* Where a value has several users, all but the first to run backward left their share in a scratch
 * buffer. */
static enum tfu_status add_shares(struct tfu_network *n, const struct tfu_graph_node *node,
                                  const struct tfu_plan_use *use, const struct tfu_prepared_node *p,
                                  struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t k = 0; k < node->in_count && st == TFU_OK; k++) {
        if (!use[k].wanted || !use[k].added)
            continue;
        struct tfu_tensor to = p->grad_in[k];
        to.data = tfu_network_gradient_data(n, node->in[k]);
        if (n->backend->place == TFU_HOST)
            add_here(n, &to, &p->grad_in[k]);
        else
            st = tfu_backend_adds(n->backend) ? add_there(n, &to, &p->grad_in[k], e)
                                              : add_copies(n, &to, &p->grad_in[k], e);
    }
    return st;
}

/* What the backward pass of unit `u` is the first to need once more, in the order of the forward
 * pass. */
static enum tfu_status run_again(struct tfu_network *n, uint32_t u, struct tfu_error *e)
{
    const struct tfu_units *units = tfu_network_units(n, TFU_PASS_RECOMPUTE);
    enum tfu_status st = TFU_OK;
    for (uint32_t i = n->plan[1].again_first[u]; i != TFU_GRAPH_NONE && st == TFU_OK;
         i = n->plan[1].again_next[i])
        st = run_unit(n, &units->unit[i], &n->prepared[TFU_PASS_RECOMPUTE][i], false, e);
    return st;
}

enum tfu_status tfu_network_backward(struct tfu_network *n, struct tfu_error *e)
{
    assert(n->request.training);
    const struct tfu_units *units = tfu_network_units(n, TFU_PASS_BACKWARD);
    for (uint32_t u = units->count; u-- > 0;) {
        const struct tfu_unit *unit = &units->unit[u];
        struct tfu_prepared *p = &n->prepared[TFU_PASS_BACKWARD][u];
        enum tfu_status st = run_again(n, u, e);
        if (st == TFU_OK)
            st = run_unit(n, unit, p, true, e);
        if (st != TFU_OK)
            return st;
        for (uint32_t i = 0; i < unit->count && st == TFU_OK; i++)
            st = add_shares(n, &n->graph->node[unit->node[i]],
                            &n->plan[1].use[n->first_use[unit->node[i]]], &p->node[i], e);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

void tfu_network_profile(struct tfu_network *n, bool on)
{
    n->profiling = on;
    for (enum tfu_pass pass = 0; pass < TFU_PASS_COUNT; pass++)
        for (uint32_t u = 0; n->prepared[pass] && u < tfu_network_units(n, pass)->count; u++)
            n->prepared[pass][u].seconds = 0;
}

double tfu_network_seconds(const struct tfu_network *n, uint32_t node, bool backward)
{
    double seconds = 0;
    for (enum tfu_pass pass = 0; pass < TFU_PASS_COUNT; pass++) {
        const struct tfu_units *units = tfu_network_units(n, pass);
        if (!n->prepared[pass] || (pass >= TFU_PASS_BACKWARD) != backward)
            continue;
        const uint32_t u = units->of[node];
        if (units->unit[u].node[0] == node)
            seconds += n->prepared[pass][u].seconds;
    }
    return seconds;
}

uint32_t tfu_network_chain(const struct tfu_network *n, uint32_t node, const uint32_t **chain)
{
    const struct tfu_units *units = &n->units[n->request.training];
    const struct tfu_unit *unit = &units->unit[units->of[node]];
    *chain = unit->node;
    return unit->count;
}
