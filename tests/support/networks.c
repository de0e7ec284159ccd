/* SPDX-License-Identifier: MIT */
#include "tests/support/networks.h"

#include <check.h>
#include <string.h>

#include "core/base/random.h"
#include "tests/support/network_memory.h"

static enum tfu_status sketch_build(struct tfu_builder *b, const void *config)
{
    const struct sketch_config *c = config;
    c->draw(b);
    const enum tfu_status st = b->status(b);
    return st == TFU_OK ? c->result : st;
}

static const struct tfu_arch_ops sketch_ops = {.struct_size = sizeof sketch_ops,
                                               .build = sketch_build};
const struct tfu_plugin sketch_arch = {TFU_PLUGIN_HEADER(TFU_KIND_ARCH), .name = "sketch",
                                       .ops = &sketch_ops, .ops_size = sizeof sketch_ops};

static enum tfu_status plain_open(void **dev, const void *config,
                                  const struct tfu_backend_host *host)
{
    (void)config;
    (void)host;
    *dev = NULL;
    return TFU_OK;
}

static void plain_close(void *dev)
{
    (void)dev;
}

static const struct tfu_backend_ops plain_ops = {.struct_size = sizeof plain_ops,
                                                 .dtypes = TFU_TAKES_F32 | TFU_TAKES_F64,
                                                 .place = TFU_HOST,
                                                 .open = plain_open,
                                                 .close = plain_close};
const struct tfu_plugin plain_backend = {TFU_PLUGIN_HEADER(TFU_KIND_BACKEND), .name = "plain",
                                         .ops = &plain_ops, .ops_size = sizeof plain_ops};

struct tfu_shape image(int64_t n, int64_t h, int64_t w, int64_t c)
{
    return tfu_shape_make(4, n, h, w, c, 1);
}

enum tfu_status draw_try(struct tfu_graph **out, const struct sketch_config *config,
                         struct tfu_shape input, struct tfu_registry *layers, struct tfu_error *e)
{
    const struct tfu_graph_request request = {
        .arch = &sketch_arch, .config = config, .input = input, .outputs = 3, .layers = layers};
    return tfu_graph_build(out, &request, e);
}

struct tfu_graph *draw(sketch *s, struct tfu_shape input, struct tfu_registry *layers)
{
    struct tfu_graph *g = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    draw_try(&g, &(struct sketch_config){.draw = s}, input, layers, &e);
    ck_assert_msg(e.status == TFU_OK && g, "%s", e.text);
    return g;
}

static struct tfu_threads *one_thread(void)
{
    static struct tfu_threads *threads;
    if (!threads)
        ck_assert_int_eq(tfu_threads_new(&threads, 1, NULL), TFU_OK);
    return threads;
}

void network_defaults(struct tfu_network_request *request)
{
    if (!request->backend)
        request->backend = &plain_backend;
    if (!request->threads)
        request->threads = one_thread();
    if (!request->dtype)
        request->dtype = TFU_F64;
}

struct tfu_network *network_open(struct tfu_network_request base)
{
    network_defaults(&base);
    struct tfu_network *n = NULL;
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_network_new(&n, &base, &e);
    ck_assert_msg(e.status == TFU_OK && n, "%s", e.text);
    return n;
}

double tensor_get(const struct tfu_tensor *t, int64_t i)
{
    return t->dtype == TFU_F32 ? (double)((const float *)t->data)[i] : ((const double *)t->data)[i];
}

void tensor_set(const struct tfu_tensor *t, int64_t i, double value)
{
    if (t->dtype == TFU_F32)
        ((float *)t->data)[i] = (float)value;
    else
        ((double *)t->data)[i] = value;
}

size_t tensor_bytes(const struct tfu_tensor *t)
{
    return (size_t)tfu_shape_count(&t->shape) * tfu_dtype_size(t->dtype);
}

/* center + half * [-1, 1): a float exactly, so that networks of either type get the same. */
static void fill(const struct tfu_tensor *t, uint64_t seed, const char *name, double center,
                 double half)
{
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_key(seed, "test", name));
    for (int64_t i = 0; i < tfu_shape_count(&t->shape); i++)
        tensor_set(t, i, (float)(center + half * (2 * tfu_random_uniform(&r) - 1)));
}

void network_fill_batch(struct tfu_network *n, uint64_t seed)
{
    struct tfu_tensor input = value_of(n, tfu_network_graph(n)->input);
    fill(&input, seed, "input", 0, 1);
    const struct tfu_tensor by_output = output_grad_of(n);
    if (by_output.data)
        fill(&by_output, seed, "gradient", 0, 1);
}

void network_fill(struct tfu_network *n, uint64_t seed)
{
    const struct tfu_graph *g = tfu_network_graph(n);
    for (uint32_t p = 0; p < g->param_count; p++) {
        const uint32_t role = g->param[p].role;
        const bool positive = role == TFU_ROLE_SCALE || role == TFU_ROLE_RUNNING_VAR;
        const struct tfu_tensor t = param_of(n, p);
        fill(&t, seed, g->param[p].name, positive ? 1 : 0, 0.5);
    }
    network_fill_batch(n, seed);
}

void network_step(struct tfu_network *n, int64_t rows, uint64_t step)
{
    struct tfu_error e = TFU_ERROR_INIT;
    tfu_network_forward(n, rows, true, step, &e);
    if (e.status == TFU_OK)
        tfu_network_backward(n, &e);
    ck_assert_msg(e.status == TFU_OK, "%s", e.text);
}

uint32_t param_called(const struct tfu_graph *g, const char *name)
{
    const uint32_t p = tfu_graph_find_param(g, name);
    ck_assert_msg(p != TFU_GRAPH_NONE, "no parameter '%s'", name);
    return p;
}

uint32_t node_called(const struct tfu_graph *g, const char *name)
{
    const uint32_t i = tfu_graph_find_node(g, name);
    ck_assert_msg(i != TFU_GRAPH_NONE, "no node '%s'", name);
    return i;
}

uint32_t value_called(const struct tfu_graph *g, const char *name)
{
    return g->node[node_called(g, name)].out;
}
