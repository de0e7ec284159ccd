/* SPDX-License-Identifier: MIT
 *
 * Is a backend's memory memory, and does a whole network on it compute what its layers define?
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/conformance/tests.h"
#include "core/graph/access.h"
#include "core/trial/tensor.h"

#include <transfuse/backend.h>
#include <transfuse/ops.h>

/* ---- memory */

static void one_after_the_other(const struct tfu_backend_host *h, uint32_t tasks,
                                void (*task)(void *arg, uint32_t index, uint32_t worker), void *arg)
{
    (void)h;
    for (uint32_t i = 0; i < tasks; i++)
        task(arg, i, 0);
}

/* There and back again. */
static enum tfu_status copy_both_ways(const struct tfu_backend_ops *b, void *dev, void *data,
                                      const unsigned char *there, unsigned char *back, size_t bytes,
                                      struct tfu_host *h)
{
    enum tfu_status st = TFU_OK;
    if (b->upload)
        st = b->upload(dev, data, there, bytes, h);
    else
        memcpy(data, there, bytes);
    if (st == TFU_OK && b->download)
        st = b->download(dev, back, data, bytes, h);
    else if (st == TFU_OK)
        memcpy(back, data, bytes);
    return st;
}

static enum tfu_status keeps_bytes(const struct tfu_check *c, void *dev, size_t bytes,
                                   struct tfu_error *e)
{
    const struct tfu_backend_ops *b = c->plugin->ops;
    unsigned char *there = malloc(bytes), *back = calloc(1, bytes);
    if (!there || !back)
        return tfu_error_memory(e, "checking a plugin", bytes);
    for (size_t i = 0; i < bytes; i++)
        there[i] = (unsigned char)(i % 251 + 1);
    struct tfu_host_call call;
    struct tfu_host *h = tfu_host_call_init(&call, NULL, e);
    void *data = NULL;
    enum tfu_status st =
        tfu_host_check(b->alloc(dev, bytes, &data, h), c->plugin->name, "alloc", e);
    if (st == TFU_OK && (!data || (uintptr_t)data % 64 != 0))
        st = tfu_error_set(e, TFU_EINVAL,
                           "alloc() of %zu bytes gives %p, which is not 64-byte aligned memory",
                           bytes, data);
    if (st == TFU_OK)
        st = tfu_host_check(copy_both_ways(b, dev, data, there, back, bytes, h), c->plugin->name,
                            "upload() or download", e);
    if (st == TFU_OK && memcmp(there, back, bytes) != 0)
        st = tfu_error_set(e, TFU_EINVAL, "%zu bytes do not come back as they went there", bytes);
    if (st == TFU_OK)
        b->free(dev, data);
    free(there);
    free(back);
    return st;
}

enum tfu_status tfu_check_device_memory(struct tfu_check *c, struct tfu_error *e)
{
    static const size_t sizes[] = {1, 64, 1000, 1 << 20};
    const struct tfu_backend_ops *b = c->plugin->ops;
    if (!b->alloc)
        return tfu_check_skip(c, "its memory is the host's own");
    if (!b->free)
        return tfu_error_set(e, TFU_EINVAL, "it has alloc() and no free()");
    struct tfu_host_call call;
    const struct tfu_backend_host host = {.struct_size = sizeof host,
                                          .threads = 1,
                                          .base = tfu_host_call_init(&call, NULL, e),
                                          .parallel = one_after_the_other};
    void *dev = NULL;
    enum tfu_status st =
        tfu_host_check(b->open(&dev, c->config, &host), c->plugin->name, "open", e);
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(sizes); i++)
        st = keeps_bytes(c, dev, sizes[i], e);
    if (st == TFU_OK)
        b->close(dev);
    return st;
}

/* ---- a network */

enum { BATCH = 4, OUTPUTS = 5 };

/* Of output and gradients, in float32: they go through several layers. */
static const double tolerance = 1e-4;

static enum tfu_status build(struct tfu_builder *b, const void *config)
{
    (void)config;
    tfu_value x = b->input(b, "image");
    b->stage(b, "block1");
    x = tfu_conv2d(b, "conv1", x, (struct tfu_conv2d_attrs){.out = 8, .kernel = 5, .pad = 2});
    x = tfu_batchnorm(b, "bn1", x, (struct tfu_batchnorm_attrs){0});
    x = tfu_relu(b, "relu1", x);
    const tfu_value block1 =
        tfu_maxpool(b, "pool1", x, (struct tfu_pool_attrs){.kernel = 3, .stride = 2, .pad = 1});
    b->stage(b, "block2");
    x = tfu_conv2d(b, "conv2", block1, (struct tfu_conv2d_attrs){.out = 8, .kernel = 3, .pad = 1});
    x = tfu_batchnorm(b, "bn2", x, (struct tfu_batchnorm_attrs){0});
    x = tfu_relu(b, "relu2", tfu_add(b, "add", x, block1));
    x = tfu_conv2d(b, "conv3", x, (struct tfu_conv2d_attrs){.out = 12, .kernel = 1, .bias = 1});
    x = tfu_avgpool(b, "pool2", x, (struct tfu_pool_attrs){.kernel = 2});
    b->features(b, tfu_global_avgpool(b, "pool3", x), "fc");
    return b->status(b);
}

