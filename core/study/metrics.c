/* SPDX-License-Identifier: MIT */
#include "core/study/metrics.h"

#include <string.h>

#include <transfuse/metric.h>

#include "core/base/calling.h"
#include "core/base/text.h"

const struct tfu_metric_ability tfu_metric_compares = {
    TFU_NEEDS_TAPS, TFU_NEEDS_FIT, "does not compare activations of two networks"};
const struct tfu_metric_ability tfu_metric_compares_networks = {
    TFU_NEEDS_TAPS | TFU_NEEDS_PARAMETERS, TFU_NEEDS_FIT, "does not compare two networks"};
const struct tfu_metric_ability tfu_metric_compares_matrices = {
    TFU_NEEDS_TAPS, TFU_NEEDS_FIT | TFU_NEEDS_PARAMETERS | TFU_NEEDS_LABELS,
    "does not compare two matrices of activations"};
const struct tfu_metric_ability tfu_metric_probes = {TFU_NEEDS_FIT, TFU_NEEDS_SCORES,
                                                     "is not fitted to activations"};

static bool is_able(const struct tfu_plugin *p, const struct tfu_metric_ability *a)
{
    const uint32_t needs = ((const struct tfu_metric_ops *)p->ops)->needs;
    return (needs & a->with) != 0 && !(needs & a->without);
}

/* "cka, rsa and svcca"; nothing when there is none. */
static enum tfu_status list_able(struct tfu_registry *r, const struct tfu_metric_ability *a,
                                 struct tfu_text *out, struct tfu_error *e)
{
    struct tfu_registry_list l;
    const enum tfu_status st = tfu_registry_list(r, TFU_KIND_METRIC, &l, e);
    if (st != TFU_OK)
        return st;
    const char *last = NULL;
    tfu_registry_list_open(r, &l);
    for (size_t i = 0; i < l.count; i++) {
        if (!l.entry[i].plugin || !is_able(l.entry[i].plugin, a))
            continue;
        if (last)
            tfu_text_printf(out, "%s%s", out->length ? ", " : "", last);
        last = l.entry[i].plugin->name;
    }
    if (last)
        tfu_text_printf(out, "%s%s", out->length ? " and " : "", last);
    tfu_registry_list_free(&l);
    return out->failed ? tfu_error_memory(e, "listing metrics", 0) : TFU_OK;
}

enum tfu_status tfu_metric_check(const struct tfu_plugin_choice *metric,
                                 const struct tfu_metric_ability *ability, struct tfu_registry *r,
                                 struct tfu_error *e)
{
    if (is_able(metric->plugin, ability))
        return TFU_OK;
    struct tfu_text able = TFU_TEXT_INIT;
    const enum tfu_status st = list_able(r, ability, &able, e);
    if (st == TFU_OK && able.length)
        tfu_error_set(e, TFU_EINVAL, "metric '%s' %s; there %s %s for that", metric->plugin->name,
                      ability->lacks, strchr(tfu_text_get(&able), ' ') ? "are" : "is",
                      tfu_text_get(&able));
    else if (st == TFU_OK)
        tfu_error_set(e, TFU_EINVAL, "metric '%s' %s, nor does any other that is found",
                      metric->plugin->name, ability->lacks);
    tfu_text_free(&able);
    return st == TFU_OK ? TFU_EINVAL : st;
}

int64_t tfu_metric_rows(const struct tfu_plugin_choice *metric)
{
    static const int64_t usual = 10000;
    const struct tfu_metric_ops *ops = metric->plugin->ops;
    if (!ops->rows_max)
        return usual;
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "metric", .plugin = metric->plugin->name, .function = "rows_max"});
    const int64_t limit = ops->rows_max(metric->config);
    tfu_calling_end(outer);
    return limit > 0 && limit < usual ? limit : usual;
}
