/* SPDX-License-Identifier: MIT
 *
 * conv_fft.c - convolution by Fourier transforms of tiles: forward, and backward to the data, which
 * is the forward pass of the transposed convolution. See conv_fft.h.
 *
 * Zlateski, Jia, Li, Durand: FFT convolutions are faster than Winograd on modern CPUs, here is why,
 * 2018.
 */
#include "conv_fft.h"

#include "kernels.h"

/* Bytes of the spectra that are worked on at a time. The kernels' are kept for all tiles if they
 * are no more than KERNELS_KEPT, else they are made again for each range of tiles. */
enum { KERNELS_KEPT = 16 << 20, KERNELS = 8 << 20, IMAGE = 16 << 20, IMAGE_AND_OUTPUT = 10 << 20 };

int64_t tfu_cpu_fft_ranges(int64_t count, int64_t most, int64_t *largest)
{
    const int64_t ranges = tfu_cpu_ceil_div(count, tfu_cpu_max(most, 1));
    *largest = tfu_cpu_ceil_div(count, ranges);
    return ranges;
}

struct tfu_cpu_fft tfu_cpu_fft_of(const struct tfu_cpu_conv *v, int size)
{
    const struct tfu_cpu_fft_tiles *tiles = v->dev->rows->fft;
    struct tfu_cpu_fft f = {.v = *v, .size = &tiles->size[size], .lanes = tiles->lanes};
    f.out_h = f.size->tile - v->R + 1;
    f.out_w = f.size->tile - v->S + 1;
    f.rows = tfu_cpu_ceil_div(v->P, f.out_h);
    f.columns = tfu_cpu_ceil_div(v->Q, f.out_w);
    f.tiles = v->N * f.rows * f.columns;
    f.c_padded = tfu_cpu_ceil_div(v->C, f.lanes) * f.lanes;
    f.k_blocks = tfu_cpu_ceil_div(v->K, f.lanes);
    return f;
}

int tfu_cpu_fft_supports(const struct tfu_cpu_conv *v, int size)
{
    const int64_t tile = v->dev->rows->fft->size[size].tile;
    return v->G == 1 && v->h.stride == 1 && v->w.stride == 1 && v->R <= tile && v->S <= tile;
}

int64_t tfu_cpu_fft_x_floats(const struct tfu_cpu_fft *f)
{
    return f->size->frequencies * f->tile_most * 3 * f->c_padded;
}

struct tfu_cpu_fft_place tfu_cpu_fft_place(const struct tfu_cpu_fft *f, int64_t tile)
{
    struct tfu_cpu_fft_place at = {.n = tile / (f->rows * f->columns)};
    at.p = tile / f->columns % f->rows * f->out_h;
    at.q = tile % f->columns * f->out_w;
    at.rows = tfu_cpu_min(f->out_h, f->v.P - at.p);
    at.columns = tfu_cpu_min(f->out_w, f->v.Q - at.q);
    return at;
}

static void image_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct tfu_cpu_fft *f = arg;
    const struct tfu_cpu_conv *v = &f->v;
    const struct tfu_cpu_fft_place at = tfu_cpu_fft_place(f, f->tile.first + index);
    const int64_t top = at.p - v->h.pad, left = at.q - v->w.pad, side = f->size->tile;
    const int64_t tiles = f->tile.end - f->tile.first;
    struct tfu_cpu_fft_image image = {.x = f->image,
                                      .row_stride = v->W * v->C,
                                      .pixel_stride = v->C,
                                      .first_row = (int)tfu_cpu_max(0, -top),
                                      .end_row = (int)tfu_cpu_min(side, v->H - top),
                                      .first_column = (int)tfu_cpu_max(0, -left),
                                      .end_column = (int)tfu_cpu_min(side, v->W - left)};
    struct tfu_cpu_fft_spectrum s = {.frequency_stride = (size_t)(tiles * 3 * f->c_padded),
                                     .plane_stride = (size_t)f->c_padded};
    for (int64_t c = 0; c < v->C; c += f->lanes) {
        image.origin = ((at.n * v->H + top) * v->W + left) * v->C + c;
        image.channels = (size_t)tfu_cpu_min(f->lanes, v->C - c);
        s.data = f->x + index * 3 * f->c_padded + c;
        f->size->left(&image, &s);
    }
}

void tfu_cpu_fft_transform_image(const struct tfu_cpu_fft *f)
{
    tfu_cpu_parallel(f->v.dev, f->tile.end - f->tile.first, image_task, (void *)f);
}

