/* SPDX-License-Identifier: MIT */
#include "core/train/score_parts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum tfu_status tfu_scorer_members(const struct tfu_scored_metric *m, int64_t by, int64_t **member,
                                   int64_t **begin, struct tfu_error *e)
{
    const struct tfu_cohorts *c = &m->cohorts[by];
    const struct tfu_kept_rows *k = &m->scorer->rows;
    *member = calloc((size_t)k->examples + 1, sizeof **member);
    *begin = calloc((size_t)c->count + 2, sizeof **begin);
    if (!*member || !*begin) {
        free(*member);
        free(*begin);
        *member = *begin = NULL;
        return tfu_error_memory(e, "grouping examples", 0);
    }
    /* shifted by one: filling the list of value v moves begin[v + 1] from its begin to its end */
    for (int64_t i = 0; i < k->examples; i++) {
        assert(k->example[i] >= 0 && k->example[i] < c->examples);
        if (c->of[k->example[i]] + 2 <= c->count)
            (*begin)[c->of[k->example[i]] + 2]++;
    }
    for (int64_t v = 2; v <= c->count; v++)
        (*begin)[v] += (*begin)[v - 1];
    for (int64_t i = 0; i < k->examples; i++)
        (*member)[(*begin)[c->of[k->example[i]] + 1]++] = i;
    return TFU_OK;
}

/* "auc.by.sex.female<rest>" */
static enum tfu_status put(struct tfu_scored_metric *m, int64_t by, const char *value,
                           const char *rest, double number, const char *note, struct tfu_error *e)
{
    const struct tfu_score_origin origin = {
        .metric = m, .by = by, .value = -1, .aside = tfu_score_is_aside(rest)};
    struct tfu_text key = TFU_TEXT_INIT;
    tfu_text_printf(&key, "%s.by.%s.%s%s", m->name, m->cohorts[by].attribute, value, rest);
    const enum tfu_status st =
        key.failed ? tfu_error_memory(e, "keeping scores", 0)
                   : tfu_scorer_put(m->scorer, origin, tfu_text_get(&key), number, note, e);
    tfu_text_free(&key);
    return st;
}

static enum tfu_status take(void *arg, const struct tfu_batch *batch, struct tfu_error *e)
{
    return tfu_metric_update(arg, batch, e);
}

/* The numbers of the examples that have one value. */
static enum tfu_status measure(struct tfu_scored_metric *m, const int64_t *member, int64_t count,
                               struct tfu_error *e)
{
    const struct tfu_scorer *s = m->scorer;
    struct tfu_kept_rows room = {.positions = 0};
    enum tfu_status st = TFU_OK;
    tfu_metric_reset(&m->part);
    const struct tfu_kept_rows *from = tfu_scorer_fit_rows(m);
    if (from) {
        const struct tfu_batch fit = tfu_kept_rows_batch(from, TFU_PART_FIT);
        st = tfu_metric_update(&m->part, &fit, e);
    }
    if (st == TFU_OK)
        st = tfu_kept_rows_pick(&s->rows, member, count, &room, take, &m->part, e);
    tfu_kept_rows_free(&room);
    return st == TFU_OK ? tfu_metric_finalize(&m->part, e) : st;
}

static enum tfu_status put_value(struct tfu_scored_metric *m, int64_t by, int64_t value,
                                 const int64_t *member, int64_t count, struct tfu_error *e)
{
    const char *key = m->cohorts[by].key[value];
    enum tfu_status st = TFU_OK;
    m->by = by;
    m->value = value;
    if (count >= m->keys.by_rows || m->scorer->made_up) {
        st = measure(m, member, count, e);
    } else {
        struct tfu_text note = TFU_TEXT_INIT;
        tfu_text_printf(&note, "%lld example%s, and by_rows is %lld", (long long)count,
                        count == 1 ? "" : "s", (long long)m->keys.by_rows);
        st = put(m, by, key, "", NAN, tfu_text_get(&note), e);
        tfu_text_free(&note);
    }
    m->by = m->value = -1;
    return st == TFU_OK ? put(m, by, key, ".rows", (double)count, NULL, e) : st;
}

