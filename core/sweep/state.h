/* SPDX-License-Identifier: MIT
 *
 * state.h - how far the cases of a sweep are: what their folders and those of their runs say now.
 * Nothing is opened but small files, and nothing is written.
 */
#ifndef TFU_CORE_SWEEP_STATE_H
#define TFU_CORE_SWEEP_STATE_H

#include "core/sweep/case_folder.h"
#include "core/sweep/sweep.h"

enum tfu_case_state {
    TFU_CASE_WAITING, /* for another case */
    TFU_CASE_QUEUED,
    TFU_CASE_RUNNING,     /* a process has it */
    TFU_CASE_PAUSED,      /* at its rung, until the others have come to it */
    TFU_CASE_INTERRUPTED, /* begun; it goes on where it was */
    TFU_CASE_FAILED,
    TFU_CASE_STOPPED, /* at its rung, for good: others were better */
    TFU_CASE_DONE,
    TFU_CASE_STATES
};

struct tfu_case_status {
    enum tfu_case_state state;
    size_t waits_for;         /* WAITING: the first case that is not done, PAUSED: that has not come
                                 to the rung; else SIZE_MAX */
    bool waits_for_failed;    /* ... and which failed, waits for one that did, or has no score at
                                 the rung */
    bool diverged;            /* it did, or one that it needs: what comes behind it never will */
    int64_t diverged_at;      /* behind so many steps; 0 where it cannot begin */
    char *run;                /* the folder of its run; NULL: not known yet */
    char host[TFU_HOST_SIZE]; /* RUNNING: of who has it, else of the last attempt; "": unknown */
    long pid;
    int64_t since;       /* of RUNNING: unix seconds; 0: not known */
    int64_t ended;       /* of the last attempt; 0: not known */
    int64_t step, steps; /* 0: not known */
    char *error;         /* FAILED: why; else NULL */
    bool anew;           /* what it was trained from is another by now: it is to be trained again */
    char *remark;        /* DONE: why it could not be trained again; else NULL */
    int exit_status;     /* of the last attempt; -1: none, or not known */
    int signal_number;
    int64_t attempts, completed, failures;
    double seconds;  /* of all attempts */
    int64_t threads; /* of the last attempt; 0: not known */
    size_t rung;     /* of halving: how many it has come to, with what scores */
    double rung_score[TFU_RUNGS_MAX];
    size_t unscored; /* the first of them that it has no score at; SIZE_MAX: there is none */
};

/* "waiting" and so on. */
const char *tfu_case_state_name(enum tfu_case_state state);

/* Fills `status`, one for each case of `s`; to be freed by tfu_case_status_free() in any case. What
 * cannot be read of one case hides no other: it is as if nothing were known of it. */
enum tfu_status tfu_sweep_look(const struct tfu_sweep *s, struct tfu_case_status *status,
                               struct tfu_error *e);
/* The same, and looks for runs by what configurations, data and weights are now, as `sweep run`
 * does: a case without a record may be done all the same, and one that was done may have to be
 * trained anew. Opens data. */
enum tfu_status tfu_sweep_look_for_runs(struct tfu_sweep *s, struct tfu_case_status *status,
                                        struct tfu_error *e);
/* One case by itself: WAITING, and what halving says, follow from others. */
enum tfu_status tfu_case_look(struct tfu_case_status *out, const struct tfu_sweep *s, size_t index,
                              struct tfu_error *e);
void tfu_case_status_free(struct tfu_case_status *status, size_t count);

#endif
