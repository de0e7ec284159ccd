/* SPDX-License-Identifier: MIT
 *
 * Creation: what is wanted, plan, choice of kernels, memory.
 */
#include "core/graph/network.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/random.h"
#include "core/graph/algorithm.h"
#include "core/graph/number.h"
#include "core/graph/state.h"
#include "core/graph/transfer.h"

static void bridge_parallel(const struct tfu_backend_host *h, uint32_t tasks,
                            void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    const struct tfu_backend_bridge *b = (const struct tfu_backend_bridge *)h;
    tfu_threads_run(b->threads, tasks, task, arg);
}

/* A type of the network's numbers that the backend does not take; 0: there is none. */
static uint32_t type_not_taken(const struct tfu_network *n, const struct tfu_backend_ops *backend)
{
    for (uint32_t v = 0; v < n->graph->value_count; v++)
        if (!(backend->dtypes & tfu_number_bit(n->value_dtype[v])))
            return n->value_dtype[v];
    for (uint32_t p = 0; p < n->graph->param_count; p++)
        if (!(backend->dtypes & tfu_number_bit(n->param_dtype[p])))
            return n->param_dtype[p];
    return 0;
}

static enum tfu_status open_backend(struct tfu_network *n, struct tfu_error *e)
{
    struct tfu_backend_bridge *b = &n->bridge;
    b->threads = n->request.threads;
    b->api =
        (struct tfu_backend_host){.struct_size = sizeof b->api,
                                  .threads = tfu_threads_count(b->threads),
                                  .base = tfu_host_call_init(&b->call, n->request.log, &b->error),
                                  .parallel = bridge_parallel};
    const struct tfu_backend_ops *backend = n->request.backend->ops;
    const char *name = n->request.backend->name;
    if (backend->place != TFU_HOST &&
        !(backend->alloc && backend->free && backend->upload && backend->download))
        return tfu_error_set(e, TFU_EUNSUPPORTED,
                             "backend '%s' keeps its memory on a device, and lacks one of alloc(), "
                             "free(), upload() and download(), by which the host reaches it; add "
                             "them, or say TFU_HOST",
                             name);
    const uint32_t other = type_not_taken(n, backend);
    if (other)
        return tfu_error_set(e, TFU_EUNSUPPORTED, "backend '%s' does not take %s", name,
                             tfu_number_name(other));
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "backend", .plugin = name, .function = "open"});
    const enum tfu_status st = backend->open(&n->device, n->request.backend_config, &b->api);
    tfu_calling_end(outer);
    if (st == TFU_OK) {
        n->backend = backend; /* to be closed from now on */
        return st;
    }
    tfu_host_check(st, name, "open", &b->error);
    return tfu_error_set(e, st, "backend '%s': %s", name, b->error.text);
}

static void *copy_array(struct tfu_network *n, const void *array, size_t count, size_t size)
{
    void *copy = tfu_arena_array(&n->arena, count + 1, size);
    if (copy && count)
        memcpy(copy, array, count * size);
    return copy;
}

/* In which type each number is kept. States are declared with theirs;
 * those declared TFU_F32 follow their node's output. */
static enum tfu_status note_types(struct tfu_network *n, struct tfu_error *e)
{
    const struct tfu_graph *g = n->graph;
    struct tfu_network_request *r = &n->request;
    n->value_dtype = tfu_arena_array(&n->arena, g->value_count, sizeof *n->value_dtype);
    n->param_dtype = tfu_arena_array(&n->arena, g->param_count + 1, sizeof *n->param_dtype);
    n->state_dtype = tfu_arena_array(&n->arena, g->state_count + 1, sizeof *n->state_dtype);
    if (!n->value_dtype || !n->param_dtype || !n->state_dtype)
        return tfu_error_memory(e, "preparing the network", 0);
    for (uint32_t v = 0; v < g->value_count; v++)
        n->value_dtype[v] = r->value_dtype ? r->value_dtype[v] : r->dtype;
    for (uint32_t p = 0; p < g->param_count; p++)
        n->param_dtype[p] = r->param_dtype ? r->param_dtype[p] : r->dtype;
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct tfu_graph_node *node = &g->node[i];
        for (uint32_t s = node->first_state; s < node->first_state + node->state_count; s++)
            n->state_dtype[s] =
                g->state[s].dtype == TFU_F32 ? n->value_dtype[node->out] : g->state[s].dtype;
    }
    r->value_dtype = r->param_dtype = NULL; /* they are the caller's */
    return TFU_OK;
}

