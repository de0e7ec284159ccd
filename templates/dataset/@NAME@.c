/* SPDX-License-Identifier: MIT
 *
 * A dataset that is computed: stripes under noise. The class is the direction of the stripes, an
 * even share of a half turn; phase and noise are drawn for each example.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <transfuse/dataset.h>
#include <transfuse/random.h>

struct config {
    int64_t count, size, channels, directions, seed;
    double period, noise;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, count, 1000, 1, 100000000, "number of examples"),
    TFU_OPT_INT(struct config, size, 32, 1, 4096, "height and width in pixels"),
    TFU_OPT_INT(struct config, channels, 1, 1, 16, "channels, each with noise of its own"),
    TFU_OPT_INT(struct config, directions, 4, 1, 1000, "number of classes, each a direction"),
    TFU_OPT_INT(struct config, seed, 0, 0, INT64_MAX, "another seed gives other examples"),
    TFU_OPT_FLOAT(struct config, period, 8, 1, 4096, "pixels from stripe to stripe"),
    TFU_OPT_FLOAT(struct config, noise, 0.2, 0, 1, "share of noise in a pixel"),
};

enum { NUMBERS = 7 }; /* options */

struct dataset {
    struct config config;
    char fingerprint[16 * NUMBERS + 1];
};

static const double pi = 3.14159265358979323846;

/* What the examples follow from, number by number, in place of a digest of files. */
static void write_fingerprint(struct dataset *d)
{
    const struct config *c = &d->config;
    uint64_t number[NUMBERS] = {(uint64_t)c->count, (uint64_t)c->size, (uint64_t)c->channels,
                                (uint64_t)c->directions, (uint64_t)c->seed};
    memcpy(&number[NUMBERS - 2], &c->period, sizeof c->period);
    memcpy(&number[NUMBERS - 1], &c->noise, sizeof c->noise);
    for (size_t i = 0; i < NUMBERS; i++)
        snprintf(d->fingerprint + 16 * i, 17, "%016" PRIx64, number[i]);
}

static enum tfu_status open_stripes(void **self, const void *config, struct tfu_host *h)
{
    struct dataset *d = calloc(1, sizeof *d);
    *self = d;
    if (!d)
        return h->fail(h, TFU_ENOMEM, "out of memory for the dataset @NAME@");
    d->config = *(const struct config *)config;
    write_fingerprint(d);
    return TFU_OK;
}

static enum tfu_status info(const void *self, struct tfu_dataset_info *out)
{
    const struct dataset *d = self;
    *out = (struct tfu_dataset_info){
        .struct_size = sizeof *out,
        .label_columns = 1,
        .count = d->config.count,
        .height = d->config.size,
        .width = d->config.size,
        .channels = d->config.channels,
        .classes = d->config.directions,
        .fingerprint = d->fingerprint,
    };
    return TFU_OK;
}

/* Draw `counter` of the stream that belongs to an example: any of them, in any order. */
static float draw(const struct config *c, int64_t index, uint64_t counter)
{
    const uint64_t key = (uint64_t)c->seed * 0x9E3779B97F4A7C15u + (uint64_t)index;
    return tfu_uniform_float(tfu_philox(key, counter / 4).word[counter % 4]);
}

static void paint(const struct config *c, int64_t index, int64_t label, float *pixels)
{
    const double angle = pi * (double)label / (double)c->directions;
    const double across = cos(angle), down = sin(angle);
    const double phase = (double)draw(c, index, 0);
    for (int64_t y = 0; y < c->size; y++)
        for (int64_t x = 0; x < c->size; x++) {
            const double turns = (across * (double)x + down * (double)y) / c->period + phase;
            const double stripe = 0.5 + 0.5 * sin(2 * pi * turns);
            for (int64_t k = 0; k < c->channels; k++) {
                const int64_t i = (y * c->size + x) * c->channels + k;
                const double noise = (double)draw(c, index, (uint64_t)i + 1);
                pixels[i] = (float)((1 - c->noise) * stripe + c->noise * noise);
            }
        }
}

static enum tfu_status get(const void *self, int64_t index, float *pixels, float *labels,
                           struct tfu_host *h)
{
    const struct config *c = &((const struct dataset *)self)->config;
    if (index < 0 || index >= c->count)
        return h->fail(h, TFU_EINVAL, "there is no example %lld; there are 0 to %lld",
                       (long long)index, (long long)c->count - 1);
    const int64_t label = index % c->directions;
    if (labels)
        labels[0] = (float)label;
    if (pixels)
        paint(c, index, label, pixels);
    return TFU_OK;
}

static const struct tfu_dataset_ops ops = {
    .struct_size = sizeof ops, .open = open_stripes, .close = free, .info = info, .get = get};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET),
    .name = "@NAME@",
    .version = "0.1",
    .summary = "stripes in several directions, computed",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
