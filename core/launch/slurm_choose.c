/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_choose.h"

#include <string.h>

#include "core/launch/slurm_keys.h"
#include "core/sweep/halving.h"
#include "core/sweep/needs.h"

struct choosing {
    const struct tfu_sweep *sweep;
    const struct tfu_case_status *status;
    struct tfu_slurm_choice *choice;
};

static enum tfu_status out_of_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "submitting a sweep", 0);
}

static bool is_settled(const struct choosing *c, size_t index)
{
    return c->status[index].state == TFU_CASE_DONE || c->status[index].state == TFU_CASE_STOPPED;
}

/* ---- what is known */

static enum tfu_status look(struct choosing *c, const struct tfu_slurm_record *record,
                            struct tfu_error *e)
{
    const size_t count = c->sweep->count;
    struct tfu_arena *arena = &c->choice->arena;
    const char **key = tfu_arena_array(arena, count + 1, sizeof *key);
    bool *settled = tfu_arena_array(arena, count + 1, sizeof *settled);
    c->choice->seen = tfu_arena_array(arena, count + 1, sizeof *c->choice->seen);
    c->choice->item = tfu_arena_array(arena, count + 1, sizeof *c->choice->item);
    if (!key || !settled || !c->choice->seen || !c->choice->item)
        return out_of_memory(e);
    for (size_t i = 0; i < count; i++) {
        key[i] = c->sweep->item[i].key;
        settled[i] = is_settled(c, i);
    }
    return tfu_slurm_look(record, key, settled, count, c->choice->seen, e);
}

/* Those that are chosen, and what they need. */
static bool *find_chosen(struct choosing *c, const bool *asked)
{
    bool *chosen = tfu_arena_array(&c->choice->arena, c->sweep->count + 1, sizeof *chosen);
    if (chosen)
        tfu_sweep_add_needs(c->sweep, asked, chosen);
    return chosen;
}

/* Will what a case needs be there once the jobs that it waits for have ended well? */
static bool are_needs_met(const struct choosing *c, const struct tfu_slurm_item *item)
{
    for (size_t k = 0; k < item->need_count; k++) {
        const struct tfu_slurm_item *need = &c->choice->item[item->need[k]];
        if (!need->wanted && !need->is_queued && !is_settled(c, item->need[k]))
            return false;
    }
    return true;
}

/* For others of its group. A case that another study has halved is here one that was interrupted.
 */
static bool waits_at_rung(const struct choosing *c, size_t index)
{
    return c->status[index].state == TFU_CASE_PAUSED && tfu_halving_takes(c->sweep, index);
}

/* ---- cases that are the same piece of work */

/* For each case the first chosen one that has its key: two of one key are submitted once. */
static size_t *find_first(struct choosing *c, const bool *chosen)
{
    const size_t count = c->sweep->count;
    struct tfu_slurm_key *key = tfu_arena_array(&c->choice->arena, count + 1, sizeof *key);
    size_t *first = tfu_arena_array(&c->choice->arena, count + 1, sizeof *first);
    if (!key || !first)
        return NULL;
    for (size_t i = 0; i < count; i++)
        key[i] = (struct tfu_slurm_key){.key = c->sweep->item[i].key, .index = i};
    tfu_slurm_keys_sort(key, count);
    for (size_t begin = 0, end; begin < count; begin = end) {
        size_t of_all = begin;
        for (end = begin; end < count && strcmp(key[end].key, key[begin].key) == 0; end++)
            if (!chosen[key[of_all].index] && chosen[key[end].index])
                of_all = end;
        for (size_t i = begin; i < end; i++)
            first[key[i].index] = key[of_all].index;
    }
    return first;
}

/* The needs of a case, each by the first that is the same; the list is the arena's. */
static const size_t *map_needs(struct choosing *c, const struct tfu_sweep_case *of,
                               const size_t *first)
{
    size_t *need = tfu_arena_array(&c->choice->arena, of->need_count + 1, sizeof *need);
    for (size_t k = 0; need && k < of->need_count; k++)
        need[k] = first[of->need[k]];
    return need;
}

/* ---- chosen */

/* One of those that are asked for. */
static void choose_one(struct choosing *c, size_t index, bool is_first, struct tfu_slurm_counts *n)
{
    const enum tfu_case_state state = c->status[index].state;
    const struct tfu_slurm_seen *seen = &c->choice->seen[index];
    struct tfu_slurm_item *item = &c->choice->item[index];
    if (is_settled(c, index)) {
        n->done++;
    } else if (tfu_slurm_state_is_queued(seen->state)) {
        item->is_queued = true;
        item->job = seen->job;
        n->queued++;
    } else if (state == TFU_CASE_FAILED) {
        n->failed++;
    } else if (state == TFU_CASE_RUNNING) {
        n->elsewhere++;
    } else if (waits_at_rung(c, index) || !are_needs_met(c, item)) {
        n->blocked++;
    } else if (is_first) {
        item->wanted = true;
        n->left++;
    }
}

enum tfu_status tfu_slurm_choose(struct tfu_slurm_choice *out, const struct tfu_sweep *s,
                                 const struct tfu_case_status *status,
                                 const struct tfu_slurm_record *record, const bool *chosen,
                                 struct tfu_slurm_counts *counts, struct tfu_error *e)
{
    struct choosing c = {.sweep = s, .status = status, .choice = out};
    *out = (struct tfu_slurm_choice){.seen = NULL};
    tfu_arena_init(&out->arena, 0);
    const enum tfu_status st = look(&c, record, e);
    if (st != TFU_OK)
        return st;
    const bool *asked = find_chosen(&c, chosen);
    const size_t *first = asked ? find_first(&c, asked) : NULL;
    if (!first)
        return out_of_memory(e);
    for (size_t i = 0; i < s->count; i++) {
        out->item[i].need = map_needs(&c, &s->item[i], first);
        out->item[i].need_count = s->item[i].need_count;
        if (!out->item[i].need)
            return out_of_memory(e);
        if (asked[i])
            choose_one(&c, i, first[i] == i, counts);
    }
    return TFU_OK;
}

void tfu_slurm_choice_free(struct tfu_slurm_choice *c)
{
    tfu_arena_free(&c->arena);
}
