/* SPDX-License-Identifier: MIT */
#include "core/run/versus.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/statistics.h"
#include "core/config/versus.h"
#include "core/run/versus_pair.h"
#include "core/study/chance.h"

enum { HEADLINES_MAX = 8 }; /* of a metric, in a line of text */

/* The observer of a session. */
struct versus {
    struct tfu_session *session;
    struct tfu_versus_pair *pair;
    size_t count;
    bool *warned;           /* of few rows, each */
    const char **against;   /* digests, for the identity */
    struct tfu_arena arena; /* texts of the scores of the last look */
    struct tfu_score *score;
    size_t score_count, score_room;
};

static void free_versus(void *arg)
{
    struct versus *v = arg;
    for (size_t i = 0; i < v->count; i++)
        tfu_versus_pair_close(&v->pair[i]);
    tfu_arena_free(&v->arena);
    free(v->score);
    free(v->pair);
    free(v->warned);
    free(v->against);
    free(v);
}

static enum tfu_status look(void *arg, const struct tfu_evaluate_hooks *hooks,
                            struct tfu_scores *out, struct tfu_error *e);

enum tfu_status tfu_run_versus_open(struct tfu_session *s, struct tfu_error *e)
{
    const struct tfu_experiment *x = s->context.experiment;
    if (x->versus_count == 0)
        return TFU_OK;
    struct versus *v = calloc(1, sizeof *v);
    if (!v)
        return tfu_error_memory(e, "preparing comparisons", 0);
    v->session = s;
    tfu_arena_init(&v->arena, 0);
    s->observer = (struct tfu_observer){.arg = v, .free = free_versus, .look = look};
    v->pair = calloc(x->versus_count, sizeof *v->pair);
    v->warned = calloc(x->versus_count, sizeof *v->warned);
    v->against = calloc(x->versus_count, sizeof *v->against);
    if (!v->pair || !v->warned || !v->against)
        return tfu_error_memory(e, "preparing comparisons", 0);
    enum tfu_status st = TFU_OK;
    for (; st == TFU_OK && v->count < x->versus_count; v->count++) {
        struct tfu_versus_pair *p = &v->pair[v->count];
        st = tfu_versus_pair_open(p, &x->versus[v->count], s, e);
        v->against[v->count] = p->other.digest[0] ? p->other.digest : NULL;
    }
    s->observer.against = v->against;
    return st;
}

enum tfu_status tfu_run_versus_check(const struct tfu_experiment *x, struct tfu_registry *r,
                                     struct tfu_diagnostics *d, struct tfu_error *e)
{
    const struct tfu_context c = {.registry = r};
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < x->versus_count; i++) {
        struct tfu_versus_other o;
        st = tfu_versus_other_open(&o, &x->versus[i], &c, e);
        if (st == TFU_OK && o.error.status != TFU_OK)
            tfu_diagnostics_add(d, x->versus[i].mark, "%s", o.error.text);
        tfu_versus_other_close(&o);
    }
    return st;
}

/* Does what `key` of the configuration goes by follow from one of these? */
static enum tfu_status check_use(const struct versus *v, const char *key, const char *metric,
                                 struct tfu_error *e)
{
    const struct tfu_experiment *x = v->session->context.experiment;
    const struct tfu_versus *w = metric[0] ? tfu_versus_find(x, metric) : NULL;
    if (!w)
        return TFU_OK;
    const struct tfu_versus_side *s = &v->pair[w - x->versus].b;
    const size_t n = strlen(tfu_versus_name(w));
    for (size_t i = 0; i < s->node_count; i++)
        if (metric[n] == '.' && strcmp(metric + n + 1, s->node[i].name) == 0)
            return TFU_OK;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_versus_pair_list(s, &text);
    const enum tfu_status st =
        tfu_error_at(e, TFU_EINVAL, w->choice.mark.source, 0, 0,
                     "%s: '%s' is not reported; %s has a number for each of: %s", key, metric,
                     tfu_versus_name(w), tfu_text_get(&text));
    tfu_text_free(&text);
    return st;
}