/* What follows the metric's name in a key of its own. */
static const char *rest_of(const struct tfu_scored_metric *m, const char *own)
{
    const size_t head = strlen(m->choice.plugin->name);
    return strncmp(own, m->choice.plugin->name, head) == 0 ? own + head : "";
}

void tfu_score_gap_key(const struct tfu_scored_metric *m, int64_t by, const char *own,
                       struct tfu_text *out)
{
    tfu_text_printf(out, "%s.by.%s.gap%s", m->name, m->cohorts[by].attribute, rest_of(m, own));
}

/* The gap of the number that the metric calls `own`, over the values that have it. */
static enum tfu_status put_gap(struct tfu_scored_metric *m, int64_t by, const char *own,
                               struct tfu_error *e)
{
    const struct tfu_scorer *s = m->scorer;
    double low = INFINITY, high = -INFINITY;
    int64_t defined = 0;
    for (size_t i = 0; i < s->score_count; i++) {
        const struct tfu_score_origin *o = &s->origin[i];
        if (o->metric != m || o->by != by || !o->own || strcmp(o->own, own) != 0 ||
            isnan(s->score[i].value))
            continue;
        defined++;
        low = fmin(low, s->score[i].value);
        high = fmax(high, s->score[i].value);
    }
    const char *rest = rest_of(m, own);
    return defined > 1 ? put(m, by, "gap", rest, high - low, NULL, e)
                       : put(m, by, "gap", rest, NAN, "fewer than two values have a number", e);
}

static enum tfu_status put_gaps(struct tfu_scored_metric *m, int64_t by, struct tfu_error *e)
{
    const struct tfu_scorer *s = m->scorer;
    const size_t count = s->score_count;
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < count; i++) {
        const struct tfu_score_origin *o = &s->origin[i];
        if (o->metric == m && o->by < 0 && o->own && tfu_score_stands_alone(o->own))
            st = put_gap(m, by, o->own, e);
    }
    return st;
}

/* Made-up examples are none of the dataset's: all of them are of every value, so that each reports
 * what it can report. */
static enum tfu_status put_made_up(struct tfu_scored_metric *m, int64_t by, struct tfu_error *e)
{
    const int64_t examples = m->scorer->rows.examples;
    int64_t *member = calloc((size_t)examples + 1, sizeof *member);
    enum tfu_status st = member ? TFU_OK : tfu_error_memory(e, "grouping examples", 0);
    for (int64_t i = 0; member && i < examples; i++)
        member[i] = i;
    for (int64_t v = 0; st == TFU_OK && v < m->cohorts[by].count; v++)
        st = put_value(m, by, v, member, examples, e);
    free(member);
    return st == TFU_OK ? put_gaps(m, by, e) : st;
}

static enum tfu_status put_item(struct tfu_scored_metric *m, int64_t by, struct tfu_error *e)
{
    int64_t *member, *begin;
    if (m->scorer->made_up)
        return put_made_up(m, by, e);
    enum tfu_status st = tfu_scorer_members(m, by, &member, &begin, e);
    if (st != TFU_OK)
        return st;
    for (int64_t v = 0; st == TFU_OK && v < m->cohorts[by].count; v++)
        if (begin[v + 1] > begin[v])
            st = put_value(m, by, v, member + begin[v], begin[v + 1] - begin[v], e);
    free(member);
    free(begin);
    return st == TFU_OK ? put_gaps(m, by, e) : st;
}

enum tfu_status tfu_scorer_parts(struct tfu_scored_metric *m, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (uint64_t by = 0; m->cohorts && st == TFU_OK && by < m->keys.by.count; by++)
        st = put_item(m, (int64_t)by, e);
    return st;
}
