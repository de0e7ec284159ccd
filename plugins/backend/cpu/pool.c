/* SPDX-License-Identifier: MIT
 *
 * pool.c - maxpool, avgpool, global_avgpool. Forward a task is a row of the output, backward a row
 * of the input that gathers from the windows over it: no two tasks write the same pixel.
 */
#include <string.h>

#include "cpu.h"
#include "kernels.h"
#include "maxpool.h"

struct work {
    const struct tfu_cpu *dev;
    const struct tfu_op_call *call;
    struct tfu_cpu_axis h, w;
    int64_t N, C;
    int exclude_pad; /* avgpool */
    double *sums;    /* global_avgpool: N x C */
};

static struct work work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    return (struct work){.dev = dev,
                         .call = c,
                         .h = tfu_cpu_axis_h(c),
                         .w = tfu_cpu_axis_w(c),
                         .N = c->in[0]->shape.dim[0],
                         .C = c->in[0]->shape.dim[3],
                         .exclude_pad = tfu_call_int(c, "exclude_pad") != 0};
}

struct tfu_cpu_maxpool tfu_cpu_maxpool_of(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    return (struct tfu_cpu_maxpool){dev, tfu_cpu_axis_h(c), tfu_cpu_axis_w(c),
                                    c->in[0]->shape.dim[3]};
}

void tfu_cpu_maxpool_row(const struct tfu_cpu_maxpool *m, int64_t p, const float *x, float *out,
                         uint8_t *taken)
{
    const struct tfu_cpu_range r = tfu_cpu_taps(&m->h, p);
    for (int64_t q = 0; q < m->w.out; q++) {
        const struct tfu_cpu_range s = tfu_cpu_taps(&m->w, q);
        const struct tfu_cpu_window window = {
            .x = x + (q * m->w.stride - m->w.pad + s.first) * m->C,
            .rows = (size_t)(r.end - r.first),
            .columns = (size_t)(s.end - s.first),
            .row_stride = (size_t)(m->w.size * m->C),
            .tap = (uint32_t)(r.first * m->w.kernel + s.first),
            .tap_stride = (uint32_t)m->w.kernel,
        };
        m->dev->rows->maximum(out + q * m->C, taken ? taken + q * m->C : NULL, &window,
                              (size_t)m->C);
    }
}

void tfu_cpu_maxpool_row_back(const struct tfu_cpu_maxpool *m, int64_t y,
                              struct tfu_cpu_range columns, const float *grad_out,
                              const uint8_t *taken, float *grad_x)
{
    const int64_t C = m->C;
    memset(grad_x, 0, (size_t)((columns.end - columns.first) * C) * sizeof(float));
    const struct tfu_cpu_range over = tfu_cpu_windows(&m->h, y);
    const int64_t first_q = tfu_cpu_windows(&m->w, columns.first).first;
    const int64_t end_q = tfu_cpu_windows(&m->w, columns.end - 1).end;
    for (int64_t p = over.first; p < over.end; p++) {
        const int64_t first_tap = (y + m->h.pad - p * m->h.stride) * m->w.kernel;
        for (int64_t q = first_q; q < end_q; q++) {
            const int64_t start = q * m->w.stride - m->w.pad, at = (p * m->w.out + q) * C;
            const int64_t first = tfu_cpu_max(columns.first, start);
            const int64_t end = tfu_cpu_min(columns.end, start + m->w.kernel);
            for (int64_t x = first; x < end; x++)
                m->dev->rows->maximum_back(grad_x + (x - columns.first) * C, taken + at,
                                           grad_out + at, (uint32_t)(first_tap + x - start),
                                           (size_t)C);
        }
    }
}

/* A maxpool call. */
struct maxpool_work {
    struct tfu_cpu_maxpool pool;
    const struct tfu_op_call *call;
};

static void maxpool_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct maxpool_work *w = arg;
    const struct tfu_cpu_maxpool *m = &w->pool;
    const int64_t n = index / m->h.out, p = index % m->h.out, at = index * m->w.out * m->C;
    tfu_cpu_maxpool_row(m, p,
                        (const float *)w->call->in[0]->data +
                            (n * m->h.size + tfu_cpu_maxpool_first(m, p)) * m->w.size * m->C,
                        (float *)w->call->out->data + at,
                        w->call->training ? (uint8_t *)w->call->state[0]->data + at : NULL);
}

enum tfu_status tfu_cpu_maxpool_forward_run(void *dev, const struct tfu_op_call *c,
                                            struct tfu_host *h)
{
    (void)h;
    struct maxpool_work w = {tfu_cpu_maxpool_of(dev, c), c};
    tfu_cpu_parallel(dev, c->in[0]->shape.dim[0] * w.pool.h.out, maxpool_task, &w);
    return TFU_OK;
}

static void maxpool_back_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct maxpool_work *w = arg;
    const struct tfu_cpu_maxpool *m = &w->pool;
    const int64_t n = index / m->h.size, image = n * m->h.out * m->w.out * m->C;
    tfu_cpu_maxpool_row_back(m, index % m->h.size, (struct tfu_cpu_range){0, m->w.size},
                             (const float *)w->call->grad_out->data + image,
                             (const uint8_t *)w->call->state[0]->data + image,
                             (float *)w->call->grad_in[0]->data + index * m->w.size * m->C);
}

