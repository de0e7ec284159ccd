/* SPDX-License-Identifier: MIT
 *
 * @NAME@.c - a backend in host memory with float32 kernels for one operation, relu. The host runs
 * all others by their layers' own definitions: add kernels one at a time.
 */
#include <transfuse/backend.h>

/* Elements of a task: a constant, so that the work is split by its size alone. */
enum { CHUNK = 16384 };

static enum tfu_status open(void **dev, const void *config, const struct tfu_backend_host *host)
{
    (void)config;
    *dev = (void *)(uintptr_t)host; /* the device has nothing else to remember */
    return TFU_OK;
}

static void close(void *dev)
{
    (void)dev;
}

/* Predicted seconds: three numbers of 4 bytes each way at 10 GB/s. */
static double relu_cost(void *dev, const struct tfu_op_call *c)
{
    (void)dev;
    return c->out->dtype == TFU_F32 ? 12 * (double)tfu_shape_count(&c->out->shape) / 1e10 : -1;
}

static void chunk(const struct tfu_op_call *c, uint32_t index, int64_t *first, int64_t *end)
{
    const int64_t n = tfu_shape_count(&c->out->shape);
    *first = (int64_t)index * CHUNK;
    *end = n - *first < CHUNK ? n : *first + CHUNK;
}

static void relu_forward_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct tfu_op_call *c = arg;
    const float *x = c->in[0].data;
    float *out = c->out->data;
    int64_t first, end;
    chunk(c, index, &first, &end);
    for (int64_t i = first; i < end; i++)
        out[i] = x[i] < 0 ? 0 : x[i];
}

/* relu keeps its output: positive where the gradient passes. */
static void relu_backward_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct tfu_op_call *c = arg;
    const float *out = c->out->data, *g = c->grad_out->data;
    float *grad_x = c->grad_in[0].data;
    int64_t first, end;
    chunk(c, index, &first, &end);
    for (int64_t i = first; i < end; i++)
        grad_x[i] = out[i] <= 0 ? 0 : g[i];
}

static void run_chunks(const struct tfu_backend_host *host, const struct tfu_op_call *c,
                       void (*task)(void *arg, uint32_t index, uint32_t worker))
{
    const int64_t n = tfu_shape_count(&c->out->shape);
    host->parallel(host, (uint32_t)((n + CHUNK - 1) / CHUNK), task, (void *)(uintptr_t)c);
}

static enum tfu_status relu_forward(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    run_chunks(dev, c, relu_forward_task);
    return TFU_OK;
}

static enum tfu_status relu_backward(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    if (c->grad_in[0].data) /* NULL: nobody wants it */
        run_chunks(dev, c, relu_backward_task);
    return TFU_OK;
}

static const struct tfu_kernel kernels[] = {
    {.struct_size = sizeof(struct tfu_kernel),
     .direction = TFU_FORWARD,
     .op = "relu",
     .algorithm = "chunks",
     .cost = relu_cost,
     .run = relu_forward},
    {.struct_size = sizeof(struct tfu_kernel),
     .direction = TFU_BACKWARD,
     .op = "relu",
     .algorithm = "chunks",
     .cost = relu_cost,
     .run = relu_backward},
};

static const struct tfu_backend_ops ops = {
    .struct_size = sizeof ops,
    .dtypes = TFU_TAKES_F32,
    .place = TFU_HOST,
    .kernel_count = TFU_COUNT(kernels),
    .kernel_size = sizeof kernels[0],
    .kernels = kernels,
    .open = open,
    .close = close,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_BACKEND),
    .name = "@NAME@",
    .version = "0.1",
    .summary = "float32 in host memory, with a kernel for relu",
    .ops_size = sizeof ops,
    .ops = &ops,
};
