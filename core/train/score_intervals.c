/* SPDX-License-Identifier: MIT */
#include "core/train/score_intervals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/train/bootstrap.h"
#include "core/train/score_parts.h"

/* Numbers of one metric that are of the same examples. */
struct batch {
    const struct tfu_scored_metric *metric;
    int64_t by, value;
    const char **key; /* as the metric says it */
    size_t *score;    /* which one it is */
    size_t count;
};

static enum tfu_status add(struct tfu_scorer *s, const char *key, const char *suffix, double value,
                           const char *note, struct tfu_error *e)
{
    if (s->interval_count == s->interval_capacity) {
        const size_t capacity = s->interval_capacity ? 2 * s->interval_capacity : 64;
        struct tfu_score *more = realloc(s->interval, capacity * sizeof *more);
        if (!more)
            return tfu_error_memory(e, "keeping scores", 0);
        s->interval = more;
        s->interval_capacity = capacity;
    }
    const char *name = tfu_arena_printf(&s->arena, "%s.%s", key, suffix);
    if (!name)
        return tfu_error_memory(e, "keeping scores", 0);
    s->interval[s->interval_count++] =
        (struct tfu_score){.key = name, .value = value, .note = isnan(value) ? note : NULL};
    return TFU_OK;
}

/* Has the metric an interval of its own for that number? */
static bool has_own(const struct tfu_scorer *s, const char *key)
{
    struct tfu_text low = TFU_TEXT_INIT;
    tfu_text_printf(&low, "%s.low", key);
    const bool has = tfu_scorer_find(s, tfu_text_get(&low)) != NULL;
    tfu_text_free(&low);
    return has;
}

static enum tfu_status add_interval(struct tfu_scorer *s, const struct tfu_score *score,
                                    const struct tfu_metric_interval *i, struct tfu_error *e)
{
    const bool own = has_own(s, score->key);
    const char *note = score->note ? score->note : "most draws have no value";
    enum tfu_status st =
        add(s, score->key, own ? "bootstrap.low" : "low", score->note ? NAN : i->low, note, e);
    if (st == TFU_OK)
        st = add(s, score->key, own ? "bootstrap.high" : "high", score->note ? NAN : i->high, note,
                 e);
    if (st == TFU_OK && !score->note && i->undefined > 0)
        st = add(s, score->key, "bootstrap.undefined", (double)i->undefined, NULL, e);
    return st;
}

/* Whom each kept example is of, and how many there are; NULL: the dataset does not say. */
static enum tfu_status groups_of(const struct tfu_scorer *s, int64_t **out, struct tfu_error *e)
{
    *out = NULL;
    if (!s->data || tfu_dataset_groups(s->data) == 0)
        return TFU_OK;
    int64_t *group = calloc((size_t)s->rows.examples + 1, sizeof *group);
    if (!group)
        return tfu_error_memory(e, "drawing examples", 0);
    for (int64_t i = 0; i < s->rows.examples; i++)
        group[i] = tfu_dataset_group(s->data, s->rows.example[i]);
    *out = group;
    return TFU_OK;
}

/* One call of the bootstrap, over `member`. */
struct work {
    struct tfu_scorer *scorer;
    const int64_t *group;
    bool (*interrupted)(void *arg);
    void *arg;
};

static enum tfu_status draw(const struct work *w, const struct batch *b, const int64_t *member,
                            int64_t members, const struct tfu_metric_gaps *gaps,
                            struct tfu_error *e)
{
    struct tfu_scorer *s = w->scorer;
    const struct tfu_metric_bootstrap_request request = {
        .shape = &s->shape,
        .metric = &b->metric->choice,
        .rows = &s->rows,
        .fit = tfu_scorer_fit_rows(b->metric),
        .member = member,
        .members = members,
        .group = w->group,
        .groups = w->group ? tfu_dataset_groups(s->data) : 0,
        .draws = b->metric->keys.bootstrap,
        .interval = b->metric->keys.interval,
        .seed = s->seed,
        .key = b->key,
        .keys = b->count,
        .gaps = gaps,
    };
    struct tfu_metric_interval *interval = calloc(b->count + 1, sizeof *interval);
    if (!interval)
        return tfu_error_memory(e, "drawing examples", 0);
    enum tfu_status st = tfu_metric_bootstrap(&request, interval, w->interrupted, w->arg, e);
    for (size_t i = 0; st == TFU_OK && i < b->count; i++)
        st = add_interval(s, &s->score[b->score[i]], &interval[i], e);
    free(interval);
    if (st != TFU_OK && st != TFU_EINTERRUPTED)
        tfu_error_prefix(e, "bootstrap");
    return st;
}

/* The numbers of `b`'s examples, which are all kept ones, or those of a value. */
static void collect(const struct tfu_scorer *s, struct batch *b)
{
    b->count = 0;
    for (size_t i = 0; i < s->score_count; i++) {
        const struct tfu_score_origin *o = &s->origin[i];
        if (o->metric != b->metric || o->by != b->by || o->value != b->value || !o->own ||
            !tfu_score_stands_alone(o->own))
            continue;
        b->key[b->count] = o->own;
        b->score[b->count++] = i;
    }
}

/* Which numbers of which value a gap is of: those that the value has. */
static void find_counted(const struct tfu_scorer *s, const struct batch *b, int64_t by,
                         bool *counted)
{
    for (size_t i = 0; i < s->score_count; i++) {
        const struct tfu_score_origin *o = &s->origin[i];
        if (o->metric != b->metric || o->by != by || !o->own || isnan(s->score[i].value))
            continue;
        for (size_t k = 0; k < b->count; k++)
            if (strcmp(b->key[k], o->own) == 0)
                counted[(size_t)o->value * b->count + k] = true;
    }
}

