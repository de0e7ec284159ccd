/* SPDX-License-Identifier: MIT
 *
 * F1: the harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN), of the answers. Of two
 * classes `f1` is that of class 1; else the mean over the classes that have one (macro). A class
 * that no row has and no answer names has none. `f1.micro` adds the counts of all classes up first.
 */
#include <math.h>
#include <stdlib.h>

#include "classes.h"
#include "table.h"

static enum tfu_status create(void **self, const void *config, struct tfu_metric_host *h)
{
    return table_create(self, "f1", config, h);
}

static struct classes_value f1(struct table_class c)
{
    const int64_t of = 2 * c.true_positive + c.false_positive + c.false_negative;
    if (of == 0)
        return (struct classes_value){(double)NAN, c.true_negative == 0
                                                       ? "no known labels"
                                                       : "0 positives, and none answered"};
    return (struct classes_value){(double)(2 * c.true_positive) / (double)of, NULL};
}

static void report(const struct table *t, struct tfu_metric_host *h, struct classes_value *v)
{
    struct table_class all = {0};
    double sum = 0;
    int64_t defined = 0;
    for (int64_t k = 0; k < h->outputs; k++) {
        const struct table_class c = table_class(t, k);
        v[k] = f1(c);
        all.true_positive += c.true_positive;
        all.false_positive += c.false_positive;
        all.false_negative += c.false_negative;
        all.true_negative += c.true_negative;
        sum += isnan(v[k].value) ? 0 : v[k].value;
        defined += !isnan(v[k].value);
    }
    classes_report(h, "f1", v);
    classes_say(h, "f1.micro", f1(all));
    classes_say(h, "f1.macro",
                defined > 0 ? (struct classes_value){sum / (double)defined, NULL}
                            : (struct classes_value){(double)NAN, "no class has a value"});
}

static enum tfu_status finalize(void *self, struct tfu_metric_host *h)
{
    struct classes_value *v = classes_room(h);
    if (!v)
        return TFU_ENOMEM;
    report(self, h, v);
    free(v);
    return TFU_OK;
}

static const struct tfu_metric_ops ops = {
    .struct_size = sizeof ops,
    .needs = TFU_NEEDS_SCORES | TFU_NEEDS_LABELS,
    .create = create,
    .destroy = table_destroy,
    .update = table_update,
    .finalize = finalize,
    .reset = table_reset,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_METRIC),
    .name = "f1",
    .version = "1.0",
    .summary = "harmonic mean of precision and recall: per class, macro and micro",
    .ops_size = sizeof ops,
    .ops = &ops,
};
