/* SPDX-License-Identifier: MIT
 *
 * Adds a normal number to each number of an image.
 */
#include "draw.h"
#include "exact.h"
#include "pixels.h"
#include "take.h"

struct config {
    struct tfu_float_list deviation;
    double p;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT_LIST(struct config, deviation, 0, 1,
                       "least and largest standard deviation, in an image from 0 to 1; empty: 0 to "
                       "0.05"),
    OPT_P(struct config),
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const enum tfu_status st = check_range("deviation", &c->deviation, h);
    return st == TFU_OK ? take_options(self, config) : st;
}

/* Four numbers of one block of random bits, counted from one on that draws do not come to. */
static void add(float *pixel, int64_t count, uint64_t key, double deviation)
{
    const uint64_t begin = UINT64_C(1) << 32;
    for (int64_t i = 0; i < count; i += 4) {
        const struct tfu_random_block b = tfu_philox(key, begin + (uint64_t)i / 4);
        for (int64_t k = 0; k < 4 && i + k < count; k++) {
            const double p = ((double)b.word[k] + 0.5) / 4294967296.0;
            pixel[i + k] = (float)pixel_cut((double)pixel[i + k] + deviation * exact_normal(p));
        }
    }
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = draw_begin(h);
    if (!draw_happens(&d, h, c->p))
        return TFU_OK;
    const struct range r = range_of(&c->deviation, 0, 0.05);
    const double deviation = draw_between(&d, r.low, r.high);
    enum tfu_status st;
    struct tfu_tensor *image = pixel_floats(x, h, &st);
    if (image)
        add(image->data, tfu_shape_count(&image->shape), h->key, deviation);
    return st;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM,
    .create = create,
    .destroy = leave_options,
    .wanted = want_all,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "noise",
    .version = "1.0",
    .summary = "adds normal noise to images",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
