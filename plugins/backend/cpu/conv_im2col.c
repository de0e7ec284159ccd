/* SPDX-License-Identifier: MIT
 *
 * conv_im2col.c - convolution as matrix products: each output pixel's patch of the input becomes a
 * row (Chellapilla, Puri, Simard, "High performance convolutional neural networks for document
 * processing", 2006), a block of pixels at a time so that the patches stay in cache. A patch of a
 * 1x1 convolution is the input itself, and nothing is copied.
 */
#include <string.h>

#include "conv.h"
#include "gemm.h"
#include "kernels.h"
#include "tail.h"

/* Pixels of one block, and the floats of its patches: enough rows for a fast product, few enough to
 * stay in a core's own cache. */
enum { BLOCK_PIXELS = 384, BLOCK_FLOATS = 256 * 1024 };

/* Pixels in one block, and rows of the kernel whose taps one product sums over. */
struct blocking {
    int64_t pixels, blocks, rows;
};

static struct blocking blocking_of(const struct tfu_cpu_conv *v)
{
    struct blocking b;
    const int64_t wanted = tfu_cpu_ceil_div(tfu_cpu_ceil_div(v->pixels, BLOCK_PIXELS), 4) * 4;
    b.blocks = tfu_cpu_min(wanted, tfu_cpu_ceil_div(v->pixels, 32));
    b.pixels = tfu_cpu_ceil_div(v->pixels, b.blocks);
    const int64_t row = b.pixels * v->S * v->Cg;
    b.rows = tfu_cpu_min(v->R, tfu_cpu_max(1, BLOCK_FLOATS / row));
    return b;
}

/* What a block of patches needs at most: an upper bound that a larger batch never lowers, since
 * scratch for a full batch serves a smaller one too. */
static int64_t block_floats(const struct tfu_cpu_conv *v)
{
    const int64_t most = tfu_cpu_max(BLOCK_FLOATS, BLOCK_PIXELS * v->S * v->Cg);
    return (int64_t)(tfu_cpu_bytes(tfu_cpu_min(most, v->pixels * v->taps)) / sizeof(float));
}

/* A patch is one pixel. */
static int is_pointwise(const struct tfu_cpu_conv *v)
{
    return v->R == 1 && v->S == 1 && v->h.stride == 1 && v->w.stride == 1 && v->h.pad == 0 &&
           v->w.pad == 0;
}

/* Where row r of the patch of output pixel `pixel` lies in x: taps first..end-1 of it are inside
 * the image, from x[at] on. */
struct patch_row {
    struct tfu_cpu_range taps;
    int64_t at;
};

static struct patch_row patch_row_of(const struct tfu_cpu_conv *v, int64_t pixel, int64_t r)
{
    const int64_t q = pixel % v->Q, p = pixel / v->Q % v->P, n = pixel / (v->P * v->Q);
    const int64_t y = p * v->h.stride - v->h.pad + r;
    struct patch_row row = {.taps = tfu_cpu_taps(&v->w, q)};
    if (y < 0 || y >= v->H)
        row.taps.end = row.taps.first;
    const int64_t x = q * v->w.stride - v->w.pad + row.taps.first;
    row.at = ((n * v->H + y) * v->W + x) * v->C;
    return row;
}

/* Rows first..first+count-1 of the matrix of patches, columns of kernel rows r..r+rows-1, of one
 * group; in `scratch`, or where x already is that matrix. */
static struct tfu_cpu_matrix patches(const struct tfu_cpu_conv *v, const float *x, int64_t group,
                                     int64_t first, int64_t count, int64_t r, int64_t rows,
                                     float *scratch)
{
    if (is_pointwise(v))
        return (struct tfu_cpu_matrix){x + first * v->C + group * v->Cg, v->C, 0};
    const int64_t Cg = v->Cg, width = v->S * Cg;
    float *to = scratch;
    for (int64_t i = 0; i < count; i++)
        for (int64_t j = r; j < r + rows; j++, to += width) {
            const struct patch_row row = patch_row_of(v, first + i, j);
            const int64_t inside = row.taps.end - row.taps.first;
            const float *from = x + row.at + group * Cg;
            if (inside < v->S)
                memset(to, 0, (size_t)width * sizeof(float));
            if (inside > 0 && v->G == 1)
                memcpy(to + row.taps.first * Cg, from, (size_t)(inside * Cg) * sizeof(float));
            for (int64_t s = 0; v->G > 1 && s < inside; s++)
                memcpy(to + (row.taps.first + s) * Cg, from + s * v->C, (size_t)Cg * sizeof(float));
        }
    return (struct tfu_cpu_matrix){scratch, rows * width, 0};
}

