/* SPDX-License-Identifier: MIT
 *
 * elementwise.c - relu, dropout, affine, add, concat: one task for each TFU_CPU_CHUNK elements.
 */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "cpu.h"
#include "kernels.h"

/* A call cut into chunks; `from` and `to` are what dropout and copies go between. */
struct work {
    const struct tfu_cpu *dev;
    const struct tfu_op_call *call;
    const float *from;
    float *to;
    int64_t count;
};

static struct work work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    return (struct work){.dev = dev, .call = c, .count = tfu_shape_count(&c->out->shape)};
}

static enum tfu_status run_chunks(struct work *w,
                                  void (*task)(void *arg, uint32_t index, uint32_t worker))
{
    tfu_cpu_parallel(w->dev, tfu_cpu_ceil_div(w->count, TFU_CPU_CHUNK), task, w);
    return TFU_OK;
}

/* The elements of chunk `index`. */
static int64_t chunk_first(uint32_t index)
{
    return (int64_t)index * TFU_CPU_CHUNK;
}
static size_t chunk_count(const struct work *w, uint32_t index)
{
    return (size_t)tfu_cpu_min(TFU_CPU_CHUNK, w->count - chunk_first(index));
}

static void relu_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t at = chunk_first(index);
    w->dev->rows->relu((float *)w->call->out->data + at, (const float *)w->call->in[0]->data + at,
                       chunk_count(w, index));
}

enum tfu_status tfu_cpu_relu_forward_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    return run_chunks(&w, relu_task);
}

static void relu_back_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t at = chunk_first(index);
    w->dev->rows->relu_back((float *)w->call->grad_in[0]->data + at,
                            (const float *)w->call->out->data + at,
                            (const float *)w->call->grad_out->data + at, chunk_count(w, index));
}

enum tfu_status tfu_cpu_relu_backward_run(void *dev, const struct tfu_op_call *c,
                                          struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    return c->grad_in[0]->data ? run_chunks(&w, relu_back_task) : TFU_OK;
}

/* The mask that the layer's definition draws: element i is kept when its 24 random bits, taken as a
 * fraction, are at least `rate`. */
static void dropout_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const double rate = tfu_call_float(w->call, "rate");
    const int64_t at = chunk_first(index);
    w->dev->rows->dropout(w->to + at, w->from + at, (float)(1 / (1 - rate)),
                          (uint32_t)ceil(rate * 16777216.0), w->call->random_key, (uint64_t)at / 4,
                          chunk_count(w, index));
}

static void copy_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t at = chunk_first(index);
    memcpy(w->to + at, w->from + at, chunk_count(w, index) * sizeof(float));
}

enum tfu_status tfu_cpu_dropout_forward_run(void *dev, const struct tfu_op_call *c,
                                            struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    w.from = c->in[0]->data;
    w.to = c->out->data;
    if (c->training)
        return run_chunks(&w, dropout_task);
    return w.from == w.to ? TFU_OK : run_chunks(&w, copy_task);
}

enum tfu_status tfu_cpu_dropout_backward_run(void *dev, const struct tfu_op_call *c,
                                             struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    w.from = c->grad_out->data;
    w.to = c->grad_in[0]->data;
    return w.to ? run_chunks(&w, dropout_task) : TFU_OK;
}

/* An affine call; backward leaves the shifts out. */
struct affine {
    struct work work; /* first: tasks find the rest behind it */
    int64_t pairs;
    float scale[4], shift[4];
};

static void affine_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct affine *a = arg;
    const int64_t first = chunk_first(index), end = first + (int64_t)chunk_count(&a->work, index);
    const float *from = a->work.from;
    float *to = a->work.to;
    if (a->pairs == 1) {
        const float scale = a->scale[0], shift = a->shift[0];
        for (int64_t i = first; i < end; i++)
            to[i] = scale * from[i] + shift;
        return;
    }
    int64_t pair = first % a->pairs;
    for (int64_t i = first; i < end; i++) {
        to[i] = a->scale[pair] * from[i] + a->shift[pair];
        pair = pair + 1 < a->pairs ? pair + 1 : 0;
    }
}

