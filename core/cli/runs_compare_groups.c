/* SPDX-License-Identifier: MIT
 *
 * Groups of runs that differ in their seeds alone.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/cli/runs_comparison.h"
#include "core/index/compare_groups.h"

struct groups {
    const struct tfu_runs_compare_options *o;
    struct tfu_result *out;
    struct tfu_run_group *group;
    size_t count;
    struct tfu_groups_comparison found;
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

/* ---- reasons */

enum { LABEL_SIZE = 160 };

struct reasons {
    const char *what; /* "means" */
    size_t count;
    const char *(*why)(const struct groups *g, size_t i); /* "": none */
    void (*label)(const struct groups *g, size_t i, char text[LABEL_SIZE]);
};

/* Each reason once: of one, or of so many that have the same. */
static void say_each_once(const struct groups *g, const struct reasons *r)
{
    char label[LABEL_SIZE];
    for (size_t i = 0; i < r->count; i++) {
        const char *why = r->why(g, i);
        size_t before = 0, same = 0;
        for (size_t k = 0; why[0] && k < r->count; k++)
            if (strcmp(r->why(g, k), why) == 0) {
                before += k < i;
                same++;
            }
        if (!why[0] || before)
            continue;
        r->label(g, i, label);
        if (same == 1)
            tfu_result_say(g->out, "%s: %s", label, why);
        else
            tfu_result_say(g->out, "%zu of %zu %s, the first %s: %s", same, r->count, r->what,
                           label, why);
    }
}

/* ---- each group */

enum { MARK_SIZE = 8 };

/* "A" to "Z", "A1" and so on: for the table of pairs. */
static const char *mark_of(size_t i, char text[MARK_SIZE])
{
    if (i < 26)
        snprintf(text, MARK_SIZE, "%c", (char)('A' + i));
    else
        snprintf(text, MARK_SIZE, "%c%u", (char)('A' + i % 26), (unsigned)(i / 26));
    return text;
}

static void put_score(const struct groups *g, struct tfu_result_table *t,
                      const struct tfu_group_score *score)
{
    const struct tfu_seed_summary *s = &score->of;
    char mark[MARK_SIZE];
    mark_of(score->group, mark);
    tfu_cell_text(t, "%s", score->series);
    tfu_cell_text(t, "%s", mark);
    tfu_cell_text(t, "%s", g->group[score->group].label);
    tfu_cell_whole(t, s->n);
    if (isfinite(s->mean))
        tfu_cell_interval(t, estimate(s->mean), interval(s->low, s->high));
    else
        tfu_cell_none(t, or_null(&s->why));
    if (isfinite(s->deviation))
        tfu_cell_number(t, s->deviation);
    else
        tfu_cell_none(t, or_null(&s->why));
    tfu_cell_number(t, s->minimum);
    tfu_cell_number(t, s->maximum);
}

static const char *why_score(const struct groups *g, size_t i)
{
    return g->found.score[i].of.why.text;
}

static void label_score(const struct groups *g, size_t i, char text[LABEL_SIZE])
{
    char mark[MARK_SIZE];
    snprintf(text, LABEL_SIZE, "%s of %s", g->found.score[i].series,
             mark_of(g->found.score[i].group, mark));
}

static void put_scores(const struct groups *g)
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
    for (size_t i = 0; i < g->found.scores; i++)
        put_score(g, t, &g->found.score[i]);
    say_each_once(g, &(struct reasons){"rows", g->found.scores, why_score, label_score});
}

/* ---- two of them */

static void put_pair(struct tfu_result_table *t, const struct tfu_group_pair *p)
{
    char a[MARK_SIZE], b[MARK_SIZE];
    tfu_cell_text(t, "%s", p->series);
    tfu_cell_text(t, "%s", mark_of(p->a, a));
    tfu_cell_text(t, "%s", mark_of(p->b, b));
    tfu_cell_whole(t, p->t.n);
    if (isfinite(p->t.mean))
        tfu_cell_interval(t, estimate(p->t.mean), interval(p->t.low, p->t.high));
    else
        tfu_cell_none(t, or_null(&p->t.why));
    if (isfinite(p->t.p))
        tfu_cell_number(t, p->t.p);
    else
        tfu_cell_none(t, or_null(&p->t.why));
    tfu_cell_number(t, p->t_holm);
    if (isfinite(p->wilcoxon.p))
        tfu_cell_number(t, p->wilcoxon.p);
    else
        tfu_cell_none(t, or_null(&p->wilcoxon.why));
    tfu_cell_number(t, p->wilcoxon_holm);
}

static void say_family(const struct groups *g, const char *test, const struct tfu_family *f)
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

static const char *why_t(const struct groups *g, size_t i)
{
    return g->found.pair[i].t.why.text;
}

static const char *why_wilcoxon(const struct groups *g, size_t i)
{
    return g->found.pair[i].wilcoxon.why.text;
}

static void label_test(const struct groups *g, size_t i, const char *test, char text[LABEL_SIZE])
{
    const struct tfu_group_pair *p = &g->found.pair[i];
    char a[MARK_SIZE], b[MARK_SIZE];
    snprintf(text, LABEL_SIZE, "%s of %s and %s, %s", p->series, mark_of(p->a, a), mark_of(p->b, b),
             test);
}

