/* SPDX-License-Identifier: MIT
 *
 * The mean loss of the rows that have one, with the flaw that -DFLAW= names.
 */
#include <math.h>
#include <stdlib.h>

#include <transfuse/metric.h>

enum flaw {
    none,
    averages_batches,
    counts_unknown_rows,
    goes_by_the_last_row,
    merges_half,
    never_resets,
    clears_in_finalize,
    divides_by_zero,
    has_no_headline,
    refuses_everything
};

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
        if (FLAW == goes_by_the_last_row && !isnan(b->losses[r])) {
            sum = m->sum = 0;
            count = m->count = 0;
        }
        if (!isnan(b->losses[r]))
            sum += b->losses[r];
        count += FLAW == counts_unknown_rows || !isnan(b->losses[r]);
    }
    if (FLAW == averages_batches && count > 0) {
        sum /= (double)count;
        count = 1;
    }
    m->sum += sum;
    m->count += count;
    return TFU_OK;
}

static enum tfu_status merge(void *self, const void *other, struct tfu_metric_host *h)
{
    (void)h;
    struct mean *m = self;
    const struct mean *o = other;
    m->sum += o->sum;
    m->count += FLAW == merges_half ? o->count / 2 : o->count;
    return TFU_OK;
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    struct mean *m = self;
    const char *key = FLAW == has_no_headline ? "mean" : "flawed";
    if (m->count > 0 || FLAW == divides_by_zero)
        h->scalar(h, key, m->sum / (double)m->count);
    else
        h->undefined(h, key, "no known labels");
    if (FLAW == clears_in_finalize)
        *m = (struct mean){0};
    return TFU_OK;
}

static void reset(void *self)
{
    if (FLAW != never_resets)
        *(struct mean *)self = (struct mean){0};
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_LABELS | TFU_LOWER_IS_BETTER,
    .create = create,
    .destroy = free,
    .update = update,
    .merge = merge,
    .finalize = finalize,
    .reset = reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC), .name = "flawed",       .version = "1.0",
    .summary = "a metric for tests",    .ops_size = sizeof ops, .ops = &ops,
};
