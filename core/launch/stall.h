/* SPDX-License-Identifier: MIT
 *
 * stall.h - a process that makes no step: for how long, and what is to be done about it. Without a
 * clock or a signal of its own.
 */
#ifndef TFU_CORE_LAUNCH_STALL_H
#define TFU_CORE_LAUNCH_STALL_H

#include <stdbool.h>
#include <stdint.h>

struct tfu_stall {
    int64_t step;  /* the last that was seen */
    double idle;   /* seconds since it was, but for those in which nobody looked */
    double looked; /* when */
    double told;   /* how idle it was when that was told last; 0: it never was */
    double asked;  /* when it was asked to leave for it; 0: it was not */
};

void tfu_stall_begin(struct tfu_stall *s, double now);
/* It is at `step` now. One who looks again only after a long time, as the machine slept or this
 * process was stopped, cannot know who made no step meanwhile: that counts as a few seconds. */
void tfu_stall_see(struct tfu_stall *s, int64_t step, double now);

/* Has it made none for ten minutes? */
bool tfu_stall_is_long(const struct tfu_stall *s);
/* Is it time to say so? Then, and whenever it is twice as long. */
bool tfu_stall_tell(struct tfu_stall *s);
/* The signal that is due once it has made no step for `limit` seconds (0: for ever): SIGTERM once,
 * then SIGKILL; 0: none. */
int tfu_stall_signal(struct tfu_stall *s, double limit, double now);

#endif