/* Is everything that others than kernels see float32? */
static bool all_single(const struct tfu_network *n)
{
    for (uint32_t p = 0; p < n->graph->param_count; p++)
        if (n->param_dtype[p] != TFU_F32)
            return false;
    for (uint32_t v = 0; v < n->graph->value_count; v++)
        if (n->pinned[v] && n->value_dtype[v] != TFU_F32)
            return false;
    return true;
}

/* The request's arrays, and the per-value and per-node facts that follow from it. */
static enum tfu_status note_wishes(struct tfu_network *n, struct tfu_error *e)
{
    const struct tfu_graph *g = n->graph;
    struct tfu_network_request *r = &n->request;
    const bool freezes = r->frozen != NULL;
    r->algorithm = copy_array(n, r->algorithm, r->algorithm_count, sizeof *r->algorithm);
    if (freezes)
        r->frozen = copy_array(n, r->frozen, g->param_count, sizeof *r->frozen);
    n->pinned = tfu_arena_array(&n->arena, g->value_count, sizeof *n->pinned);
    n->wants_grad = tfu_arena_array(&n->arena, g->value_count, sizeof *n->wants_grad);
    n->grad_pinned = tfu_arena_array(&n->arena, g->value_count, sizeof *n->grad_pinned);
    n->pinned_offset = tfu_arena_array(&n->arena, g->value_count, sizeof *n->pinned_offset);
    n->param_offset = tfu_arena_array(&n->arena, g->param_count + 1, sizeof *n->param_offset);
    n->grad_offset = tfu_arena_array(&n->arena, g->value_count, sizeof *n->grad_offset);
    n->first_use = tfu_arena_array(&n->arena, g->node_count + 1, sizeof *n->first_use);
    n->key = tfu_arena_array(&n->arena, g->node_count + 1, sizeof *n->key);
    if (!r->algorithm || (freezes && !r->frozen) || !n->pinned || !n->wants_grad ||
        !n->grad_pinned || !n->pinned_offset || !n->grad_offset || !n->param_offset ||
        !n->first_use || !n->key)
        return tfu_error_memory(e, "preparing the network", 0);

    n->pinned[g->input] = n->pinned[g->output] = true;
    for (uint32_t i = 0; i < g->auxiliary_count; i++)
        n->pinned[g->auxiliary[i].output] = true;
    for (uint32_t v = 0; v < g->value_count; v++)
        n->grad_pinned[v] = r->training && tfu_graph_end(g, v) != TFU_GRAPH_NONE;
    for (size_t i = 0; i < r->keep_count; i++) {
        n->pinned[r->keep[i]] = true;
        n->grad_pinned[r->keep[i]] = r->training;
        if (r->keep[i] == g->input)
            n->wants_grad[g->input] = r->training;
    }
    r->keep = NULL;
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct tfu_graph_node *node = &g->node[i];
        n->first_use[i] = n->use_count;
        n->use_count += node->in_count;
        bool wanted = false;
        for (uint32_t k = 0; k < node->in_count; k++)
            wanted = wanted || n->wants_grad[node->in[k]];
        for (uint32_t p = node->first_param; p < node->first_param + node->param_count; p++)
            wanted = wanted || (tfu_role_trained(g->param[p].role) && !(r->frozen && r->frozen[p]));
        n->wants_grad[node->out] = wanted && r->training;
    }
    return TFU_OK;
}

