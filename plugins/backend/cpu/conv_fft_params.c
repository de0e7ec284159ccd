/* SPDX-License-Identifier: MIT
 *
 * conv_fft_params.c - the gradient by the kernels: the correlation of the image with the gradient
 * by the output. The same tiles as in the forward pass; the sum over tiles is the reduction of the
 * matrix products, so that only one inverse transform is needed for each pair of channels.
 */
#include <string.h>

#include "conv_fft.h"
#include "kernels.h"
#include "sums.h"

/* Bytes of spectra: of the image with those of the gradient in work, and of the kernels. */
enum { TILES = 12 << 20, KERNELS = 16 << 20 };

struct work {
    struct tfu_cpu_fft f;
    const float *grad;
    float *grad_weight;
    int add; /* a range of tiles came before */
    void *bias_sums;
    size_t bytes;
};

static struct work work_of(const struct tfu_cpu_conv *v, int size, const struct tfu_op_call *c)
{
    struct work w = {.f = tfu_cpu_fft_of(v, size)};
    struct tfu_cpu_fft *f = &w.f;
    const int64_t frequencies = f->size->frequencies;
    const int64_t each = frequencies * (int64_t)sizeof(float);
    f->k_ranges =
        tfu_cpu_fft_ranges(f->k_blocks, KERNELS / (each * v->C * 2 * f->lanes), &f->k_most);
    f->tile_ranges = tfu_cpu_fft_ranges(
        f->tiles, TILES / (each * 3 * (f->c_padded + f->k_most * f->lanes)), &f->tile_most);
    struct tfu_cpu_scratch s = {c->workspace, 0};
    f->x = tfu_cpu_take(&s, tfu_cpu_bytes(tfu_cpu_fft_x_floats(f)));
    f->w = tfu_cpu_take(&s, tfu_cpu_bytes(frequencies * f->k_most * f->tile_most * 3 * f->lanes));
    f->y = tfu_cpu_take(&s, tfu_cpu_bytes(frequencies * f->k_most * v->C * 2 * f->lanes));
    w.bias_sums =
        tfu_cpu_take(&s, c->n_param > 1 ? tfu_cpu_column_sums_workspace(v->pixels, v->K) : 0);
    w.bytes = s.used;
    return w;
}

/* A task is a tile of the gradient by the output. */
static void gradient_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu_conv *v = &f->v;
    const int64_t tiles = f->tile.end - f->tile.first, blocks = f->k.end - f->k.first;
    const struct tfu_cpu_fft_place at = tfu_cpu_fft_place(f, f->tile.first + index);
    struct tfu_cpu_fft_image image = {.x = w->grad,
                                      .row_stride = v->Q * v->K,
                                      .pixel_stride = v->K,
                                      .end_row = (int)at.rows,
                                      .end_column = (int)at.columns};
    for (int64_t b = 0; b < blocks; b++) {
        const int64_t k = (f->k.first + b) * f->lanes;
        image.origin = ((at.n * v->P + at.p) * v->Q + at.q) * v->K + k;
        image.channels = (size_t)tfu_cpu_min(f->lanes, v->K - k);
        const struct tfu_cpu_fft_spectrum s = {f->w + (b * tiles + index) * 3 * f->lanes,
                                               (size_t)(blocks * tiles * 3 * f->lanes),
                                               (size_t)f->lanes};
        f->size->right(&image, &s);
    }
}

/* A task is a frequency. */
static void product_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_fft *f = &w->f;
    const int64_t C = f->v.C, lanes = f->lanes;
    const int64_t tiles = f->tile.end - f->tile.first, blocks = f->k.end - f->k.first;
    struct tfu_cpu_fft_product p = {.left = f->x + index * tiles * 3 * f->c_padded,
                                    .right = f->w + index * blocks * tiles * 3 * lanes,
                                    .y = f->y + index * blocks * C * 2 * lanes,
                                    .rows = (size_t)C,
                                    .depth = (size_t)tiles,
                                    .row_stride = 1,
                                    .depth_stride = (size_t)(3 * f->c_padded),
                                    .plane_stride = (size_t)f->c_padded,
                                    .y_stride = (size_t)(2 * lanes),
                                    .y_plane = (size_t)lanes,
                                    .add = w->add};
    for (int64_t b = 0; b < blocks; b++, p.right += tiles * 3 * lanes, p.y += C * 2 * lanes)
        f->v.dev->rows->fft->product(&p);
}

