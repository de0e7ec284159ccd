/* SPDX-License-Identifier: MIT */
#include "core/launch/launch_case.h"

#include <assert.h>

/* ---- a case begins */

static struct tfu_job *empty_slot(struct tfu_launch_work *l)
{
    for (size_t i = 0; i < l->request->jobs; i++)
        if (!l->job[i].lease)
            return &l->job[i];
    return NULL;
}

static void set_elsewhere(struct tfu_launch_work *l, const struct tfu_job *job,
                          const struct tfu_lease_seen *by)
{
    char who[128];
    tfu_schedule_set(l->schedule, job->index, TFU_SLOT_ELSEWHERE);
    if (l->known[job->index].said_elsewhere)
        return;
    l->known[job->index].said_elsewhere = true;
    tfu_lease_who(by, who, sizeof who);
    tfu_launch_tell(l, TFU_LAUNCH_ELSEWHERE, job, who);
}

/* Where it diverged, those that wait for it at a rung may go on without it. */
static void set_failed(struct tfu_launch_work *l, const struct tfu_job *job,
                       enum tfu_launch_news news, const char *why)
{
    tfu_schedule_set(l->schedule, job->index, TFU_SLOT_FAILED);
    if (news == TFU_LAUNCH_REFUSED) /* of an earlier call, which --on-error was said of */
        tfu_schedule_pardon(l->schedule);
    l->estimate[job->index].state = TFU_ESTIMATE_NONE;
    l->next_elsewhere = 0;
    tfu_launch_tell(l, news, job, why);
}

static void start(struct tfu_launch_work *l, struct tfu_job *job)
{
    struct tfu_error e = TFU_ERROR_INIT;
    const int64_t threads = tfu_schedule_share(l->schedule, job->index);
    if (tfu_job_start(job, &l->host, threads, &e) != TFU_OK) {
        set_failed(l, job, TFU_LAUNCH_FAILED, e.text);
        tfu_job_release(job);
        return;
    }
    tfu_schedule_start(l->schedule, job->index, threads);
    l->estimate[job->index].state = TFU_ESTIMATE_RUNNING;
    l->known[job->index].said_elsewhere = false;
    l->known[job->index].here = true;
    tfu_launch_tell(l, TFU_LAUNCH_STARTED, job, "");
}

/* What a case needs was done, and is not any more. What is left out is not done again here. */
static void set_unmet(struct tfu_launch_work *l, size_t index)
{
    const struct tfu_job job = {.index = index};
    if (l->item[index].left_out)
        tfu_schedule_set(l->schedule, index, TFU_SLOT_PENDING);
    else
        tfu_launch_set_removed(l, &job, TFU_LAUNCH_GONE);
}

enum tfu_status tfu_launch_begin(struct tfu_launch_work *l, size_t index, struct tfu_error *error)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_lease_seen by;
    enum tfu_status st = TFU_OK;
    size_t unmet;
    struct tfu_job *job = empty_slot(l);
    assert(job);
    switch (tfu_job_claim(job, &l->host, index, l->known[index].judged, &by, &unmet, &e)) {
    case TFU_CLAIM_TAKEN:
        start(l, job);
        return TFU_OK;
    case TFU_CLAIM_DONE:
        tfu_launch_set_done(l, job);
        tfu_launch_tell(l, TFU_LAUNCH_FOUND, job, "");
        break;
    case TFU_CLAIM_ELSEWHERE:
        set_elsewhere(l, job, &by);
        break;
    case TFU_CLAIM_FAILED:
        set_failed(l, job, job->earlier ? TFU_LAUNCH_REFUSED : TFU_LAUNCH_FAILED, e.text);
        break;
    case TFU_CLAIM_BROKEN:
        if (error)
            *error = e;
        st = e.status;
        break;
    case TFU_CLAIM_PAUSED:
        tfu_schedule_set(l->schedule, index, TFU_SLOT_PAUSED);
        l->next_elsewhere = 0;
        break;
    case TFU_CLAIM_UNMET:
        set_unmet(l, unmet);
        break;
    }
    tfu_job_release(job);
    return st;
}

/* ---- a case ends */

static void end_failed(struct tfu_launch_work *l, struct tfu_job *job, const struct tfu_error *e)
{
    if (job->record.failures > l->request->retry) {
        set_failed(l, job, TFU_LAUNCH_FAILED, e->text);
        return;
    }
    tfu_schedule_set(l->schedule, job->index, TFU_SLOT_PENDING);
    tfu_launch_tell(l, TFU_LAUNCH_RETRIED, job, e->text);
}

static void settle(struct tfu_launch_work *l, struct tfu_job *job, enum tfu_job_outcome outcome,
                   const struct tfu_error *e)
{
    struct tfu_estimate_case *estimate = &l->estimate[job->index];
    estimate->state = TFU_ESTIMATE_TODO;
    switch (outcome) {
    case TFU_JOB_DONE:
        tfu_launch_set_done(l, job);
        tfu_launch_tell(l, TFU_LAUNCH_DONE, job, "");
        break;
    case TFU_JOB_PAUSED:
        tfu_schedule_set(l->schedule, job->index, TFU_SLOT_PAUSED);
        tfu_launch_tell(l, TFU_LAUNCH_PAUSED, job, "");
        break;
    case TFU_JOB_INTERRUPTED:
        tfu_schedule_set(l->schedule, job->index, TFU_SLOT_LEFT);
        estimate->state = TFU_ESTIMATE_NONE;
        tfu_launch_tell(l, TFU_LAUNCH_INTERRUPTED, job, "");
        break;
    case TFU_JOB_FAILED:
        end_failed(l, job, e);
        break;
    case TFU_JOB_REMOVED:
        tfu_launch_set_removed(l, job, TFU_LAUNCH_REMOVED);
        break;
    case TFU_JOB_ELSEWHERE:
        tfu_schedule_set(l->schedule, job->index, TFU_SLOT_PENDING); /* the next claim says whose */
        break;
    case TFU_JOB_LOST:
        tfu_schedule_set(l->schedule, job->index, TFU_SLOT_ELSEWHERE);
        tfu_launch_tell(l, TFU_LAUNCH_LOST, job, "");
        break;
    }
    l->next_elsewhere = 0;
}

void tfu_launch_reap(struct tfu_launch_work *l)
{
    for (size_t i = 0; i < l->request->jobs; i++) {
        struct tfu_job *job = &l->job[i];
        struct tfu_error e = TFU_ERROR_INIT, warning = TFU_ERROR_INIT;
        enum tfu_job_outcome outcome;
        if (!job->lease || !tfu_job_ended(job, &l->host, &outcome, &e, &warning))
            continue;
        settle(l, job, outcome, &e);
        if (warning.status != TFU_OK && outcome != TFU_JOB_LOST)
            tfu_launch_tell(l, TFU_LAUNCH_WARNING, job, warning.text);
        tfu_job_release(job);
    }
}
