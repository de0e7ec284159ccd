/* SPDX-License-Identifier: MIT
 *
 * The two passes. Nothing is allocated here.
 */
#include <assert.h>
#include <time.h>

#include "core/base/random.h"
#include "core/graph/state.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum tfu_status run_choice(struct tfu_network *n, uint32_t node, struct tfu_prepared *p,
                                  const struct tfu_choice *choice, bool backward,
                                  struct tfu_error *e)
{
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_host_call call;
    struct tfu_host *h = tfu_host_call_init(&call, n->request.log, &error);
    const struct tfu_layer_ops *layer = n->graph->node[node].layer;
    enum tfu_status st;
    if (choice->kernel)
        st = choice->kernel->run(n->device, &p->call, h);
    else if (tfu_convert_needed(layer, n->request.dtype))
        st = tfu_convert_run(n->graph, node, &p->call, backward, h);
    else
        st = backward ? layer->backward(&p->call, h) : layer->forward(&p->call, h);
    if (st == TFU_OK)
        return TFU_OK;
    tfu_host_check(st, choice->kernel ? n->request.backend->name : p->call.op,
                   backward ? "backward" : "forward", &error);
    return tfu_error_set(e, st, "layer '%s': %s", p->call.node, error.text);
}

static enum tfu_status run_node(struct tfu_network *n, uint32_t node, struct tfu_prepared *p,
                                bool backward, struct tfu_error *e)
{
    const double start = n->profiling ? now() : 0;
    enum tfu_status st = TFU_OK;
    for (int i = 0; i < 2 && st == TFU_OK; i++)
        if (p->choice[i].used)
            st = run_choice(n, node, p, &p->choice[i], backward, e);
    if (n->profiling)
        p->seconds += now() - start;
    return st;
}

enum tfu_status tfu_network_forward(struct tfu_network *n, int64_t rows, bool training,
                                    uint64_t step, struct tfu_error *e)
{
    assert(rows > 0 && rows <= n->graph->value[n->graph->input].shape.dim[0]);
    assert(!training || n->request.training);
    const enum tfu_pass pass = training ? TFU_PASS_TRAINING : TFU_PASS_INFERENCE;
    tfu_network_set_rows(n, pass, rows);
    if (training)
        tfu_network_set_rows(n, TFU_PASS_BACKWARD, rows);
    for (uint32_t i = 0; i < n->graph->node_count; i++) {
        struct tfu_prepared *p = &n->prepared[pass][i];
        if (!training && n->graph->node[i].training_only)
            continue;
        if (training) {
            p->call.random_key = tfu_random_subkey(p->key, step);
            n->prepared[TFU_PASS_BACKWARD][i].call.random_key = p->call.random_key;
        }
        const enum tfu_status st = run_node(n, i, p, false, e);
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

/* Where a value has several users, all but the first to run backward left their share in a scratch
 * buffer. */
static void add_shares(struct tfu_network *n, uint32_t node, const struct tfu_prepared *p)
{
    for (uint32_t k = 0; k < p->call.n_in; k++) {
        const struct tfu_plan_use *use = &n->plan[1].use[n->first_use[node] + k];
        if (!use->wanted || !use->added)
            continue;
        const uint32_t value = n->graph->node[node].in[k];
        struct addition a = {.to = tfu_network_gradient_data(n, value),
                             .from = p->grad_in[k].data,
                             .count = (size_t)tfu_shape_count(&p->grad_in[k].shape),
                             .dtype = n->request.dtype};
        tfu_threads_run(n->request.threads, (uint32_t)((a.count + ADD_PIECE - 1) / ADD_PIECE),
                        add_piece, &a);
    }
}

enum tfu_status tfu_network_backward(struct tfu_network *n, struct tfu_error *e)
{
    assert(n->request.training);
    for (uint32_t i = n->graph->node_count; i-- > 0;) {
        struct tfu_prepared *p = &n->prepared[TFU_PASS_BACKWARD][i];
        const enum tfu_status st = run_node(n, i, p, true, e);
        if (st != TFU_OK)
            return st;
        add_shares(n, i, p);
    }
    return TFU_OK;
}

void tfu_network_profile(struct tfu_network *n, bool on)
{
    n->profiling = on;
    for (int pass = 0; pass < TFU_PASS_COUNT; pass++)
        for (uint32_t i = 0; n->prepared[pass] && i < n->graph->node_count; i++)
            n->prepared[pass][i].seconds = 0;
}

double tfu_network_seconds(const struct tfu_network *n, uint32_t node, bool backward)
{
    double seconds = 0;
    for (int pass = 0; pass < TFU_PASS_COUNT; pass++)
        if (n->prepared[pass] && (pass == TFU_PASS_BACKWARD) == backward)
            seconds += n->prepared[pass][node].seconds;
    return seconds;
}
