/* SPDX-License-Identifier: MIT
 *
 * batchnorm.c - sums over fixed chunks of pixels in double, added in order; then one pass over the
 * elements. Also the chains batchnorm - relu, batchnorm - add - relu, batchnorm - relu - maxpool:
 * nothing between their operations is stored. Backward the sign of what a relu saw comes from the
 * input of the normalisation once more, or from the output where a shortcut was added.
 */
#include <math.h>
#include <string.h>

#include "cpu.h"
#include "kernels.h"
#include "maxpool.h"
#include "norm.h"

enum { MAX_CHUNKS = 128, BLOCK = 4096 /* floats that backward handles at a time */ };

/* Constants of the elementwise passes, for each channel. */
enum { MEAN, SLOPE, SHIFT, MEAN_G, MEAN_GX, CONSTANTS };

/* The call's sizes, what is behind the normalisation, and the workspace cut up. */
struct work {
    const struct tfu_cpu *dev;
    const struct tfu_op_call *call;
    int64_t pixels, C, chunks;
    const struct tfu_op_call *add, *pool; /* parts of a chain; NULL: it has none */
    struct tfu_cpu_maxpool window;        /* of `pool` */
    uint8_t *taken;                       /* by it; NULL: nobody asks */
    int relu;
    double *partial; /* chunks x 2 x C: the two sums of each chunk */
    float *constant[CONSTANTS];
    float *scratch; /* for each worker */
    int64_t scratch_one;
    size_t bytes; /* of all that */
};

static struct work work_of(const struct tfu_cpu *dev, const struct tfu_op_call *c)
{
    const struct tfu_shape *in = &c->in[0]->shape;
    const int64_t count = tfu_shape_count(in), C = in->dim[in->rank - 1];
    const int64_t chunks = tfu_cpu_ceil_div(count, TFU_CPU_CHUNK);
    struct work w = {.dev = dev, .call = c, .C = C, .pixels = count / C};
    w.chunks = tfu_cpu_min(tfu_cpu_min(chunks, MAX_CHUNKS), w.pixels);
    for (uint32_t i = 1; i < c->n_parts; i++) {
        const struct tfu_op_call *part = c->parts[i];
        if (strcmp(part->op, "relu") == 0)
            w.relu = 1;
        else if (strcmp(part->op, "add") == 0)
            w.add = part;
        else
            w.pool = part;
    }
    if (w.pool) {
        w.window = tfu_cpu_maxpool_of(dev, w.pool);
        w.taken = c->training ? w.pool->state[0]->data : NULL;
        w.scratch_one = w.window.h.kernel * w.window.w.size * C;
    } else if (w.relu) {
        w.scratch_one = tfu_cpu_max(BLOCK, C);
    }
    struct tfu_cpu_scratch s = {c->workspace, 0};
    w.partial = tfu_cpu_take(&s, (size_t)(w.chunks * 2 * C) * sizeof(double));
    for (int i = 0; i < CONSTANTS; i++)
        w.constant[i] = tfu_cpu_take(&s, tfu_cpu_bytes(C));
    w.scratch = tfu_cpu_take(&s, tfu_cpu_bytes(w.scratch_one * dev->host->threads));
    w.bytes = s.used;
    return w;
}

size_t tfu_cpu_batchnorm_workspace(void *dev, const struct tfu_op_call *c)
{
    return work_of(dev, c).bytes;
}

/* What is done with the pixels from `first` on. */
static struct tfu_cpu_finish finish_at(const struct work *w, int64_t first)
{
    struct tfu_cpu_finish f = {.mean = w->constant[MEAN],
                               .slope = w->constant[SLOPE],
                               .shift = w->constant[SHIFT],
                               .relu = w->relu};
    if (w->add)
        f.add = (const float *)w->add->in[w->add->in[0]->data ? 0 : 1]->data + first * w->C;
    return f;
}

static double *chunk_sums(const struct work *w, uint32_t index)
{
    double *sums = w->partial + (int64_t)index * 2 * w->C;
    memset(sums, 0, (size_t)(2 * w->C) * sizeof(double));
    return sums;
}

/* Adds the sums of all chunks to those of the first. */
static void add_chunks(const struct work *w)
{
    for (int64_t i = 1; i < w->chunks; i++)
        for (int64_t c = 0; c < 2 * w->C; c++)
            w->partial[c] += w->partial[i * 2 * w->C + c];
}

static void moments_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_range r = tfu_cpu_part(w->pixels, w->chunks, index);
    double *sums = chunk_sums(w, index);
    w->dev->rows->moments(sums, sums + w->C, (const float *)w->call->in[0]->data + r.first * w->C,
                          (size_t)(r.end - r.first), (size_t)w->C);
}