/* The gap of the number that the metric calls `own`. */
static const struct tfu_score *find_gap(const struct tfu_scorer *s,
                                        const struct tfu_scored_metric *m, int64_t by,
                                        const char *own, struct tfu_error *e)
{
    struct tfu_text key = TFU_TEXT_INIT;
    tfu_score_gap_key(m, by, own, &key);
    const struct tfu_score *gap = key.failed ? NULL : tfu_scorer_find(s, tfu_text_get(&key));
    if (key.failed)
        tfu_error_memory(e, "keeping scores", 0);
    tfu_text_free(&key);
    return gap;
}

/* The gaps between the values of item `by`, of draws from all examples: whoever has examples of
 * several values brings all of them. `b` has the numbers of all. */
static enum tfu_status draw_gaps(const struct work *w, const struct batch *all, int64_t by,
                                 const int64_t *member, struct tfu_error *e)
{
    struct tfu_scorer *s = w->scorer;
    const struct tfu_cohorts *c = &all->metric->cohorts[by];
    const size_t numbers = (size_t)c->count * all->count;
    struct batch b = *all;
    b.score = calloc(all->count + 1, sizeof *b.score);
    int32_t *part = calloc((size_t)s->rows.examples + 1, sizeof *part);
    bool *counted = calloc(numbers + 1, sizeof *counted);
    enum tfu_status st =
        b.score && part && counted ? TFU_OK : tfu_error_memory(e, "drawing examples", numbers);
    for (int64_t i = 0; st == TFU_OK && i < s->rows.examples; i++)
        part[i] = c->of[s->rows.example[i]];
    for (size_t k = 0; st == TFU_OK && k < b.count; k++) {
        const struct tfu_score *gap = find_gap(s, b.metric, by, b.key[k], e);
        if (gap)
            b.score[k] = (size_t)(gap - s->score);
        else
            st = TFU_ENOMEM; /* there is one of each number */
    }
    if (st == TFU_OK) {
        const struct tfu_metric_gaps gaps = {.part = part, .parts = c->count, .counted = counted};
        find_counted(s, &b, by, counted);
        st = draw(w, &b, member, s->rows.examples, &gaps, e);
    }
    free(counted);
    free(part);
    free(b.score);
    return st;
}

static enum tfu_status draw_all(const struct work *w, struct batch *b, struct tfu_error *e)
{
    b->by = b->value = -1;
    collect(w->scorer, b);
    if (b->count == 0)
        return TFU_OK;
    const int64_t examples = w->scorer->rows.examples;
    int64_t *member = calloc((size_t)examples + 1, sizeof *member);
    if (!member)
        return tfu_error_memory(e, "drawing examples", 0);
    for (int64_t i = 0; i < examples; i++)
        member[i] = i;
    enum tfu_status st = draw(w, b, member, examples, NULL, e);
    for (uint64_t by = 0; b->metric->cohorts && st == TFU_OK && by < b->metric->keys.by.count; by++)
        st = draw_gaps(w, b, (int64_t)by, member, e);
    free(member);
    return st;
}

static enum tfu_status draw_values(const struct work *w, struct batch *b, int64_t by,
                                   struct tfu_error *e)
{
    int64_t *member, *begin;
    enum tfu_status st = tfu_scorer_members(b->metric, by, &member, &begin, e);
    if (st != TFU_OK)
        return st;
    for (int64_t v = 0; st == TFU_OK && v < b->metric->cohorts[by].count; v++) {
        b->by = by;
        b->value = v;
        collect(w->scorer, b);
        if (b->count > 0)
            st = draw(w, b, member + begin[v], begin[v + 1] - begin[v], NULL, e);
    }
    free(member);
    free(begin);
    return st;
}

static enum tfu_status draw_metric(const struct work *w, const struct tfu_scored_metric *m,
                                   struct tfu_error *e)
{
    struct tfu_scorer *s = w->scorer;
    struct batch b = {.metric = m,
                      .key = calloc(s->score_count + 1, sizeof *b.key),
                      .score = calloc(s->score_count + 1, sizeof *b.score)};
    enum tfu_status st = b.key && b.score ? TFU_OK : tfu_error_memory(e, "drawing examples", 0);
    if (st == TFU_OK)
        st = draw_all(w, &b, e);
    for (uint64_t by = 0; m->cohorts && st == TFU_OK && by < m->keys.by.count; by++)
        st = draw_values(w, &b, (int64_t)by, e);
    if (st == TFU_OK)
        st = add(s, m->name, "bootstrap.draws", (double)m->keys.bootstrap, NULL, e);
    if (st == TFU_OK)
        st = add(s, m->name, "bootstrap.interval", m->keys.interval, NULL, e);
    free(b.score);
    free(b.key);
    return st;
}

enum tfu_status tfu_scorer_intervals(struct tfu_scorer *s, bool (*interrupted)(void *arg),
                                     void *arg, const struct tfu_score **score, size_t *count,
                                     struct tfu_error *e)
{
    int64_t *group;
    s->interval_count = 0;
    *score = NULL;
    *count = 0;
    enum tfu_status st = groups_of(s, &group, e);
    const struct work work = {s, group, interrupted, arg};
    for (size_t i = 0; st == TFU_OK && i < s->metric_count; i++)
        if (s->metric[i].keys.bootstrap > 0)
            st = draw_metric(&work, &s->metric[i], e);
    free(group);
    if (st == TFU_OK) {
        *score = s->interval;
        *count = s->interval_count;
    }
    return st;
}
