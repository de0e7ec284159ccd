/* SPDX-License-Identifier: MIT
 *
 * Synthetic Gabor filters for the first convolution, as in figure 8 of Raghu et al., "Transfusion",
 * NeurIPS 2019. The paper prints no parameters; the defaults (16 orientations, 4 frequencies, sigma
 * 2) make the 64 filters that ResNet-50's first layer has. A filter is scikit-image's
 * gabor_kernel(): with x' = x cos t + y sin t and y' = -x sin t + y cos t,
 *
 *     g(x, y) = exp(-(x'^2 / sx^2 + y'^2 / sy^2) / 2) / (2 pi sx sy) * cos(2 pi f x' + offset),
 *
 * or sin for the imaginary part, on whole numbers up to `stds` deviations from the centre. It is
 * cut to the convolution's kernel, or lies in the middle of zeros, and is the same for all input
 * channels.
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/init.h>

#include "source.h"

enum part { REAL, IMAGINARY };
static const char *const parts[] = {"real", "imaginary", NULL};
enum gain { GAIN_REST, GAIN_SOURCE, GAIN_NONE };
static const char *const gains[] = {"rest", "source", "none", NULL};

struct config {
    const char *layer;
    int64_t orientations;
    struct tfu_float_list frequencies;
    double sigma_x, sigma_y, offset, stds;
    int32_t part, gain;
    const char *source;
    const struct tfu_inner *rest;
};

static const struct tfu_option options[] = {
    TFU_OPT_STRING(
        struct config, layer, "", 0,
        "the weight that gets the filters, as conv1.weight; empty: the first convolution"),
    TFU_OPT_INT(struct config, orientations, 16, 1, 4096, "directions, evenly over half a turn"),
    TFU_OPT_FLOAT_LIST(struct config, frequencies, 1e-6, 0.5,
                       "waves a pixel; none given: 0.08, 0.16, 0.25 and 0.32"),
    TFU_OPT_FLOAT(struct config, sigma_x, 2, 1e-3, 1e3, "deviation along the wave, in pixels"),
    TFU_OPT_FLOAT(struct config, sigma_y, 2, 1e-3, 1e3, "deviation across it"),
    TFU_OPT_FLOAT(struct config, offset, 0, -10, 10, "phase, in radians"),
    TFU_OPT_FLOAT(struct config, stds, 3, 0.1, 100, "size of a filter, in deviations"),
    TFU_OPT_ENUM(struct config, part, "real", parts, "even (cosine) or odd (sine) filters"),
    TFU_OPT_ENUM(
        struct config, gain, "rest", gains,
        "whose norm the layer gets: what `rest` would have put there, the source's tensor, "
        "or its own"),
    TFU_OPT_PATH(struct config, source, "", 0, "file of weights for gain: source"),
    TFU_OPT_INNER(struct config, rest, "random", 0, "fills all other parameters"),
};

static const double published[] = {0.08, 0.16, 0.25, 0.32};
static const double pi = 3.14159265358979323846;

static int64_t frequency_count(const struct config *c)
{
    return c->frequencies.count ? (int64_t)c->frequencies.count : (int64_t)TFU_COUNT(published);
}

static double frequency(const struct config *c, int64_t i)
{
    return c->frequencies.count ? c->frequencies.item[i] : published[i];
}

static enum tfu_status create(void **self, const void *config, struct tfu_init_host *h)
{
    const struct config *c = config;
    *self = (void *)config; /* stays valid until destroy() */
    if (c->gain == GAIN_SOURCE && !c->source[0])
        return h->fail(h, TFU_EINVAL, "gain: source needs `source: FILE`");
    if (c->gain != GAIN_SOURCE && c->source[0])
        return h->fail(h, TFU_EINVAL, "source is for gain: source, but gain is %s; remove one",
                       gains[c->gain]);
    if (strpbrk(c->layer, "*?"))
        return h->fail(h, TFU_EINVAL, "layer: '%s' is a pattern; it is the name of one weight",
                       c->layer);
    return c->layer[0] ? h->find_param(h, c->layer) : TFU_OK;
}

static void destroy(void *self)
{
    (void)self;
}

