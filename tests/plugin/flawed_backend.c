/* SPDX-License-Identifier: MIT
 *
 * One kernel, relu forward, and memory of its own, with the flaw that -DFLAW= names.
 */
#include <stdlib.h>
#include <string.h>

#include <transfuse/backend.h>

enum flaw {
    none,
    is_inaccurate,
    depends_on_threads,
    writes_beyond,
    leaves_an_element,
    forgets_its_memory,
    fails_silently,
    lists_a_kernel_twice
};

struct device {
    const struct tfu_backend_host *host;
};

static enum tfu_status device_open(void **dev, const void *config,
                                   const struct tfu_backend_host *host)
{
    (void)config;
    if (FLAW == fails_silently)
        return TFU_EUNSUPPORTED;
    struct device *d = malloc(sizeof *d);
    *dev = d;
    if (!d)
        return host->base->fail(host->base, TFU_ENOMEM, "out of memory");
    d->host = host;
    return TFU_OK;
}

static enum tfu_status device_alloc(void *dev, size_t bytes, void **data, struct tfu_host *h)
{
    (void)dev;
    *data = aligned_alloc(64, (bytes + 63) / 64 * 64);
    return *data ? TFU_OK : h->fail(h, TFU_ENOMEM, "out of memory for %zu bytes", bytes);
}

static void device_free(void *dev, void *data)
{
    (void)dev;
    free(data);
}

static enum tfu_status copy(void *dev, void *to, const void *from, size_t bytes, struct tfu_host *h)
{
    (void)dev;
    (void)h;
    memcpy(to, from, FLAW == forgets_its_memory ? bytes / 2 : bytes);
    return TFU_OK;
}

static double cost(void *dev, const struct tfu_op_call *c)
{
    (void)dev;
    return c->out->dtype == TFU_F32 ? 1e-6 : -1;
}

static enum tfu_status relu(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const struct device *d = dev;
    const float *x = c->in[0].data;
    float *y = c->out->data;
    int64_t n = tfu_shape_count(&c->out->shape);
    if (FLAW == writes_beyond)
        y[n] = 0;
    if (FLAW == leaves_an_element && n > 1)
        n--;
    for (int64_t i = 0; i < n; i++) {
        y[i] = x[i] > 0 ? x[i] : 0;
        if (FLAW == is_inaccurate)
            y[i] *= 1.001f;
        if (FLAW == depends_on_threads)
            y[i] *= 1 + 1e-6f * (float)(d->host->threads - 1);
    }
    return TFU_OK;
}

#define RELU                                                                                       \
    {                                                                                              \
        .struct_size = sizeof(struct tfu_kernel), .direction = TFU_FORWARD, .op = "relu",          \
        .algorithm = "plain", .cost = cost, .run = relu                                            \
    }
static const struct tfu_kernel kernels[] = {RELU, RELU};

static const struct tfu_backend_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F32,
    .place = TFU_HOST,
    .kernel_count = FLAW == lists_a_kernel_twice ? 2 : 1,
    .kernel_size = sizeof kernels[0],
    .kernels = kernels,
    .open = device_open,
    .close = free,
    .alloc = device_alloc,
    .free = device_free,
    .upload = copy,
    .download = copy,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_BACKEND), .name = "flawed",       .version = "1.0",
    .summary = "a backend for tests",    .ops_size = sizeof ops, .ops = &ops,
};
