/* SPDX-License-Identifier: MIT
 *
 * The mean of the examples' losses, each with the weight that the task gives it. Examples without a
 * known label have none and do not count.
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/metric.h>

struct loss {
    double sum;
    double weight; /* in all */
};

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    (void)config;
    *self = calloc(1, sizeof(struct loss));
    return *self ? TFU_OK : h->fail(h, TFU_ENOMEM, "out of memory for the metric loss");
}

static enum tfu_status update(void *self, const struct tfu_batch *b, struct tfu_metric_host *h)
{
    (void)h;
    struct loss *m = self;
    for (int64_t r = 0; r < b->rows; r++) {
        if (isnan(b->losses[r]))
            continue;
        m->sum += b->loss_weights[r] * b->losses[r];
        m->weight += b->loss_weights[r];
    }
    return TFU_OK;
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct loss *m = self;
    if (m->weight > 0)
        h->scalar(h, "loss", m->sum / m->weight);
    else
        h->undefined(h, "loss", "no known labels");
    return TFU_OK;
}

static void reset(void *self)
{
    *(struct loss *)self = (struct loss){0};
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
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "loss",
    .version = "1.0",
    .summary = "mean loss of the examples that have a known label",
    .ops_size = sizeof ops,
    .ops = &ops,
};
