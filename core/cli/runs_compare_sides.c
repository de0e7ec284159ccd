/* SPDX-License-Identifier: MIT
 *
 * Runs side by side: configurations, metrics, and what they said of the same examples.
 */
#include <inttypes.h>
#include <math.h>
#include <unistd.h>

#include "core/cli/runs_comparison.h"
#include "core/index/compare_predictions.h"
#include "core/index/differ.h"

struct sides {
    struct tfu_runs *r;
    const struct tfu_runs_compare_options *o;
    struct tfu_result *out;
    const struct tfu_index_run **run;
    size_t runs;
};

/* A column for each run behind a first one. */
static struct tfu_result_table *table_of(struct sides *s, const char *name, const char *first,
                                         int digits)
{
    struct tfu_column *column = tfu_arena_array(&s->r->arena, s->runs + 1, sizeof *column);
    if (!column) {
        s->out->failed = true;
        return &s->out->spare;
    }
    column[0] = (struct tfu_column){.name = first};
    for (size_t i = 0; i < s->runs; i++)
        column[i + 1] = (struct tfu_column){.name = s->run[i]->path, .digits = digits};
    return tfu_result_table(s->out, name, TFU_TABLE_SHOWN | TFU_TABLE_JSON, column, s->runs + 1);
}

/* ---- configurations */

static enum tfu_status put_differences(struct sides *s, struct tfu_error *e)
{
    struct tfu_index_difference *d;
    size_t count;
    const enum tfu_status st =
        tfu_index_differ(s->r->index, s->run, s->runs, &s->r->arena, &d, &count, e);
    if (st != TFU_OK)
        return st;
    if (count == 0) {
        tfu_result_say(s->out, "the configurations do not differ");
        return TFU_OK;
    }
    tfu_result_say(s->out, "in what the configurations differ (%zu key%s)", count,
                   count == 1 ? "" : "s");
    struct tfu_result_table *t = table_of(s, "configuration", "key", 0);
    for (size_t k = 0; k < count; k++) {
        tfu_cell_text(t, "%s", d[k].key);
        for (size_t i = 0; i < s->runs; i++)
            if (d[k].value[i])
                tfu_cell_text(t, "%s", d[k].value[i]);
            else
                tfu_cell_empty(t);
    }
    return TFU_OK;
}

/* ---- metrics */

static enum tfu_status put_metrics(struct sides *s, struct tfu_error *e)
{
    const char **series;
    size_t count;
    enum tfu_status st = tfu_runs_compare_series(s->r, s->o, &series, &count, e);
    tfu_result_say(s->out, "%s", "");
    if (st == TFU_OK && count == 0)
        tfu_result_say(s->out, "there is no metric that all %zu runs have", s->runs);
    if (st != TFU_OK || count == 0)
        return st;
    tfu_result_say(s->out, "metrics, the last values");
    struct tfu_result_table *t = table_of(s, "metrics", "metric", 4);
    for (size_t k = 0; st == TFU_OK && k < count; k++) {
        const struct tfu_index_column *c;
        st = tfu_index_column(s->r->index, series[k], &c, e);
        if (st != TFU_OK)
            break;
        tfu_cell_text(t, "%s", series[k]);
        for (size_t i = 0; i < s->runs; i++) {
            const struct tfu_index_value *v = &c->value[s->r->selection.run[i]];
            if (!v->there)
                tfu_cell_none(t, "the run has no such metric");
            else
                tfu_cell_number(t, v->number);
        }
    }
    return st;
}

/* ---- predictions */

static const char *file_of(struct sides *s, size_t i)
{
    return s->o->predictions.count ? s->o->predictions.item[i]
                                   : tfu_arena_printf(&s->r->arena, "%s/%s/predictions.csv",
                                                      s->r->store, s->run[i]->path);
}

static void put_test(struct sides *s, struct tfu_result_table *t,
                     const struct tfu_prediction_test *test, bool grouped)
{
    const struct tfu_auc_test *x = &test->of->test;
    const struct tfu_resample *by = &test->of->by_group;
    tfu_cell_text(t, "%s", s->run[test->run]->path);
    tfu_cell_text(t, "%s", test->of->name);
    tfu_cell_number(t, x->b.value);
    tfu_cell_number(t, x->a.value);
    tfu_cell_interval(t, (struct tfu_estimate){isfinite(x->difference), x->difference},
                      (struct tfu_interval){isfinite(x->low), x->low, x->high});
    if (isfinite(x->z))
        tfu_cell_number(t, x->z);
    else
        tfu_cell_none(t, x->why.text[0] ? x->why.text : NULL);
    tfu_cell_number(t, x->p);
    tfu_cell_number(t, test->p_holm);
    if (test->of->resampled)
        tfu_cell_interval(
            t, (struct tfu_estimate){isfinite(by->difference.value), by->difference.value},
            (struct tfu_interval){isfinite(by->difference.low), by->difference.low,
                                  by->difference.high});
    else if (grouped)
        tfu_cell_empty(t);
}

