/* SPDX-License-Identifier: MIT */
#include "core/report/cases_value.h"

#include <math.h>
#include <string.h>

#include <transfuse/metric.h>

#include "core/index/column.h"
#include "core/report/threshold.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "making a report", 0);
}

/* ---- metrics */

/* Does a plugin of that name say that less is better? Metrics may have been given other names. */
static bool lower_is_better(struct tfu_report_numbers *n, const char *series)
{
    const char *slash = strchr(series, '/');
    const struct tfu_plugin *p;
    struct tfu_error e = TFU_ERROR_INIT;
    const char *name = tfu_arena_strndup(n->cases->arena, slash + 1, strcspn(slash + 1, ".@"));
    if (tfu_report_is_threshold(series)) /* which no plugin reports */
        return true;
    if (!name || !n->registry ||
        tfu_registry_find(n->registry, TFU_KIND_METRIC, name, NULL, &p, &e) != TFU_OK)
        return false;
    const struct tfu_metric_ops *ops = p->ops;
    return ops && ops->needs & TFU_LOWER_IS_BETTER;
}

/* The column `key`; NULL: no run has it. */
static enum tfu_status column_of(struct tfu_report_numbers *n, const char *key,
                                 const struct tfu_index_column **out, struct tfu_error *e)
{
    struct tfu_error why = TFU_ERROR_INIT;
    *out = NULL;
    const enum tfu_status st =
        n->cases->index ? tfu_index_column(n->cases->index, key, out, &why) : TFU_OK;
    if (st == TFU_OK)
        return TFU_OK;
    *out = NULL;
    return st == TFU_ENOTFOUND ? TFU_OK : tfu_error_set(e, st, "%s", why.text);
}

/* "test/auc@best" with an ending behind the metric: "test/auc.low@best". */
static char *with_ending(struct tfu_report_numbers *n, const char *column, const char *ending)
{
    const char *at = strchr(column, '@');
    const int length = (int)(at ? (size_t)(at - column) : strlen(column));
    return tfu_arena_printf(n->cases->arena, "%.*s%s%s", length, column, ending, at ? at : "");
}

static enum tfu_status take_column(struct tfu_report_numbers *n, const char *key, double *number,
                                   bool *there, bool *any, struct tfu_error *e)
{
    const struct tfu_report_cases *c = n->cases;
    const struct tfu_index_column *column;
    const enum tfu_status st = key ? column_of(n, key, &column, e) : no_memory(e);
    *any = st == TFU_OK && column;
    for (size_t i = 0; *any && i < c->count; i++) {
        if (!c->item[i].done)
            continue;
        number[i] = column->value[c->item[i].row].number;
        if (there)
            there[i] = column->value[c->item[i].row].there;
    }
    return st;
}

/* The metric's own interval: by bootstrap before any other. */
static enum tfu_status take_interval(struct tfu_report_numbers *n, struct tfu_report_series *s,
                                     struct tfu_error *e)
{
    static const char *const way[][2] = {{".bootstrap.low", ".bootstrap.high"}, {".low", ".high"}};
    bool low = false, high = false;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && !low && i < TFU_COUNT(way); i++) {
        st = take_column(n, with_ending(n, s->value.column, way[i][0]), s->low, NULL, &low, e);
        if (st == TFU_OK && low)
            st =
                take_column(n, with_ending(n, s->value.column, way[i][1]), s->high, NULL, &high, e);
    }
    if (!low || !high)
        s->low = s->high = NULL;
    return st;
}

static enum tfu_status take_metric(struct tfu_report_numbers *n, struct tfu_report_series *s,
                                   struct tfu_error *e)
{
    bool any;
    enum tfu_status st = take_column(n, s->value.column, s->number, s->there, &any, e);
    s->unknown = !any;
    s->digits = tfu_report_is_threshold(s->value.text) ? 0 : 3;
    s->lower = lower_is_better(n, s->value.text);
    tfu_report_threshold_missed(n->cases, s->value.text, s->there, s->missed);
    if (st == TFU_OK && any)
        st = take_interval(n, s, e);
    else
        s->low = s->high = NULL;
    return st;
}

/* ---- costs */

