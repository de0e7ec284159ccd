/* SPDX-License-Identifier: MIT */
#include "core/launch/schedule.h"

#include <assert.h>
#include <stdlib.h>

struct place {
    enum tfu_slot_state set, derived;
    int64_t threads; /* while it is RUNNING */
};

struct tfu_schedule {
    const struct tfu_schedule_case *item;
    struct place *place;
    size_t count;
    struct tfu_schedule_policy policy;
    size_t failures; /* while we look on */
    size_t count_of[TFU_SLOT_STATES];
    int64_t threads_used;
    bool closed;
    bool stale; /* `derived` and `count_of` are to be found again */
};

enum tfu_status tfu_schedule_new(struct tfu_schedule **out, const struct tfu_schedule_case *item,
                                 size_t count, const struct tfu_schedule_policy *policy,
                                 struct tfu_error *e)
{
    *out = NULL;
    struct tfu_schedule *s = calloc(1, sizeof *s);
    struct place *place = calloc(count ? count : 1, sizeof *place);
    if (!s || !place) {
        free(s);
        free(place);
        return tfu_error_memory(e, "planning a sweep", count * sizeof *place);
    }
    *s = (struct tfu_schedule){
        .item = item, .place = place, .count = count, .policy = *policy, .stale = true};
    *out = s;
    return TFU_OK;
}

void tfu_schedule_free(struct tfu_schedule *s)
{
    if (!s)
        return;
    free(s->place);
    free(s);
}

/* ---- told */

void tfu_schedule_set(struct tfu_schedule *s, size_t index, enum tfu_slot_state state)
{
    assert(index < s->count && state < TFU_SLOT_WAITING);
    struct place *p = &s->place[index];
    if (state == TFU_SLOT_FAILED && p->set != TFU_SLOT_FAILED)
        s->failures++;
    s->threads_used -= p->threads;
    p->threads = 0;
    p->set = state;
    s->stale = true;
}

void tfu_schedule_start(struct tfu_schedule *s, size_t index, int64_t threads)
{
    tfu_schedule_set(s, index, TFU_SLOT_RUNNING);
    s->place[index].threads = threads;
    s->threads_used += threads;
}

void tfu_schedule_pardon(struct tfu_schedule *s)
{
    assert(s->failures > 0);
    s->failures--;
}

void tfu_schedule_close(struct tfu_schedule *s)
{
    s->closed = true;
}

/* ---- what follows */

static bool is_met(enum tfu_slot_state state)
{
    return state == TFU_SLOT_DONE || state == TFU_SLOT_STOPPED;
}

static bool is_lost(enum tfu_slot_state state)
{
    return state == TFU_SLOT_FAILED || state == TFU_SLOT_BLOCKED;
}

static enum tfu_slot_state derive(const struct tfu_schedule *s, size_t index)
{
    const struct tfu_schedule_case *item = &s->item[index];
    enum tfu_slot_state state = s->place[index].set;
    if (state != TFU_SLOT_PENDING || item->left_out)
        return state;
    state = TFU_SLOT_READY;
    for (size_t i = 0; i < item->need_count; i++) {
        const enum tfu_slot_state of_need = s->place[item->need[i]].derived;
        if (is_lost(of_need))
            return TFU_SLOT_BLOCKED;
        if (!is_met(of_need))
            state = TFU_SLOT_WAITING;
    }
    return state;
}

/* What is needed stands before what needs it, so one pass is enough. */
static void settle(struct tfu_schedule *s)
{
    if (!s->stale)
        return;
    for (size_t i = 0; i < TFU_SLOT_STATES; i++)
        s->count_of[i] = 0;
    for (size_t i = 0; i < s->count; i++) {
        s->place[i].derived = derive(s, i);
        if (!s->item[i].left_out)
            s->count_of[s->place[i].derived]++;
    }
    s->stale = false;
}

enum tfu_slot_state tfu_schedule_state(struct tfu_schedule *s, size_t index)
{
    assert(index < s->count);
    settle(s);
    return s->place[index].derived;
}

size_t tfu_schedule_count(struct tfu_schedule *s, enum tfu_slot_state state)
{
    settle(s);
    return s->count_of[state];
}

bool tfu_schedule_gave_up(const struct tfu_schedule *s)
{
    return s->policy.stop_after > 0 && s->failures >= s->policy.stop_after;
}

/* Slots that may be filled. */
static size_t free_slots(struct tfu_schedule *s)
{
    settle(s);
    const size_t busy = s->count_of[TFU_SLOT_RUNNING];
    if (s->closed || tfu_schedule_gave_up(s) || busy >= s->policy.slots)
        return 0;
    return s->policy.slots - busy;
}

bool tfu_schedule_next(struct tfu_schedule *s, size_t *index)
{
    if (free_slots(s) == 0 || s->count_of[TFU_SLOT_READY] == 0)
        return false;
    for (size_t i = 0; i < s->count; i++)
        if (s->place[i].derived == TFU_SLOT_READY) {
            *index = i;
            return true;
        }
    return false;
}

int64_t tfu_schedule_share(struct tfu_schedule *s, size_t index)
{
    size_t sharing = free_slots(s);
    if (s->count_of[TFU_SLOT_READY] < sharing)
        sharing = s->count_of[TFU_SLOT_READY];
    const int64_t most = s->item[index].threads;
    int64_t share = s->policy.threads - s->threads_used;
    if (sharing > 1)
        share /= (int64_t)sharing;
    if (most > 0 && share > most)
        share = most;
    return share > 1 ? share : 1;
}

size_t tfu_schedule_obstacle(struct tfu_schedule *s, size_t index)
{
    const bool blocked = tfu_schedule_state(s, index) == TFU_SLOT_BLOCKED;
    const struct tfu_schedule_case *item = &s->item[index];
    for (size_t i = 0; i < item->need_count; i++) {
        const enum tfu_slot_state of_need = s->place[item->need[i]].derived;
        if (blocked ? is_lost(of_need) : !is_met(of_need))
            return item->need[i];
    }
    return SIZE_MAX;
}

bool tfu_schedule_over(struct tfu_schedule *s)
{
    settle(s);
    if (s->count_of[TFU_SLOT_RUNNING] > 0)
        return false;
    if (s->closed || tfu_schedule_gave_up(s))
        return true;
    return s->count_of[TFU_SLOT_ELSEWHERE] == 0 && s->count_of[TFU_SLOT_READY] == 0;
}
