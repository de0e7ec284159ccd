/* SPDX-License-Identifier: MIT
 *
 * The mean loss of the rows that have one, with the flaw that -DFLAW= names.
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/metric.h>

enum flaw { none, averages_batches, refuses_everything };

struct mean {
    double sum;
    int64_t count;
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    (void)config;
    *self = NULL;
    if (FLAW == refuses_everything)
        return h->fail(h, TFU_EUNSUPPORTED, "there is no task for this metric");
    *self = calloc(1, sizeof(struct mean));
    return *self ? TFU_OK : h->fail(h, TFU_ENOMEM, "out of memory");
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    (void)h;
    struct mean *m = self;
    double sum = 0;
    int64_t count = 0;
    for (int64_t r = 0; r < b->rows; r++) {
        if (isnan(b->losses[r]))
            continue;
        sum += b->losses[r];
        count++;
    }
    if (FLAW == averages_batches && count > 0) {
        sum /= (double)count;
        count = 1;
    }
    m->sum += sum;
    m->count += count;
    return TFU_OK;
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct mean *m = self;
    if (m->count > 0)
        h->scalar(h, "flawed", m->sum / (double)m->count);
    else
        h->undefined(h, "flawed", "no known labels");
    return TFU_OK;
}

static void reset(void *self)
{
    *(struct mean *)self = (struct mean){0};
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_LABELS | TFU_LOWER_IS_BETTER,
    .create = create,
    .destroy = free,
    .update = update,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC), .name = "flawed",       .version = "1.0",
    .summary = "a metric for tests",    .ops_size = sizeof ops, .ops = &ops,
};
