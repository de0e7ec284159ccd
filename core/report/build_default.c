/* SPDX-License-Identifier: MIT */
#include "core/report/build_default.h"

#include <string.h>

#include "core/report/build_runs.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "making a report", 0);
}

/* Axes with more than one value become rows, then columns; `seed` is what means are over. */
static bool share_out(struct tfu_report_builder *b, struct tfu_report_ask *ask)
{
    const struct tfu_report_cases *c = b->cases;
    struct tfu_report_axes *list[] = {&ask->rows, &ask->columns, &ask->over};
    const size_t tuned = c->sweep && c->sweep->tune ? c->sweep->tune->axis : TFU_REPORT_NONE;
    for (size_t i = 0; i < TFU_COUNT(list); i++)
        if (!(list[i]->item = tfu_arena_array(c->arena, c->axes + 1, sizeof(size_t))))
            return false;
    for (size_t a = 0; a < c->axes; a++) {
        if (a == tuned)
            continue;
        const bool seed = strcmp(c->axis[a].name, "seed") == 0;
        struct tfu_report_axes *to = seed                   ? &ask->over
                                     : ask->rows.count == 0 ? &ask->rows
                                     : ask->columns.count == 0 && c->axis[a].count < 8
                                         ? &ask->columns
                                         : &ask->rows;
        to->item[to->count++] = a;
    }
    if (ask->rows.count == 0 && ask->over.count) /* seeds alone */
        ask->rows.item[ask->rows.count++] = ask->over.item[--ask->over.count];
    bool *chosen = tfu_arena_array(c->arena, c->count + 1, sizeof *chosen);
    if (chosen)
        memset(chosen, 1, c->count * sizeof *chosen);
    ask->chosen = chosen;
    ask->count = c->count;
    return chosen != NULL;
}

static enum tfu_status add_table(struct tfu_report_builder *b, const char *const *series,
                                 size_t count, struct tfu_error *e)
{
    struct tfu_report_ask *ask = tfu_arena_alloc(b->cases->arena, sizeof *ask);
    struct tfu_report_value *value = tfu_arena_array(b->cases->arena, count + 1, sizeof *value);
    if (!ask || !value)
        return no_memory(e);
    *ask = (struct tfu_report_ask){.name = "results",
                                   .caption = "",
                                   .at = "last",
                                   .value = value,
                                   .values = count,
                                   .digits = -1,
                                   .x_axis = TFU_REPORT_NONE};
    for (size_t i = 0; i < count; i++)
        value[i] = (struct tfu_report_value){
            .measure = TFU_MEASURE_METRIC, .text = series[i], .column = series[i]};
    return share_out(b, ask) ? tfu_report_table_build(b, ask, e) : no_memory(e);
}

/* "auc" of "test/auc" */
static const char *metric_of(const char *series)
{
    const char *slash = strchr(series, '/');
    return slash ? slash + 1 : series;
}

/* The metric that runs are chosen by, else the first that their configurations name. */
static enum tfu_status find_main(struct tfu_report_builder *b, const char *const *series,
                                 size_t count, size_t *out, struct tfu_error *e)
{
    struct tfu_report_cases *c = b->cases;
    enum tfu_status st = TFU_OK;
    size_t first = 0;
    *out = 0;
    while (first < c->count && !c->item[first].done)
        first++;
    if (first == c->count)
        return TFU_OK;
    const struct tfu_index_run *run = tfu_index_run(c->index, c->item[first].row);
    const char *wanted = run->best && run->best[0] ? metric_of(run->best) : NULL;
    struct tfu_index_leaf *leaf;
    size_t leaves = 0;
    if (!wanted)
        st = tfu_index_leaves(c->index, run, c->arena, &leaf, &leaves, e);
    for (size_t i = 0; i < leaves; i++) /* a `name` is sorted before `plugin`, and counts */
        if (!wanted && (strcmp(leaf[i].key, "metrics.0.name") == 0 ||
                        strcmp(leaf[i].key, "metrics.0.plugin") == 0))
            wanted = leaf[i].value;
    for (size_t i = 0; wanted && i < count; i++)
        if (strcmp(metric_of(series[i]), wanted) == 0)
            *out = i;
    return st;
}

/* A metric by step: a panel for each row, a line for each column. */
static enum tfu_status add_curves(struct tfu_report_builder *b, const char *name,
                                  const char *series, struct tfu_error *e)
{
    struct tfu_report_ask *ask = tfu_arena_alloc(b->cases->arena, sizeof *ask);
    struct tfu_report_value *value = tfu_arena_alloc(b->cases->arena, sizeof *value);
    enum { PANELS_MAX = 24 };
    if (!ask || !value)
        return no_memory(e);
    *value =
        (struct tfu_report_value){.measure = TFU_MEASURE_METRIC, .text = series, .column = series};
    *ask = (struct tfu_report_ask){.name = name,
                                   .caption = "",
                                   .at = "last",
                                   .value = value,
                                   .values = 1,
                                   .digits = -1,
                                   .drawing = TFU_DRAW_CURVES,
                                   .by_step = true,
                                   .x_axis = TFU_REPORT_NONE};
    if (!share_out(b, ask))
        return no_memory(e);
    if (ask->columns.count == 0) { /* lines in one panel */
        const struct tfu_report_axes rows = ask->rows;
        ask->rows = ask->columns;
        ask->columns = rows;
    }
    size_t panels = 1;
    for (size_t i = 0; i < ask->rows.count && panels <= PANELS_MAX; i++)
        panels *= b->cases->axis[ask->rows.item[i]].count;
    return panels > PANELS_MAX ? TFU_OK : tfu_report_figure_build(b, ask, e);
}

/* Of the main metric, then of the others where they are few. */
static enum tfu_status add_all_curves(struct tfu_report_builder *b, const char *const *series,
                                      size_t count, struct tfu_error *e)
{
    enum { FEW = 3 };
    size_t leading = 0;
    enum tfu_status st = find_main(b, series, count, &leading, e);
    if (st == TFU_OK)
        st = add_curves(b, "curves", series[leading], e);
    for (size_t i = 0; st == TFU_OK && count <= FEW && i < count; i++) {
        const char *name =
            i == leading ? NULL
                         : tfu_arena_printf(b->cases->arena, "curves-%s", metric_of(series[i]));
        if (i != leading)
            st = name ? add_curves(b, name, series[i], e) : no_memory(e);
    }
    return st;
}

enum tfu_status tfu_report_default(struct tfu_report_builder *b, struct tfu_error *e)
{
    const char **series;
    size_t count;
    enum tfu_status st = TFU_OK;
    if (b->cases->sweep) {
        st = tfu_report_common_series(b, &series, &count, e);
        if (st == TFU_OK)
            st = tfu_report_add_text(b, TFU_REPORT_HEADING, 2, "Results", e);
        if (st == TFU_OK && count == 0) {
            b->missing_runs = true;
            st = tfu_report_add_text(
                b, TFU_REPORT_HOLE, 0,
                tfu_arena_printf(b->cases->arena,
                                 "no run is there yet; `transfuse sweep run %s` trains them",
                                 b->words),
                e);
        } else if (st == TFU_OK) {
            st = add_table(b, series, count, e);
            if (st == TFU_OK)
                st = add_all_curves(b, series, count, e);
        }
    }
    if (st == TFU_OK && b->section->analyses)
        st = tfu_report_add_text(b, TFU_REPORT_HEADING, 2, "Analyses", e);
    for (size_t i = 0; st == TFU_OK && i < b->section->analyses; i++)
        st = tfu_report_analysis_build(b, b->section->analysis[i], false, e);
    return st;
}
