/* SPDX-License-Identifier: MIT */
#include "core/study/comparison.h"

#include <math.h>
#include <string.h>

enum tfu_status tfu_compare_scorer(struct tfu_scorer **out, const struct tfu_plugin_choice *metric,
                                   struct tfu_registry *registry, struct tfu_threads *threads,
                                   struct tfu_error *e)
{
    const struct tfu_scorer_request request = {
        .metric = metric,
        .metric_count = 1,
        .task = TFU_TASK_CLASSIFICATION,
        .registry = registry,
        .captures = true,
        .threads = threads,
    };
    return tfu_scorer_new(out, &request, e);
}

/* Copies the reports of a finished scorer, but not the items of series. */
static enum tfu_status keep(struct tfu_arena *arena, struct tfu_compare_draw *to,
                            const struct tfu_score *score, size_t count, struct tfu_error *e)
{
    struct tfu_compare_score *kept = tfu_arena_alloc(arena, (count + 1) * sizeof *kept);
    if (!kept)
        return tfu_error_memory(e, "keeping scores", 0);
    to->score = kept;
    for (size_t i = 0; i < count; i++) {
        size_t length;
        if (tfu_score_series_index(score[i].key, &length) >= 0)
            continue; /* of which there are too many to keep */
        struct tfu_compare_score *k = &kept[to->count++];
        *k = (struct tfu_compare_score){tfu_arena_strdup(arena, score[i].key), score[i].value,
                                        score[i].note ? tfu_arena_strdup(arena, score[i].note)
                                                      : NULL};
        if (!k->key || (score[i].note && !k->note))
            return tfu_error_memory(e, "keeping scores", 0);
    }
    return TFU_OK;
}

enum tfu_status tfu_compare_conclude(struct tfu_arena *arena, struct tfu_compare_draw *to,
                                     struct tfu_scorer *scorer, struct tfu_error *said,
                                     struct tfu_error *e)
{
    const struct tfu_score *score;
    size_t count;
    if (said->status == TFU_OK && tfu_scorer_finish(scorer, &score, &count, said) == TFU_OK)
        return keep(arena, to, score, count, e);
    if (said->status == TFU_ENOMEM)
        return tfu_error_set(e, TFU_ENOMEM, "%s", said->text);
    to->refusal = tfu_arena_strdup(arena, said->text);
    return to->refusal ? TFU_OK : tfu_error_memory(e, "keeping scores", 0);
}

enum tfu_status tfu_compare_all_refused(const struct tfu_comparison *c, struct tfu_error *e)
{
    const char *first = NULL;
    for (size_t i = 0; i < c->pair_count; i++)
        for (int64_t d = 0; d < c->draws; d++) {
            if (!c->pair[i].draw[d].refusal)
                return TFU_OK;
            first = first ? first : c->pair[i].draw[d].refusal;
        }
    return tfu_error_set(e, TFU_EINVAL, "%s", first ? first : "there is nothing to compare");
}

void tfu_comparison_free(struct tfu_comparison *c)
{
    tfu_arena_free(&c->arena);
    *c = (struct tfu_comparison){.pair = NULL};
}

/* ---- looking at results */

const struct tfu_compare_score *tfu_compare_find(const struct tfu_compare_draw *d, const char *key)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->score[i].key, key) == 0)
            return &d->score[i];
    return NULL;
}

size_t tfu_compare_values(const struct tfu_comparison *c, const struct tfu_compare_pair *p,
                          const char *key, double *value)
{
    size_t count = 0;
    for (int64_t d = 0; d < c->draws; d++) {
        const struct tfu_compare_score *s = tfu_compare_find(&p->draw[d], key);
        if (s && !isnan(s->value))
            value[count++] = s->value;
    }
    return count;
}

const char *tfu_compare_reason(const struct tfu_comparison *c, const struct tfu_compare_pair *p,
                               const char *key)
{
    for (int64_t d = 0; d < c->draws; d++) {
        const struct tfu_compare_score *s = tfu_compare_find(&p->draw[d], key);
        if (p->draw[d].refusal)
            return p->draw[d].refusal;
        if (s && s->note)
            return s->note;
    }
    return "not reported";
}
