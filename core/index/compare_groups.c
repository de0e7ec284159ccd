/* SPDX-License-Identifier: MIT */
#include "core/index/compare_groups.h"

#include <math.h>

#include "core/index/column.h"
#include "core/stats/paired.h"

struct work {
    struct tfu_index *x;
    const struct tfu_groups_question *question;
    struct tfu_arena *arena;
    struct tfu_groups_comparison *out;
};

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "comparing groups", 0);
}

/* ---- each group */

static enum tfu_status add_score(const struct work *w, const char *series, size_t group,
                                 struct tfu_error *e)
{
    const struct tfu_run_group *g = &w->question->group[group];
    const struct tfu_index_column *c;
    const enum tfu_status st = tfu_index_column(w->x, series, &c, e);
    double *v = st == TFU_OK ? tfu_arena_array(w->arena, g->count + 1, sizeof *v) : NULL;
    if (!v)
        return st == TFU_OK ? no_memory(e) : st;
    for (size_t i = 0; i < g->count; i++)
        v[i] = c->value[g->run[i] - tfu_index_run(w->x, 0)].number;
    w->out->score[w->out->scores++] = (struct tfu_group_score){
        .series = series, .group = group, .of = tfu_seed_summarise(v, (int64_t)g->count, 0.95)};
    return TFU_OK;
}

/* ---- two of them */

static enum tfu_status add_pair(const struct work *w, const char *series, size_t a, size_t b,
                                struct tfu_error *e)
{
    const struct tfu_run_group *group = w->question->group;
    const size_t room = group[a].count + 1;
    double *of_a = tfu_arena_array(w->arena, room, sizeof *of_a);
    double *of_b = tfu_arena_array(w->arena, room, sizeof *of_b);
    double *d = tfu_arena_array(w->arena, room, sizeof *d);
    size_t count;
    if (!of_a || !of_b || !d)
        return no_memory(e);
    enum tfu_status st = tfu_groups_pair(w->x, &group[a], &group[b], series, of_a, of_b, &count, e);
    if (st != TFU_OK)
        return st;
    if (count == 0) {
        w->out->apart++;
        return TFU_OK;
    }
    struct tfu_group_pair *p = &w->out->pair[w->out->pairs++];
    *p = (struct tfu_group_pair){.series = series, .a = a, .b = b};
    tfu_paired_differences(of_a, of_b, (int64_t)count, d);
    p->t = tfu_t_test_corrected(d, (int64_t)count, w->question->ratio, 0.95);
    st = tfu_wilcoxon_test(&p->wilcoxon, d, (int64_t)count, e);
    if (st == TFU_OK && !tfu_why_two(&p->wilcoxon.why, p->wilcoxon.n))
        p->wilcoxon.p = NAN; /* and none of the family */
    return st;
}

/* Each kind of test is a family of its own. */
static enum tfu_status correct(const struct work *w, struct tfu_error *e)
{
    struct tfu_groups_comparison *out = w->out;
    double *t = tfu_arena_array(w->arena, out->pairs + 1, sizeof *t);
    double *wilcoxon = tfu_arena_array(w->arena, out->pairs + 1, sizeof *wilcoxon);
    const int64_t count = (int64_t)out->pairs;
    if (!t || !wilcoxon)
        return no_memory(e);
    for (size_t i = 0; i < out->pairs; i++) {
        t[i] = out->pair[i].t.p;
        wilcoxon[i] = out->pair[i].wilcoxon.p;
    }
    enum tfu_status st = tfu_family_correct(TFU_FAMILY_HOLM, t, count, t, &out->t, e);
    if (st == TFU_OK)
        st = tfu_family_correct(TFU_FAMILY_HOLM, wilcoxon, count, wilcoxon, &out->wilcoxon, e);
    for (size_t i = 0; st == TFU_OK && i < out->pairs; i++) {
        out->pair[i].t_holm = t[i];
        out->pair[i].wilcoxon_holm = wilcoxon[i];
    }
    return st;
}

enum tfu_status tfu_index_compare_groups(struct tfu_groups_comparison *out, struct tfu_index *x,
                                         const struct tfu_groups_question *question,
                                         struct tfu_arena *arena, struct tfu_error *e)
{
    const size_t groups = question->groups, series = question->series_count;
    const struct work w = {x, question, arena, out};
    *out = (struct tfu_groups_comparison){
        .score = tfu_arena_array(arena, series * groups + 1, sizeof *out->score),
        .pair = tfu_arena_array(arena, series * groups * groups / 2 + 1, sizeof *out->pair)};
    enum tfu_status st = out->score && out->pair ? TFU_OK : no_memory(e);
    for (size_t k = 0; k < series; k++) {
        for (size_t i = 0; st == TFU_OK && i < groups; i++)
            st = add_score(&w, question->series[k], i, e);
        for (size_t i = 0; st == TFU_OK && i < groups; i++)
            for (size_t j = i + 1; st == TFU_OK && j < groups; j++)
                st = add_pair(&w, question->series[k], i, j, e);
    }
    return st == TFU_OK && out->pairs ? correct(&w, e) : st;
}
