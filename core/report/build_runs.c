/* SPDX-License-Identifier: MIT */
#include "core/report/build_runs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/index/column.h"
#include "core/report/value_title.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "listing runs", 0);
}

enum tfu_status tfu_report_common_series(struct tfu_report_builder *b, const char ***out,
                                         size_t *count, struct tfu_error *e)
{
    static const char *const split[] = {"test/", "valid/", "train/"};
    struct tfu_index *x = b->cases->index;
    const char **name = NULL, **kept;
    size_t names = 0;
    *count = 0;
    const enum tfu_status st =
        x ? tfu_index_series_names(x, &b->out->arena, &name, &names, e) : TFU_OK;
    kept = tfu_arena_array(&b->out->arena, names + 1, sizeof *kept);
    if (st != TFU_OK || !kept)
        return st == TFU_OK ? no_memory(e) : st;
    for (size_t s = 0; *count == 0 && s < TFU_COUNT(split); s++)
        for (size_t i = 0; i < names; i++)
            if (strncmp(name[i], split[s], strlen(split[s])) == 0 && !strchr(name[i], '.'))
                kept[(*count)++] = name[i];
    *out = kept;
    return TFU_OK;
}

/* A number for people, the same everywhere. */
static const char *number_text(struct tfu_arena *arena, double v)
{
    return isfinite(v) ? tfu_arena_printf(arena, "%.6g", v) : "";
}

static const char *axis_text(const struct tfu_report_axis *a, const char *const *text, size_t item)
{
    return a->of[item] == TFU_REPORT_NONE ? "" : text[a->of[item]];
}

static enum tfu_status get_series(struct tfu_report_builder *b, const char *const *name,
                                  size_t count, const struct tfu_report_series **series,
                                  struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        const struct tfu_report_value value = {
            .measure = TFU_MEASURE_METRIC, .text = name[i], .column = name[i]};
        st = tfu_report_series_get(&b->numbers, &value, &series[i], e);
    }
    return st;
}

static bool fill_columns(struct tfu_report_builder *b, const struct tfu_report_series **series,
                         size_t count, size_t item, struct tfu_report_run *run)
{
    const struct tfu_report_cases *c = b->cases;
    const size_t columns = c->axes + count;
    const char **column = tfu_arena_array(&b->out->arena, columns + 1, sizeof *column);
    const char **word = tfu_arena_array(&b->out->arena, columns + 1, sizeof *word);
    if (!column || !word)
        return false;
    for (size_t a = 0; a < c->axes; a++) {
        column[a] = axis_text(&c->axis[a], c->axis[a].value, item);
        word[a] = axis_text(&c->axis[a], c->axis[a].value_word, item);
    }
    for (size_t i = c->axes; i < columns; i++)
        if (!(word[i] = column[i] = number_text(&b->out->arena, series[i - c->axes]->number[item])))
            return false;
    run->column = column;
    run->word = word;
    return true;
}

enum tfu_status tfu_report_list_runs(struct tfu_report_builder *b, struct tfu_error *e)
{
    const struct tfu_report_cases *c = b->cases;
    struct tfu_report *out = b->out;
    const char **name;
    size_t count;
    enum tfu_status st = tfu_report_common_series(b, &name, &count, e);
    if (st != TFU_OK)
        return st;
    const char **column = tfu_arena_array(&out->arena, c->axes + count + 1, sizeof *column);
    const char **title = tfu_arena_array(&out->arena, c->axes + count + 1, sizeof *title);
    struct tfu_report_run *run = tfu_arena_array(&out->arena, c->count + 1, sizeof *run);
    const struct tfu_report_series **series =
        tfu_arena_array(&out->arena, count + 1, sizeof *series);
    if (!column || !title || !run || !series)
        return no_memory(e);
    st = get_series(b, name, count, series, e);
    for (size_t a = 0; a < c->axes; a++) {
        column[a] = c->axis[a].name;
        title[a] = c->axis[a].word;
    }
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        column[c->axes + i] = name[i];
        if (!(title[c->axes + i] = tfu_report_value_title(b, name[i], NULL, e)))
            st = e->status;
    }
    for (size_t i = 0; st == TFU_OK && i < c->count; i++) {
        const struct tfu_report_case *x = &c->item[i];
        /* the index, whose texts these may be, is closed before the report is read */
        run[i] =
            (struct tfu_report_run){.label = tfu_arena_strdup(&out->arena, x->name),
                                    .path = x->path ? tfu_arena_strdup(&out->arena, x->path) : NULL,
                                    .state = x->state,
                                    .why = x->why};
        if (!run[i].label || (x->path && !run[i].path) ||
            !fill_columns(b, series, count, i, &run[i]))
            return no_memory(e);
        out->done += x->done;
        /* what halving stopped is not to be trained any more */
        b->missing_runs |= !x->done && x->state && strcmp(x->state, "stopped") != 0;
    }
    out->column = column;
    out->column_title = title;
    out->columns = c->axes + count;
    out->run = run;
    out->runs = c->count;
    return st;
}
