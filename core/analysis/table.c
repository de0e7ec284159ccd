/* SPDX-License-Identifier: MIT */
#include "core/analysis/analysis.h"

#include <string.h>

#include "core/analysis/all.h"

const struct tfu_analysis *const tfu_analyses[] = {
    &tfu_analysis_movement,   &tfu_analysis_dynamics,    &tfu_analysis_subsets,
    &tfu_analysis_reinit,     &tfu_analysis_interpolate, &tfu_analysis_agreement,
    &tfu_analysis_probe,      &tfu_analysis_filters,     &tfu_analysis_histograms,
    &tfu_analysis_gradcam,    &tfu_analysis_saliency,    &tfu_analysis_compare,
    &tfu_analysis_similarity,
};
const size_t tfu_analysis_count = TFU_COUNT(tfu_analyses);

const struct tfu_analysis *tfu_analysis_find(const char *name)
{
    for (size_t i = 0; i < tfu_analysis_count; i++)
        if (strcmp(tfu_analyses[i]->name, name) == 0)
            return tfu_analyses[i];
    return NULL;
}

const struct tfu_option *tfu_analysis_metric_option(const struct tfu_analysis *a)
{
    for (size_t i = 0; i < a->options; i++)
        if (a->option[i].type == TFU_INNER)
            return &a->option[i];
    return NULL;
}

enum tfu_status tfu_analysis_check(const struct tfu_analysis *a, const void *config,
                                   struct tfu_analysis_context *c, struct tfu_error *e)
{
    const struct tfu_analysis_common *common = config; /* which every config begins with */
    c->refused = NULL;
    if (a->ability && tfu_analysis_metric_option(a)) {
        const enum tfu_status st =
            tfu_metric_check(&common->metric->choice, a->ability, c->host.registry, e);
        if (st == TFU_EINVAL)
            c->refused = "metric";
        if (st != TFU_OK)
            return st;
    }
    return a->check ? a->check(config, c, e) : TFU_OK;
}

enum tfu_status tfu_analysis_fits(const struct tfu_analysis *a, const void *config,
                                  const struct tfu_analysis_networks *n,
                                  struct tfu_analysis_context *c, struct tfu_error *e)
{
    c->refused = NULL;
    return a->fits ? a->fits(config, n, c, e) : TFU_OK;
}

/* What a table or a figure over a part of the cases must not leave unsaid. */
static void say_partial(const struct tfu_analysis_networks *n, struct tfu_result *out)
{
    static const struct tfu_column column[] = {{.name = "cases"}, {.name = "done"}};
    tfu_result_say(out, "Over %zu of its %zu cases: the others are %s.", n->there, n->asked,
                   n->left_out ? "left out, or not done" : "not done");
    struct tfu_result_table *t =
        tfu_result_table(out, "cases", TFU_TABLE_JSON, column, TFU_COUNT(column));
    tfu_cell_whole(t, (int64_t)n->asked);
    tfu_cell_whole(t, (int64_t)n->there);
    for (size_t i = 0; i < out->parts; i++)
        if (out->part[i].figure && out->part[i].figure->caption)
            out->part[i].figure->caption =
                tfu_result_printf(out, "%s Over %zu of its %zu cases.",
                                  out->part[i].figure->caption, n->there, n->asked);
}

enum tfu_status tfu_analysis_run(const struct tfu_analysis *a, const void *config,
                                 const struct tfu_analysis_networks *n,
                                 struct tfu_analysis_context *c, struct tfu_result *out,
                                 struct tfu_error *e)
{
    tfu_result_init(out, a->name);
    enum tfu_status st = tfu_analysis_check(a, config, c, e);
    if (st == TFU_OK)
        st = tfu_analysis_fits(a, config, n, c, e);
    if (st != TFU_OK)
        return st;
    c->common = config; /* which every config begins with */
    c->name = n->name;
    c->names = n->names;
    st = a->run(config, n, c, out, e);
    c->common = NULL;
    c->names = 0;
    if (st == TFU_OK && n->there < n->asked)
        say_partial(n, out);
    return st == TFU_OK ? tfu_result_check(out, e) : st;
}
