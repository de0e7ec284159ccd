/* SPDX-License-Identifier: MIT
 *
 * conv.c - see conv.h.
 */
#include "conv.h"

#include "sums.h"

struct tfu_cpu_conv tfu_cpu_conv_of(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    struct tfu_cpu_conv v = {.dev = dev, .h = tfu_cpu_axis_h(c), .w = tfu_cpu_axis_w(c)};
    v.N = c->in[0]->shape.dim[0];
    v.C = c->in[0]->shape.dim[3];
    v.K = c->out->shape.dim[3];
    v.H = v.h.size;
    v.W = v.w.size;
    v.P = v.h.out;
    v.Q = v.w.out;
    v.R = v.h.kernel;
    v.S = v.w.kernel;
    v.G = tfu_call_int(c, "groups");
    v.Cg = v.C / v.G;
    v.Kg = v.K / v.G;
    v.pixels = v.N * v.P * v.Q;
    v.taps = v.R * v.S * v.Cg;
    return v;
}

int tfu_cpu_conv_transposable(const struct tfu_cpu_conv *v)
{
    return v->h.stride == 1 && v->w.stride == 1 && v->h.pad < v->R && v->w.pad < v->S;
}

static struct tfu_cpu_axis transpose_axis(const struct tfu_cpu_axis *a)
{
    return (struct tfu_cpu_axis){a->out, a->kernel, 1, a->kernel - 1 - a->pad, a->size};
}

struct tfu_cpu_conv tfu_cpu_conv_backwards(const struct tfu_cpu_conv *v, struct tfu_cpu_axis h,
                                           struct tfu_cpu_axis w)
{
    struct tfu_cpu_conv t = *v;
    t.h = h;
    t.w = w;
    t.H = h.size;
    t.W = w.size;
    t.P = h.out;
    t.Q = w.out;
    t.R = h.kernel;
    t.S = w.kernel;
    t.C = v->K;
    t.K = v->C;
    t.Cg = v->Kg;
    t.Kg = v->Cg;
    t.pixels = t.N * t.P * t.Q;
    t.taps = t.R * t.S * t.Cg;
    return t;
}

struct tfu_cpu_conv tfu_cpu_conv_transpose(const struct tfu_cpu_conv *v)
{
    return tfu_cpu_conv_backwards(v, transpose_axis(&v->h), transpose_axis(&v->w));
}

void *tfu_cpu_conv_take_bias(const struct tfu_cpu_conv *v, const struct tfu_op_call *c,
                             struct tfu_cpu_scratch *s)
{
    return tfu_cpu_take(s, c->n_param > 1 ? tfu_cpu_column_sums_workspace(v->pixels, v->K) : 0);
}

void tfu_cpu_conv_bias_gradient(const struct tfu_cpu_conv *v, const struct tfu_op_call *c,
                                void *workspace)
{
    if (c->n_param > 1 && c->grad_param[1]->data)
        tfu_cpu_column_sums(v->dev, c->grad_out->data, v->pixels, v->K, workspace,
                            c->grad_param[1]->data);
}

double tfu_cpu_conv_work(const struct tfu_cpu_conv *v)
{
    return (double)v->pixels * (double)v->K * (double)v->taps;
}

int tfu_cpu_conv_keeps_weights(const struct tfu_cpu_conv *v)
{
    enum { PIXELS = 4096 };
    return v->pixels <= PIXELS;
}

struct packing {
    const struct tfu_cpu_conv *v;
    const float *from;
    float *to;
    int64_t count; /* arrays to add up */
};

static void pack_task(void *arg, uint32_t k, uint32_t worker)
{
    (void)worker;
    const struct packing *p = arg;
    const int64_t RS = p->v->R * p->v->S, Cg = p->v->Cg;
    const float *from = p->from + k * p->v->taps; /* Cg,R,S */
    float *to = p->to + k * p->v->taps;           /* R,S,Cg */
    for (int64_t i = 0; i < RS; i++)
        for (int64_t c = 0; c < Cg; c++)
            to[i * Cg + c] = from[c * RS + i];
}

