/* SPDX-License-Identifier: MIT */
#include "core/launch/launch.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/io/folder.h"
#include "core/launch/estimate.h"
#include "core/launch/job.h"
#include "core/launch/stop.h"
#include "core/sweep/needs.h"
#include "core/sweep/state.h"

/* Seconds between two looks: at what others have, at our own cases, at signals. */
static const double look_elsewhere = 2, look_here = 1;
static const long look_signals_ns = 200000000;

struct known {
    bool said_elsewhere; /* it was told who has it */
    bool here;           /* it was in one of our slots */
    size_t judged;       /* rungs from which it may go on */
};

struct launch {
    const struct tfu_launch_request *request;
    struct tfu_sweep *sweep;
    struct tfu_job_host host;
    struct tfu_schedule_case *item;
    struct tfu_schedule *schedule;
    struct tfu_job *job; /* a slot each; without a lease it is empty */
    struct tfu_launch_running *running;
    struct tfu_estimate_case *estimate;
    struct known *known; /* of each case */
    char stop[TFU_STOP_SIZE];
    enum tfu_leaving leaving;
    double next_elsewhere, next_here;
};

/* ---- made */

static enum tfu_status choose(struct launch *l, struct tfu_error *e)
{
    const struct tfu_sweep *s = l->sweep;
    const struct tfu_launch_request *r = l->request;
    bool *meant = calloc(s->count + 1, sizeof *meant);
    if (!meant)
        return tfu_error_memory(e, "starting a sweep", s->count);
    tfu_sweep_add_needs(s, r->chosen, meant);
    for (size_t i = 0; i < s->count; i++) {
        const bool left_out = r->alone ? r->chosen && !r->chosen[i] : !meant[i];
        l->item[i] = (struct tfu_schedule_case){.need = s->item[i].need,
                                                .need_count = s->item[i].need_count,
                                                .threads = s->item[i].threads,
                                                .left_out = left_out};
        l->estimate[i] =
            (struct tfu_estimate_case){.kind = s->item[i].experiment,
                                       .steps = s->item[i].steps,
                                       .state = left_out ? TFU_ESTIMATE_NONE : TFU_ESTIMATE_TODO};
    }
    free(meant);
    return TFU_OK;
}

/* Needs that are left out and done: those that need them may begin. What follows from others, as at
 * a rung, is known of all cases together. */
static enum tfu_status look_at_left_out(struct launch *l, struct tfu_error *e)
{
    const struct tfu_sweep *s = l->sweep;
    struct tfu_case_status *seen = calloc(s->count + 1, sizeof *seen);
    bool *looked = calloc(s->count + 1, sizeof *looked);
    enum tfu_status st = TFU_OK;
    if (!seen || !looked)
        st = tfu_error_memory(e, "looking at a sweep", s->count * sizeof *seen);
    else if (s->halving)
        st = tfu_sweep_look(s, seen, e);
    for (size_t i = 0; i < s->count && st == TFU_OK; i++)
        for (size_t k = 0; k < s->item[i].need_count && st == TFU_OK && !l->item[i].left_out; k++) {
            const size_t need = s->item[i].need[k];
            if (!l->item[need].left_out || looked[need])
                continue;
            looked[need] = true;
            if (!s->halving)
                st = tfu_case_look(&seen[need], s, need, e);
            if (st == TFU_OK && seen[need].state == TFU_CASE_DONE)
                tfu_schedule_set(l->schedule, need, TFU_SLOT_DONE);
            else if (st == TFU_OK && seen[need].state == TFU_CASE_STOPPED)
                tfu_schedule_set(l->schedule, need, TFU_SLOT_STOPPED);
        }
    if (seen)
        tfu_case_status_free(seen, s->count);
    free(seen);
    free(looked);
    return st;
}

static void free_launch(struct launch *l)
{
    tfu_schedule_free(l->schedule);
    free(l->item);
    free(l->job);
    free(l->running);
    free(l->estimate);
    free(l->known);
}