/* The filter of direction `theta` at a pixel. */
static double gabor(const struct config *c, double theta, double f, double x, double y)
{
    const double n = c->stds, sine = sin(theta), cosine = cos(theta);
    const double half_width =
        ceil(fmax(fmax(fabs(n * c->sigma_x * cosine), fabs(n * c->sigma_y * sine)), 1));
    const double half_height =
        ceil(fmax(fmax(fabs(n * c->sigma_y * cosine), fabs(n * c->sigma_x * sine)), 1));
    if (fabs(x) > half_width || fabs(y) > half_height)
        return 0;
    const double along = x * cosine + y * sine, across = y * cosine - x * sine;
    const double envelope = exp(-0.5 * (along * along / (c->sigma_x * c->sigma_x) +
                                        across * across / (c->sigma_y * c->sigma_y))) /
                            (2 * pi * c->sigma_x * c->sigma_y);
    const double phase = 2 * pi * f * along + c->offset;
    return envelope * (c->part == REAL ? cos(phase) : sin(phase));
}

static double norm_of(const float *w, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += (double)w[i] * (double)w[i];
    return sqrt(sum);
}

/* Puts the filters in the first `filters` of the K output channels; fewer channels than filters get
 * them evenly from the list. */
static void put_filters(const struct config *c, const struct tfu_tensor *dst, int64_t filters)
{
    const int64_t all = c->orientations * frequency_count(c);
    const int64_t channels = dst->shape.dim[1], rows = dst->shape.dim[2],
                  columns = dst->shape.dim[3];
    float *to = dst->data;
    for (int64_t k = 0; k < filters; k++) {
        const int64_t which = filters < all ? k * all / filters : k;
        const double theta = pi * (double)(which % c->orientations) / (double)c->orientations;
        const double f = frequency(c, which / c->orientations);
        for (int64_t i = 0; i < channels; i++)
            for (int64_t r = 0; r < rows; r++)
                for (int64_t s = 0; s < columns; s++)
                    *to++ = (float)gabor(c, theta, f, (double)(s - (columns - 1) / 2),
                                         (double)(r - (rows - 1) / 2));
    }
}

/* The norm that the `n` numbers of the filters are to have; 0: their own. */
static enum tfu_status wanted_norm(const struct config *c, const struct tfu_param *p,
                                   const struct tfu_tensor *dst, int64_t n, double *norm,
                                   struct tfu_init_host *h)
{
    *norm = 0;
    if (c->gain == GAIN_NONE)
        return TFU_OK;
    if (c->gain == GAIN_REST) { /* what `rest` has just put there */
        *norm = norm_of(dst->data, n);
        return TFU_OK;
    }
    const struct tfu_tensor *t = h->source(h, c->source, p->name);
    if (!t)
        return h->fail(h, TFU_ENOTFOUND, "'%s' has no tensor '%s' to take the norm of", c->source,
                       p->name);
    const int64_t all = tfu_shape_count(&dst->shape);
    /* where `rest` fills some of the channels, the filters get their share */
    *norm = norm_of(t->data, tfu_shape_count(&t->shape)) * sqrt((double)n / (double)all);
    return TFU_OK;
}

static int is_the_layer(const struct config *c, const struct tfu_param *p)
{
    if (c->layer[0])
        return strcmp(p->name, c->layer) == 0;
    return p->layer_index == 0 && (p->role == TFU_ROLE_WEIGHT || p->role == TFU_ROLE_SCALE);
}

static enum tfu_status fill(void *self, const struct tfu_param *p, const struct tfu_tensor *dst,
                            struct tfu_init_host *h)
{
    const struct config *c = self;
    const int64_t all = c->orientations * frequency_count(c);
    double norm;
    enum tfu_status st = h->fill_inner(h, c->rest, p, dst);
    if (st != TFU_OK || !is_the_layer(c, p))
        return st;
    if (strcmp(p->op, "conv2d") != 0 || p->role != TFU_ROLE_WEIGHT)
        return h->fail(h, TFU_EINVAL,
                       "'%s' is not the weight of a conv2d, which Gabor filters are for; name one "
                       "in `layer:`",
                       p->name);
    const int64_t channels = dst->shape.dim[0], filters = channels < all ? channels : all;
    const int64_t n = tfu_shape_count(&dst->shape) / channels * filters;
    st = wanted_norm(c, p, dst, n, &norm, h);
    if (st != TFU_OK)
        return st;
    put_filters(c, dst, filters);
    float *w = dst->data;
    const double own = norm_of(w, n);
    if (norm > 0 && own > 0)
        for (int64_t i = 0; i < n; i++)
            w[i] = (float)((double)w[i] * (norm / own));
    h->note(h, "%lld of %lld filters are Gabor's: %lld orientations, %lld frequencies, norm %.4g",
            (long long)filters, (long long)channels, (long long)c->orientations,
            (long long)frequency_count(c), norm_of(w, n));
    return TFU_OK;
}

static const struct tfu_init_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = destroy,
    .fill = fill,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_INIT),
    .name = "gabor",
    .version = "1.0",
    .summary =
        "synthetic Gabor filters for the first convolution, another initializer for the rest",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