static void label_t(const struct groups *g, size_t i, char text[LABEL_SIZE])
{
    label_test(g, i, "t", text);
}

static void label_wilcoxon(const struct groups *g, size_t i, char text[LABEL_SIZE])
{
    label_test(g, i, "Wilcoxon", text);
}

/* Why there is no p, or none that could be small. */
static void say_reasons(const struct groups *g)
{
    double said = 0;
    say_each_once(g, &(struct reasons){"pairs", g->found.pairs, why_t, label_t});
    say_each_once(g, &(struct reasons){"pairs", g->found.pairs, why_wilcoxon, label_wilcoxon});
    for (size_t i = 0; i < g->found.pairs; i++) {
        const struct tfu_group_pair *p = &g->found.pair[i];
        if (!p->wilcoxon.why.text[0] && p->wilcoxon.smallest > said)
            said = p->wilcoxon.smallest;
    }
    if (said > 0.05)
        tfu_result_say(g->out,
                       "Wilcoxon: %s p cannot be below %.3g, however large the differences are",
                       g->found.pairs == 1 ? "with so few differences"
                                           : "of the comparison with the fewest differences",
                       said);
}

static void put_pairs(const struct groups *g)
{
    static const struct tfu_column column[] = {
        {.name = "metric"},
        {.name = "a"},
        {.name = "b"},
        {.name = "pairs"},
        {.name = "difference", .title = "a - b, 95 %", .digits = 4},
        {.name = "p_t", .title = "t: p", .digits = 4, .probability = true},
        {.name = "p_t_holm", .title = "Holm", .digits = 4, .probability = true},
        {.name = "p_wilcoxon", .title = "Wilcoxon: p", .digits = 4, .probability = true},
        {.name = "p_wilcoxon_holm", .title = "Holm", .digits = 4, .probability = true}};
    tfu_result_say(g->out, "%s", "");
    struct tfu_result_table *table = tfu_result_table(
        g->out, "pairs", TFU_TABLE_SHOWN | TFU_TABLE_JSON, column, TFU_COUNT(column));
    for (size_t i = 0; i < g->found.pairs; i++)
        put_pair(table, &g->found.pair[i]);
    say_reasons(g);
    say_family(g, g->o->ratio > 0 ? "t test of Nadeau and Bengio" : "paired t test", &g->found.t);
    say_family(g, "Wilcoxon's signed-rank test", &g->found.wilcoxon);
}

static void put_all(const struct groups *g)
{
    const size_t apart = g->found.apart;
    put_scores(g);
    if (g->count == 1)
        tfu_result_say(g->out, "there is one group alone: nothing to compare it with");
    if (g->found.pairs)
        put_pairs(g);
    if (apart)
        tfu_result_say(g->out, "%zu comparison%s left out: the two groups have no %s in common",
                       apart, apart == 1 ? " is" : "s are", g->o->over.item[0]);
}

/* ---- chosen */

/* Those that are done; how many are not. The metrics are asked of them alone. */
static size_t keep_done(struct tfu_runs *r, const struct tfu_index_run **run)
{
    size_t runs = 0;
    const size_t all = r->selection.count;
    for (size_t i = 0; i < all; i++) {
        if (tfu_runs_at(r, i)->state != TFU_INDEX_DONE)
            continue;
        r->selection.run[runs] = r->selection.run[i];
        run[runs++] = tfu_runs_at(r, i);
    }
    r->selection.count = runs;
    return all - runs;
}

enum tfu_status tfu_runs_compare_groups(struct tfu_runs *r,
                                        const struct tfu_runs_compare_options *o,
                                        struct tfu_result *out, struct tfu_error *e)
{
    enum { GROUPS = 30 };
    struct groups g = {.o = o, .out = out};
    struct tfu_groups_question question = {.ratio = o->ratio};
    const char **series = NULL;
    const struct tfu_index_run **run =
        tfu_arena_array(&r->arena, r->selection.count + 1, sizeof *run);
    if (!run)
        return tfu_error_memory(e, "comparing groups", 0);
    const size_t left_out = keep_done(r, run), runs = r->selection.count;
    enum tfu_status st = tfu_index_group(r->index, run, runs, o->over.item, (size_t)o->over.count,
                                         GROUPS, &r->arena, &g.group, &g.count, e);
    if (st == TFU_OK && g.count > GROUPS)
        return tfu_error_set(
            e, TFU_EINVAL,
            "%zu runs make more than %d groups, which are too many to compare with "
            "each other; more keys of --over, or a filter, make fewer",
            runs, GROUPS);
    if (st == TFU_OK)
        st = tfu_runs_compare_series(r, o, &series, &question.series_count, e);
    if (st != TFU_OK)
        return st;
    if (left_out)
        tfu_result_say(out, "%zu run%s left out: not done", left_out,
                       left_out == 1 ? " is" : "s are");
    if (question.series_count == 0)
        return tfu_error_set(e, TFU_ENOTFOUND, "there is no metric that all %zu runs have", runs);
    question.group = g.group;
    question.groups = g.count;
    question.series = series;
    st = tfu_index_compare_groups(&g.found, r->index, &question, &r->arena, e);
    if (st == TFU_OK)
        put_all(&g);
    return st;
}