enum tfu_status tfu_run_versus_build(struct tfu_session *s, struct tfu_error *e)
{
    const struct versus *v = s->observer.arg;
    const struct tfu_train_config *t = &s->context.experiment->train;
    enum tfu_status st = TFU_OK;
    if (!v || !s->evaluator)
        return TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < v->count; i++) {
        st = tfu_versus_pair_build(&v->pair[i], e);
        s->observer.bytes += v->pair[i].bytes;
    }
    if (st == TFU_OK)
        st = check_use(v, "train.early_stopping.metric", t->early_stopping.metric, e);
    return st == TFU_OK ? check_use(v, "train.threshold.metric", t->threshold.metric, e) : st;
}

/* ---- an evaluation */

static enum tfu_status add_score(struct versus *v, const struct tfu_score *score,
                                 struct tfu_error *e)
{
    if (v->score_count == v->score_room) {
        const size_t room = 2 * v->score_room + 16;
        struct tfu_score *larger = realloc(v->score, room * sizeof *larger);
        if (!larger)
            return tfu_error_memory(e, "keeping scores", 0);
        v->score = larger;
        v->score_room = room;
    }
    v->score[v->score_count++] = *score;
    return TFU_OK;
}

/* The mean over draws of the metric's headline; `room` has room for all draws. */
static enum tfu_status add_pair(struct versus *v, const struct tfu_versus_pair *p,
                                const struct tfu_comparison *r, size_t index, double *room,
                                struct tfu_error *e)
{
    const struct tfu_compare_pair *pair = &r->pair[index];
    const char *headline = p->config->choice.plugin->name;
    const struct tfu_mean mean = tfu_mean(room, tfu_compare_values(r, pair, headline, room));
    struct tfu_score score = {.value = NAN, .headline = index < HEADLINES_MAX};
    score.key =
        tfu_arena_printf(&v->arena, "%s.%s", tfu_versus_name(p->config), p->b.node[pair->b].name);
    if (mean.mean.defined)
        score.value = mean.mean.value;
    else
        score.note = tfu_arena_strdup(&v->arena, tfu_compare_reason(r, pair, headline));
    if (!score.key || (!mean.mean.defined && !score.note))
        return tfu_error_memory(e, "keeping scores", 0);
    return add_score(v, &score, e);
}

static void warn_of_chance(struct versus *v, size_t index, const struct tfu_comparison *r)
{
    struct tfu_chance fewest = {.rows = 0};
    size_t pair = 0;
    const struct tfu_versus_pair *p = &v->pair[index];
    if (v->warned[index] || !tfu_chance_take_fewest(&fewest, r, &pair) ||
        !tfu_chance_is_high(&fewest))
        return;
    const char *node = p->b.node[r->pair[pair].b].name;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_chance_describe(&fewest, &text);
    tfu_log_write(v->session->context.log, TFU_LOG_WARNING, "%s.%s has %s",
                  tfu_versus_name(p->config), node, tfu_text_get(&text));
    tfu_text_free(&text);
    v->warned[index] = true;
}

static enum tfu_status compare(struct versus *v, size_t index, struct tfu_error *e)
{
    struct tfu_comparison r;
    enum tfu_status st = tfu_versus_pair_compare(&r, &v->pair[index], e);
    if (st != TFU_OK)
        return st;
    warn_of_chance(v, index, &r);
    double *room = calloc((size_t)r.draws + 1, sizeof *room);
    if (!room)
        st = tfu_error_memory(e, "keeping scores", 0);
    for (size_t i = 0; st == TFU_OK && i < r.pair_count; i++)
        st = add_pair(v, &v->pair[index], &r, i, room, e);
    free(room);
    tfu_comparison_free(&r);
    return st;
}

static enum tfu_status look(void *arg, const struct tfu_evaluate_hooks *hooks,
                            struct tfu_scores *out, struct tfu_error *e)
{
    struct versus *v = arg;
    enum tfu_status st = TFU_OK;
    v->score_count = 0;
    tfu_arena_free(&v->arena);
    for (size_t i = 0; st == TFU_OK && v->session->evaluator && i < v->count; i++) {
        v->pair[i].hooks = hooks;
        st = compare(v, i, e);
        v->pair[i].hooks = NULL;
    }
    *out = (struct tfu_scores){v->score, st == TFU_OK ? v->score_count : 0};
    return st;
}