double tfu_cpu_fft_seconds(const struct tfu_cpu_fft *f, double transforms)
{
    /* measured: a transform takes about as long as this many vector operations for each pixel */
    enum { OPERATIONS = 17 };
    const struct tfu_cpu_conv *v = &f->v;
    const double side = (double)f->size->tile, lanes = (double)f->lanes;
    const double products = (double)f->size->frequencies * (double)f->tiles * (double)v->C *
                            (double)(f->k_blocks * f->lanes) * 3;
    const double spectra = transforms * lanes * side * side * 2 * sizeof(float);
    return tfu_cpu_seconds(v->dev, transforms * side * side * lanes * OPERATIONS + products,
                           v->dev->rows->rate, 0) +
           spectra / 40e9 / v->dev->host->threads;
}

/* The forward pass: what is shared by its phases. */
struct work {
    struct tfu_cpu_fft f;
    const float *weight;
    int transposed; /* `weight` is that of the transposed convolution, C,K,R,S */
    float *out;
    struct tfu_cpu_tail tail;
    size_t bytes;
};

static struct work work_of(const struct tfu_cpu_conv *v, int size, const struct tfu_op_call *c,
                           void *workspace)
{
    struct work w = {.f = tfu_cpu_fft_of(v, size)};
    struct tfu_cpu_fft *f = &w.f;
    const int64_t each = f->size->frequencies * (int64_t)sizeof(float);
    const int64_t kernel_bytes = each * v->C * 3 * f->lanes; /* of a block */
    const int64_t image_bytes = each * 3 * f->c_padded;      /* of a tile */
    if (kernel_bytes * f->k_blocks <= KERNELS_KEPT) {
        f->k_ranges = tfu_cpu_fft_ranges(f->k_blocks, f->k_blocks, &f->k_most);
        f->tile_ranges = tfu_cpu_fft_ranges(
            f->tiles, IMAGE_AND_OUTPUT / (image_bytes + each * 2 * f->k_blocks * f->lanes),
            &f->tile_most);
    } else {
        f->k_ranges = tfu_cpu_fft_ranges(f->k_blocks, KERNELS / kernel_bytes, &f->k_most);
        f->tile_ranges = tfu_cpu_fft_ranges(f->tiles, IMAGE / image_bytes, &f->tile_most);
    }
    struct tfu_cpu_scratch s = {workspace, 0};
    f->x = tfu_cpu_take(&s, tfu_cpu_bytes(tfu_cpu_fft_x_floats(f)));
    f->w = tfu_cpu_take(&s, tfu_cpu_bytes(f->size->frequencies * f->k_most * v->C * 3 * f->lanes));
    f->y = tfu_cpu_take(
        &s, tfu_cpu_bytes(f->size->frequencies * f->tile_most * 2 * f->k_most * f->lanes));
    if (c)
        w.tail = tfu_cpu_tail_of(v->dev, c, &s);
    w.bytes = s.used;
    return w;
}

/* A task is the kernels of one input channel to all output channels of the range. */
static void kernel_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu_conv *v = &f->v;
    const int64_t c = index, taps = v->R * v->S, lanes = f->lanes, blocks = f->k.end - f->k.first;
    /* with what transforms leave out: twice too large each, and 1 / T^2 of the inverse */
    const float scale = 0.25f / (float)(f->size->tile * f->size->tile);
    float kernel[TFU_CPU_FFT_SIDE_MAX * TFU_CPU_FFT_SIDE_MAX * TFU_CPU_FFT_LANES_MAX];
    const struct tfu_cpu_fft_image image = {.x = kernel,
                                            .row_stride = v->S * lanes,
                                            .pixel_stride = lanes,
                                            .end_row = (int)v->R,
                                            .end_column = (int)v->S,
                                            .channels = (size_t)lanes};
    for (int64_t b = 0; b < blocks; b++) {
        const int64_t first = (f->k.first + b) * lanes;
        for (int64_t l = 0; l < lanes; l++) {
            const int64_t k = first + l;
            if (k >= v->K)
                for (int64_t i = 0; i < taps; i++)
                    kernel[i * lanes + l] = 0;
            else if (w->transposed)
                for (int64_t i = 0; i < taps; i++)
                    kernel[i * lanes + l] = w->weight[(c * v->K + k + 1) * taps - 1 - i] * scale;
            else
                for (int64_t i = 0; i < taps; i++)
                    kernel[i * lanes + l] = w->weight[(k * v->C + c) * taps + i] * scale;
        }
        const struct tfu_cpu_fft_spectrum s = {f->w + (b * v->C + c) * 3 * lanes,
                                               (size_t)(blocks * v->C * 3 * lanes), (size_t)lanes};
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
                                    .right = f->w + index * blocks * C * 3 * lanes,
                                    .y = f->y + index * tiles * 2 * blocks * lanes,
                                    .rows = (size_t)tiles,
                                    .depth = (size_t)C,
                                    .row_stride = (size_t)(3 * f->c_padded),
                                    .depth_stride = 1,
                                    .plane_stride = (size_t)f->c_padded,
                                    .y_stride = (size_t)(2 * blocks * lanes),
                                    .y_plane = (size_t)(blocks * lanes)};
    for (int64_t b = 0; b < blocks; b++, p.right += C * 3 * lanes, p.y += lanes)
        f->v.dev->rows->fft->product(&p);
}