/* A task is the kernels of one input channel to all output channels of the range. */
static void kernel_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu_conv *v = &f->v;
    const int64_t c = index, taps = v->R * v->S, lanes = f->lanes, blocks = f->k.end - f->k.first;
    const float scale = 0.25f / (float)(f->size->tile * f->size->tile);
    float kernel[TFU_CPU_FFT_SIDE_MAX * TFU_CPU_FFT_SIDE_MAX * TFU_CPU_FFT_LANES_MAX];
    const struct tfu_cpu_fft_target target = {.y = kernel,
                                              .row_stride = (size_t)(v->S * lanes),
                                              .pixel_stride = (size_t)lanes,
                                              .rows = (int)v->R,
                                              .columns = (int)v->S,
                                              .channels = (size_t)lanes};
    for (int64_t b = 0; b < blocks; b++) {
        const struct tfu_cpu_fft_spectrum s = {f->y + (b * v->C + c) * 2 * lanes,
                                               (size_t)(blocks * v->C * 2 * lanes), (size_t)lanes};
        f->size->inverse(&s, &target);
        const int64_t first = (f->k.first + b) * lanes;
        const int64_t channels = tfu_cpu_min(lanes, v->K - first);
        for (int64_t l = 0; l < channels; l++)
            for (int64_t i = 0; i < taps; i++)
                w->grad_weight[((first + l) * v->C + c) * taps + i] = kernel[i * lanes + l] * scale;
    }
}

static void run_params(struct work *w)
{
    struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu *dev = f->v.dev;
    for (int64_t k = 0; k < f->k_ranges; k++) {
        f->k = tfu_cpu_part(f->k_blocks, f->k_ranges, k);
        for (int64_t t = 0; t < f->tile_ranges; t++) {
            f->tile = tfu_cpu_part(f->tiles, f->tile_ranges, t);
            w->add = t > 0;
            if (f->tile_ranges > 1 || k == 0)
                tfu_cpu_fft_transform_image(f);
            tfu_cpu_parallel(dev, f->tile.end - f->tile.first, gradient_task, w);
            tfu_cpu_parallel(dev, f->size->frequencies, product_task, w);
        }
        tfu_cpu_parallel(dev, f->v.C, kernel_task, w);
    }
}

static double params_cost(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    if (!tfu_cpu_takes(c) || !tfu_cpu_fft_supports(&v, size))
        return -1;
    struct tfu_op_call sizes = *c;
    sizes.workspace = NULL;
    const struct work w = work_of(&v, size, &sizes);
    const double kernels = (double)v.C * (double)w.f.k_blocks;
    const double images = (double)w.f.tiles * (double)w.f.c_padded / (double)w.f.lanes;
    const double gradients = (double)w.f.tiles * (double)w.f.k_blocks;
    const double again = w.f.tile_ranges > 1 ? (double)w.f.k_ranges : 1;
    return tfu_cpu_fft_seconds(&w.f, images * again + gradients + kernels);
}

static size_t params_workspace(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return work_of(&v, size, c).bytes;
}

static enum tfu_status params_run(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, size, c);
    w.f.image = c->in[0].data;
    w.grad = c->grad_out->data;
    w.grad_weight = c->grad_param[0].data;
    if (w.grad_weight)
        run_params(&w);
    if (c->n_param > 1 && c->grad_param[1].data)
        tfu_cpu_column_sums(dev, w.grad, v.pixels, v.K, w.bias_sums, c->grad_param[1].data);
    return TFU_OK;
}

TFU_CPU_FFT_SIZED(params)