static const struct {
    const char *unit;
    int digits;
    double scale;
} cost_of[] = {
    [TFU_MEASURE_PARAMETERS] = {NULL, 0, 1},    [TFU_MEASURE_MULTIPLY_ADDS] = {NULL, 0, 1},
    [TFU_MEASURE_LATENCY_1] = {"ms", 2, 1},     [TFU_MEASURE_LATENCY_8] = {"ms", 2, 1},
    [TFU_MEASURE_PEAK_MEMORY] = {"MB", 1, 1e6}, [TFU_MEASURE_SIZE] = {"MB", 2, 1e6},
    [TFU_MEASURE_SECONDS] = {"s", 1, 1},
};

/* Bytes of the last checkpoint; NaN: there is none. */
static enum tfu_status size_of(struct tfu_report_numbers *n, size_t item, double *out,
                               struct tfu_error *e)
{
    struct tfu_report_cases *c = n->cases;
    struct tfu_index_artefact *a;
    size_t count;
    int64_t step = -1;
    const enum tfu_status st = tfu_index_artefacts(
        c->index, tfu_index_run(c->index, c->item[item].row), c->arena, &a, &count, e);
    *out = NAN;
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        const bool final = strstr(a[i].name, "/final.") != NULL;
        if (strncmp(a[i].name, "checkpoints/", 12) != 0 || !(final || a[i].step > step))
            continue;
        step = final ? INT64_MAX : a[i].step;
        *out = (double)a[i].bytes;
    }
    return st;
}

static double part_of(const struct tfu_report_cost *c, enum tfu_report_measure m)
{
    switch (m) {
    case TFU_MEASURE_PARAMETERS:
        return c->parameters;
    case TFU_MEASURE_MULTIPLY_ADDS:
        return c->multiply_adds;
    case TFU_MEASURE_LATENCY_1:
        return c->latency_1;
    case TFU_MEASURE_LATENCY_8:
        return c->latency_8;
    default:
        return c->peak_memory;
    }
}

static enum tfu_status cost_number(struct tfu_report_numbers *n, struct tfu_report_series *s,
                                   size_t i, struct tfu_error *e)
{
    const struct tfu_report_cases *c = n->cases;
    const enum tfu_report_measure m = s->value.measure;
    const struct tfu_report_cost *cost;
    if (m == TFU_MEASURE_SECONDS) {
        s->number[i] = tfu_index_run(c->index, c->item[i].row)->seconds;
        return TFU_OK;
    }
    if (m == TFU_MEASURE_SIZE) {
        s->why[i] = "no checkpoint of it is left";
        return size_of(n, i, &s->number[i], e);
    }
    const enum tfu_status st = tfu_report_cost_get(&n->costs, n->cases, i, &cost, e);
    if (st != TFU_OK)
        return st;
    s->why[i] = cost->why;
    const bool timed = m == TFU_MEASURE_LATENCY_1 || m == TFU_MEASURE_LATENCY_8;
    if (timed && cost->processor)
        s->processor =
            !s->processor || strcmp(s->processor, cost->processor) == 0 ? cost->processor : "";
    if (cost->known)
        s->number[i] = part_of(cost, m);
    if (!cost->known || !isnan(s->number[i]))
        return TFU_OK;
    n->unmeasured = true;
    s->why[i] = n->measured_by ? tfu_arena_printf(c->arena,
                                                  "it was not measured on any machine yet; `%s` "
                                                  "does",
                                                  n->measured_by)
                               : "it was not measured on any machine yet";
    return s->why[i] ? TFU_OK : no_memory(e);
}

/* What a configuration says before anything was trained. */
static bool is_planned(enum tfu_report_measure m)
{
    return m == TFU_MEASURE_PARAMETERS || m == TFU_MEASURE_MULTIPLY_ADDS ||
           m == TFU_MEASURE_PEAK_MEMORY;
}

static enum tfu_status planned_number(struct tfu_report_numbers *n, struct tfu_report_series *s,
                                      size_t i, struct tfu_error *e)
{
    const struct tfu_report_cost *cost;
    const enum tfu_status st = tfu_report_cost_plan(&n->costs, n->cases, i, &cost, e);
    if (st == TFU_OK && cost->known)
        s->number[i] = part_of(cost, s->value.measure);
    return st;
}

