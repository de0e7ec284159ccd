/* SPDX-License-Identifier: MIT */
#include "core/launch/slurm_status.h"

#include <stdlib.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/launch/command.h"
#include "core/launch/slurm_paths.h"

static const double patience = 60; /* seconds that a command may take */

/* ---- what Slurm says */

static enum tfu_status look(const struct tfu_slurm_record *r, const struct tfu_sweep *s,
                            const struct tfu_case_status *status, struct tfu_slurm_seen *seen,
                            struct tfu_error *e)
{
    const char **key = calloc(s->count + 1, sizeof *key);
    bool *settled = calloc(s->count + 1, sizeof *settled);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; key && settled && i < s->count; i++) {
        key[i] = s->item[i].key;
        settled[i] = status[i].state == TFU_CASE_DONE || status[i].state == TFU_CASE_STOPPED;
    }
    if (!key || !settled)
        st = tfu_error_memory(e, "reading what Slurm says", 0);
    else
        st = tfu_slurm_look(r, key, settled, s->count, seen, e);
    free(key);
    free(settled);
    return st;
}

enum tfu_status tfu_slurm_status(const struct tfu_sweep *s, const struct tfu_case_status *status,
                                 struct tfu_slurm_seen *seen, struct tfu_error *e)
{
    struct tfu_slurm_paths paths;
    struct tfu_slurm_record record;
    enum tfu_status st = tfu_slurm_paths_of(&paths, s, e);
    if (st != TFU_OK)
        return st;
    st = tfu_slurm_record_read(&record, paths.record, e);
    if (st == TFU_OK)
        st = look(&record, s, status, seen, e);
    tfu_slurm_record_free(&record);
    return st;
}

/* ---- stopped */

/* Runs scancel on all jobs; `which` NULL: on all of their tasks. What has ended meanwhile is no
 * failure, so what counts is what squeue says afterwards. */
static enum tfu_status cancel(const struct tfu_slurm_record *r, const char *which,
                              struct tfu_error *e)
{
    const char **argv = calloc(r->count + 4, sizeof *argv);
    size_t n = 0;
    if (!argv)
        return tfu_error_memory(e, "cancelling jobs", 0);
    argv[n++] = "scancel";
    argv[n++] = "--quiet";
    if (which)
        argv[n++] = which;
    const size_t first = n;
    for (size_t i = 0; i < r->count; i++)
        if (r->job[i].number[0])
            argv[n++] = r->job[i].number;
    struct tfu_command_end end = {.status = 0};
    const struct tfu_command c = {.argv = argv, .seconds = patience};
    const enum tfu_status st = n > first ? tfu_command_run(&c, &end, e) : TFU_OK;
    tfu_command_end_free(&end);
    free(argv);
    return st;
}

static bool is_interrupted(const struct tfu_slurm_stopping *how)
{
    return how->interrupted && how->interrupted(how->arg);
}

/* Until no task runs, or for as long as they get. */
static enum tfu_status wait_for(const struct tfu_slurm_record *r,
                                const struct tfu_slurm_stopping *how, struct tfu_slurm_queue *queue,
                                struct tfu_error *e)
{
    const double deadline = tfu_clock_seconds() + how->seconds;
    double pause = 0.1;
    enum tfu_status st;
    while ((st = tfu_slurm_count(r, queue, e)) == TFU_OK && queue->running > 0 &&
           tfu_clock_seconds() < deadline && !is_interrupted(how)) {
        const struct timespec nap = {.tv_sec = (time_t)pause,
                                     .tv_nsec = (long)((pause - (double)(time_t)pause) * 1e9)};
        nanosleep(&nap, NULL);
        pause = pause < 2 ? pause * 1.5 : 2; /* a cluster has others to answer */
    }
    return st;
}

static enum tfu_status stop(const struct tfu_slurm_record *r, const struct tfu_slurm_stopping *how,
                            struct tfu_slurm_stopped *stopped, struct tfu_error *e)
{
    struct tfu_slurm_queue queue;
    enum tfu_status st = tfu_slurm_count(r, &queue, e);
    if (st != TFU_OK || queue.pending + queue.running == 0)
        return st;
    stopped->pending = queue.pending;
    stopped->running = queue.running;
    st = cancel(r, "--state=PENDING", e);
    if (st == TFU_OK)
        st = wait_for(r, how, &queue, e);
    stopped->cancelled = queue.running;
    /* one that ended just now may have put itself back before it looked */
    if (st == TFU_OK && queue.pending + queue.running > 0)
        st = cancel(r, NULL, e);
    return st;
}

enum tfu_status tfu_slurm_stop(const struct tfu_sweep *s, const struct tfu_slurm_stopping *how,
                               struct tfu_slurm_stopped *stopped, struct tfu_error *e)
{
    struct tfu_slurm_paths paths;
    struct tfu_slurm_record record;
    bool changed = false;
    *stopped = (struct tfu_slurm_stopped){.pending = 0};
    enum tfu_status st = tfu_slurm_paths_of(&paths, s, e);
    if (st != TFU_OK)
        return st;
    st = tfu_slurm_record_read(&record, paths.record, e);
    if (st == TFU_OK)
        st = tfu_slurm_recover(&record, &changed, e);
    if (st == TFU_OK)
        st = stop(&record, how, stopped, e);
    tfu_slurm_record_free(&record);
    return st;
}
