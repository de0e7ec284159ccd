/* SPDX-License-Identifier: MIT
 *
 * Seven small images that are computed, with the flaw that -DFLAW= names.
 */
#include <stdio.h>
#include <stdlib.h>

#include <transfuse/dataset.h>

enum flaw {
    none,
    accepts_any_index,
    leaves_a_pixel,
    needs_both_parts,
    changes_with_time,
    has_a_class_too_many,
    changes_its_fingerprint,
    has_no_examples
};

enum { COUNT = 7, HEIGHT = 3, WIDTH = 2, CLASSES = 3 };

struct data {
    int asked;
    char fingerprint[17];
};

static enum tfu_status data_open(void **self, const void *config, struct tfu_host *h)
{
    static int opened;
    (void)config;
    struct data *d = calloc(1, sizeof *d);
    *self = d;
    if (!d)
        return h->fail(h, TFU_ENOMEM, "out of memory");
    snprintf(d->fingerprint, sizeof d->fingerprint, "%016x",
             FLAW == changes_its_fingerprint ? opened++ : 0xabc);
    return TFU_OK;
}

static enum tfu_status data_info(const void *self, struct tfu_dataset_info *out)
{
    const struct data *d = self;
    *out = (struct tfu_dataset_info){.struct_size = sizeof *out,
                                     .label_columns = 1,
                                     .count = FLAW == has_no_examples ? 0 : COUNT,
                                     .height = HEIGHT,
                                     .width = WIDTH,
                                     .channels = 1,
                                     .classes = CLASSES,
                                     .fingerprint = d->fingerprint};
    return TFU_OK;
}

static enum tfu_status data_get(const void *self, int64_t index, float *pixels, float *labels,
                                struct tfu_host *h)
{
    struct data *d = (struct data *)(size_t)self;
    const int64_t n = HEIGHT * WIDTH - (FLAW == leaves_a_pixel ? 1 : 0);
    if (FLAW != accepts_any_index && (index < 0 || index >= COUNT))
        return h->fail(h, TFU_EINVAL, "example %lld is not among the %d", (long long)index, COUNT);
    const int64_t shown = (index % COUNT + COUNT) % COUNT;
    if (FLAW == changes_with_time)
        d->asked++;
    if (FLAW == needs_both_parts && (!pixels || !labels))
        return TFU_OK;
    for (int64_t i = 0; pixels && i < n; i++)
        pixels[i] = (float)(shown + i + d->asked) / 255;
    if (labels)
        labels[0] = (float)(shown % (CLASSES + (FLAW == has_a_class_too_many ? 1 : 0)));
    return TFU_OK;
}

static const struct tfu_dataset_ops ops = {
    .struct_size = sizeof ops,
    .open = data_open,
    .close = free,
    .info = data_info,
    .get = data_get,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET), .name = "flawed",       .version = "1.0",
    .summary = "a dataset for tests",    .ops_size = sizeof ops, .ops = &ops,
};
