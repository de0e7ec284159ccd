/* SPDX-License-Identifier: MIT
 *
 * @NAME@.c - synthetic images of stripes: the class is their direction; where they begin and the
 * noise over them are random. An example is a pure function of (seed, index), so there is nothing
 * to store.
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/dataset.h>
#include <transfuse/random.h>

enum { STRIPES = 4 }; /* across an image */
static const double pi = 3.14159265358979323846;

struct config {
    int64_t count, size, channels, directions, seed;
    double noise;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, count, 1000, 1, INT64_C(1) << 32, "examples"),
    TFU_OPT_INT(struct config, size, 32, 1, 4096, "height and width of an image"),
    TFU_OPT_INT(struct config, channels, 1, 1, 16, "channels of an image"),
    TFU_OPT_INT(struct config, directions, 4, 1, 180, "classes"),
    TFU_OPT_INT(struct config, seed, 1, 0, INT64_MAX, "other seeds give other examples"),
    TFU_OPT_FLOAT(struct config, noise, 0.2, 0, 1, "share of noise in a pixel"),
};

struct stripes {
    const struct config *config;
    struct tfu_dataset_info info;
};

static enum tfu_status open(void **self, const void *config, struct tfu_dataset_host *h)
{
    struct stripes *s = malloc(sizeof *s);
    *self = s;
    if (!s)
        return h->fail(h, TFU_ENOMEM, "out of memory for the dataset @NAME@");
    s->config = config;
    s->info = (struct tfu_dataset_info){
        .struct_size = sizeof s->info,
        .target = TFU_FIELD_CLASS,
        .label_columns = 1,
        .count = s->config->count,
        .height = s->config->size,
        .width = s->config->size,
        .channels = s->config->channels,
        .classes = s->config->directions,
    };
    /* everything follows from the options: the fingerprint is that of them */
    return h->add_bytes(h, config, sizeof(struct config));
}

static const struct tfu_dataset_info *info(const void *self)
{
    return &((const struct stripes *)self)->info;
}

static enum tfu_status labels(const void *self, int64_t first, int64_t count, float *labels,
                              struct tfu_dataset_host *h)
{
    const struct config *c = ((const struct stripes *)self)->config;
    if (first < 0 || count < 0 || first > c->count || count > c->count - first)
        return h->fail(h, TFU_EINVAL, "there are no labels of example %lld; there are 0 to %lld",
                       (long long)first, (long long)c->count - 1);
    for (int64_t i = 0; i < count; i++)
        labels[i] = (float)((first + i) % c->directions);
    return TFU_OK;
}

static void draw(const struct config *c, int64_t index, float *pixels)
{
    const struct tfu_random_block start = tfu_philox((uint64_t)c->seed, (uint64_t)index);
    const uint64_t key = (uint64_t)start.word[0] << 32 | start.word[1];
    const double phase = tfu_uniform_double(start.word[2], start.word[3]);
    const double angle = pi * (double)(index % c->directions) / (double)c->directions;
    const double along_x = STRIPES * cos(angle) / (double)c->size;
    const double along_y = STRIPES * sin(angle) / (double)c->size;
    uint64_t at = 0;
    for (int64_t y = 0; y < c->size; y++)
        for (int64_t x = 0; x < c->size; x++) {
            const double turns = phase + along_x * (double)x + along_y * (double)y;
            const double stripe = 0.5 + 0.5 * sin(2 * pi * turns);
            for (int64_t k = 0; k < c->channels; k++, at++) {
                const uint32_t word = tfu_philox(key, at / 4).word[at % 4];
                const double noise = (double)tfu_uniform_float(word);
                pixels[at] = (float)((1 - c->noise) * stripe + c->noise * noise);
            }
        }
}

static enum tfu_status get(const void *self, int64_t index, struct tfu_example_host *h)
{
    const struct config *c = ((const struct stripes *)self)->config;
    if (index < 0 || index >= c->count)
        return h->fail(h, TFU_EINVAL, "there is no example %lld; there are 0 to %lld",
                       (long long)index, (long long)c->count - 1);
    const struct tfu_shape shape = tfu_shape_make(3, c->size, c->size, c->channels, 1, 1);
    const struct tfu_tensor *image = h->add(h, TFU_FIELD_IMAGE, TFU_F32, &shape);
    if (!image)
        return TFU_ENOMEM;
    draw(c, index, image->data);
    return TFU_OK;
}

static const struct tfu_dataset_ops ops = {
    .struct_size = sizeof ops,
    .open = open,
    .close = free,
    .info = info,
    .labels = labels,
    .get = get,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET),
    .name = "@NAME@",
    .version = "0.1",
    .summary = "synthetic stripes: the class is their direction",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