static enum tfu_status make_launch(struct launch *l, const struct tfu_launch_request *r,
                                   struct tfu_error *e)
{
    const size_t count = r->sweep->count + 1;
    const struct tfu_schedule_policy policy = {
        .slots = r->jobs, .threads = r->threads, .stop_after = r->stop_after};
    *l = (struct launch){
        .request = r,
        .sweep = r->sweep,
        .host = {.sweep = r->sweep,
                 .program = r->program,
                 .option = r->option,
                 .option_count = r->option_count,
                 .retry = r->retry},
        .item = calloc(count, sizeof *l->item),
        .job = calloc(r->jobs, sizeof *l->job),
        .running = calloc(r->jobs, sizeof *l->running),
        .estimate = calloc(count, sizeof *l->estimate),
        .known = calloc(count, sizeof *l->known),
    };
    if (!l->item || !l->job || !l->running || !l->estimate || !l->known)
        return tfu_error_memory(e, "starting a sweep", 0);
    tfu_process_self(&l->host.self);
    tfu_stop_read(l->sweep->store, l->sweep->name, l->stop);
    if (tfu_stop_is_since(l->stop, &l->host.self)) /* while the cases were being checked */
        l->stop[0] = '\0';
    enum tfu_status st = choose(l, e);
    if (st == TFU_OK)
        st = tfu_schedule_new(&l->schedule, l->item, r->sweep->count, &policy, e);
    if (st == TFU_OK && r->alone)
        st = look_at_left_out(l, e);
    return st;
}

/* A store that cannot be written is one error, and not one of each case. */
static enum tfu_status make_folder(const struct tfu_sweep *s, struct tfu_error *e)
{
    char *folder = tfu_case_folder_path(s->store, "");
    enum tfu_status st =
        folder ? tfu_folder_make(folder, e) : tfu_error_memory(e, "starting a sweep", 0);
    if (st == TFU_OK && access(folder, W_OK) != 0)
        st = tfu_error_errno(e, errno, "cannot write to", folder);
    free(folder);
    return st;
}

/* ---- told */

static void tell(const struct launch *l, enum tfu_launch_news news, const struct tfu_job *job,
                 const char *text)
{
    if (!l->request->event)
        return;
    const struct tfu_launch_event event = {
        .news = news,
        .index = job->index,
        .text = text,
        .log = job->log && access(job->log, F_OK) == 0 ? job->log : NULL,
        .seconds = job->child.begun > 0 ? tfu_clock_seconds() - job->child.begun : 0,
        .threads = job->record.threads,
        .pid = job->child.pid,
    };
    l->request->event(l->request->arg, &event);
}

/* ---- a case begins */

static struct tfu_job *empty_slot(struct launch *l)
{
    for (size_t i = 0; i < l->request->jobs; i++)
        if (!l->job[i].lease)
            return &l->job[i];
    return NULL;
}

static void set_done(struct launch *l, size_t index, double seconds)
{
    tfu_schedule_set(l->schedule, index, TFU_SLOT_DONE);
    l->estimate[index].state = TFU_ESTIMATE_DONE;
    l->estimate[index].seconds = seconds;
    l->next_elsewhere = 0; /* another case may have the same run */
}

static void set_elsewhere(struct launch *l, const struct tfu_job *job,
                          const struct tfu_lease_seen *by)
{
    char who[128];
    tfu_schedule_set(l->schedule, job->index, TFU_SLOT_ELSEWHERE);
    if (l->known[job->index].said_elsewhere)
        return;
    l->known[job->index].said_elsewhere = true;
    tfu_lease_who(by, who, sizeof who);
    tell(l, TFU_LAUNCH_ELSEWHERE, job, who);
}

