/* SPDX-License-Identifier: MIT
 *
 * Runs side by side: configurations, metrics, and what they said of the same examples.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cli/runs_comparison.h"
#include "core/index/compare_scored.h"
#include "core/index/differ.h"
#include "core/stats/family.h"

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

/* A test of the table, for the family of all. */
struct test {
    size_t run;
    const struct tfu_scored_class *of;
};

static void put_tests(struct sides *s, const struct test *test, const double *corrected,
                      size_t count, bool grouped)
{
    static const struct tfu_column column[] = {
        {.name = "run"},
        {.name = "class"},
        {.name = "auc_first", .title = "AUC first", .digits = 4},
        {.name = "auc", .title = "AUC", .digits = 4},
        {.name = "difference", .title = "difference, 95 %", .digits = 4},
        {.name = "z", .digits = 3},
        {.name = "p", .digits = 4},
        {.name = "p_holm", .title = "p, Holm", .digits = 4},
        {.name = "by_group", .title = "by patient, 95 %", .digits = 4}};
    struct tfu_result_table *t =
        tfu_result_table(s->out, "predictions", TFU_TABLE_SHOWN | TFU_TABLE_JSON, column,
                         TFU_COUNT(column) - !grouped);
    for (size_t i = 0; i < count; i++) {
        const struct tfu_auc_test *x = &test[i].of->test;
        const struct tfu_resample *by = &test[i].of->by_group;
        const char *why = x->why.text[0] ? x->why.text : NULL;
        tfu_cell_text(t, "%s", s->run[test[i].run]->path);
        tfu_cell_text(t, "%s", test[i].of->name);
        tfu_cell_number(t, x->b.value);
        tfu_cell_number(t, x->a.value);
        tfu_cell_interval(t, (struct tfu_estimate){isfinite(x->difference), x->difference},
                          (struct tfu_interval){isfinite(x->low), x->low, x->high});
        if (isfinite(x->z))
            tfu_cell_number(t, x->z);
        else
            tfu_cell_none(t, why);
        tfu_cell_number(t, x->p);
        tfu_cell_number(t, corrected[i]);
        if (test[i].of->resampled)
            tfu_cell_interval(
                t, (struct tfu_estimate){isfinite(by->difference.value), by->difference.value},
                (struct tfu_interval){isfinite(by->difference.low), by->difference.low,
                                      by->difference.high});
        else if (grouped)
            tfu_cell_empty(t);
    }
    for (size_t i = 0; i < count; i++)
        if (test[i].of->test.why.text[0])
            tfu_result_say(s->out, "%s, class %s: %s", s->run[test[i].run]->path, test[i].of->name,
                           test[i].of->test.why.text);
}

static enum tfu_status correct(struct sides *s, const struct test *test, size_t count,
                               const struct tfu_scored_comparison *first, struct tfu_error *e)
{
    double *p = tfu_arena_array(&s->r->arena, count + 1, sizeof *p);
    struct tfu_family family;
    if (!p)
        return tfu_error_memory(e, "comparing predictions", 0);
    for (size_t i = 0; i < count; i++)
        p[i] = test[i].of->test.p;
    const enum tfu_status st =
        tfu_family_correct(TFU_FAMILY_HOLM, p, (int64_t)count, p, &family, e);
    if (st != TFU_OK)
        return st;
    tfu_result_say(s->out, "%s", "");
    tfu_result_say(s->out,
                   "predictions of the same %zu examples, against the first run, %s: DeLong's "
                   "paired test",
                   first->examples, s->run[0]->path);
    put_tests(s, test, p, count, first->groups > 0);
    tfu_result_say(s->out, "p is corrected by %s for a family of %" PRId64 " test%s",
                   tfu_family_method_text(family.method), family.size, family.size == 1 ? "" : "s");
    if (first->groups)
        tfu_result_say(s->out,
                       "by patient: %d draws of the %zu groups, the same for both runs; DeLong's "
                       "test takes the examples to be independent",
                       TFU_SCORED_DRAWS, first->groups);
    return TFU_OK;
}

/* `file` of all runs; the result of each goes into `found`. */
static enum tfu_status compare_files(struct sides *s, struct tfu_scored_file *file,
                                     struct tfu_scored_comparison *found, struct tfu_error *e)
{
    size_t tests = 0;
    for (size_t i = 1; i < s->runs; i++) {
        struct tfu_error why = TFU_ERROR_INIT;
        const enum tfu_status st = tfu_compare_scored(&found[i], &file[i], &file[0], 0, &why);
        if (st == TFU_EINVAL)
            tfu_result_say(s->out, "%s cannot be held against %s: %s", s->run[i]->path,
                           s->run[0]->path, why.text);
        else if (st != TFU_OK)
            return tfu_error_set(e, st, "%s", why.text);
        tests += found[i].count;
    }
    struct test *test = tfu_arena_array(&s->r->arena, tests + 1, sizeof *test);
    if (!test)
        return tfu_error_memory(e, "comparing predictions", 0);
    size_t count = 0;
    const struct tfu_scored_comparison *any = NULL;
    for (size_t i = 1; i < s->runs; i++)
        for (size_t k = 0; k < found[i].count; k++) {
            test[count++] = (struct test){i, &found[i].item[k]};
            any = &found[i];
        }
    return count ? correct(s, test, count, any, e) : TFU_OK;
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
    struct tfu_scored_file *file = calloc(s->runs, sizeof *file);
    struct tfu_scored_comparison *found = calloc(s->runs, sizeof *found);
    enum tfu_status st = file && found ? TFU_OK : tfu_error_memory(e, "comparing predictions", 0);
    size_t opened = 0;
    while (st == TFU_OK && opened < s->runs) {
        const char *path = file_of(s, opened);
        st = path ? tfu_scored_file_read(&file[opened++], path, e)
                  : tfu_error_memory(e, "comparing predictions", 0);
    }
    if (st == TFU_OK)
        st = compare_files(s, file, found, e);
    for (size_t i = 0; i < opened; i++) {
        tfu_scored_file_free(&file[i]);
        tfu_scored_comparison_free(&found[i]);
    }
    free(file);
    free(found);
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
