/* SPDX-License-Identifier: MIT
 *
 * job.h - one case in a slot: claimed by the lease of its folder, its process started, and what
 * came of it written down.
 */
#ifndef TFU_CORE_LAUNCH_JOB_H
#define TFU_CORE_LAUNCH_JOB_H

#include "core/base/process.h"
#include "core/launch/child.h"
#include "core/launch/stall.h"
#include "core/store/lease.h"
#include "core/sweep/case_folder.h"
#include "core/sweep/sweep.h"

/* What all jobs of a launcher share. */
struct tfu_job_host {
    struct tfu_sweep *sweep;
    const char *program;       /* its file */
    const char *const *option; /* that stand before its subcommand */
    size_t option_count;
    int64_t retry; /* a case that failed is tried again so many times */
    struct tfu_process self;
};

struct tfu_job {
    size_t index; /* of the case */
    struct tfu_case_record record;
    struct tfu_lease *lease; /* of its folder; NULL: the slot is empty */
    char *folder;            /* of the case */
    char *log;
    char *run;                    /* the folder of its run */
    size_t judged;                /* rungs from which it may go on */
    int64_t rung;                 /* steps that it is to come to; 0: to its end */
    struct tfu_lease_seen before; /* the run's, when it was claimed */
    struct tfu_child child;
    struct tfu_stall stall;
    bool seen;    /* the run's folder was there since */
    bool told;    /* it was asked to leave */
    bool killed;  /* by us */
    bool earlier; /* of a claim that FAILED: it did before, and nothing was tried now */
};

enum tfu_claim {
    TFU_CLAIM_TAKEN,     /* it is ours: to be started or released */
    TFU_CLAIM_DONE,      /* it was before */
    TFU_CLAIM_ELSEWHERE, /* another process has the case, or its run */
    TFU_CLAIM_FAILED,    /* before, and it is not to be tried again; or it cannot begin */
    TFU_CLAIM_BROKEN, /* the store cannot be written to, or memory ran out: no fault of the case */
    TFU_CLAIM_UNMET,  /* something that it needs is not done after all */
    TFU_CLAIM_PAUSED, /* it is at a rung that was not judged yet */
};

/* Claims a case, to go on from its rung number `judged` (from 1; 0: from its beginning). The record
 * is filled in any case, and `log`; `*by` says who has it ELSEWHERE,
 * `*unmet` what is UNMET, `e` why it FAILED or is BROKEN. To be released in any case, after
 * whatever becomes of it. */
enum tfu_claim tfu_job_claim(struct tfu_job *job, const struct tfu_job_host *host, size_t index,
                             size_t judged, struct tfu_lease_seen *by, size_t *unmet,
                             struct tfu_error *e);

/* Starts it; what keeps it from that is written down as a failure. */
enum tfu_status tfu_job_start(struct tfu_job *job, const struct tfu_job_host *host, int64_t threads,
                              struct tfu_error *e);

enum tfu_job_outcome {
    TFU_JOB_DONE,
    TFU_JOB_PAUSED,      /* it came to its rung */
    TFU_JOB_INTERRUPTED, /* it has a checkpoint of all that it did */
    TFU_JOB_FAILED,      /* `e` says why */
    TFU_JOB_REMOVED,     /* somebody took the run's folder away: nothing of it is left */
    TFU_JOB_ELSEWHERE,   /* another process had the run before */
    TFU_JOB_LOST         /* another process has the case by now: nothing was written down */
};

/* How far is its run? `*seen` says what the run's lease does: of nobody, where its process has not
 * taken it yet. `job->stall` is told. */
void tfu_job_look(struct tfu_job *job, struct tfu_lease_seen *seen);

/* Has its process ended? Then the outcome is written down. A state that cannot be written down is
 * told by `warning`. */
bool tfu_job_ended(struct tfu_job *job, const struct tfu_job_host *host,
                   enum tfu_job_outcome *outcome, struct tfu_error *e, struct tfu_error *warning);

/* Says in the case's log that it failed, as the record has it: what was killed, or never started,
 * could not say so itself. */
void tfu_job_log_failure(const struct tfu_job *job);

void tfu_job_release(struct tfu_job *job);

#endif
