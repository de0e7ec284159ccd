/* SPDX-License-Identifier: MIT
 *
 * @NAME@.c - brighter or darker images: each number to the power of gamma, which is drawn for each
 * example in training. Masks, boxes and points stay where they are.
 */
#include <math.h>

#include <transfuse/random.h>
#include <transfuse/transform.h>

struct config {
    double gamma, spread;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, gamma, 1, 0.01, 100, "exponent; below 1 images become brighter"),
    TFU_OPT_FLOAT(struct config, spread, 0.2, 0, 0.99, "share by which gamma varies in training"),
};

/* The options are all that there is to keep. */
static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    (void)h;
    *self = (void *)(uintptr_t)config;
    return TFU_OK;
}

static void destroy(void *self)
{
    (void)self;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    const struct tfu_random_block b = tfu_philox(h->key, 0);
    const double u = h->random ? 2 * tfu_uniform_double(b.word[0], b.word[1]) - 1 : 0;
    const double gamma = c->gamma * (1 + c->spread * u);
    struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    const enum tfu_status st = h->to_floats(h, image);
    float *pixel = image->data;
    for (int64_t i = 0; st == TFU_OK && i < tfu_shape_count(&image->shape); i++)
        pixel[i] = pixel[i] > 0 ? (float)pow((double)pixel[i], gamma) : pixel[i];
    return st;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM,
    .create = create,
    .destroy = destroy,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "@NAME@",
    .version = "0.1",
    .summary = "brighter or darker: numbers of images to the power of gamma",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