/* Where it diverged, those that wait for it at a rung may go on without it. */
static void set_failed(struct launch *l, const struct tfu_job *job, enum tfu_launch_news news,
                       const char *why)
{
    tfu_schedule_set(l->schedule, job->index, TFU_SLOT_FAILED);
    if (news == TFU_LAUNCH_REFUSED) /* of an earlier call, which --on-error was said of */
        tfu_schedule_pardon(l->schedule);
    l->estimate[job->index].state = TFU_ESTIMATE_NONE;
    l->next_elsewhere = 0;
    tell(l, news, job, why);
}

static void start(struct launch *l, struct tfu_job *job)
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
    tell(l, TFU_LAUNCH_STARTED, job, "");
}

static enum tfu_status begin(struct launch *l, size_t index, struct tfu_error *error)
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
        set_done(l, index, job->record.seconds);
        tell(l, TFU_LAUNCH_FOUND, job, "");
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
        tfu_schedule_set(l->schedule, unmet, TFU_SLOT_PENDING);
        l->estimate[unmet].state = TFU_ESTIMATE_TODO;
        break;
    }
    tfu_job_release(job);
    return st;
}

/* ---- a case ends */

static void end_failed(struct launch *l, struct tfu_job *job, const struct tfu_error *e)
{
    if (job->record.failures > l->request->retry) {
        set_failed(l, job, TFU_LAUNCH_FAILED, e->text);
        return;
    }
    tfu_schedule_set(l->schedule, job->index, TFU_SLOT_PENDING);
    tell(l, TFU_LAUNCH_RETRIED, job, e->text);
}

static void settle(struct launch *l, struct tfu_job *job, enum tfu_job_outcome outcome,
                   const struct tfu_error *e)
{
    struct tfu_estimate_case *estimate = &l->estimate[job->index];
    estimate->state = TFU_ESTIMATE_TODO;
    switch (outcome) {
    case TFU_JOB_DONE:
        set_done(l, job->index, job->record.seconds);
        tell(l, TFU_LAUNCH_DONE, job, "");
        break;
    case TFU_JOB_PAUSED:
        tfu_schedule_set(l->schedule, job->index, TFU_SLOT_PAUSED);
        tell(l, TFU_LAUNCH_PAUSED, job, "");
        break;
    case TFU_JOB_INTERRUPTED:
        tfu_schedule_set(l->schedule, job->index, TFU_SLOT_LEFT);
        estimate->state = TFU_ESTIMATE_NONE;
        tell(l, TFU_LAUNCH_INTERRUPTED, job, "");
        break;
    case TFU_JOB_FAILED:
        end_failed(l, job, e);
        break;
    case TFU_JOB_ELSEWHERE:
        tfu_schedule_set(l->schedule, job->index, TFU_SLOT_PENDING); /* the next claim says whose */
        break;
    case TFU_JOB_LOST:
        tfu_schedule_set(l->schedule, job->index, TFU_SLOT_ELSEWHERE);
        tell(l, TFU_LAUNCH_LOST, job, "");
        break;
    }
    l->next_elsewhere = 0;
}

static void reap(struct launch *l)
{
    for (size_t i = 0; i < l->request->jobs; i++) {
        struct tfu_job *job = &l->job[i];
        struct tfu_error e = TFU_ERROR_INIT, warning = TFU_ERROR_INIT;
        enum tfu_job_outcome outcome;
        if (!job->lease || !tfu_job_ended(job, &l->host, &outcome, &e, &warning))
            continue;
        settle(l, job, outcome, &e);
        if (warning.status != TFU_OK && outcome != TFU_JOB_LOST)
            tell(l, TFU_LAUNCH_WARNING, job, warning.text);
        tfu_job_release(job);
    }
}

/* ---- what others do */

