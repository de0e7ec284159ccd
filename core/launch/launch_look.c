/* SPDX-License-Identifier: MIT */
#include "core/launch/launch_look.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/store/run_folder.h"
#include "core/sweep/state.h"

/* ---- what is left out */

/* Needs that are left out and done: those that need them may begin. What follows from others, as at
 * a rung, is known of all cases together. */
enum tfu_status tfu_launch_look_at_left_out(struct tfu_launch_work *l, struct tfu_error *e)
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

/* ---- what others do */

/* Looks again at cases that another process had, and at those that wait at a rung. */
enum tfu_status tfu_launch_look_around(struct tfu_launch_work *l, struct tfu_error *e)
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
                tfu_launch_tell(l, l->known[i].here ? TFU_LAUNCH_STOPPED : TFU_LAUNCH_FOUND, &job,
                                l->known[i].here ? "" : "stopped");
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

/* ---- what was done */

bool tfu_launch_look_back(struct tfu_launch_work *l)
{
    bool any = false;
    for (size_t i = 0; i < l->sweep->count; i++) {
        const char *run = l->known[i].run;
        if (tfu_schedule_state(l->schedule, i) != TFU_SLOT_DONE || !run ||
            tfu_run_state(run) == TFU_RUN_FINISHED)
            continue;
        const struct tfu_job job = {.index = i};
        tfu_launch_set_removed(l, &job, TFU_LAUNCH_GONE);
        any = true;
    }
    return any;
}

/* ---- what our own do */

/* What becomes of one that makes no step. */
static void watch(struct tfu_launch_work *l, struct tfu_job *job)
{
    const int number = tfu_stall_signal(&job->stall, l->request->stall, tfu_clock_seconds());
    if (number)
        tfu_child_signal(&job->child, number);
    if (tfu_stall_tell(&job->stall)) {
        char time[32];
        tfu_duration_put(time, sizeof time, job->stall.idle);
        tfu_launch_tell(l, TFU_LAUNCH_IDLE, job, time);
    }
}

/* They are not waited for. */
static void leave_blocked_out(struct tfu_launch_work *l)
{
    for (size_t i = 0; i < l->sweep->count && tfu_schedule_count(l->schedule, TFU_SLOT_BLOCKED);
         i++)
        if (tfu_schedule_state(l->schedule, i) == TFU_SLOT_BLOCKED)
            l->estimate[i].state = TFU_ESTIMATE_NONE;
}

enum tfu_status tfu_launch_look_at_slots(struct tfu_launch_work *l, struct tfu_error *e)
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
        struct tfu_lease_seen seen;
        tfu_job_look(job, &seen);
        watch(l, job);
        *r = (struct tfu_launch_running){.index = job->index,
                                         .pid = job->child.pid,
                                         .threads = job->record.threads,
                                         .seconds = tfu_clock_seconds() - job->child.begun,
                                         .step = seen.step,
                                         .steps = seen.steps,
                                         .idle =
                                             tfu_stall_is_long(&job->stall) ? job->stall.idle : 0};
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
