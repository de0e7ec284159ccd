/* SPDX-License-Identifier: MIT
 *
 * How a case in a slot ended, and what is written down of it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/launch/job.h"
#include "core/store/failure.h"
#include "core/store/run_folder.h"
#include "core/sweep/halving.h"
#include "core/sweep/rung_score.h"

enum { STATUS_INTERRUPTED = 75 };

/* Why it failed: what it said, else what it left in its run's folder, else how it ended. */
static void explain(const struct tfu_job *job, const struct tfu_child_end *end, struct tfu_error *e)
{
    struct tfu_text words = TFU_TEXT_INIT;
    struct tfu_failure failure;
    if (tfu_child_last_words(job->log, job->child.log_begin, &words))
        tfu_error_set(e, TFU_EIO, "%s", tfu_text_get(&words));
    else if (end->signal == SIGKILL)
        tfu_error_set(e, TFU_EIO,
                      "it was ended by signal 9 (SIGKILL): by somebody, or by the system for want "
                      "of memory");
    else if (end->signal)
        tfu_error_set(e, TFU_EIO, "it was ended by signal %d (%s)", end->signal,
                      strsignal(end->signal));
    else if (tfu_failure_read(&failure, job->run, NULL) == TFU_OK)
        tfu_error_set(e, TFU_EIO, "%s", failure.error);
    else
        tfu_error_set(e, TFU_EIO, "it left with status %d%s%s", end->status,
                      words.length ? " after saying: " : " without a word", tfu_text_get(&words));
    tfu_text_free(&words);
}

/* Did the process find the run in the hands of another? Then it never had the run's lease. */
static bool found_busy(const struct tfu_job *job, const struct tfu_child_end *end, long pid)
{
    struct tfu_lease_seen seen;
    if (end->status != EXIT_FAILURE || tfu_lease_look(&seen, job->run, NULL) != TFU_OK ||
        seen.pid == pid)
        return false;
    return seen.state == TFU_LEASE_HELD || seen.token != job->before.token;
}

/* It may come before the process can heed it. */
static bool asked_to_leave(int number)
{
    return number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGUSR1;
}

/* Has the run come to its rung? The lease that it gave back says how far it is: only with its
 * evaluation, where it was not interrupted in that, has it done a step. */
static bool has_come(const struct tfu_job *job)
{
    struct tfu_lease_seen seen;
    return job->rung > 0 && tfu_lease_look(&seen, job->run, NULL) == TFU_OK &&
           seen.step >= job->rung;
}

/* Was it ended for want of a step? */
static bool has_stalled(const struct tfu_job *job, struct tfu_error *e)
{
    char time[32];
    if (job->stall.asked <= 0 || tfu_run_state(job->run) == TFU_RUN_FINISHED)
        return false;
    tfu_duration_put(time, sizeof time, job->stall.idle);
    tfu_error_set(e, TFU_EIO, "it made no step for %s, and was ended", time);
    return true;
}

static enum tfu_job_outcome judge(const struct tfu_job *job, const struct tfu_child_end *end,
                                  long pid, struct tfu_error *e)
{
    if (end->status == STATUS_INTERRUPTED && has_come(job))
        return TFU_JOB_PAUSED;
    if (has_stalled(job, e))
        return TFU_JOB_FAILED;
    if (end->status == STATUS_INTERRUPTED || asked_to_leave(end->signal) ||
        (job->killed && end->signal == SIGKILL))
        return TFU_JOB_INTERRUPTED;
    if (job->seen && tfu_run_state(job->run) == TFU_RUN_ABSENT)
        return TFU_JOB_REMOVED;
    if (end->status != 0) {
        if (found_busy(job, end, pid))
            return TFU_JOB_ELSEWHERE;
        explain(job, end, e);
        return TFU_JOB_FAILED;
    }
    const enum tfu_run_state state = tfu_run_state(job->run);
    if (state == TFU_RUN_FINISHED)
        return TFU_JOB_DONE;
    tfu_error_set(e, TFU_EIO,
                  "its process left without an error, and yet its run is not finished in %s; were "
                  "the data changed, or was the folder removed?",
                  job->run);
    return TFU_JOB_FAILED;
}

/* Did its training diverge? Its lease says what was behind it, evaluations too. */
static void note_divergence(struct tfu_case_record *r, const char *run)
{
    struct tfu_failure failure;
    struct tfu_lease_seen seen;
    if (r->diverged || tfu_failure_read(&failure, run, NULL) != TFU_OK ||
        failure.kind != TFU_FAILURE_DIVERGED || tfu_lease_look(&seen, run, NULL) != TFU_OK)
        return;
    r->diverged = true;
    r->diverged_at = seen.step;
}

/* Puts the outcome into the record. */
static void note(struct tfu_job *job, const struct tfu_sweep *s, enum tfu_job_outcome outcome,
                 const struct tfu_child_end *end, const struct tfu_error *e)
{
    static const enum tfu_attempt_end end_of[] = {
        [TFU_JOB_DONE] = TFU_ATTEMPT_DONE,
        [TFU_JOB_PAUSED] = TFU_ATTEMPT_PAUSED,
        [TFU_JOB_INTERRUPTED] = TFU_ATTEMPT_INTERRUPTED,
        [TFU_JOB_FAILED] = TFU_ATTEMPT_FAILED,
        [TFU_JOB_REMOVED] = TFU_ATTEMPT_INTERRUPTED,
        [TFU_JOB_ELSEWHERE] = TFU_ATTEMPT_INTERRUPTED,
    };
    struct tfu_case_record *r = &job->record;
    r->end = end_of[outcome];
    r->ended = (int64_t)time(NULL);
    r->seconds += end->seconds;
    r->exit_status = end->status;
    r->signal_number = end->signal;
    if (outcome == TFU_JOB_FAILED) {
        r->failures++;
        snprintf(r->error, sizeof r->error, "%s", e->text);
        note_divergence(r, job->run);
    } else if (outcome == TFU_JOB_DONE) {
        r->completed++;
        r->failures = 0;
        if (tfu_halving_takes(s, job->index))
            tfu_case_record_add_rungs(r, s, job->run, INT64_MAX);
    } else if (outcome == TFU_JOB_PAUSED) {
        tfu_case_record_add_rung(r, s, job->run);
    }
}

bool tfu_job_ended(struct tfu_job *job, const struct tfu_job_host *host,
                   enum tfu_job_outcome *outcome, struct tfu_error *e, struct tfu_error *warning)
{
    struct tfu_child_end end;
    const long pid = job->child.pid;
    if (!tfu_child_ended(&job->child, &end))
        return false;
    *outcome = judge(job, &end, pid, e);
    struct tfu_error unknown = TFU_ERROR_INIT; /* one that cannot be looked at is not lost */
    tfu_lease_check(job->lease, &unknown);
    if (tfu_lease_is_lost(job->lease)) {
        *outcome = TFU_JOB_LOST;
    } else {
        note(job, host->sweep, *outcome, &end, e);
        tfu_case_record_write(&job->record, job->folder, warning);
        if (*outcome == TFU_JOB_FAILED)
            tfu_job_log_failure(job);
    }
    return true;
}