/* Looks again at cases that another process had, and at those that wait at a rung. */
static enum tfu_status look_around(struct launch *l, struct tfu_error *e)
{
    const struct tfu_sweep *s = l->sweep;
    const bool paused = tfu_schedule_count(l->schedule, TFU_SLOT_PAUSED) > 0 &&
                        tfu_schedule_count(l->schedule, TFU_SLOT_READY) == 0;
    if (!paused && tfu_schedule_count(l->schedule, TFU_SLOT_ELSEWHERE) == 0)
        return TFU_OK;
    struct tfu_case_status *seen = calloc(s->count, sizeof *seen);
    if (!seen)
        return tfu_error_memory(e, "looking at a sweep", s->count * sizeof *seen);
    enum tfu_status st = TFU_OK;
    if (paused)
        st = tfu_sweep_look(s, seen, e);
    for (size_t i = 0; i < s->count && st == TFU_OK; i++) {
        const enum tfu_slot_state slot = tfu_schedule_state(l->schedule, i);
        if (slot == TFU_SLOT_ELSEWHERE) {
            if (!paused)
                st = tfu_case_look(&seen[i], s, i, e);
            if (st == TFU_OK && seen[i].state != TFU_CASE_RUNNING)
                tfu_schedule_set(l->schedule, i, TFU_SLOT_PENDING);
        } else if (slot == TFU_SLOT_PAUSED && paused) {
            const struct tfu_job job = {.index = i};
            if (seen[i].state == TFU_CASE_STOPPED) {
                tfu_schedule_set(l->schedule, i, TFU_SLOT_STOPPED);
                l->estimate[i].state = TFU_ESTIMATE_NONE;
                tell(l, l->known[i].here ? TFU_LAUNCH_STOPPED : TFU_LAUNCH_FOUND, &job, "");
            } else if (seen[i].state != TFU_CASE_PAUSED) {
                l->known[i].judged = seen[i].rung;
                tfu_schedule_set(l->schedule, i, TFU_SLOT_PENDING);
            }
        }
    }
    tfu_case_status_free(seen, s->count);
    free(seen);
    return st;
}

/* ---- what our own do */

/* They are not waited for. */
static void leave_blocked_out(struct launch *l)
{
    for (size_t i = 0; i < l->sweep->count && tfu_schedule_count(l->schedule, TFU_SLOT_BLOCKED);
         i++)
        if (tfu_schedule_state(l->schedule, i) == TFU_SLOT_BLOCKED)
            l->estimate[i].state = TFU_ESTIMATE_NONE;
}

static enum tfu_status look_at_slots(struct launch *l, struct tfu_error *e)
{
    struct tfu_launch_view view = {.running = l->running, .left = NAN};
    size_t count_of[TFU_SLOT_STATES];
    for (size_t i = 0; i < l->request->jobs; i++) {
        struct tfu_job *job = &l->job[i];
        if (!job->lease)
            continue;
        if (tfu_lease_is_lost(job->lease) && !job->told) {
            job->told = true;
            tfu_child_signal(&job->child, SIGTERM);
        }
        struct tfu_launch_running *r = &l->running[view.running_count++];
        struct tfu_estimate_case *estimate = &l->estimate[job->index];
        struct tfu_lease_seen seen = {.step = 0};
        tfu_lease_look(&seen, job->run, NULL);
        *r = (struct tfu_launch_running){.index = job->index,
                                         .pid = job->child.pid,
                                         .threads = job->record.threads,
                                         .seconds = tfu_clock_seconds() - job->child.begun,
                                         .step = seen.step,
                                         .steps = seen.steps};
        estimate->seconds = job->record.seconds + r->seconds;
        estimate->share = r->steps > 0 ? (double)r->step / (double)r->steps : 0;
    }
    for (size_t i = 0; i < TFU_SLOT_STATES; i++) {
        count_of[i] = tfu_schedule_count(l->schedule, (enum tfu_slot_state)i);
        view.count += count_of[i];
    }
    leave_blocked_out(l);
    view.count_of = count_of;
    const enum tfu_status st =
        tfu_estimate_left(l->estimate, l->sweep->count, l->request->jobs, &view.left, e);
    if (st == TFU_OK && l->request->look)
        l->request->look(l->request->arg, &view);
    return st;
}

/* ---- leaving */

