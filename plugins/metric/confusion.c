/* SPDX-License-Identifier: MIT
 *
 * Which label got which answer how often. In classification the matrix, a series for each label; in
 * multi-label tasks the four counts of each label. `confusion` itself is the share of wrong answers
 * among the known labels.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "classes.h"
#include "table.h"

/* A matrix of more classes is no table to look at, and every cell would be a column of metrics.csv.
 */
enum { CLASSES_MAX = 32 };

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    return table_create(self, "confusion", config, h);
}

static void report_matrix(const struct table *t, struct tfu_metric_host *h, double *row)
{
    if (t->side > CLASSES_MAX) {
        h->undefined(h, "confusion.label", "more than %d classes", CLASSES_MAX);
        return;
    }
    for (int64_t i = 0; i < t->side; i++) {
        char key[64];
        for (int64_t j = 0; j < t->side; j++)
            row[j] = (double)table_at(t, 0, i, j);
        snprintf(key, sizeof key, "confusion.label.%lld", (long long)i);
        h->series(h, key, row, (size_t)t->side);
    }
}

static void report_counts(const struct table *t, struct tfu_metric_host *h, double *column)
{
    static const char *const keys[] = {"confusion.true_positive", "confusion.false_positive",
                                       "confusion.false_negative", "confusion.true_negative"};
    for (size_t i = 0; i < TFU_COUNT(keys); i++) {
        for (int64_t k = 0; k < h->outputs; k++) {
            const struct table_class c = table_class(t, k);
            const int64_t count[] = {c.true_positive, c.false_positive, c.false_negative,
                                     c.true_negative};
            column[k] = (double)count[i];
        }
        h->series(h, keys[i], column, (size_t)h->outputs);
    }
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    const struct table *t = self;
    int64_t known = 0, right = 0;
    double *line = calloc((size_t)h->outputs, sizeof *line);
    if (!line)
        return h->fail(h, TFU_ENOMEM, "out of memory for %lld classes", (long long)h->outputs);
    for (int64_t i = 0; i < t->tables; i++) {
        known += table_known(t, i);
        right += table_right(t, i);
    }
    const struct classes_value wrong = {
        known > 0 ? (double)(known - right) / (double)known : (double)NAN, "no known labels"};
    classes_say(h, "confusion", wrong);
    if (t->label_wise)
        report_counts(t, h, line);
    else
        report_matrix(t, h, line);
    free(line);
    return TFU_OK;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_SCORES | TFU_NEEDS_LABELS | TFU_LOWER_IS_BETTER,
    .create = create,
    .destroy = table_destroy,
    .update = table_update,
    .finalize = finalize,
    .reset = table_reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "confusion",
    .version = "1.0",
    .summary = "which label got which answer how often, and the share of wrong answers",
    .ops_size = sizeof ops,
    .ops = &ops,
};