/* Adds such rows to where they came from. */
static void add_patches(const struct tfu_cpu_conv *v, const float *scratch, int64_t group,
                        int64_t first, int64_t count, int64_t r, int64_t rows, float *x)
{
    const int64_t Cg = v->Cg, width = v->S * Cg;
    const float *from = scratch;
    for (int64_t i = 0; i < count; i++)
        for (int64_t j = r; j < r + rows; j++, from += width) {
            const struct patch_row row = patch_row_of(v, first + i, j);
            const int64_t inside = row.taps.end - row.taps.first;
            const int64_t runs = v->G == 1 ? inside > 0 : inside;
            const size_t run = (size_t)(v->G == 1 ? inside * Cg : Cg);
            for (int64_t s = 0; s < runs; s++)
                v->dev->rows->add_scaled(x + row.at + group * Cg + s * v->C,
                                         from + (row.taps.first + s) * Cg, 1, run);
        }
}

struct work {
    struct tfu_cpu_conv v;
    struct blocking b;
    const float *x;
    float *y;
    float *packed;        /* where weights become K,R,S,Cg */
    const float *weights; /* where they are that */
    float *scratch;       /* a block of patches for each worker */
    int64_t scratch_one;  /* floats of one */
    struct tfu_cpu_tail tail;
    size_t bytes;
};

/* Lays out the workspace for products over blocks of pixels. `c` is the call whose tail is to be
 * done; NULL: there is none. */
static struct work work_of(const struct tfu_cpu_conv *v, const struct tfu_op_call *c,
                           void *workspace)
{
    struct work w = {.v = *v, .b = blocking_of(v)};
    struct tfu_cpu_scratch s = {workspace, 0};
    w.packed = tfu_cpu_take(&s, tfu_cpu_bytes(v->K * v->taps));
    w.scratch_one = is_pointwise(v) ? 0 : block_floats(v);
    w.scratch = tfu_cpu_take(&s, (size_t)w.scratch_one * v->dev->host->threads * sizeof(float));
    if (c)
        w.tail = tfu_cpu_tail_of(v->dev, c, &s);
    w.bytes = s.used;
    return w;
}

/* The convolution whose forward pass gives the gradient by the input, if there is one; else the
 * call's own. */
static struct tfu_cpu_conv data_conv(const struct tfu_cpu_conv *v)
{
    return tfu_cpu_conv_transposable(v) ? tfu_cpu_conv_transpose(v) : *v;
}

static double cost(const struct tfu_cpu_conv *v, const struct tfu_op_call *c)
{
    if (!tfu_cpu_takes(c) || !tfu_cpu_gemm_fits(v->C) || !tfu_cpu_gemm_fits(v->K) ||
        !tfu_cpu_gemm_fits(v->taps) || !tfu_cpu_gemm_fits(v->R * v->S * v->Kg))
        return -1;
    const double patch_floats = is_pointwise(v) ? 0 : (double)v->pixels * (double)(v->taps * v->G);
    const double runs = (double)v->pixels * (double)(v->R * (v->G > 1 ? v->S * v->G : 1));
    /* products with few rows or columns waste some of a register tile */
    const double computed = (double)(tfu_cpu_ceil_div(v->Kg, 4) * 4) / (double)v->Kg;
    return tfu_cpu_seconds(v->dev, tfu_cpu_conv_work(v) * computed, v->dev->gemm_rate,
                           patch_floats * tfu_cpu_costs.im2col_float +
                               runs * tfu_cpu_costs.im2col_run + tfu_cpu_traffic(c));
}

double tfu_cpu_im2col_forward_cost(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return cost(&v, c);
}

double tfu_cpu_im2col_params_cost(void *dev, const struct tfu_op_call *c)
{
    return tfu_cpu_im2col_forward_cost(dev, c);
}

double tfu_cpu_im2col_data_cost(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c), v = data_conv(&own);
    return cost(&v, c);
}