static const struct tfu_arch_ops arch_ops = {.struct_size = sizeof arch_ops, .build = build};
static const struct tfu_plugin arch = {
    TFU_PLUGIN_HEADER(TFU_KIND_ARCH),
    .name = "check",
    .version = "1",
    .summary = "a few layers of each sort",
    .ops_size = sizeof arch_ops,
    .ops = &arch_ops,
};

/* Numbers of deviation `scale` around `mean`, the same in float32 and float64. */
static enum tfu_status draw(struct tfu_network *n, struct tfu_region region, int64_t count,
                            const char *name, double mean, double scale, struct tfu_error *e)
{
    struct tfu_random random;
    tfu_random_init(&random, tfu_random_key(1, "check", name));
    float *to = tfu_network_draft(n, region);
    for (int64_t i = 0; i < count; i++)
        to[i] = (float)(mean + scale * tfu_random_normal(&random));
    return tfu_network_commit(n, region, e);
}

/* A network on `backend` after one pass forward and backward. */
static enum tfu_status trained(struct tfu_network **out, const struct tfu_graph *g,
                               const struct tfu_plugin *backend, const void *config, uint32_t dtype,
                               struct tfu_error *e)
{
    struct tfu_threads *threads = NULL;
    enum tfu_status st = tfu_threads_new(&threads, 2, e);
    if (st == TFU_OK)
        st = tfu_network_new(out,
                             &(struct tfu_network_request){.graph = g,
                                                           .backend = backend,
                                                           .backend_config = config,
                                                           .threads = threads,
                                                           .dtype = dtype,
                                                           .training = true,
                                                           .seed = 1},
                             e);
    if (st != TFU_OK)
        return st;
    for (uint32_t p = 0; st == TFU_OK && p < g->param_count; p++) {
        const uint32_t role = g->param[p].role;
        st = draw(*out, tfu_region_param(p), tfu_shape_count(&g->param[p].shape), g->param[p].name,
                  role == TFU_ROLE_SCALE || role == TFU_ROLE_RUNNING_VAR ? 1 : 0,
                  role == TFU_ROLE_WEIGHT ? 0.3 : 0.1, e);
    }
    if (st == TFU_OK)
        st = draw(*out, tfu_region_value(g->input, 0), tfu_shape_count(&g->value[g->input].shape),
                  "images", 0.5, 0.3, e);
    if (st == TFU_OK)
        st = draw(*out, tfu_region_output_grad(g, 0), BATCH * OUTPUTS, "gradient", 0, 1, e);
    if (st == TFU_OK)
        st = tfu_network_forward(*out, BATCH, true, 1, e);
    return st == TFU_OK ? tfu_network_backward(*out, e) : st;
}

/* A region as a tensor of float64 in memory of the caller's. */
static enum tfu_status take(struct tfu_tensor *out, const struct tfu_network *n,
                            struct tfu_region region, const struct tfu_shape *shape,
                            struct tfu_error *e)
{
    const size_t bytes = (size_t)tfu_shape_count(shape) * sizeof(double);
    *out = (struct tfu_tensor){.struct_size = sizeof *out,
                               .dtype = TFU_F64,
                               .place = TFU_HOST,
                               .shape = *shape,
                               .data = malloc(bytes)};
    if (!out->data)
        return tfu_error_memory(e, "checking a plugin", bytes);
    return tfu_network_read_double(n, region, out->data, e);
}

static enum tfu_status compare(const struct tfu_network *network, const struct tfu_network *truth,
                               struct tfu_region region, const struct tfu_shape *shape,
                               const char *what, const char *name, struct tfu_error *e)
{
    struct tfu_tensor a, b = {.data = NULL};
    struct tfu_difference d = {.error = 0};
    enum tfu_status st = take(&a, network, region, shape, e);
    if (st == TFU_OK)
        st = take(&b, truth, region, shape, e);
    if (st == TFU_OK)
        d = tfu_tensor_compare(&a, &b);
    free(a.data);
    free(b.data);
    if (st != TFU_OK || d.error <= tolerance)
        return st;
    return tfu_error_set(e, TFU_ENUMERIC,
                         "element %" PRId64 " of the %s%s is %.9g, by definition "
                         "%.9g",
                         d.at, what, name, d.value, d.truth);
}

enum tfu_status tfu_check_device_network(struct tfu_check *c, struct tfu_error *e)
{
    const struct tfu_backend_ops *b = c->plugin->ops;
    const struct tfu_graph_request request = {
        .arch = &arch, .input = tfu_shape_make(4, BATCH, 16, 13, 3, 1), .outputs = OUTPUTS};
    struct tfu_graph *g = NULL;
    struct tfu_network *network, *truth;
    enum tfu_status st = tfu_graph_build(&g, &request, e);
    if (st == TFU_OK)
        st = trained(&truth, g, &tfu_check_definitions, NULL, TFU_F64, e);
    if (st == TFU_OK)
        st = trained(&network, g, c->plugin, c->config,
                     b->dtypes & TFU_TAKES_F32 ? TFU_F32 : TFU_F64, e);
    if (st != TFU_OK)
        return st;
    st = compare(network, truth, tfu_region_output(g, 0), &g->value[g->output].shape, "output", "",
                 e);
    for (uint32_t p = 0; st == TFU_OK && p < g->param_count; p++)
        if (tfu_network_has(network, tfu_region_param_grad(p)))
            st = compare(network, truth, tfu_region_param_grad(p), &g->param[p].shape,
                         "gradient by ", g->param[p].name, e);
    return st;
}