/* A task is a tile of the output. */
static void output_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu_conv *v = &f->v;
    const int64_t tiles = f->tile.end - f->tile.first, lanes = f->lanes;
    const int64_t channels = (f->k.end - f->k.first) * lanes, first = f->k.first * lanes;
    const struct tfu_cpu_fft_place at = tfu_cpu_fft_place(f, f->tile.first + index);
    const int64_t pixel = (at.n * v->P + at.p) * v->Q + at.q;
    for (int64_t k = 0; k < channels; k += lanes) {
        const struct tfu_cpu_fft_spectrum s = {f->y + index * 2 * channels + k,
                                               (size_t)(tiles * 2 * channels), (size_t)channels};
        f->size->inverse(&s, &(struct tfu_cpu_fft_target){
                                 .y = w->out + pixel * v->K + first + k,
                                 .row_stride = (size_t)(v->Q * v->K),
                                 .pixel_stride = (size_t)v->K,
                                 .rows = (int)at.rows,
                                 .columns = (int)at.columns,
                                 .channels = (size_t)tfu_cpu_min(lanes, v->K - first - k)});
    }
    for (int64_t p = 0; p < at.rows; p++)
        tfu_cpu_tail_apply(&w->tail, w->out, pixel + p * v->Q, at.columns, first,
                           tfu_cpu_min(channels, v->K - first));
}

static void run_forward(struct work *w)
{
    struct tfu_cpu_fft *f = &w->f;
    const struct tfu_cpu *dev = f->v.dev;
    for (int64_t t = 0; t < f->tile_ranges; t++) {
        f->tile = tfu_cpu_part(f->tiles, f->tile_ranges, t);
        tfu_cpu_fft_transform_image(f);
        for (int64_t k = 0; k < f->k_ranges; k++) {
            f->k = tfu_cpu_part(f->k_blocks, f->k_ranges, k);
            if (f->k_ranges > 1 || t == 0)
                tfu_cpu_parallel(dev, f->v.C, kernel_task, w);
            tfu_cpu_parallel(dev, f->size->frequencies, product_task, w);
            tfu_cpu_parallel(dev, f->tile.end - f->tile.first, output_task, w);
        }
    }
}

static double cost(const struct tfu_cpu_conv *v, const struct tfu_op_call *c, int size)
{
    if (!tfu_cpu_takes(c) || !tfu_cpu_fft_supports(v, size))
        return -1;
    const struct work w = work_of(v, size, NULL, NULL);
    const double kernels = (double)v->C * (double)w.f.k_blocks;
    const double images = (double)w.f.tiles * (double)w.f.c_padded / (double)w.f.lanes;
    const double outputs = (double)w.f.tiles * (double)w.f.k_blocks;
    const double again = w.f.k_ranges > 1 ? (double)w.f.tile_ranges : 1;
    return tfu_cpu_fft_seconds(&w.f, images + outputs + kernels * again);
}

static double forward_cost(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return cost(&v, c, size);
}

static size_t forward_workspace(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    return work_of(&v, size, c, NULL).bytes;
}

static enum tfu_status forward_run(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv v = tfu_cpu_conv_of(dev, c);
    struct work w = work_of(&v, size, c, c->workspace);
    w.f.image = c->in[0].data;
    w.weight = c->param[0].data;
    w.out = c->out->data;
    run_forward(&w);
    return TFU_OK;
}

static double data_cost(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c);
    if (!tfu_cpu_conv_transposable(&own))
        return -1;
    const struct tfu_cpu_conv v = tfu_cpu_conv_transpose(&own);
    return cost(&v, c, size);
}

static size_t data_workspace(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c), v = tfu_cpu_conv_transpose(&own);
    return work_of(&v, size, NULL, NULL).bytes;
}

static enum tfu_status data_run(void *dev, const struct tfu_op_call *c, int size)
{
    const struct tfu_cpu_conv own = tfu_cpu_conv_of(dev, c), v = tfu_cpu_conv_transpose(&own);
    if (!c->grad_in[0].data)
        return TFU_OK;
    struct work w = work_of(&v, size, NULL, c->workspace);
    w.f.image = c->grad_out->data;
    w.weight = c->param[0].data;
    w.transposed = 1;
    w.out = c->grad_in[0].data;
    run_forward(&w);
    return TFU_OK;
}

TFU_CPU_FFT_SIZED(forward)
TFU_CPU_FFT_SIZED(data)