static void forward_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_conv *v = &w->v;
    const struct tfu_cpu_range part = tfu_cpu_part(v->pixels, w->b.blocks, index);
    const int64_t count = part.end - part.first;
    float *scratch = w->scratch + worker * w->scratch_one, *y = w->y + part.first * v->K;
    for (int64_t g = 0; g < v->G; g++)
        for (int64_t r = 0; r < v->R; r += w->b.rows) {
            const int64_t rows = tfu_cpu_min(w->b.rows, v->R - r);
            const struct tfu_cpu_matrix a =
                patches(v, w->x, g, part.first, count, r, rows, scratch);
            const struct tfu_cpu_matrix b = {w->weights + g * v->Kg * v->taps + r * v->S * v->Cg,
                                             v->taps, 1};
            tfu_cpu_gemm(count, v->Kg, rows * v->S * v->Cg, a, b, r > 0, y + g * v->Kg, v->K);
        }
    tfu_cpu_tail_apply(&w->tail, w->y, part.first, count, 0, v->K);
}

size_t tfu_cpu_im2col_forward_workspace(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return work_of(&v, c, NULL).bytes;
}

/* K,Cg,R,S is K,R,S,Cg already. */
static int in_order(const struct tfu_cpu_conv *v)
{
    return v->R * v->S == 1 || v->Cg == 1;
}

size_t tfu_cpu_im2col_forward_packed_size(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return tfu_cpu_conv_keeps_weights(&v) && !in_order(&v) ? tfu_cpu_bytes(v.K * v.taps) : 0;
}

enum tfu_status tfu_cpu_im2col_forward_pack(void *dev, const struct tfu_op_call *c, void *packed,
                                            struct tfu_host *h)
{
    (void)h;
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    tfu_cpu_conv_pack(&v, c->param[0]->data, packed);
    return TFU_OK;
}

enum tfu_status tfu_cpu_im2col_forward_run(void *dev, const struct tfu_op_call *c,
                                           struct tfu_host *h)
{
    (void)h;
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, c, c->workspace);
    w.x = c->in[0]->data;
    w.y = c->out->data;
    w.weights = in_order(&v) ? c->param[0]->data : c->packed ? c->packed : w.packed;
    if (w.weights == w.packed)
        tfu_cpu_conv_pack(&v, c->param[0]->data, w.packed);
    tfu_cpu_parallel(dev, w.b.blocks, forward_task, &w);
    return TFU_OK;
}

/* With strides the gradient by the input adds up patches: a task is an image, so that no two write
 * the same pixel. */
static void scatter_task(void *arg, uint32_t n, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_conv *v = &w->v;
    float *scratch = w->scratch + worker * w->scratch_one;
    const int64_t image = v->P * v->Q, first = n * image, each = w->b.pixels;
    memset(w->y + n * v->H * v->W * v->C, 0, (size_t)(v->H * v->W * v->C) * sizeof(float));
    for (int64_t i = first; i < first + image; i += each)
        for (int64_t g = 0; g < v->G; g++)
            for (int64_t r = 0; r < v->R; r += w->b.rows) {
                const int64_t count = tfu_cpu_min(each, first + image - i);
                const int64_t rows = tfu_cpu_min(w->b.rows, v->R - r), width = v->S * v->Cg;
                const struct tfu_cpu_matrix a = {w->x + i * v->K + g * v->Kg, v->K, 0};
                const struct tfu_cpu_matrix b = {w->weights + g * v->Kg * v->taps + r * width,
                                                 v->taps, 0};
                tfu_cpu_gemm(count, rows * width, v->Kg, a, b, 0, scratch, rows * width);
                add_patches(v, scratch, g, i, count, r, rows, w->y);
            }
}

size_t tfu_cpu_im2col_data_workspace(void *dev, const struct tfu_op_call *c)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c), v = data_conv(&own);
    return work_of(&v, NULL, NULL).bytes;
}

enum tfu_status tfu_cpu_im2col_data_run(void *dev, const struct tfu_op_call *c, struct tfu_host *h)
{
    (void)h;
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c), v = data_conv(&own);
    struct work w = work_of(&v, NULL, c->workspace);
    w.x = c->grad_out->data;
    w.y = c->grad_in[0]->data;
    if (!w.y)
        return TFU_OK;
    w.weights = w.packed;
    if (tfu_cpu_conv_transposable(&own)) {
        tfu_cpu_conv_pack_transposed(&own, c->param[0]->data, w.packed);
        tfu_cpu_parallel(dev, w.b.blocks, forward_task, &w);
    } else {
        tfu_cpu_conv_pack(&own, c->param[0]->data, w.packed);
        tfu_cpu_parallel(dev, v.N, scatter_task, &w);
    }
    return TFU_OK;
}

