/* SPDX-License-Identifier: MIT
 *
 * softmax.c - over the last dim; sums in double. Its tensors are small, so rows are only shared out
 * between threads.
 */
#include <math.h>

#include "cpu.h"
#include "kernels.h"

struct work {
    const struct tfu_op_call *call;
    int64_t rows, C, each; /* rows of one task */
};

static struct work work_of(const struct tfu_op_call *c)
{
    const struct tfu_shape *out = &c->out->shape;
    struct work w = {.call = c, .C = out->dim[out->rank - 1]};
    w.rows = tfu_shape_count(out) / w.C;
    w.each = tfu_cpu_max(1, TFU_CPU_CHUNK / w.C);
    return w;
}

static void forward_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t end = tfu_cpu_min(w->rows, (index + 1) * w->each);
    for (int64_t row = index * w->each; row < end; row++) {
        const float *x = (const float *)w->call->in[0]->data + row * w->C;
        float *out = (float *)w->call->out->data + row * w->C;
        float largest = x[0];
        double sum = 0;
        for (int64_t i = 1; i < w->C; i++)
            largest = x[i] > largest ? x[i] : largest;
        for (int64_t i = 0; i < w->C; i++) {
            const double e = exp((double)x[i] - (double)largest); /* at most 1: never overflows */
            out[i] = (float)e;
            sum += e;
        }
        for (int64_t i = 0; i < w->C; i++)
            out[i] = (float)((double)out[i] / sum);
    }
}

enum tfu_status tfu_cpu_softmax_forward_run(void *dev, const struct tfu_op_call *c,
                                            struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(c);
    tfu_cpu_parallel(dev, tfu_cpu_ceil_div(w.rows, w.each), forward_task, &w);
    return TFU_OK;
}

static void backward_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t end = tfu_cpu_min(w->rows, (index + 1) * w->each);
    for (int64_t row = index * w->each; row < end; row++) {
        const float *out = (const float *)w->call->out->data + row * w->C;
        const float *g = (const float *)w->call->grad_out->data + row * w->C;
        float *grad_x = (float *)w->call->grad_in[0]->data + row * w->C;
        double mean = 0;
        for (int64_t i = 0; i < w->C; i++)
            mean += (double)out[i] * (double)g[i];
        for (int64_t i = 0; i < w->C; i++)
            grad_x[i] = (float)((double)out[i] * ((double)g[i] - mean));
    }
}

enum tfu_status tfu_cpu_softmax_backward_run(void *dev, const struct tfu_op_call *c,
                                             struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(c);
    if (c->grad_in[0]->data)
        tfu_cpu_parallel(dev, tfu_cpu_ceil_div(w.rows, w.each), backward_task, &w);
    return TFU_OK;
}