static void norm_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_range r = tfu_cpu_part(w->pixels, w->chunks, index);
    const struct tfu_cpu_finish f = finish_at(w, r.first);
    const float *x = w->call->in[0]->data;
    float *y = w->call->out->data;
    const struct tfu_cpu_rows *rows = w->dev->rows;
    (x != y && tfu_cpu_streams(y, w->pixels, w->C) ? rows->norm_stream : rows->norm)(
        y + r.first * w->C, x + r.first * w->C, &f, (size_t)(r.end - r.first), (size_t)w->C);
}

/* A task is a row of the pooled output: the rows that it sees are normalised in scratch. */
static void norm_pool_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_maxpool *m = &w->window;
    const int64_t n = index / m->h.out, p = index % m->h.out, at = index * m->w.out * m->C;
    const struct tfu_cpu_range seen = tfu_cpu_taps(&m->h, p);
    const int64_t first = (n * m->h.size + tfu_cpu_maxpool_first(m, p)) * m->w.size;
    const struct tfu_cpu_finish f = finish_at(w, first);
    float *rows = w->scratch + worker * w->scratch_one;
    w->dev->rows->norm(rows, (const float *)w->call->in[0]->data + first * w->C, &f,
                       (size_t)((seen.end - seen.first) * m->w.size), (size_t)w->C);
    tfu_cpu_maxpool_row(m, p, rows, (float *)w->call->out->data + at,
                        w->taken ? w->taken + at : NULL);
}

/* The elementwise pass, when the constants are there. */
static void apply(struct work *w)
{
    if (w->pool)
        tfu_cpu_parallel(w->dev, w->call->in[0]->shape.dim[0] * w->window.h.out, norm_pool_task, w);
    else
        tfu_cpu_parallel(w->dev, w->chunks, norm_task, w);
}

static void move(float *running, double momentum, double batch)
{
    *running = (float)((1 - momentum) * (double)*running + momentum * batch);
}

enum tfu_status tfu_cpu_batchnorm_forward_run(void *dev, const struct tfu_op_call *c,
                                              struct tfu_host *h)
{
    struct work w = work_of(dev, c);
    const double eps = tfu_call_float(c, "eps"), momentum = tfu_call_float(c, "momentum");
    const int from_batch = tfu_cpu_norm_from_batch(c);
    const float *weight = c->param[TFU_CPU_NORM_WEIGHT]->data;
    const float *bias = c->param[TFU_CPU_NORM_BIAS]->data;
    float *running_mean = c->param[TFU_CPU_NORM_RUNNING_MEAN]->data;
    float *running_var = c->param[TFU_CPU_NORM_RUNNING_VAR]->data;
    if (from_batch && w.pixels < 2)
        return h->fail(h, TFU_ESHAPE,
                       "batchnorm has one value per channel, which has no variance; train with "
                       "larger batches or images, or freeze the layer");
    if (from_batch) {
        tfu_cpu_parallel(w.dev, w.chunks, moments_task, &w);
        add_chunks(&w);
    }
    const double n = (double)w.pixels;
    for (int64_t i = 0; i < w.C; i++) {
        double mean = (double)running_mean[i], var = (double)running_var[i];
        if (from_batch) {
            mean = w.partial[i] / n;
            var = fmax(w.partial[w.C + i] / n - mean * mean, 0);
            move(&running_mean[i], momentum, mean);
            move(&running_var[i], momentum, var * n / (n - 1));
        }
        const double inverse = 1 / sqrt(var + eps);
        tfu_cpu_norm_constants(mean, inverse, (double)weight[i], (double)bias[i], &w.constant[0][i],
                               &w.constant[1][i], &w.constant[2][i]);
        if (c->training) {
            ((double *)c->state[0]->data)[i] = mean;
            ((double *)c->state[1]->data)[i] = inverse;
        }
    }
    apply(&w);
    return TFU_OK;
}

/* The constants of what a training pass did. */
static void take_constants(struct work *w)
{
    const struct tfu_op_call *c = w->call;
    const float *weight = c->param[TFU_CPU_NORM_WEIGHT]->data;
    const float *bias = c->param[TFU_CPU_NORM_BIAS]->data;
    const double *mean = c->state[0]->data, *inverse = c->state[1]->data;
    for (int64_t i = 0; i < w->C; i++)
        tfu_cpu_norm_constants(mean[i], inverse[i], (double)weight[i], (double)bias[i],
                               &w->constant[MEAN][i], &w->constant[SLOPE][i],
                               &w->constant[SHIFT][i]);
}

enum tfu_status tfu_cpu_batchnorm_again_run(void *dev, const struct tfu_op_call *c,
                                            struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    take_constants(&w);
    w.taken = NULL;
    apply(&w);
    return TFU_OK;
}

/* How many of the pixels first..end-1 are handled at once: of a pooled image up to the row's end.
 */