static void put_tests(struct sides *s, const struct tfu_predictions_comparison *c)
{
    static const struct tfu_column column[] = {
        {.name = "run"},
        {.name = "class"},
        {.name = "auc_first", .title = "AUC first", .digits = 4},
        {.name = "auc", .title = "AUC", .digits = 4},
        {.name = "difference", .title = "difference, 95 %", .digits = 4},
        {.name = "z", .digits = 3},
        {.name = "p", .digits = 4, .probability = true},
        {.name = "p_holm", .title = "p, Holm", .digits = 4, .probability = true},
        {.name = "by_group", .title = "by patient, 95 %", .digits = 4}};
    const bool grouped = c->groups > 0;
    struct tfu_result_table *t =
        tfu_result_table(s->out, "predictions", TFU_TABLE_SHOWN | TFU_TABLE_JSON, column,
                         TFU_COUNT(column) - !grouped);
    for (size_t i = 0; i < c->tests; i++)
        put_test(s, t, &c->test[i], grouped);
    for (size_t i = 0; i < c->tests; i++)
        if (c->test[i].of->test.why.text[0])
            tfu_result_say(s->out, "%s, class %s: %s", s->run[c->test[i].run]->path,
                           c->test[i].of->name, c->test[i].of->test.why.text);
}

static void put_comparison(struct sides *s, const struct tfu_predictions_comparison *c)
{
    for (size_t i = 1; i < c->runs; i++)
        if (c->why[i].status != TFU_OK)
            tfu_result_say(s->out, "%s cannot be held against %s: %s", s->run[i]->path,
                           s->run[0]->path, c->why[i].text);
    if (c->tests == 0)
        return;
    tfu_result_say(s->out, "%s", "");
    tfu_result_say(s->out,
                   "predictions of the same %zu examples, against the first run, %s: DeLong's "
                   "paired test",
                   c->examples, s->run[0]->path);
    put_tests(s, c);
    tfu_result_say(s->out, "p is corrected by %s for a family of %" PRId64 " test%s",
                   tfu_family_method_text(c->family.method), c->family.size,
                   c->family.size == 1 ? "" : "s");
    if (c->groups)
        tfu_result_say(s->out,
                       "by patient: %d draws of the %zu groups, the same for both runs; DeLong's "
                       "test takes the examples to be independent",
                       TFU_SCORED_DRAWS, c->groups);
}

/* Are there files at all? Of some runs only: what is missing is said. */
static bool have_files(struct sides *s)
{
    size_t have = 0;
    const char *missing = NULL;
    for (size_t i = 0; i < s->runs; i++) {
        const char *file = file_of(s, i);
        const bool there = file && access(file, F_OK) == 0;
        have += there;
        if (!there && !missing)
            missing = file;
    }
    if (have > 0 && have < s->runs)
        tfu_result_say(s->out, "predictions are not compared: there is no '%s'", missing);
    return have == s->runs;
}

static enum tfu_status put_predictions(struct sides *s, struct tfu_error *e)
{
    if (s->o->predictions.count && s->o->predictions.count != s->runs)
        return tfu_error_set(e, TFU_EINVAL,
                             "%zu files of predictions for %zu runs: each run has one",
                             (size_t)s->o->predictions.count, s->runs);
    if (!s->o->predictions.count && !have_files(s))
        return TFU_OK;
    struct tfu_predictions_comparison c = {.runs = 0};
    const char **path = tfu_arena_array(&s->r->arena, s->runs + 1, sizeof *path);
    bool known = path != NULL;
    for (size_t i = 0; known && i < s->runs; i++)
        known = (path[i] = file_of(s, i)) != NULL;
    const enum tfu_status st = known ? tfu_compare_predictions(&c, path, s->runs, e)
                                     : tfu_error_memory(e, "comparing predictions", 0);
    if (st == TFU_OK)
        put_comparison(s, &c);
    tfu_predictions_comparison_free(&c);
    /* a damaged file of predictions is none of the index */
    return st == TFU_ECORRUPT ? TFU_EINVAL : st;
}

enum tfu_status tfu_runs_compare_sides(struct tfu_runs *r, const struct tfu_runs_compare_options *o,
                                       struct tfu_result *out, struct tfu_error *e)
{
    enum { SIDES = 12 };
    struct sides s = {r, o, out, NULL, r->selection.count};
    if (s.runs > SIDES)
        return tfu_error_set(e, TFU_EINVAL,
                             "%zu runs are too many to stand side by side (%d at most); `runs "
                             "list` has a line for each, and --over KEY compares groups",
                             s.runs, SIDES);
    s.run = tfu_arena_array(&r->arena, s.runs + 1, sizeof *s.run);
    if (!s.run)
        return tfu_error_memory(e, "comparing runs", 0);
    for (size_t i = 0; i < s.runs; i++)
        s.run[i] = tfu_runs_at(r, i);
    enum tfu_status st = put_differences(&s, e);
    if (st == TFU_OK)
        st = put_metrics(&s, e);
    return st == TFU_OK ? put_predictions(&s, e) : st;
}
