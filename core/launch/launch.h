/* SPDX-License-Identifier: MIT
 *
 * launch.h - the cases of a sweep as processes on this machine, as many at a time as there are
 * slots. Any number of launchers, on any hosts that share the store, may work on one sweep: each
 * takes what nobody has. What any of them was killed at goes on when the next one looks.
 */
#ifndef TFU_CORE_LAUNCH_LAUNCH_H
#define TFU_CORE_LAUNCH_LAUNCH_H

#include "core/launch/schedule.h"
#include "core/store/lease.h"
#include "core/sweep/sweep.h"

enum tfu_launch_news {
    TFU_LAUNCH_STARTED,
    TFU_LAUNCH_DONE,
    TFU_LAUNCH_FOUND,   /* it was done before */
    TFU_LAUNCH_PAUSED,  /* it came to its rung */
    TFU_LAUNCH_STOPPED, /* ... and is not among the best there */
    TFU_LAUNCH_INTERRUPTED,
    TFU_LAUNCH_FAILED,
    TFU_LAUNCH_RETRIED,   /* failed, and is tried again */
    TFU_LAUNCH_IDLE,      /* it has made no step for long */
    TFU_LAUNCH_REMOVED,   /* somebody removed its run while it was trained: it is done again */
    TFU_LAUNCH_GONE,      /* ... of one that was DONE or FOUND */
    TFU_LAUNCH_REFUSED,   /* failed before, and is not tried again */
    TFU_LAUNCH_ELSEWHERE, /* another process has it: it is waited for */
    TFU_LAUNCH_LOST,      /* another process took it over */
    TFU_LAUNCH_WARNING    /* something could not be written down; what was computed is there */
};

struct tfu_launch_event {
    enum tfu_launch_news news;
    size_t index;
    const char *text; /* FAILED, RETRIED, REFUSED: why; ELSEWHERE: who; IDLE: for how long;
                         WARNING: of what; FOUND: "stopped" at a rung; REMOVED, GONE: what becomes
                         of it; else "" */
    const char *log;  /* of the case; NULL: it has none */
    double seconds;   /* DONE, FAILED, ...: that this attempt took */
    int64_t threads;  /* STARTED */
    long pid;         /* STARTED */
};

struct tfu_launch_running {
    size_t index;
    long pid;
    int64_t threads;
    double seconds;      /* of this attempt */
    int64_t step, steps; /* 0: not known */
    double idle;         /* seconds without a step, where these are many; else 0 */
};

struct tfu_launch_view {
    const struct tfu_launch_running *running;
    size_t running_count;
    const size_t *count_of; /* by enum tfu_slot_state */
    size_t count;           /* of cases that are not left out */
    double left;            /* seconds; NaN: not known */
};

/* How much a caller wants it to end: `leaving` says. */
enum tfu_leaving {
    TFU_LEAVING_NOT,
    TFU_LEAVING_SOON, /* all cases write a checkpoint */
    TFU_LEAVING_NOW   /* all cases are killed; they have their last checkpoint */
};

struct tfu_launch_request {
    struct tfu_sweep *sweep;
    const char *program;       /* what is called with `run`: its file */
    const char *const *option; /* that go before `run` */
    size_t option_count;
    size_t jobs;        /* cases at a time */
    int64_t threads;    /* that they share */
    size_t stop_after;  /* begin none after so many failures; 0: go on */
    int64_t retry;      /* a failed case is tried again so many times */
    double stall;       /* seconds without a step after which one is ended, as failed; 0: never. An
                           evaluation and the opening of data are no steps */
    const bool *chosen; /* these alone, and what they need; NULL: all */
    bool alone;         /* ... and not what they need: what that waits for is left */

    void *arg; /* of these, each of which may be NULL */
    enum tfu_leaving (*leaving)(void *arg);
    void (*event)(void *arg, const struct tfu_launch_event *event);
    void (*look)(void *arg, const struct tfu_launch_view *view); /* each second */
};

struct tfu_launch_result {
    size_t count; /* of cases that were not left out */
    size_t count_of[TFU_SLOT_STATES];
    bool interrupted; /* `leaving` asked for it, or a file in the store did */
    bool gave_up;     /* after too many failures */
};

/* Works until nothing is left to be done. A case that fails is no error here. The children of the
 * calling process are its own while this runs; the calling thread must be the process's first. */
enum tfu_status tfu_launch(const struct tfu_launch_request *request,
                           struct tfu_launch_result *result, struct tfu_error *e);

#endif
