/* SPDX-License-Identifier: MIT
 *
 * Groups of runs that differ in their seeds alone.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/cli/runs_comparison.h"
#include "core/index/groups.h"
#include "core/stats/family.h"
#include "core/stats/paired.h"
#include "core/stats/summary.h"
#include "core/stats/t_test.h"
#include "core/stats/wilcoxon.h"

struct groups {
    struct tfu_runs *r;
    const struct tfu_runs_compare_options *o;
    struct tfu_result *out;
    struct tfu_run_group *group;
    size_t count;
    const char **series;
    size_t series_count;
};

/* Two groups by one metric. */
struct pair {
    const char *series;
    const struct tfu_run_group *a, *b;
    struct tfu_t_test t;
    struct tfu_wilcoxon wilcoxon;
};

static struct tfu_estimate estimate(double v)
{
    return (struct tfu_estimate){isfinite(v), v};
}

static struct tfu_interval interval(double low, double high)
{
    return (struct tfu_interval){isfinite(low) && isfinite(high), low, high};
}

static const char *or_null(const struct tfu_why *w)
{
    return w->text[0] ? w->text : NULL;
}

/* ---- each group */

enum { MARK_SIZE = 8 };

/* "A" to "Z", "A1" and so on: for the table of pairs. */
static const char *mark_of(const struct groups *g, const struct tfu_run_group *x,
                           char text[MARK_SIZE])
{
    const size_t i = (size_t)(x - g->group);
    if (i < 26)
        snprintf(text, MARK_SIZE, "%c", (char)('A' + i));
    else
        snprintf(text, MARK_SIZE, "%c%u", (char)('A' + i % 26), (unsigned)(i / 26));
    return text;
}

static enum tfu_status put_group(struct groups *g, struct tfu_result_table *t, const char *series,
                                 const struct tfu_run_group *x, struct tfu_error *e)
{
    const struct tfu_index_column *c;
    const enum tfu_status st = tfu_index_column(g->r->index, series, &c, e);
    double *v = st == TFU_OK ? tfu_arena_array(&g->r->arena, x->count + 1, sizeof *v) : NULL;
    if (!v)
        return st == TFU_OK ? tfu_error_memory(e, "comparing groups", 0) : st;
    char mark[MARK_SIZE];
    for (size_t i = 0; i < x->count; i++)
        v[i] = c->value[x->run[i] - tfu_index_run(g->r->index, 0)].number;
    const struct tfu_seed_summary s = tfu_seed_summarise(v, (int64_t)x->count, 0.95);
    tfu_cell_text(t, "%s", series);
    tfu_cell_text(t, "%s", mark_of(g, x, mark));
    tfu_cell_text(t, "%s", x->label);
    tfu_cell_whole(t, s.n);
    if (isfinite(s.mean))
        tfu_cell_interval(t, estimate(s.mean), interval(s.low, s.high));
    else
        tfu_cell_none(t, or_null(&s.why));
    if (isfinite(s.deviation))
        tfu_cell_number(t, s.deviation);
    else
        tfu_cell_none(t, or_null(&s.why));
    tfu_cell_number(t, s.minimum);
    tfu_cell_number(t, s.maximum);
    if (s.why.text[0])
        tfu_result_say(g->out, "%s of %s: %s", series, mark_of(g, x, mark), s.why.text);
    return TFU_OK;
}

static enum tfu_status put_groups(struct groups *g, struct tfu_error *e)
{
    static const struct tfu_column column[] = {{.name = "metric"},
                                               {.name = "group", .title = ""},
                                               {.name = "label", .title = "group"},
                                               {.name = "n"},
                                               {.name = "mean", .title = "mean, 95 %", .digits = 4},
                                               {.name = "deviation", .digits = 4},
                                               {.name = "smallest", .digits = 4},
                                               {.name = "largest", .digits = 4}};
    struct tfu_result_table *t = tfu_result_table(
        g->out, "groups", TFU_TABLE_SHOWN | TFU_TABLE_JSON, column, TFU_COUNT(column));
    enum tfu_status st = TFU_OK;
    for (size_t k = 0; st == TFU_OK && k < g->series_count; k++)
        for (size_t i = 0; st == TFU_OK && i < g->count; i++)
            st = put_group(g, t, g->series[k], &g->group[i], e);
    return st;
}

/* ---- two of them */

