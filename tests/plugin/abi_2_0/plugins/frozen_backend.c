/* SPDX-License-Identifier: MIT
 *
 * A backend with kernels for one operation, ReLU in float32; for all others the layers' own
 * definitions run. Its memory is the host's.
 */
#include <transfuse/backend.h>

/* Elements of one task: work is cut by shapes alone, never by the number of threads. */
enum { PIECE = 16384 };

/* The device is no more than the host's table. */
static enum tfu_status open_device(void **dev, const void *config,
                                   const struct tfu_backend_host *host)
{
    (void)config;
    *dev = (void *)(uintptr_t)host;
    return TFU_OK;
}

static void close_device(void *dev)
{
    (void)dev;
}

struct job {
    const float *from, *out; /* `out`: of the forward pass, or NULL in it */
    float *to;
    int64_t n;
};

static void run_piece(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct job *j = arg;
    const int64_t first = (int64_t)index * PIECE;
    const int64_t end = first + PIECE < j->n ? first + PIECE : j->n;
    for (int64_t i = first; i < end; i++) {
        const float decides = j->out ? j->out[i] : j->from[i];
        j->to[i] = decides <= 0 ? 0 : j->from[i]; /* not-a-number stays */
    }
}

static void run(void *dev, struct job *j)
{
    const struct tfu_backend_host *host = dev;
    host->parallel(host, (uint32_t)((j->n + PIECE - 1) / PIECE), run_piece, j);
}

/* Seconds, by the bytes that have to be moved; only float32, and no more tasks than fit. */
static double cost(void *dev, const struct tfu_op_call *c)
{
    (void)dev;
    const int64_t n = tfu_shape_count(&c->out->shape);
    if (c->out->dtype != TFU_F32 || n / PIECE >= UINT32_MAX)
        return -1;
    return (double)n * 12 / 1e10;
}

static enum tfu_status relu_forward(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    run(dev, &(struct job){
                 .from = c->in[0]->data, .to = c->out->data, .n = tfu_shape_count(&c->out->shape)});
    return TFU_OK;
}

static enum tfu_status relu_backward(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    if (!c->grad_in[0]->data) /* nobody wants it */
        return TFU_OK;
    run(dev, &(struct job){.from = c->grad_out->data,
                           .out = c->out->data,
                           .to = c->grad_in[0]->data,
                           .n = tfu_shape_count(&c->out->shape)});
    return TFU_OK;
}

static const struct tfu_kernel kernels[] = {
    {.struct_size = sizeof(struct tfu_kernel),
     .direction = TFU_FORWARD,
     .op = "relu",
     .algorithm = "frozen_backend",
     .cost = cost,
     .run = relu_forward},
    {.struct_size = sizeof(struct tfu_kernel),
     .direction = TFU_BACKWARD,
     .op = "relu",
     .algorithm = "frozen_backend",
     .cost = cost,
     .run = relu_backward},
};

static const struct tfu_backend_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F32 | TFU_TAKES_F64,
    .place = TFU_HOST,
    .kernel_count = TFU_COUNT(kernels),
    .kernel_size = sizeof kernels[0],
    .kernels = kernels,
    .open = open_device,
    .close = close_device,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_BACKEND),
    .name = "frozen_backend",
    .version = "0.1",
    .summary = "a kernel for ReLU; the layers' own definitions for all else",
    .ops_size = sizeof ops,
    .ops = &ops,
};
