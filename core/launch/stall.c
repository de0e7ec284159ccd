/* SPDX-License-Identifier: MIT */
#include "core/launch/stall.h"

#include <signal.h>

static const double tell_after = 600, gap_most = 10, grace_most = 30; /* seconds */

void tfu_stall_begin(struct tfu_stall *s, double now)
{
    *s = (struct tfu_stall){.looked = now};
}

void tfu_stall_see(struct tfu_stall *s, int64_t step, double now)
{
    const double gap = now - s->looked;
    s->looked = now;
    if (step > s->step) {
        s->step = step;
        s->idle = s->told = 0;
    } else {
        s->idle += gap < gap_most ? gap : gap_most;
    }
}

bool tfu_stall_is_long(const struct tfu_stall *s)
{
    return s->idle >= tell_after;
}

bool tfu_stall_tell(struct tfu_stall *s)
{
    if (!tfu_stall_is_long(s) || s->idle < 2 * s->told)
        return false;
    s->told = s->idle;
    return true;
}

int tfu_stall_signal(struct tfu_stall *s, double limit, double now)
{
    const double grace = limit < grace_most ? limit : grace_most;
    if (s->asked > 0)
        return now - s->asked >= grace ? SIGKILL : 0;
    if (limit <= 0 || s->idle < limit)
        return 0;
    s->asked = now;
    return SIGTERM;
}
