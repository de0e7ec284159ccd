/* SPDX-License-Identifier: MIT
 *
 * Seven small images that are computed, with the flaw that -DFLAW= names.
 */
#include <stdio.h>
#include <stdlib.h>

#include <transfuse/dataset.h>

enum flaw { none, changes_its_fingerprint, has_no_examples };

enum { COUNT = 7, HEIGHT = 3, WIDTH = 2, CLASSES = 3 };

struct data {
    struct tfu_dataset_info info;
    char fingerprint[17];
};

static enum tfu_status data_open(void **self, const void *config, struct tfu_dataset_host *h)
{
    static int opened;
    (void)config;
    struct data *d = calloc(1, sizeof *d);
    *self = d;
    if (!d)
        return h->fail(h, TFU_ENOMEM, "out of memory");
    snprintf(d->fingerprint, sizeof d->fingerprint, "%016x",
             FLAW == changes_its_fingerprint ? opened++ : 0xabc);
    d->info = (struct tfu_dataset_info){.struct_size = sizeof d->info,
                                        .target = TFU_FIELD_CLASS,
                                        .label_columns = 1,
                                        .count = FLAW == has_no_examples ? 0 : COUNT,
                                        .height = HEIGHT,
                                        .width = WIDTH,
                                        .channels = 1,
                                        .classes = CLASSES,
                                        .fingerprint = d->fingerprint};
    return TFU_OK;
}

static const struct tfu_dataset_info *data_info(const void *self)
{
    return &((const struct data *)self)->info;
}

static enum tfu_status data_labels(const void *self, int64_t first, int64_t count, float *labels,
                                   struct tfu_dataset_host *h)
{
    (void)self;
    if (first < 0 || count < 0 || first > COUNT || count > COUNT - first)
        return h->fail(h, TFU_EINVAL, "example %lld is not among the %d", (long long)first, COUNT);
    for (int64_t i = 0; i < count; i++)
        labels[i] = (float)((first + i) % CLASSES);
    return TFU_OK;
}

static enum tfu_status data_get(const void *self, int64_t index, struct tfu_example_host *h)
{
    (void)self;
    if (index < 0 || index >= COUNT)
        return h->fail(h, TFU_EINVAL, "example %lld is not among the %d", (long long)index, COUNT);
    const struct tfu_shape shape = tfu_shape_make(3, HEIGHT, WIDTH, 1, 1, 1);
    const struct tfu_tensor *t = h->add(h, TFU_FIELD_IMAGE, TFU_U8, &shape);
    if (!t)
        return TFU_ENOMEM;
    for (int64_t i = 0; i < HEIGHT * WIDTH; i++)
        ((uint8_t *)t->data)[i] = (uint8_t)(index + i);
    return TFU_OK;
}

static const struct tfu_dataset_ops ops = {
    .struct_size = sizeof ops,
    .open = data_open,
    .close = free,
    .info = data_info,
    .labels = data_labels,
    .get = data_get,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET), .name = "flawed",       .version = "1.0",
    .summary = "a dataset for tests",    .ops_size = sizeof ops, .ops = &ops,
};
