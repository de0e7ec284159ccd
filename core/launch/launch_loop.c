/* SPDX-License-Identifier: MIT
 *
 * A sweep at work: begins, reaps and looks until nothing is left.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/io/folder.h"
#include "core/launch/launch_case.h"
#include "core/launch/launch_look.h"
#include "core/sweep/case_folder.h"

/* Seconds between two looks: at what others have, at our own cases, at signals. */
static const double look_elsewhere = 2, look_here = 1;
static const long look_signals_ns = 200000000;

/* ---- leaving */

static void signal_all(struct tfu_launch_work *l, int number)
{
    for (size_t i = 0; i < l->request->jobs; i++) {
        if (!l->job[i].lease)
            continue;
        l->job[i].told = true;
        l->job[i].killed = number == SIGKILL;
        tfu_child_signal(&l->job[i].child, number);
    }
}

static void heed(struct tfu_launch_work *l, enum tfu_leaving wish)
{
    if (wish <= l->leaving)
        return;
    l->leaving = wish;
    tfu_schedule_close(l->schedule);
    signal_all(l, wish == TFU_LEAVING_NOW ? SIGKILL : SIGTERM);
}

static void heed_caller(struct tfu_launch_work *l)
{
    if (l->request->leaving)
        heed(l, l->request->leaving(l->request->arg));
}

static void heed_file(struct tfu_launch_work *l)
{
    char stop[TFU_STOP_SIZE];
    tfu_stop_read(l->sweep->store, l->sweep->name, stop);
    if (stop[0] && strcmp(stop, l->stop) != 0)
        heed(l, TFU_LEAVING_SOON);
}

/* ---- the loop */

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

static enum tfu_status look(struct tfu_launch_work *l, struct tfu_error *e)
{
    const double now = tfu_clock_seconds();
    enum tfu_status st = TFU_OK;
    heed_caller(l);
    if (now >= l->next_elsewhere) {
        st = tfu_launch_look_around(l, e);
        l->next_elsewhere = tfu_clock_seconds() + look_elsewhere; /* it may have taken long */
    }
    if (st == TFU_OK && now >= l->next_here) {
        heed_file(l);
        st = tfu_launch_look_at_slots(l, e);
        l->next_here = now + look_here;
    }
    return st;
}

static enum tfu_status work(struct tfu_launch_work *l, const sigset_t *child, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    while (st == TFU_OK) {
        size_t index;
        tfu_launch_reap(l);
        st = look(l, e);
        if (st != TFU_OK || (tfu_schedule_over(l->schedule) && !tfu_launch_look_back(l)))
            break;
        if (tfu_schedule_next(l->schedule, &index)) {
            st = tfu_launch_begin(l, index, e);
            continue;
        }
        const struct timespec wait = {.tv_nsec = look_signals_ns};
        sigtimedwait(child, NULL, &wait); /* or a signal that the caller handles */
    }
    return st;
}

/* After an error: nothing is left running. */
static void abandon(struct tfu_launch_work *l)
{
    heed(l, TFU_LEAVING_SOON);
    for (bool any = true; any;) {
        const struct timespec wait = {.tv_nsec = look_signals_ns / 10};
        any = false;
        heed_caller(l);
        tfu_launch_reap(l);
        for (size_t i = 0; i < l->request->jobs; i++)
            any = any || l->job[i].lease;
        if (any)
            nanosleep(&wait, NULL);
    }
}

static enum tfu_status work_with_signals(struct tfu_launch_work *l, struct tfu_error *e)
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
    struct tfu_launch_work l;
    *result = (struct tfu_launch_result){.count = 0};
    enum tfu_status st = tfu_launch_work_init(&l, request, e);
    if (st == TFU_OK && request->alone)
        st = tfu_launch_look_at_left_out(&l, e);
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
    tfu_launch_work_free(&l);
    return st;
}