static enum tfu_status compare_two(struct groups *g, struct pair *p, struct tfu_error *e)
{
    struct tfu_arena *arena = &g->r->arena;
    const size_t room = p->a->count + 1;
    double *a = tfu_arena_array(arena, room, sizeof *a),
           *b = tfu_arena_array(arena, room, sizeof *b);
    double *d = tfu_arena_array(arena, room, sizeof *d);
    size_t pairs;
    if (!a || !b || !d)
        return tfu_error_memory(e, "comparing groups", 0);
    const enum tfu_status st = tfu_groups_pair(g->r->index, p->a, p->b, p->series, a, b, &pairs, e);
    if (st != TFU_OK)
        return st;
    tfu_paired_differences(a, b, (int64_t)pairs, d);
    p->t = tfu_t_test_corrected(d, (int64_t)pairs, g->o->ratio, 0.95);
    return tfu_wilcoxon_test(&p->wilcoxon, d, (int64_t)pairs, e);
}

static enum tfu_status correct(struct groups *g, const struct pair *pair, size_t pairs, bool by_t,
                               double *corrected, struct tfu_family *family, struct tfu_error *e)
{
    (void)g;
    for (size_t i = 0; i < pairs; i++)
        corrected[i] = by_t ? pair[i].t.p : pair[i].wilcoxon.p;
    return tfu_family_correct(TFU_FAMILY_HOLM, corrected, (int64_t)pairs, corrected, family, e);
}

static void put_pair(const struct groups *g, struct tfu_result_table *t, const struct pair *p,
                     double holm_t, double holm_w)
{
    char a[MARK_SIZE], b[MARK_SIZE];
    tfu_cell_text(t, "%s", p->series);
    tfu_cell_text(t, "%s", mark_of(g, p->a, a));
    tfu_cell_text(t, "%s", mark_of(g, p->b, b));
    tfu_cell_whole(t, p->t.n);
    if (isfinite(p->t.mean))
        tfu_cell_interval(t, estimate(p->t.mean), interval(p->t.low, p->t.high));
    else
        tfu_cell_none(t, or_null(&p->t.why));
    if (isfinite(p->t.p))
        tfu_cell_number(t, p->t.p);
    else
        tfu_cell_none(t, or_null(&p->t.why));
    tfu_cell_number(t, holm_t);
    if (isfinite(p->wilcoxon.p))
        tfu_cell_number(t, p->wilcoxon.p);
    else
        tfu_cell_none(t, or_null(&p->wilcoxon.why));
    tfu_cell_number(t, holm_w);
}

static void say_family(struct groups *g, const char *test, const struct tfu_family *f)
{
    if (f->undefined)
        tfu_result_say(g->out,
                       "%s: p is corrected by %s for a family of %" PRId64 " test%s; %" PRId64
                       " more have no p",
                       test, tfu_family_method_text(f->method), f->size, f->size == 1 ? "" : "s",
                       f->undefined);
    else
        tfu_result_say(g->out, "%s: p is corrected by %s for a family of %" PRId64 " test%s", test,
                       tfu_family_method_text(f->method), f->size, f->size == 1 ? "" : "s");
}

/* Why there is no p, or none that could be small. */
static void say_reasons(struct groups *g, const struct pair *pair, size_t pairs)
{
    char a[MARK_SIZE], b[MARK_SIZE];
    double said = 0;
    for (size_t i = 0; i < pairs; i++) {
        const struct pair *p = &pair[i];
        const char *of_a = mark_of(g, p->a, a), *of_b = mark_of(g, p->b, b);
        if (p->t.why.text[0])
            tfu_result_say(g->out, "%s of %s and %s, t: %s", p->series, of_a, of_b, p->t.why.text);
        if (p->wilcoxon.why.text[0])
            tfu_result_say(g->out, "%s of %s and %s, Wilcoxon: %s", p->series, of_a, of_b,
                           p->wilcoxon.why.text);
        if (!p->wilcoxon.why.text[0] && p->wilcoxon.smallest > said)
            said = p->wilcoxon.smallest;
    }
    if (said > 0.05)
        tfu_result_say(g->out,
                       "Wilcoxon: %s p cannot be below %.3g, however large the differences are",
                       pairs == 1 ? "with so few differences"
                                  : "of the comparison with the fewest differences",
                       said);
}