static int64_t block_at(const struct work *w, int64_t first, int64_t end)
{
    int64_t most = w->relu ? tfu_cpu_max(1, BLOCK / w->C) : end - first;
    if (w->pool)
        most = w->window.w.size - first % w->window.w.size;
    return tfu_cpu_min(most, end - first);
}

/* Through the pooling: the gradient of `count` pixels of one row. */
static void pool_back(const struct work *w, int64_t first, int64_t count, float *to)
{
    const struct tfu_cpu_maxpool *m = &w->window;
    const int64_t row = first / m->w.size, column = first % m->w.size;
    const int64_t image = row / m->h.size * m->h.out * m->w.out * m->C;
    tfu_cpu_maxpool_row_back(m, row % m->h.size, (struct tfu_cpu_range){column, column + count},
                             (const float *)w->call->grad_out->data + image, w->taken + image, to);
}

/* The gradient by the normalised pixels first..first+count-1. That of a shortcut is the same: it is
 * written on the way, and there to be read `again`. */
static const float *gradient_at(const struct work *w, uint32_t worker, int64_t first, int64_t count,
                                int again)
{
    const int64_t at = first * w->C;
    const float *g = (const float *)w->call->grad_out->data + (w->pool ? 0 : at);
    float *to = w->scratch + worker * w->scratch_one;
    if (!w->relu)
        return g;
    if (w->add) {
        float *shortcut = w->add->grad_in[w->add->grad_in[0]->data ? 0 : 1]->data;
        if (shortcut)
            to = shortcut + at;
        if (!shortcut || !again)
            w->dev->rows->relu_back(to, (const float *)w->call->out->data + at, g,
                                    (size_t)(count * w->C));
        return to;
    }
    if (w->pool)
        pool_back(w, first, count, to);
    const struct tfu_cpu_finish f = finish_at(w, first);
    w->dev->rows->norm_relu_back(to, (const float *)w->call->in[0]->data + at, w->pool ? to : g, &f,
                                 (size_t)count, (size_t)w->C);
    return to;
}

static void back_sums_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_range r = tfu_cpu_part(w->pixels, w->chunks, index);
    double *sums = chunk_sums(w, index);
    for (int64_t first = r.first, count; first < r.end; first += count) {
        count = block_at(w, first, r.end);
        w->dev->rows->norm_sums(sums, sums + w->C,
                                (const float *)w->call->in[0]->data + first * w->C,
                                gradient_at(w, worker, first, count, 0), w->call->state[0]->data,
                                (size_t)count, (size_t)w->C);
    }
}

static void back_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct work *w = arg;
    const struct tfu_cpu_range r = tfu_cpu_part(w->pixels, w->chunks, index);
    const struct tfu_cpu_norm_back k = {w->constant[SLOPE], w->constant[MEAN_G], w->constant[MEAN],
                                        w->constant[MEAN_GX]};
    for (int64_t first = r.first, count; first < r.end; first += count) {
        count = block_at(w, first, r.end);
        w->dev->rows->norm_back((float *)w->call->grad_in[0]->data + first * w->C,
                                (const float *)w->call->in[0]->data + first * w->C,
                                gradient_at(w, worker, first, count, 1), &k, (size_t)count,
                                (size_t)w->C);
    }
}

enum tfu_status tfu_cpu_batchnorm_backward_run(void *dev, const struct tfu_op_call *c,
                                               struct tfu_host *h)
{
    (void)h;
    struct work w = work_of(dev, c);
    const int frozen = tfu_call_int(c, "frozen") != 0;
    const double *mean = c->state[0]->data, *inverse = c->state[1]->data;
    float *grad_weight = c->grad_param[TFU_CPU_NORM_WEIGHT]->data;
    float *grad_bias = c->grad_param[TFU_CPU_NORM_BIAS]->data;
    take_constants(&w);
    tfu_cpu_parallel(w.dev, w.chunks, back_sums_task, &w);
    add_chunks(&w);
    const double n = (double)w.pixels;
    for (int64_t i = 0; i < w.C; i++) {
        const double sum_g = w.partial[i], sum_gx = w.partial[w.C + i];
        if (grad_weight)
            grad_weight[i] = (float)(sum_gx * inverse[i]);
        if (grad_bias)
            grad_bias[i] = (float)sum_g;
        const double mean_gx = frozen ? 0 : sum_gx * inverse[i] * inverse[i] / n;
        const double mean_g = frozen ? 0 : sum_g / n;
        w.constant[MEAN_G][i] = (float)(mean_g - tfu_cpu_norm_rest(mean[i]) * mean_gx);
        w.constant[MEAN_GX][i] = (float)mean_gx;
    }
    if (c->grad_in[0]->data)
        tfu_cpu_parallel(w.dev, w.chunks, back_task, &w);
    return TFU_OK;
}
