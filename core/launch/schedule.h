/* SPDX-License-Identifier: MIT
 *
 * schedule.h - which case comes next, and with how many threads: what is known of the cases of a
 * sweep, without a process, a file or a clock.
 */
#ifndef TFU_CORE_LAUNCH_SCHEDULE_H
#define TFU_CORE_LAUNCH_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/* What a case is by itself is told by tfu_schedule_set(); what follows from the others is
 * between the two: never set. */
enum tfu_slot_state {
    TFU_SLOT_PENDING,   /* nothing was done yet */
    TFU_SLOT_RUNNING,   /* in one of our slots */
    TFU_SLOT_ELSEWHERE, /* another process has it: somebody looks again */
    TFU_SLOT_PAUSED,    /* has come to its rung, and others have not */
    TFU_SLOT_DONE,
    TFU_SLOT_STOPPED, /* its rung was its last: as good as done */
    TFU_SLOT_FAILED,  /* and is not tried again */
    TFU_SLOT_LEFT,    /* interrupted by somebody: not begun again here, and no failure */
    /* of PENDING ones: */
    TFU_SLOT_WAITING, /* something that it needs is not done */
    TFU_SLOT_READY,
    TFU_SLOT_BLOCKED, /* something that it needs failed, or is blocked itself */
    TFU_SLOT_STATES
};

struct tfu_schedule_case {
    const size_t *need; /* others, all before it */
    size_t need_count;
    int64_t threads; /* that it can use at most; 0: any number */
    bool left_out;   /* it is none of ours */
};

struct tfu_schedule_policy {
    size_t slots;      /* cases at a time */
    int64_t threads;   /* that they share */
    size_t stop_after; /* begin none after so many failures; 0: go on whatever fails */
};

struct tfu_schedule;

/* `item` stays the caller's, and must outlive it. */
enum tfu_status tfu_schedule_new(struct tfu_schedule **out, const struct tfu_schedule_case *item,
                                 size_t count, const struct tfu_schedule_policy *policy,
                                 struct tfu_error *e);
void tfu_schedule_free(struct tfu_schedule *s);

/* One of the states before WAITING. */
void tfu_schedule_set(struct tfu_schedule *s, size_t index, enum tfu_slot_state state);
/* From now on RUNNING, with so many threads. */
void tfu_schedule_start(struct tfu_schedule *s, size_t index, int64_t threads);
/* The last failure that was set does not count among those that end it all. */
void tfu_schedule_pardon(struct tfu_schedule *s);
/* No case begins any more. */
void tfu_schedule_close(struct tfu_schedule *s);

/* PENDING only of those that are left out. */
enum tfu_slot_state tfu_schedule_state(struct tfu_schedule *s, size_t index);
/* How many are in a state, of those that are not left out. */
size_t tfu_schedule_count(struct tfu_schedule *s, enum tfu_slot_state state);

/* The first that may begin now; false: none, or no slot is free. */
bool tfu_schedule_next(struct tfu_schedule *s, size_t *index);
/* The share of a case that begins now: what nobody uses, divided by those that may begin with it.
 * So a case that others wait for, and the last ones, get more. */
int64_t tfu_schedule_share(struct tfu_schedule *s, size_t index);
/* What keeps a WAITING or BLOCKED case: the first need that is not done, or failed. */
size_t tfu_schedule_obstacle(struct tfu_schedule *s, size_t index);
/* Nothing runs, here or elsewhere, and nothing will begin. */
bool tfu_schedule_over(struct tfu_schedule *s);
/* Were there as many failures as end it all? */
bool tfu_schedule_gave_up(const struct tfu_schedule *s);

#endif