static enum tfu_status put_pairs(struct groups *g, const struct pair *pair, size_t pairs,
                                 struct tfu_error *e)
{
    static const struct tfu_column column[] = {
        {.name = "metric"},
        {.name = "a"},
        {.name = "b"},
        {.name = "pairs"},
        {.name = "difference", .title = "a - b, 95 %", .digits = 4},
        {.name = "p_t", .title = "t: p", .digits = 4},
        {.name = "p_t_holm", .title = "Holm", .digits = 4},
        {.name = "p_wilcoxon", .title = "Wilcoxon: p", .digits = 4},
        {.name = "p_wilcoxon_holm", .title = "Holm", .digits = 4}};
    double *t = tfu_arena_array(&g->r->arena, pairs + 1, sizeof *t);
    double *w = tfu_arena_array(&g->r->arena, pairs + 1, sizeof *w);
    struct tfu_family by_t, by_w;
    if (!t || !w)
        return tfu_error_memory(e, "comparing groups", 0);
    enum tfu_status st = correct(g, pair, pairs, true, t, &by_t, e);
    if (st == TFU_OK)
        st = correct(g, pair, pairs, false, w, &by_w, e);
    if (st != TFU_OK)
        return st;
    tfu_result_say(g->out, "%s", "");
    struct tfu_result_table *table = tfu_result_table(
        g->out, "pairs", TFU_TABLE_SHOWN | TFU_TABLE_JSON, column, TFU_COUNT(column));
    for (size_t i = 0; i < pairs; i++)
        put_pair(g, table, &pair[i], t[i], w[i]);
    say_reasons(g, pair, pairs);
    say_family(g, g->o->ratio > 0 ? "t test of Nadeau and Bengio" : "paired t test", &by_t);
    say_family(g, "Wilcoxon's signed-rank test", &by_w);
    return TFU_OK;
}

static enum tfu_status compare_all(struct groups *g, struct tfu_error *e)
{
    const size_t room = g->series_count * g->count * (g->count - 1) / 2;
    struct pair *pair = tfu_arena_array(&g->r->arena, room + 1, sizeof *pair);
    size_t pairs = 0, apart = 0;
    enum tfu_status st = pair ? TFU_OK : tfu_error_memory(e, "comparing groups", 0);
    for (size_t k = 0; st == TFU_OK && k < g->series_count; k++)
        for (size_t i = 0; st == TFU_OK && i < g->count; i++)
            for (size_t j = i + 1; st == TFU_OK && j < g->count; j++) {
                pair[pairs] =
                    (struct pair){.series = g->series[k], .a = &g->group[i], .b = &g->group[j]};
                st = compare_two(g, &pair[pairs], e);
                apart += pair[pairs].t.n == 0;
                pairs += pair[pairs].t.n > 0;
            }
    if (st == TFU_OK && pairs)
        st = put_pairs(g, pair, pairs, e);
    if (st == TFU_OK && apart)
        tfu_result_say(g->out, "%zu comparison%s left out: the two groups have no %s in common",
                       apart, apart == 1 ? " is" : "s are", g->o->over.item[0]);
    return st;
}

enum tfu_status tfu_runs_compare_groups(struct tfu_runs *r,
                                        const struct tfu_runs_compare_options *o,
                                        struct tfu_result *out, struct tfu_error *e)
{
    enum { GROUPS = 30 };
    struct groups g = {.r = r, .o = o, .out = out};
    const struct tfu_index_run **run =
        tfu_arena_array(&r->arena, r->selection.count + 1, sizeof *run);
    size_t runs = 0, left_out = 0;
    if (!run)
        return tfu_error_memory(e, "comparing groups", 0);
    for (size_t i = 0; i < r->selection.count; i++) {
        if (tfu_runs_at(r, i)->state != TFU_INDEX_DONE) {
            left_out++;
            continue;
        }
        r->selection.run[runs] = r->selection.run[i]; /* what the metrics are asked of */
        run[runs++] = tfu_runs_at(r, i);
    }
    r->selection.count = runs;
    enum tfu_status st = tfu_index_group(r->index, run, runs, o->over.item, (size_t)o->over.count,
                                         GROUPS, &r->arena, &g.group, &g.count, e);
    if (st == TFU_OK && g.count > GROUPS)
        return tfu_error_set(
            e, TFU_EINVAL,
            "%zu runs make more than %d groups, which are too many to compare with "
            "each other; more keys of --over, or a filter, make fewer",
            runs, GROUPS);
    if (st == TFU_OK)
        st = tfu_runs_compare_series(r, o, &g.series, &g.series_count, e);
    if (st != TFU_OK)
        return st;
    if (left_out)
        tfu_result_say(out, "%zu run%s left out: not done", left_out,
                       left_out == 1 ? " is" : "s are");
    if (g.series_count == 0)
        return tfu_error_set(e, TFU_ENOTFOUND, "there is no metric that all %zu runs have", runs);
    st = put_groups(&g, e);
    if (st == TFU_OK && g.count > 1)
        st = compare_all(&g, e);
    else if (st == TFU_OK)
        tfu_result_say(out, "there is one group alone: nothing to compare it with");
    return st;
}
