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
    forgets_its_memory,
    fails_silently,
    packs_other_numbers,
    packs_too_much
};

static enum tfu_status device_open(void **dev, const void *config,
                                   const struct tfu_backend_host *host)
{
    (void)config;
    (void)host;
    if (FLAW == fails_silently)
        return TFU_EUNSUPPORTED;
    *dev = NULL;
    return TFU_OK;
}

static void device_close(void *dev)
{
    (void)dev;
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
    (void)dev;
    const float factor = c->packed ? *(const float *)c->packed : 1;
    const float *x = c->in[0]->data;
    float *y = c->out->data;
    const int64_t n = tfu_shape_count(&c->out->shape);
    for (int64_t i = 0; i < n; i++)
        y[i] = (x[i] > 0 ? x[i] : 0) * (FLAW == is_inaccurate ? 1.001f : factor);
    return TFU_OK;
}

static size_t packed_size(void *dev, const struct tfu_op_call *c)
{
    (void)dev;
    (void)c;
    return sizeof(float);
}

static enum tfu_status pack(void *dev, const struct tfu_op_call *c, void *packed,
                            struct tfu_host *h)
{
    (void)dev;
    (void)c;
    (void)h;
    float *factor = packed;
    factor[0] = FLAW == packs_other_numbers ? 1.0000001f : 1;
    if (FLAW == packs_too_much)
        factor[1] = 1;
    return TFU_OK;
}

static const struct tfu_kernel kernels[] = {{.struct_size = sizeof kernels[0],
                                             .direction = TFU_FORWARD,
                                             .op = "relu",
                                             .algorithm = "plain",
                                             .cost = cost,
                                             .run = relu,
                                             .packed_size = packed_size,
                                             .pack = pack}};

static const struct tfu_backend_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F32,
    .place = TFU_HOST,
    .kernel_count = TFU_COUNT(kernels),
    .kernel_size = sizeof kernels[0],
    .kernels = kernels,
    .open = device_open,
    .close = device_close,
    .alloc = device_alloc,
    .free = device_free,
    .upload = copy,
    .download = copy,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_BACKEND), .name = "flawed",       .version = "1.0",
    .summary = "a backend for tests",    .ops_size = sizeof ops, .ops = &ops,
};