static enum tfu_status take_cost(struct tfu_report_numbers *n, struct tfu_report_series *s,
                                 struct tfu_error *e)
{
    const enum tfu_report_measure m = s->value.measure;
    enum tfu_status st = TFU_OK;
    s->unit = cost_of[m].unit;
    s->digits = cost_of[m].digits;
    s->lower = true;
    s->low = s->high = NULL;
    for (size_t i = 0; st == TFU_OK && i < n->cases->count; i++) {
        if (!n->cases->item[i].done && !(n->cases->sweep && is_planned(m)))
            continue;
        st = n->cases->item[i].done ? cost_number(n, s, i, e) : planned_number(n, s, i, e);
        s->there[i] = !isnan(s->number[i]);
        s->number[i] /= cost_of[m].scale;
    }
    return st;
}

/* ---- both */

enum tfu_status tfu_report_series_get(struct tfu_report_numbers *n,
                                      const struct tfu_report_value *value,
                                      const struct tfu_report_series **out, struct tfu_error *e)
{
    struct tfu_arena *arena = n->cases->arena;
    const size_t count = n->cases->count + 1;
    for (struct tfu_report_series *s = n->first; s; s = s->next)
        if (s->value.measure == value->measure &&
            (value->measure != TFU_MEASURE_METRIC || strcmp(s->value.column, value->column) == 0)) {
            *out = s;
            return TFU_OK;
        }
    struct tfu_report_series *s = tfu_arena_alloc(arena, sizeof *s);
    if (!s)
        return no_memory(e);
    s->value = *value;
    s->number = tfu_arena_array(arena, count, sizeof *s->number);
    s->low = tfu_arena_array(arena, count, sizeof *s->low);
    s->high = tfu_arena_array(arena, count, sizeof *s->high);
    s->there = tfu_arena_array(arena, count, sizeof *s->there);
    s->missed = tfu_arena_array(arena, count, sizeof *s->missed);
    s->why = tfu_arena_array(arena, count, sizeof *s->why);
    if (!s->number || !s->low || !s->high || !s->there || !s->missed || !s->why)
        return no_memory(e);
    for (size_t i = 0; i < count; i++)
        s->number[i] = s->low[i] = s->high[i] = NAN;
    const enum tfu_status st =
        value->measure == TFU_MEASURE_METRIC ? take_metric(n, s, e) : take_cost(n, s, e);
    s->next = n->first;
    n->first = s;
    *out = s;
    return st;
}

/* What the run says of its number that is none. */
static const char *note_of(struct tfu_report_numbers *n, const struct tfu_report_series *s,
                           size_t item)
{
    struct tfu_report_cases *c = n->cases;
    struct tfu_index_score *score;
    struct tfu_error e = TFU_ERROR_INIT;
    size_t count;
    if (tfu_index_scores(c->index, tfu_index_run(c->index, c->item[item].row), c->arena, &score,
                         &count, &e) != TFU_OK)
        return "not defined";
    for (size_t i = 0; i < count; i++)
        if (strcmp(score[i].series, s->value.text) == 0 && score[i].note && score[i].note[0])
            return tfu_arena_printf(c->arena, "not defined: %s", score[i].note);
    return "not defined";
}

const char *tfu_report_series_why(struct tfu_report_numbers *n, const struct tfu_report_series *s,
                                  size_t item)
{
    const struct tfu_report_case *c = &n->cases->item[item];
    if (!c->done)
        return c->why && strcmp(c->state, "done") != 0
                   ? tfu_arena_printf(n->cases->arena, "%s: %s", c->state, c->why)
               : c->why ? c->why
                        : c->state;
    if (s->there[item])
        return note_of(n, s, item);
    if (s->why[item])
        return s->why[item];
    if (s->missed[item])
        return "its training ended before the threshold of `train.threshold` was reached";
    const char *at = s->value.column ? strchr(s->value.column, '@') : NULL;
    if (at && strcmp(at, "@best") == 0)
        return tfu_arena_printf(n->cases->arena, "the run has no %s at a best step", s->value.text);
    return tfu_arena_printf(n->cases->arena, "the run has no %s%s%s", s->value.text,
                            at ? " after step " : "", at ? at + 1 : "");
}