static void signal_all(struct launch *l, int number)
{
    for (size_t i = 0; i < l->request->jobs; i++) {
        if (!l->job[i].lease)
            continue;
        l->job[i].told = true;
        l->job[i].killed = number == SIGKILL;
        tfu_child_signal(&l->job[i].child, number);
    }
}

static void heed(struct launch *l, enum tfu_leaving wish)
{
    if (wish <= l->leaving)
        return;
    l->leaving = wish;
    tfu_schedule_close(l->schedule);
    signal_all(l, wish == TFU_LEAVING_NOW ? SIGKILL : SIGTERM);
}

static void heed_caller(struct launch *l)
{
    if (l->request->leaving)
        heed(l, l->request->leaving(l->request->arg));
}

static void heed_file(struct launch *l)
{
    char stop[TFU_STOP_SIZE];
    tfu_stop_read(l->sweep->store, l->sweep->name, stop);
    if (stop[0] && strcmp(stop, l->stop) != 0)
        heed(l, TFU_LEAVING_SOON);
}

/* ---- the loop */

static enum tfu_status look(struct launch *l, struct tfu_error *e)
{
    const double now = tfu_clock_seconds();
    enum tfu_status st = TFU_OK;
    heed_caller(l);
    if (now >= l->next_elsewhere) {
        st = look_around(l, e);
        l->next_elsewhere = tfu_clock_seconds() + look_elsewhere; /* it may have taken long */
    }
    if (st == TFU_OK && now >= l->next_here) {
        heed_file(l);
        st = look_at_slots(l, e);
        l->next_here = now + look_here;
    }
    return st;
}

static enum tfu_status work(struct launch *l, const sigset_t *child, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    while (st == TFU_OK) {
        size_t index;
        reap(l);
        st = look(l, e);
        if (st != TFU_OK || tfu_schedule_over(l->schedule))
            break;
        if (tfu_schedule_next(l->schedule, &index)) {
            st = begin(l, index, e);
            continue;
        }
        const struct timespec wait = {.tv_nsec = look_signals_ns};
        sigtimedwait(child, NULL, &wait); /* or a signal that the caller handles */
    }
    return st;
}

/* After an error: nothing is left running. */
static void abandon(struct launch *l)
{
    heed(l, TFU_LEAVING_SOON);
    for (bool any = true; any;) {
        const struct timespec wait = {.tv_nsec = look_signals_ns / 10};
        any = false;
        heed_caller(l);
        reap(l);
        for (size_t i = 0; i < l->request->jobs; i++)
            any = any || l->job[i].lease;
        if (any)
            nanosleep(&wait, NULL);
    }
}

static enum tfu_status work_with_signals(struct launch *l, struct tfu_error *e)
{
    sigset_t child, before;
    struct sigaction of_child = {.sa_handler = SIG_DFL}, of_child_before;
    /* where it is ignored, children vanish without a trace */
    sigaction(SIGCHLD, &of_child, &of_child_before);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &child, &before);
    const enum tfu_status st = work(l, &child, e);
    if (st != TFU_OK)
        abandon(l);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    sigaction(SIGCHLD, &of_child_before, NULL);
    return st;
}

enum tfu_status tfu_launch(const struct tfu_launch_request *request,
                           struct tfu_launch_result *result, struct tfu_error *e)
{
    struct launch l;
    *result = (struct tfu_launch_result){.count = 0};
    enum tfu_status st = make_launch(&l, request, e);
    if (st == TFU_OK)
        st = make_folder(request->sweep, e);
    if (st == TFU_OK)
        st = work_with_signals(&l, e);
    for (size_t i = 0; i < TFU_SLOT_STATES && l.schedule; i++) {
        result->count_of[i] = tfu_schedule_count(l.schedule, (enum tfu_slot_state)i);
        result->count += result->count_of[i];
    }
    result->interrupted = l.leaving != TFU_LEAVING_NOT;
    result->gave_up = l.schedule && tfu_schedule_gave_up(l.schedule);
    free_launch(&l);
    return st;
}