enum tfu_status tfu_cpu_maxpool_backward_run(void *dev, const struct tfu_op_call *c,
                                             struct tfu_host *h)
{
    (void)h;
    struct maxpool_work w = {tfu_cpu_maxpool_of(dev, c), c};
    if (c->grad_in[0]->data)
        tfu_cpu_parallel(dev, c->in[0]->shape.dim[0] * w.pool.h.size, maxpool_back_task, &w);
    return TFU_OK;
}

/* One over what the sum of the window p,q is divided by. */
static float weight_of(const struct work *w, int64_t p, int64_t q)
{
    const struct tfu_cpu_range r = tfu_cpu_taps(&w->h, p), s = tfu_cpu_taps(&w->w, q);
    const int64_t inside = (r.end - r.first) * (s.end - s.first);
    return (float)(1 / (double)(w->exclude_pad ? inside : w->h.kernel * w->w.kernel));
}

static void avgpool_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t n = index / w->h.out, p = index % w->h.out, C = w->C;
    const struct tfu_cpu_range r = tfu_cpu_taps(&w->h, p);
    const float *x = (const float *)w->call->in[0]->data + n * w->h.size * w->w.size * C;
    float *out = (float *)w->call->out->data + index * w->w.out * C;
    memset(out, 0, (size_t)(w->w.out * C) * sizeof(float));
    for (int64_t q = 0; q < w->w.out; q++, out += C) {
        const struct tfu_cpu_range s = tfu_cpu_taps(&w->w, q);
        const float weight = weight_of(w, p, q);
        for (int64_t i = r.first; i < r.end; i++)
            for (int64_t j = s.first; j < s.end; j++) {
                const int64_t y = p * w->h.stride - w->h.pad + i;
                const int64_t at = q * w->w.stride - w->w.pad + j;
                w->dev->rows->add_scaled(out, x + (y * w->w.size + at) * C, weight, (size_t)C);
            }
    }
}

enum tfu_status tfu_cpu_avgpool_forward_run(void *dev, const struct tfu_op_call *c,
                                            struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    tfu_cpu_parallel(dev, w.N * w.h.out, avgpool_task, &w);
    return TFU_OK;
}

static void avgpool_back_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t n = index / w->h.size, y = index % w->h.size, C = w->C;
    float *grad_x = (float *)w->call->grad_in[0]->data + index * w->w.size * C;
    memset(grad_x, 0, (size_t)(w->w.size * C) * sizeof(float));
    const struct tfu_cpu_range over = tfu_cpu_windows(&w->h, y);
    for (int64_t p = over.first; p < over.end; p++) {
        const float *g = (const float *)w->call->grad_out->data + (n * w->h.out + p) * w->w.out * C;
        for (int64_t q = 0; q < w->w.out; q++) {
            const struct tfu_cpu_range s = tfu_cpu_taps(&w->w, q);
            const float weight = weight_of(w, p, q);
            const int64_t start = q * w->w.stride - w->w.pad;
            for (int64_t t = s.first; t < s.end; t++)
                w->dev->rows->add_scaled(grad_x + (start + t) * C, g + q * C, weight, (size_t)C);
        }
    }
}

enum tfu_status tfu_cpu_avgpool_backward_run(void *dev, const struct tfu_op_call *c,
                                             struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    if (c->grad_in[0]->data)
        tfu_cpu_parallel(dev, w.N * w.h.size, avgpool_back_task, &w);
    return TFU_OK;
}

/* A task is an image: N,pixels,C. */
static struct work global_work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    const int64_t *in = c->in[0]->shape.dim;
    return (struct work){.dev = dev,
                         .call = c,
                         .h.size = in[1],
                         .w.size = in[2],
                         .N = in[0],
                         .C = in[3],
                         .sums = c->workspace};
}

size_t tfu_cpu_global_avgpool_workspace(void *dev, const struct tfu_op_call *c)
{
    (void)dev;
    return (size_t)(c->in[0]->shape.dim[0] * c->in[0]->shape.dim[3]) * sizeof(double);
}

static void global_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t C = w->C, pixels = w->h.size * w->w.size;
    double *sums = w->sums + index * C;
    float *out = (float *)w->call->out->data + index * C;
    memset(sums, 0, (size_t)C * sizeof *sums);
    w->dev->rows->sum(sums, (const float *)w->call->in[0]->data + index * pixels * C,
                      (size_t)pixels, (size_t)C);
    for (int64_t c = 0; c < C; c++)
        out[c] = (float)(sums[c] / (double)pixels);
}

enum tfu_status tfu_cpu_global_avgpool_forward_run(void *dev, const struct tfu_op_call *c,
                                                   struct tfu_host *h)
{
    (void)h;
    struct work w = global_work_of(dev, c);
    tfu_cpu_parallel(dev, w.N, global_task, &w);
    return TFU_OK;
}

static void global_back_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t C = w->C, pixels = w->h.size * w->w.size;
    const float *g = (const float *)w->call->grad_out->data + index * C;
    float *grad_x = (float *)w->call->grad_in[0]->data + index * pixels * C;
    w->dev->rows->scale(grad_x, g, (float)(1 / (double)pixels), (size_t)C);
    for (int64_t i = 1; i < pixels; i++)
        memcpy(grad_x + i * C, grad_x, (size_t)C * sizeof(float));
}

enum tfu_status tfu_cpu_global_avgpool_backward_run(void *dev, const struct tfu_op_call *c,
                                                    struct tfu_host *h)
{
    (void)h;
    struct work w = global_work_of(dev, c);
    if (c->grad_in[0]->data)
        tfu_cpu_parallel(dev, w.N, global_back_task, &w);
    return TFU_OK;
}
