/* SPDX-License-Identifier: MIT
 *
 * Numbers to a power drawn by chance, as torchvision's adjust_gamma().
 */
#include "draw.h"
#include "exact.h"
#include "pixels.h"
#include "take.h"

enum { LEVELS = 256 };

struct config {
    struct tfu_float_list gamma;
    double p;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(struct config, gamma, 0.01, 100,
                       "least and largest exponent: below 1 images become brighter; empty: 0.8 to "
                       "1.25"),
    OPT_P(struct config),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const enum tfu_status st = check_range("gamma", &c->gamma, h);
    return st == TFU_OK ? take_options(self, config) : st;
}

static float power(double x, double gamma)
{
    return (float)exact_pow(pixel_cut(x), gamma);
}

/* Of 8 bits there are 256 results. */
static enum tfu_status from_table(struct tfu_tensor *image, double gamma,
                                  struct tfu_example_host *h)
{
    const int64_t count = tfu_shape_count(&image->shape);
    const uint8_t *from = image->data;
    float table[LEVELS], *to = h->alloc(h, (size_t)count * sizeof *to);
    if (!to)
        return TFU_ENOMEM;
    for (int i = 0; i < LEVELS; i++)
        table[i] = power((double)((float)i / 255.0f), gamma);
    for (int64_t i = 0; i < count; i++)
        to[i] = table[from[i]];
    image->data = to;
    image->dtype = TFU_F32;
    return TFU_OK;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = draw_begin(h);
    if (!draw_happens(&d, h, c->p))
        return TFU_OK;
    const struct range r = range_of(&c->gamma, 0.8, 1.25);
    const double gamma = draw_between(&d, r.low, r.high);
    struct tfu_tensor *whole = tfu_example_find(x, TFU_FIELD_IMAGE);
    if (whole && whole->dtype == TFU_U8)
        return from_table(whole, gamma, h);
    enum tfu_status st;
    struct tfu_tensor *image = pixel_floats(x, h, &st);
    float *pixel = image ? image->data : NULL;
    for (int64_t i = 0; image && i < tfu_shape_count(&image->shape); i++)
        pixel[i] = power((double)pixel[i], gamma);
    return st;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM,
    .create = create,
    .destroy = leave_options,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "gamma",
    .version = "1.0",
    .summary = "changes the brightness of the middle tones by chance",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