void tfu_cpu_conv_pack(const struct tfu_cpu_conv *v, const float *weight, float *packed)
{
    struct packing p = {v, weight, packed, 0};
    tfu_cpu_parallel(v->dev, v->K, pack_task, &p);
}

static void pack_transposed_task(void *arg, uint32_t c, uint32_t worker)
{
    (void)worker;
    const struct packing *p = arg;
    const int64_t RS = p->v->R * p->v->S, Cg = p->v->Cg, Kg = p->v->Kg;
    const int64_t first_k = c / Cg * Kg;
    float *to = p->to + c * RS * Kg; /* R,S,Kg */
    for (int64_t k = 0; k < Kg; k++) {
        const float *from = p->from + ((first_k + k) * Cg + c % Cg) * RS; /* R,S */
        for (int64_t i = 0; i < RS; i++)
            to[(RS - 1 - i) * Kg + k] = from[i];
    }
}

void tfu_cpu_conv_pack_transposed(const struct tfu_cpu_conv *v, const float *weight, float *packed)
{
    struct packing p = {v, weight, packed, 0};
    tfu_cpu_parallel(v->dev, v->C, pack_transposed_task, &p);
}

static void unpack_task(void *arg, uint32_t k, uint32_t worker)
{
    (void)worker;
    const struct packing *p = arg;
    const int64_t RS = p->v->R * p->v->S, Cg = p->v->Cg, all = p->v->K * p->v->taps;
    const float *from = p->from + k * p->v->taps; /* R,S,Cg */
    float *to = p->to + k * p->v->taps;           /* Cg,R,S */
    for (int64_t i = 0; i < RS; i++)
        for (int64_t c = 0; c < Cg; c++) {
            float sum = 0;
            for (int64_t j = 0; j < p->count; j++)
                sum += from[j * all + i * Cg + c];
            to[c * RS + i] = sum;
        }
}

void tfu_cpu_conv_unpack_sum(const struct tfu_cpu_conv *v, const float *packed, int64_t count,
                             float *grad_weight)
{
    struct packing p = {v, packed, grad_weight, count};
    tfu_cpu_parallel(v->dev, v->K, unpack_task, &p);
}

struct tfu_cpu_tiling tfu_cpu_conv_tiling(const struct tfu_cpu_conv *v, int64_t out_h,
                                          int64_t out_w)
{
    const int64_t rows = tfu_cpu_ceil_div(v->P, out_h), columns = tfu_cpu_ceil_div(v->Q, out_w);
    return (struct tfu_cpu_tiling){out_h, out_w, rows, columns, v->N * rows * columns};
}

struct tfu_cpu_place tfu_cpu_conv_place(const struct tfu_cpu_conv *v,
                                        const struct tfu_cpu_tiling *t, int64_t tile)
{
    struct tfu_cpu_place at = {.n = tile / (t->rows * t->columns)};
    at.p = tile / t->columns % t->rows * t->out_h;
    at.q = tile % t->columns * t->out_w;
    at.rows = tfu_cpu_min(t->out_h, v->P - at.p);
    at.columns = tfu_cpu_min(t->out_w, v->Q - at.q);
    return at;
}

static void add_parts_task(void *arg, uint32_t k, uint32_t worker)
{
    (void)worker;
    const struct packing *p = arg;
    const struct tfu_cpu_rows *rows = p->v->dev->rows;
    const int64_t taps = p->v->taps, all = p->v->K * taps;
    const float *from = p->from + k * taps;
    float *to = p->to + k * taps;
    rows->add(to, from, from + all, (size_t)taps);
    for (int64_t part = 2; part < p->count; part++)
        rows->add(to, to, from + part * all, (size_t)taps);
}

void tfu_cpu_conv_add_parts(const struct tfu_cpu_conv *v, const float *partial, int64_t parts,
                            float *grad_weight)
{
    struct packing p = {v, partial, grad_weight, parts};
    tfu_cpu_parallel(v->dev, v->K, add_parts_task, &p);
}
