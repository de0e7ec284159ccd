/* SPDX-License-Identifier: MIT */
#include "core/data/resize.h"

#include <math.h>
#include <stdlib.h>

/* One direction: which inputs make an output, and with what weight. */
struct axis {
    int64_t in, out, taps; /* taps: most inputs of one output */
    int64_t *first;        /* per output */
    int64_t *count;        /* per output */
    float *weight;         /* out x taps */
};

struct tfu_resize {
    struct axis rows, columns;
    int64_t channels;
    bool clip; /* both passes' numbers are cut to 0 to 1 */
};

/* A filter by the distance from its centre; 0 beyond `reach`. */
struct kernel {
    double reach;
    double (*at)(double distance);
};

static double triangle(double x)
{
    return fmax(0, 1 - fabs(x));
}

/* Keys' cubic convolution with a = -1/2. */
static double cubic(double x)
{
    const double a = -0.5;
    x = fabs(x);
    return x < 1   ? ((a + 2) * x - (a + 3)) * x * x + 1
           : x < 2 ? (((x - 5) * x + 8) * x - 4) * a
                   : 0;
}

static const struct kernel bilinear = {1, triangle}, bicubic = {2, cubic};

static void axis_free(struct axis *a)
{
    free(a->first);
    free(a->count);
    free(a->weight);
}

/* The kernel around the output's centre, widened when the image shrinks, cut at the image and
 * scaled to sum 1. */
static enum tfu_status axis_make(struct axis *a, const struct kernel *kernel, int64_t in,
                                 int64_t out, struct tfu_error *e)
{
    const double scale = (double)in / (double)out;
    const double wide = scale > 1 ? scale : 1, support = wide * kernel->reach;
    a->in = in;
    a->out = out;
    a->taps = (int64_t)ceil(support) * 2 + 1;
    a->first = calloc((size_t)out, sizeof *a->first);
    a->count = calloc((size_t)out, sizeof *a->count);
    a->weight = calloc((size_t)(out * a->taps), sizeof *a->weight);
    if (!a->first || !a->count || !a->weight)
        return tfu_error_memory(e, "preparing to resize images", 0);
    for (int64_t i = 0; i < out; i++) {
        const double centre = ((double)i + 0.5) * scale;
        int64_t first = (int64_t)(centre - support + 0.5), end = (int64_t)(centre + support + 0.5);
        first = first < 0 ? 0 : first;
        end = end > in ? in : end;
        double sum = 0;
        for (int64_t k = first; k < end; k++)
            sum += kernel->at(((double)k + 0.5 - centre) / wide);
        for (int64_t k = first; k < end; k++)
            a->weight[i * a->taps + k - first] =
                (float)(kernel->at(((double)k + 0.5 - centre) / wide) / sum);
        a->first[i] = first;
        a->count[i] = end - first;
    }
    return TFU_OK;
}

static enum tfu_status make(struct tfu_resize **out, const struct kernel *kernel, int64_t height,
                            int64_t width, int64_t new_height, int64_t new_width, int64_t channels,
                            struct tfu_error *e)
{
    *out = NULL;
    struct tfu_resize *r = calloc(1, sizeof *r);
    if (!r)
        return tfu_error_memory(e, "preparing to resize images", 0);
    r->channels = channels;
    enum tfu_status st = axis_make(&r->rows, kernel, height, new_height, e);
    if (st == TFU_OK)
        st = axis_make(&r->columns, kernel, width, new_width, e);
    if (st != TFU_OK) {
        tfu_resize_free(r);
        return st;
    }
    *out = r;
    return TFU_OK;
}

enum tfu_status tfu_resize_new(struct tfu_resize **out, int64_t height, int64_t width,
                               int64_t new_height, int64_t new_width, int64_t channels,
                               struct tfu_error *e)
{
    return make(out, &bilinear, height, width, new_height, new_width, channels, e);
}

enum tfu_status tfu_resize_new_bicubic(struct tfu_resize **out, int64_t height, int64_t width,
                                       int64_t new_height, int64_t new_width, int64_t channels,
                                       bool clip, struct tfu_error *e)
{
    const enum tfu_status st =
        make(out, &bicubic, height, width, new_height, new_width, channels, e);
    if (st == TFU_OK)
        (*out)->clip = clip;
    return st;
}

void tfu_resize_free(struct tfu_resize *r)
{
    if (!r)
        return;
    axis_free(&r->rows);
    axis_free(&r->columns);
    free(r);
}

size_t tfu_resize_scratch(const struct tfu_resize *r)
{
    return (size_t)(r->rows.in * r->columns.out * r->channels);
}

static void clip(float *x, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        x[i] = x[i] < 0 ? 0 : x[i] > 1 ? 1 : x[i];
}

void tfu_resize_run(const struct tfu_resize *r, const float *in, float *scratch, float *out)
{
    const int64_t channels = r->channels;
    const struct axis *x = &r->columns, *y = &r->rows;
    /* columns first: (H,W,C) to (H,new W,C) */
    for (int64_t h = 0; h < y->in; h++)
        for (int64_t i = 0; i < x->out; i++)
            for (int64_t c = 0; c < channels; c++) {
                double sum = 0;
                for (int64_t k = 0; k < x->count[i]; k++)
                    sum += (double)x->weight[i * x->taps + k] *
                           (double)in[(h * x->in + x->first[i] + k) * channels + c];
                scratch[(h * x->out + i) * channels + c] = (float)sum;
            }
    const int64_t row = x->out * channels;
    if (r->clip)
        clip(scratch, y->in * row);
    for (int64_t i = 0; i < y->out; i++)
        for (int64_t j = 0; j < row; j++) {
            double sum = 0;
            for (int64_t k = 0; k < y->count[i]; k++)
                sum += (double)y->weight[i * y->taps + k] *
                       (double)scratch[(y->first[i] + k) * row + j];
            out[i * row + j] = (float)sum;
        }
    if (r->clip)
        clip(out, y->out * row);
}