static enum tfu_status make_plans(struct tfu_network *n, struct tfu_error *e)
{
    struct tfu_plan_request request = {.graph = n->graph,
                                       .value_dtype = n->value_dtype,
                                       .state_dtype = n->state_dtype,
                                       .pinned = n->pinned,
                                       .wants_grad = n->wants_grad,
                                       .grad_pinned = n->grad_pinned,
                                       .first_use = n->first_use,
                                       .use_count = n->use_count};
    for (int i = 0; i < 1 + n->request.training; i++) {
        request.training = i == 1;
        request.units = &n->units[i];
        request.again = i ? n->again : NULL;
        const enum tfu_status st = tfu_plan_make(&n->plan[i], &request, &n->arena, e);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

static size_t kernel_workspace(const struct tfu_network *n, const struct tfu_kernel *k,
                               const struct tfu_op_call *call)
{
    const struct tfu_calling *outer =
        tfu_calling_begin(&(struct tfu_calling){.kind = "backend",
                                                .plugin = n->request.backend->name,
                                                .function = "workspace",
                                                .where = call->node,
                                                .kernel = k->algorithm});
    const size_t size = k->workspace(n->device, call);
    tfu_calling_end(outer);
    return size;
}

/* Scratch of the hungriest call. */
static void measure_workspace(struct tfu_network *n)
{
    for (enum tfu_pass pass = 0; pass < TFU_PASS_COUNT; pass++) {
        const struct tfu_units *units = tfu_network_units(n, pass);
        for (uint32_t u = 0; n->prepared[pass] && u < units->count; u++) {
            const struct tfu_prepared *p = &n->prepared[pass][u];
            for (int c = 0; c < 2; c++) {
                if (!p->choice[c].used)
                    continue;
                const struct tfu_kernel *k = p->choice[c].kernel;
                size_t size = 0;
                if (!k)
                    size = tfu_convert_workspace(n->graph, units->unit[u].node[0], &p->call);
                else if (k->workspace)
                    size = kernel_workspace(n, k, &p->call);
                if (size > n->workspace_size)
                    n->workspace_size = size;
            }
        }
    }
    n->workspace_size = tfu_memory_align(n->workspace_size);
}

static size_t value_bytes(const struct tfu_network *n, uint32_t value)
{
    return tfu_memory_align((size_t)tfu_shape_count(&n->graph->value[value].shape) *
                            tfu_dtype_size(n->value_dtype[value]));
}

static enum tfu_status allocate(struct tfu_network *n, size_t bytes, const char *what,
                                unsigned char **out, struct tfu_error *e)
{
    void *data = NULL;
    const size_t size = bytes ? bytes : TFU_MEMORY_ALIGN;
    if (n->backend->alloc) {
        const char *name = n->request.backend->name;
        struct tfu_host_call call;
        struct tfu_error error = TFU_ERROR_INIT;
        const struct tfu_calling *outer = tfu_calling_begin(
            &(struct tfu_calling){.kind = "backend", .plugin = name, .function = "alloc"});
        const enum tfu_status st = n->backend->alloc(
            n->device, size, &data, tfu_host_call_init(&call, n->request.log, &error));
        tfu_calling_end(outer);
        if (st != TFU_OK) {
            tfu_host_check(st, name, "alloc", &error);
            return tfu_error_set(e, st, "backend '%s': %s", name, error.text);
        }
    } else if (posix_memalign(&data, TFU_MEMORY_ALIGN, size) != 0) {
        return tfu_error_set(e, TFU_ENOMEM,
                             "out of memory for %s: %zu bytes asked for; use a smaller batch or "
                             "image",
                             what, bytes);
    }
    *out = data;
    return TFU_OK;
}

/* What is allocated at once, in bytes. */
struct extent {
    size_t params, batch, activations;
};

/* Gives everything its place, and says how much that is. */
static struct extent lay_out(struct tfu_network *n)
{
    const struct tfu_graph *g = n->graph;
    struct extent x = {.params = 0};
    for (uint32_t i = 0; i < g->param_count; i++) {
        n->param_offset[i] = x.params;
        x.params += tfu_memory_align((size_t)tfu_shape_count(&g->param[i].shape) *
                                     tfu_dtype_size(n->param_dtype[i]));
    }
    for (uint32_t v = 0; v < g->value_count; v++)
        if (n->pinned[v]) {
            n->pinned_offset[v] = x.batch;
            x.batch += value_bytes(n, v);
        }
    for (uint32_t v = 0; v < g->value_count; v++)
        if (n->grad_pinned[v]) {
            n->grad_offset[v] = x.batch;
            x.batch += value_bytes(n, v);
        }
    x.activations = n->plan[0].total > n->plan[1].total ? n->plan[0].total : n->plan[1].total;
    n->memory = (struct tfu_network_memory){.parameters = x.params,
                                            .gradients = n->request.training ? x.params : 0,
                                            .activations = x.activations + x.batch,
                                            .workspace = n->workspace_size,
                                            .packed = n->packed_size};
    n->memory.total = n->memory.parameters + n->memory.gradients + n->memory.activations +
                      n->memory.workspace + n->memory.packed;
    return x;
}

static enum tfu_status allocate_all(struct tfu_network *n, const struct extent *x,
                                    struct tfu_error *e)
{
    const struct {
        size_t bytes;
        const char *what;
        unsigned char **memory;
    } pieces[] = {{x->params, "parameters", &n->block[TFU_BLOCK_PARAMS].memory},
                  {n->memory.gradients, "gradients", &n->block[TFU_BLOCK_GRADS].memory},
                  {x->batch, "the batch", &n->block[TFU_BLOCK_BATCH].memory},
                  {x->activations, "activations", &n->activation_memory},
                  {n->workspace_size, "workspace", &n->workspace},
                  {n->packed_size, "packed weights", &n->packed}};
    for (size_t i = 0; i < TFU_COUNT(pieces); i++) {
        const enum tfu_status st =
            allocate(n, pieces[i].bytes, pieces[i].what, pieces[i].memory, e);
        if (st != TFU_OK)
            return st;
    }
    for (int b = 0; b < TFU_BLOCK_COUNT; b++)
        n->block[b].bytes = pieces[b].bytes;
    return tfu_network_open_access(n, !all_single(n), e);
}

static void key_streams(struct tfu_network *n)
{
    for (uint32_t i = 0; i < n->graph->node_count; i++)
        n->key[i] = tfu_random_key(n->request.seed, "dropout", n->graph->node[i].name);
}

/* A network of which everything is decided, and nothing allocated. */
static enum tfu_status design(struct tfu_network **out, const struct tfu_network_request *request,
                              bool is_plan, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_network *n = calloc(1, sizeof *n);
    if (!n)
        return tfu_error_memory(e, "preparing the network", 0);
    n->request = *request;
    n->graph = request->graph;
    n->is_plan = is_plan;
    tfu_arena_init(&n->arena, 0);
    enum tfu_status st = note_types(n, e);
    if (st == TFU_OK)
        st = open_backend(n, e);
    if (st == TFU_OK)
        st = note_wishes(n, e);
    if (st == TFU_OK)
        st = tfu_network_check_names(n, e);
    for (int training = 0; training < 1 + request->training && st == TFU_OK; training++)
        st = tfu_network_find_units(n, training, e);
    if (st == TFU_OK)
        st = tfu_network_prepare(n, e);
    if (st == TFU_OK)
        st = tfu_network_choose(n, e);
    if (st == TFU_OK)
        st = tfu_network_recompute(n, e);
    if (st == TFU_OK)
        st = make_plans(n, e);
    if (st != TFU_OK) {
        tfu_network_free(n);
        return st;
    }
    measure_workspace(n);
    tfu_network_plan_packed(n);
    *out = n;
    return TFU_OK;
}

enum tfu_status tfu_network_new(struct tfu_network **out, const struct tfu_network_request *request,
                                struct tfu_error *e)
{
    enum tfu_status st = design(out, request, false, e);
    if (st != TFU_OK)
        return st;
    const struct extent x = lay_out(*out);
    st = allocate_all(*out, &x, e);
    if (st != TFU_OK) {
        tfu_network_free(*out);
        *out = NULL;
        return st;
    }
    tfu_network_connect(*out);
    key_streams(*out);
    return TFU_OK;
}

enum tfu_status tfu_network_plan(struct tfu_network_memory *out,
                                 const struct tfu_network_request *request, struct tfu_error *e)
{
    struct tfu_network *n;
    const enum tfu_status st = design(&n, request, true, e);
    if (st != TFU_OK)
        return st;
    lay_out(n);
    *out = n->memory;
    tfu_network_free(n);
    return TFU_OK;
}

static void release(struct tfu_network *n, void *data)
{
    if (data && n->backend->free)
        n->backend->free(n->device, data);
    else
        free(data);
}

void tfu_network_free(struct tfu_network *n)
{
    if (!n)
        return;
    if (n->backend) {
        const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
            .kind = "backend", .plugin = n->request.backend->name, .function = "close"});
        tfu_network_close_access(n);
        for (int b = 0; b < TFU_BLOCK_COUNT; b++)
            release(n, n->block[b].memory);
        release(n, n->activation_memory);
        release(n, n->workspace);
        release(n, n->packed);
        n->backend->close(n->device);
        tfu_calling_end(outer);
    }
    tfu_arena_free(&n->arena);
    free(n);
}

const struct tfu_graph *tfu_network_graph(const struct tfu_network *n)
{
    return n->graph;
}

struct tfu_network_memory tfu_network_memory(const struct tfu_network *n)
{
    return n->memory;
}
