/* SPDX-License-Identifier: MIT
 *
 * launch_work.h - a sweep at work on this machine: what is known of its cases, and what runs in the
 * slots. What begins, ends and is looked at stands in launch_case.h and launch_look.h.
 */
#ifndef TFU_CORE_LAUNCH_LAUNCH_WORK_H
#define TFU_CORE_LAUNCH_LAUNCH_WORK_H

#include "core/launch/estimate.h"
#include "core/launch/job.h"
#include "core/launch/launch.h"
#include "core/launch/stop.h"

/* Of a case. */
struct tfu_launch_known {
    bool said_elsewhere; /* it was told who has it */
    bool here;           /* it was in one of our slots */
    bool removed;        /* its run was, once */
    size_t judged;       /* rungs from which it may go on */
    char *run;           /* of one that is done; NULL: not known */
};

struct tfu_launch_work {
    const struct tfu_launch_request *request;
    struct tfu_sweep *sweep;
    struct tfu_job_host host;
    struct tfu_schedule_case *item;
    struct tfu_schedule *schedule;
    struct tfu_job *job; /* a slot each; without a lease it is empty */
    struct tfu_launch_running *running;
    struct tfu_estimate_case *estimate;
    struct tfu_launch_known *known; /* of each case */
    char stop[TFU_STOP_SIZE];
    enum tfu_leaving leaving;
    double next_elsewhere, next_here;
};

enum tfu_status tfu_launch_work_init(struct tfu_launch_work *l, const struct tfu_launch_request *r,
                                     struct tfu_error *e);
void tfu_launch_work_free(struct tfu_launch_work *l);

/* Tells the caller what happened to the case of a job. */
void tfu_launch_tell(const struct tfu_launch_work *l, enum tfu_launch_news news,
                     const struct tfu_job *job, const char *text);
/* It is done, and its run lies where the job says. */
void tfu_launch_set_done(struct tfu_launch_work *l, const struct tfu_job *job);
/* Somebody removed its run: it is done again, and left the second time, as somebody seems to want
 * to be rid of it. */
void tfu_launch_set_removed(struct tfu_launch_work *l, const struct tfu_job *job,
                            enum tfu_launch_news news);

#endif