static enum tfu_status run_affine(void *dev, const struct tfu_op_call *c, const float *from,
                                  float *to, bool shifts)
{
    static const char *const scale[] = {"scale_0", "scale_1", "scale_2", "scale_3"};
    static const char *const shift[] = {"shift_0", "shift_1", "shift_2", "shift_3"};
    struct affine a = {.work = work_of(dev, c), .pairs = tfu_call_int(c, "channels")};
    a.work.from = from;
    a.work.to = to;
    a.pairs = a.pairs ? a.pairs : 1;
    for (int i = 0; i < 4; i++) {
        a.scale[i] = (float)tfu_call_float(c, scale[i]);
        a.shift[i] = shifts ? (float)tfu_call_float(c, shift[i]) : 0;
    }
    return run_chunks(&a.work, affine_task);
}

enum tfu_status tfu_cpu_affine_forward_run(void *dev, const struct tfu_op_call *c,
                                           struct tfu_host *h)
{
    (void)h;
    return run_affine(dev, c, c->in[0]->data, c->out->data, true);
}

enum tfu_status tfu_cpu_affine_backward_run(void *dev, const struct tfu_op_call *c,
                                            struct tfu_host *h)
{
    (void)h;
    float *to = c->grad_in[0]->data;
    return to ? run_affine(dev, c, c->grad_out->data, to, false) : TFU_OK;
}

static void add_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const int64_t at = chunk_first(index);
    w->dev->rows->add((float *)w->call->out->data + at, (const float *)w->call->in[0]->data + at,
                      (const float *)w->call->in[1]->data + at, chunk_count(w, index));
}

enum tfu_status tfu_cpu_add_forward_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    return run_chunks(&w, add_task);
}

enum tfu_status tfu_cpu_add_backward_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    w.from = c->grad_out->data;
    for (uint32_t i = 0; i < c->n_in; i++) {
        w.to = c->grad_in[i]->data;
        if (w.to && w.to != w.from)
            run_chunks(&w, copy_task);
    }
    return TFU_OK;
}

/* Rows (pixels) of a concat that one task copies. */
static int64_t concat_rows(const struct tfu_op_call *c)
{
    return tfu_cpu_max(1, TFU_CPU_CHUNK / c->out->shape.dim[c->out->shape.rank - 1]);
}

static void concat_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_op_call *c = w->call;
    const uint32_t last = c->out->shape.rank - 1;
    const int64_t whole = c->out->shape.dim[last], each = concat_rows(c);
    const int64_t first = index * each, end = tfu_cpu_min(w->count / whole, first + each);
    int64_t column = 0;
    for (uint32_t i = 0; i < c->n_in; i++) {
        const int64_t width = c->in[i]->shape.dim[last];
        const size_t bytes = (size_t)width * sizeof(float);
        const float *x = c->in[i]->data;
        float *back = w->from ? c->grad_in[i]->data : NULL;
        for (int64_t row = first; row < end; row++)
            if (!w->from)
                memcpy(w->to + row * whole + column, x + row * width, bytes);
            else if (back)
                memcpy(back + row * width, w->from + row * whole + column, bytes);
        column += width;
    }
}

static enum tfu_status run_concat(struct work *w)
{
    const int64_t rows = w->count / w->call->out->shape.dim[w->call->out->shape.rank - 1];
    tfu_cpu_parallel(w->dev, tfu_cpu_ceil_div(rows, concat_rows(w->call)), concat_task, w);
    return TFU_OK;
}

enum tfu_status tfu_cpu_concat_forward_run(void *dev, const struct tfu_op_call *c,
                                           struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    w.to = c->out->data;
    return run_concat(&w);
}

enum tfu_status tfu_cpu_concat_backward_run(void *dev, const struct tfu_op_call *c,
                                            struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    w.from = c->grad_out->data;
    return run_concat(&w);
}