/* The gradient by the weights, K x taps, is a sum over all pixels. It is cut into parts of pixels
 * (each with a sum of its own, added up at the end), of output channels and of kernel rows. */
struct params_work {
    struct tfu_cpu_conv v;
    const float *x, *grad_out;
    int64_t parts, k_blocks, r_blocks;
    int64_t each;        /* pixels of one product */
    float *partial;      /* parts x K,R,S,Cg */
    float *scratch;      /* a block of patches for each worker */
    int64_t scratch_one; /* floats of one */
    void *bias_sums;
    size_t bytes;
};

static struct params_work params_work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    struct params_work w = {.v = tfu_cpu_conv_of(dev, c)};
    const struct tfu_cpu_conv *v = &w.v;
    enum { TASKS = 12 }; /* wanted at least, to share out evenly */
    w.r_blocks = v->taps < 512 ? 1 : v->R;
    w.k_blocks = tfu_cpu_max(1, v->Kg / 128);
    w.parts = tfu_cpu_min(tfu_cpu_ceil_div(TASKS, w.r_blocks * w.k_blocks),
                          tfu_cpu_ceil_div(v->pixels, BLOCK_PIXELS));
    const int64_t columns = v->R / w.r_blocks * v->S * v->Cg;
    w.each = tfu_cpu_max(64, tfu_cpu_min(2 * BLOCK_PIXELS, BLOCK_FLOATS / columns));
    w.each = tfu_cpu_min(w.each, v->pixels);
    struct tfu_cpu_scratch s = {c->workspace, 0};
    w.partial = tfu_cpu_take(&s, tfu_cpu_bytes(w.parts * v->K * v->taps));
    w.scratch_one =
        is_pointwise(v) ? 0 : (int64_t)(tfu_cpu_bytes(w.each * columns) / sizeof(float));
    w.scratch = tfu_cpu_take(&s, (size_t)w.scratch_one * dev->host->threads * sizeof(float));
    w.bias_sums = tfu_cpu_conv_take_bias(v, c, &s);
    w.bytes = s.used;
    return w;
}

static void params_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct params_work *w = arg;
    const struct tfu_cpu_conv *v = &w->v;
    const int64_t r_block = index % w->r_blocks, k_block = index / w->r_blocks % w->k_blocks;
    const int64_t part = index / (w->r_blocks * w->k_blocks);
    const struct tfu_cpu_range pixels = tfu_cpu_part(v->pixels, w->parts, part);
    const struct tfu_cpu_range k = tfu_cpu_part(v->Kg, w->k_blocks, k_block);
    const int64_t rows = v->R / w->r_blocks, r = r_block * rows, width = v->S * v->Cg;
    float *scratch = w->scratch + worker * w->scratch_one;
    for (int64_t i = pixels.first; i < pixels.end; i += w->each)
        for (int64_t g = 0; g < v->G; g++) {
            const int64_t count = tfu_cpu_min(w->each, pixels.end - i),
                          first_k = g * v->Kg + k.first;
            const struct tfu_cpu_matrix a = {w->grad_out + i * v->K + first_k, v->K, 1};
            const struct tfu_cpu_matrix b = patches(v, w->x, g, i, count, r, rows, scratch);
            tfu_cpu_gemm(k.end - k.first, rows * width, count, a, b, i > pixels.first,
                         w->partial + (part * v->K + first_k) * v->taps + r * width, v->taps);
        }
}

size_t tfu_cpu_im2col_params_workspace(void *dev, const struct tfu_op_call *c)
{
    return params_work_of(dev, c).bytes;
}

enum tfu_status tfu_cpu_im2col_params_run(void *dev, const struct tfu_op_call *c,
                                          struct tfu_host *h)
{
    (void)h;
    struct params_work w = params_work_of(dev, c);
    w.x = c->in[0]->data;
    w.grad_out = c->grad_out->data;
    if (c->grad_param[0]->data) {
        tfu_cpu_parallel(dev, w.parts * w.k_blocks * w.r_blocks, params_task, &w);
        tfu_cpu_conv_unpack_sum(&w.v, w.partial, w.parts, c->grad_param[0]->data);
    }
    tfu_cpu_conv_bias_gradient(&w.v, c, w.bias_sums);
    return TFU_OK;
}
