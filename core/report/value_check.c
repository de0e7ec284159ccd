/* SPDX-License-Identifier: MIT */
#include "core/report/value_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/index/column.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "making a report", 0);
}

static const struct tfu_index_run *run_of(const struct tfu_report_cases *c, size_t item)
{
    return tfu_index_run(c->index, c->item[item].row);
}

/* ---- what there is */

struct names {
    const char **item;
    size_t count;
};

static bool has_name(const struct names *n, const char *name)
{
    for (size_t i = 0; i < n->count; i++)
        if (strcmp(n->item[i], name) == 0)
            return true;
    return false;
}

/* The metrics of the cases that are done, of as many as are enough to know them. */
static enum tfu_status list_series(const struct tfu_report_cases *c, struct names *out,
                                   struct tfu_error *e)
{
    enum { ROOM = 512, ENOUGH = 64 };
    size_t looked = 0;
    *out = (struct names){.item = tfu_arena_array(c->arena, ROOM, sizeof *out->item)};
    if (!out->item)
        return no_memory(e);
    for (size_t i = 0; i < c->count && looked < ENOUGH; i++) {
        struct tfu_index_score *score;
        size_t count;
        if (!c->item[i].done)
            continue;
        looked++;
        const enum tfu_status st =
            tfu_index_scores(c->index, run_of(c, i), c->arena, &score, &count, e);
        if (st != TFU_OK)
            return st;
        for (size_t k = 0; k < count && out->count < ROOM; k++)
            if (!has_name(out, score[k].series))
                out->item[out->count++] = score[k].series;
    }
    return TFU_OK;
}

/* The steps at which one of the runs has the metric: "2, 4, 6 to 40 (20 steps)" */
static enum tfu_status put_steps(const struct tfu_report_cases *c, const char *series,
                                 struct tfu_text *out, struct tfu_error *e)
{
    enum { NAMED = 12 };
    for (size_t i = 0; i < c->count; i++) {
        struct tfu_index_point *point;
        struct tfu_arena arena;
        size_t count, n = 0;
        if (!c->item[i].done)
            continue;
        tfu_arena_init(&arena, 0);
        const enum tfu_status st =
            tfu_index_points(c->index, run_of(c, i), &arena, &point, &count, e);
        int64_t last = -1;
        for (size_t k = 0; st == TFU_OK && k < count; k++) {
            if (strcmp(point[k].series, series) != 0)
                continue;
            last = point[k].step;
            if (n++ < NAMED)
                tfu_text_printf(out, "%s%" PRId64, n > 1 ? ", " : "", last);
        }
        if (n > NAMED)
            tfu_text_printf(out, ", ... %" PRId64, last);
        tfu_arena_free(&arena);
        if (st != TFU_OK || n)
            return st;
    }
    tfu_text_puts(out, "none: metrics.csv has lines of no step");
    return TFU_OK;
}

/* ---- what is said */

static bool monitors(const struct tfu_report_cases *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->item[i].done && run_of(c, i)->best_step >= 0)
            return true;
    return false;
}

static enum tfu_status put_advice(struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                                  const struct tfu_report_value *v, const struct names *names,
                                  struct tfu_text *text, struct tfu_error *e)
{
    const struct tfu_report_cases *c = b->cases;
    if (!has_name(names, v->text)) {
        tfu_text_printf(text, "no run that is done has '%s'", v->text);
        tfu_text_put_advice(text, v->text, names->item, names->count);
        return TFU_OK;
    }
    if (strcmp(ask->at, "best") == 0) {
        tfu_text_printf(
            text,
            monitors(c)
                ? "no run that is done has '%s' at its best step; leave `at` out, or write the "
                  "number of a step"
                : "`at: best` is the step that a run's monitor chose, and no run that is done has "
                  "chosen one: that takes data.valid, or `train.monitor: test`; leave `at` out "
                  "for the last '%s'",
            v->text);
        return TFU_OK;
    }
    tfu_text_printf(text, "no run that is done has '%s' after step %s; there are the steps ",
                    v->text, ask->at);
    return put_steps(c, v->text, text, e);
}

static enum tfu_status check(struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                             const struct tfu_report_value *v, struct tfu_error *e)
{
    const struct tfu_report_cases *c = b->cases;
    const struct tfu_report_series *s;
    struct names names;
    if (!v->text || v->measure != TFU_MEASURE_METRIC || !v->path)
        return TFU_OK;
    enum tfu_status st = tfu_report_series_get(&b->numbers, v, &s, e);
    for (size_t i = 0; st == TFU_OK && i < c->count; i++)
        if (s->there[i] || s->missed[i])
            return TFU_OK;
    if (st == TFU_OK)
        st = list_series(c, &names, e);
    if (st != TFU_OK || names.count == 0) /* no run is done, or none can be read */
        return st;
    struct tfu_text text = TFU_TEXT_INIT;
    st = put_advice(b, ask, v, &names, &text, e);
    if (st == TFU_OK && text.failed)
        st = no_memory(e);
    if (st == TFU_OK)
        tfu_diagnostics_add(b->findings, v->mark, "%s: %s", v->path, tfu_text_get(&text));
    tfu_text_free(&text);
    return st;
}

enum tfu_status tfu_report_values_check(struct tfu_report_builder *b,
                                        const struct tfu_report_ask *ask, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && b->cases->index && i < ask->values; i++)
        st = check(b, ask, &ask->value[i], e);
    return st == TFU_OK && b->cases->index ? check(b, ask, &ask->x, e) : st;
}

enum tfu_status tfu_report_names_check(struct tfu_report_builder *b, struct tfu_error *e)
{
    static const struct tfu_report_ask last = {.at = "last"};
    const struct tfu_report_names *names = &b->section->names;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && b->cases->index && i < names->count; i++) {
        struct tfu_report_value value;
        if (!tfu_report_value_read(&value, names->item[i].key))
            continue;
        value.column = value.text;
        value.path = names->item[i].path;
        value.mark = names->item[i].mark;
        st = check(b, &last, &value, e);
    }
    return st;
}
