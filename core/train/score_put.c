/* SPDX-License-Identifier: MIT */
#include "core/train/score_put.h"

#include <stdlib.h>
#include <string.h>

const struct tfu_kept_rows *tfu_scorer_fit_rows(const struct tfu_scored_metric *m)
{
    const struct tfu_scorer *s = m->scorer;
    if (!tfu_metric_needs_fit(m->choice.plugin))
        return NULL;
    return s->fit ? s->fit : &s->rows;
}

const struct tfu_score *tfu_scorer_find(const struct tfu_scorer *s, const char *key)
{
    for (size_t i = 0; i < s->score_count; i++)
        if (strcmp(s->score[i].key, key) == 0)
            return &s->score[i];
    return NULL;
}

static bool reserve_score(struct tfu_scorer *s)
{
    if (s->score_count < s->score_capacity)
        return true;
    const size_t capacity = s->score_capacity ? 2 * s->score_capacity : 64;
    struct tfu_score *score = realloc(s->score, capacity * sizeof *score);
    if (score)
        s->score = score;
    struct tfu_score_origin *origin = score ? realloc(s->origin, capacity * sizeof *origin) : NULL;
    if (!origin)
        return false;
    s->origin = origin;
    s->score_capacity = capacity;
    return true;
}

enum tfu_status tfu_scorer_put(struct tfu_scorer *s, struct tfu_score_origin origin,
                               const char *key, double value, const char *note, struct tfu_error *e)
{
    const struct tfu_score *same = tfu_scorer_find(s, key);
    if (same)
        return tfu_error_set(
            e, TFU_EINVAL,
            "key '%s' is reported by metric '%s' and again by '%s'; no two numbers "
            "can have one key",
            key, s->origin[same - s->score].metric->name, origin.metric->name);
    const char *copy = tfu_arena_strdup(&s->arena, key);
    const char *own = origin.own ? tfu_arena_strdup(&s->arena, origin.own) : NULL;
    const char *said = note ? tfu_arena_strdup(&s->arena, note) : NULL;
    if (!copy || (origin.own && !own) || (note && !said) || !reserve_score(s))
        return tfu_error_memory(e, "keeping scores", 0);
    origin.own = own;
    s->origin[s->score_count] = origin;
    s->score[s->score_count++] =
        (struct tfu_score){.key = copy, .value = value, .note = said, .aside = origin.aside};
    return TFU_OK;
}

long tfu_score_series_index(const char *key, size_t *length)
{
    const char *dot = strrchr(key, '.');
    if (!dot || !dot[1] || strspn(dot + 1, "0123456789") != strlen(dot + 1))
        return -1;
    *length = (size_t)(dot - key);
    return strtol(dot + 1, NULL, 10);
}

bool tfu_score_is_aside(const char *key)
{
    static const char *const suffix[] = {".low", ".high", ".se", ".classes", ".rows", "_rows"};
    for (size_t i = 0; i < TFU_COUNT(suffix); i++) {
        const size_t n = strlen(key), m = strlen(suffix[i]);
        if (n >= m && strcmp(key + n - m, suffix[i]) == 0)
            return true;
    }
    return false;
}

bool tfu_score_stands_alone(const char *key)
{
    size_t length;
    if (tfu_score_is_aside(key))
        return false;
    /* a class is no item of a series */
    return tfu_score_series_index(key, &length) < 0 ||
           (length >= 6 && strncmp(key + length - 6, ".class", 6) == 0);
}
