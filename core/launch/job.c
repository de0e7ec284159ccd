/* SPDX-License-Identifier: MIT */
#include "core/launch/job.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/path.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"
#include "core/store/run_folder.h"
#include "core/sweep/halving.h"
#include "core/sweep/rung_score.h"
#include "core/sweep/state.h"

enum { ARGUMENTS = 32 };

void tfu_job_release(struct tfu_job *job)
{
    tfu_lease_free(job->lease);
    free(job->folder);
    free(job->log);
    free(job->run);
    job->lease = NULL;
    job->folder = job->log = job->run = NULL;
    job->child.pid = 0;
}

/* ---- claimed */

/* Makes the folder and takes its lease: TAKEN, ELSEWHERE or BROKEN. */
static enum tfu_claim take(struct tfu_job *job, const struct tfu_sweep *s,
                           struct tfu_lease_seen *by, struct tfu_error *e)
{
    job->folder = tfu_case_folder_path(s->store, s->item[job->index].key);
    job->log = job->folder ? tfu_path_join(job->folder, TFU_CASE_LOG_FILE) : NULL;
    if (!job->log) {
        tfu_error_memory(e, "claiming a case", 0);
        return TFU_CLAIM_BROKEN;
    }
    if (tfu_folder_make(job->folder, e) != TFU_OK ||
        tfu_lease_take(&job->lease, by, job->folder, e) != TFU_OK)
        return TFU_CLAIM_BROKEN;
    return job->lease ? TFU_CLAIM_TAKEN : TFU_CLAIM_ELSEWHERE;
}

/* As far as its folders say, without its lease. */
static bool is_done(const struct tfu_sweep *s, size_t index)
{
    struct tfu_case_status seen;
    const bool done = tfu_case_look(&seen, s, index, NULL) == TFU_OK && seen.state == TFU_CASE_DONE;
    tfu_case_status_free(&seen, 1);
    return done;
}

/* The first of what it needs that is not done; SIZE_MAX: all is. */
static size_t find_unmet(const struct tfu_sweep *s, size_t index)
{
    const struct tfu_sweep_case *c = &s->item[index];
    for (size_t i = 0; i < c->need_count; i++)
        if (!is_done(s, c->need[i]))
            return c->need[i];
    return SIZE_MAX;
}

void tfu_job_log_failure(const struct tfu_job *job)
{
    const struct tfu_case_record *r = &job->record;
    const int log = open(job->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    char how[32] = "";
    if (log < 0) /* of a full disk the record says as much */
        return;
    if (r->signal_number)
        snprintf(how, sizeof how, ", signal %d", r->signal_number);
    else if (r->exit_status >= 0)
        snprintf(how, sizeof how, ", status %d", r->exit_status);
    dprintf(log, "==== failed%s: %s\n", how, r->error);
    close(log);
}

/* Writes down that it failed without having been started. */
static void fail_early(struct tfu_job *job, const struct tfu_job_host *host,
                       const struct tfu_error *e)
{
    struct tfu_case_record *r = &job->record;
    r->attempts++;
    r->failures++;
    r->end = TFU_ATTEMPT_FAILED;
    r->exit_status = -1;
    r->signal_number = 0;
    r->begun = r->ended = (int64_t)time(NULL);
    r->pid = host->self.pid;
    memcpy(r->host, host->self.host, sizeof r->host);
    snprintf(r->sweep, sizeof r->sweep, "%s", host->sweep->name);
    snprintf(r->error, sizeof r->error, "%s", e->text);
    tfu_case_record_write(r, job->folder, NULL);
    tfu_job_log_failure(job);
}

/* Of a case that is ours, and whose run is known: is there something to do? */
static enum tfu_claim examine(struct tfu_job *job, const struct tfu_sweep *s,
                              struct tfu_lease_seen *by)
{
    struct tfu_case_record *r = &job->record;
    const enum tfu_run_state state = tfu_run_state(job->run);
    char known[PATH_MAX];
    memcpy(known, r->run, sizeof known);
    tfu_case_record_set_run(r, s->store, job->run);
    if (state == TFU_RUN_ABSENT || strcmp(known, r->run) != 0) {
        r->rungs = 0;
        r->diverged = false;
    }
    const bool takes = tfu_halving_takes(s, job->index);
    if (state == TFU_RUN_FINISHED) {
        const bool halved = takes && tfu_case_record_add_rungs(r, s, job->run, INT64_MAX);
        if (r->end != TFU_ATTEMPT_DONE || halved || strcmp(known, r->run) != 0) {
            r->end = TFU_ATTEMPT_DONE;
            r->error[0] = '\0';
            r->failures = 0;
            tfu_case_record_write(r, job->folder, NULL); /* the run says it, too */
        }
        return TFU_CLAIM_DONE;
    }
    if (tfu_lease_look(&job->before, job->run, NULL) == TFU_OK &&
        job->before.state == TFU_LEASE_HELD) {
        *by = job->before;
        tfu_case_record_write(r, job->folder, NULL); /* so that others see how far it is */
        return TFU_CLAIM_ELSEWHERE;
    }
    /* before it is begun again, which cuts off what it recorded behind its checkpoint */
    if (takes && r->diverged && tfu_case_record_add_rungs(r, s, job->run, r->diverged_at))
        tfu_case_record_write(r, job->folder, NULL);
    if (takes && !known[0] && state == TFU_RUN_BEGUN &&
        tfu_case_record_recover_rungs(r, s, job->run))
        tfu_case_record_write(r, job->folder, NULL);
    const size_t rungs = tfu_case_record_rungs(r, s, NULL);
    job->rung = 0;
    if (takes && rungs > job->judged)
        return TFU_CLAIM_PAUSED;
    if (takes && rungs < s->halving->rung_count)
        job->rung = s->halving->rung[rungs];
    return TFU_CLAIM_TAKEN;
}

static enum tfu_claim prepare(struct tfu_job *job, const struct tfu_job_host *host,
                              struct tfu_lease_seen *by, size_t *unmet, struct tfu_error *e)
{
    struct tfu_sweep *s = host->sweep;
    struct tfu_case_record *r = &job->record;
    tfu_case_record_read(r, job->folder, NULL); /* a damaged one: nothing is known */
    struct tfu_text config = TFU_TEXT_INIT;
    enum tfu_status st = tfu_sweep_resolve(s, job->index, &config, &job->run, e);
    enum tfu_claim claim = TFU_CLAIM_FAILED;
    if (st == TFU_ENOTFOUND && (*unmet = find_unmet(s, job->index)) != SIZE_MAX) {
        claim = TFU_CLAIM_UNMET;
    } else if (st == TFU_OK && (claim = examine(job, s, by)) == TFU_CLAIM_TAKEN) {
        char path[PATH_MAX];
        if (r->failures > host->retry) {
            tfu_error_set(e, TFU_EIO, "%s", r->error);
            job->earlier = true;
            claim = TFU_CLAIM_FAILED;
        } else if (!tfu_path_put(path, job->folder, TFU_CASE_CONFIG_FILE) ||
                   tfu_atomic_write_file(path, tfu_text_get(&config), config.length, e) != TFU_OK) {
            claim = TFU_CLAIM_FAILED;
        }
    } else if (st != TFU_OK) {
        fail_early(job, host, e);
    }
    tfu_text_free(&config);
    return claim;
}

/* Of a case that there is nothing to do for, and nothing to write down: no lease is taken. What
 * cannot be resolved, as what it needs was cleared away since, is what it was known to be; a run by
 * another name, as the data were changed, is another. */
static bool find_done(struct tfu_job *job, struct tfu_sweep *s)
{
    if (tfu_halving_takes(s, job->index)) /* scores at rungs may have to be written down */
        return false;
    if (tfu_sweep_resolve(s, job->index, NULL, &job->run, NULL) != TFU_OK)
        return is_done(s, job->index);
    struct tfu_case_record *r = &job->record;
    char *folder = tfu_case_folder_path(s->store, s->item[job->index].key), *known = NULL;
    if (folder && tfu_case_record_read(r, folder, NULL) == TFU_OK && r->end == TFU_ATTEMPT_DONE)
        known = tfu_case_run_path(s->store, r);
    const bool done =
        known && strcmp(known, job->run) == 0 && tfu_run_state(job->run) == TFU_RUN_FINISHED;
    free(known);
    free(folder);
    if (!done) {
        free(job->run);
        job->run = NULL;
    }
    return done;
}

enum tfu_claim tfu_job_claim(struct tfu_job *job, const struct tfu_job_host *host, size_t index,
                             size_t judged, struct tfu_lease_seen *by, size_t *unmet,
                             struct tfu_error *e)
{
    *job = (struct tfu_job){.index = index, .judged = judged};
    if (find_done(job, host->sweep))
        return TFU_CLAIM_DONE;
    enum tfu_claim claim = take(job, host->sweep, by, e);
    if (claim == TFU_CLAIM_TAKEN)
        claim = prepare(job, host, by, unmet, e);
    else if (claim == TFU_CLAIM_BROKEN && is_done(host->sweep, index))
        claim = TFU_CLAIM_DONE; /* a full disk keeps nobody from knowing it */
    return claim;
}

/* ---- started */

static void put_heading(struct tfu_text *out, const struct tfu_case_record *r)
{
    char when[32] = "";
    struct tm tm;
    const time_t begun = (time_t)r->begun;
    if (localtime_r(&begun, &tm))
        strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &tm);
    tfu_text_printf(
        out, "==== attempt %" PRId64 ", %s, sweep %s, process %ld on %s, %" PRId64 " thread%s",
        r->attempts, when, r->sweep, r->pid, r->host, r->threads, r->threads == 1 ? "" : "s");
}

static enum tfu_status start_child(struct tfu_job *job, const struct tfu_job_host *host,
                                   struct tfu_error *e)
{
    const char *argv[ARGUMENTS];
    char config[PATH_MAX], threads[48], until[32];
    size_t n = 0;
    struct tfu_text heading = TFU_TEXT_INIT;
    if (!tfu_path_put(config, job->folder, TFU_CASE_CONFIG_FILE) ||
        host->option_count + 8 > ARGUMENTS)
        return tfu_error_set(e, TFU_EINVAL, "cannot start '%s': too many options", host->program);
    snprintf(threads, sizeof threads, "threads=%" PRId64, job->record.threads);
    snprintf(until, sizeof until, "%" PRId64, job->rung);
    argv[n++] = "transfuse";
    for (size_t i = 0; i < host->option_count; i++)
        argv[n++] = host->option[i];
    argv[n++] = "run";
    argv[n++] = config;
    argv[n++] = "--resume";
    argv[n++] = threads;
    if (job->rung > 0) {
        argv[n++] = "--until";
        argv[n++] = until;
    }
    argv[n] = NULL;
    put_heading(&heading, &job->record);
    const struct tfu_child_request request = {
        .program = host->program, .argv = argv, .log = job->log, .heading = tfu_text_get(&heading)};
    const enum tfu_status st = tfu_child_start(&job->child, &request, e);
    tfu_text_free(&heading);
    return st;
}

enum tfu_status tfu_job_start(struct tfu_job *job, const struct tfu_job_host *host, int64_t threads,
                              struct tfu_error *e)
{
    struct tfu_case_record *r = &job->record;
    const struct tfu_case_record before = *r;
    r->attempts++;
    r->end = TFU_ATTEMPT_BEGUN;
    r->begun = (int64_t)time(NULL);
    r->ended = 0;
    r->threads = threads;
    r->exit_status = -1;
    r->signal_number = 0;
    r->error[0] = '\0';
    r->pid = host->self.pid;
    memcpy(r->host, host->self.host, sizeof r->host);
    snprintf(r->sweep, sizeof r->sweep, "%s", host->sweep->name);
    enum tfu_status st = tfu_case_record_write(r, job->folder, e);
    if (st == TFU_OK)
        st = start_child(job, host, e);
    tfu_stall_begin(&job->stall, tfu_clock_seconds());
    if (st != TFU_OK) {
        *r = before;
        fail_early(job, host, e);
    }
    return st;
}

/* ---- at work */

void tfu_job_look(struct tfu_job *job, struct tfu_lease_seen *seen)
{
    const bool ours =
        tfu_lease_look(seen, job->run, NULL) == TFU_OK && seen->token > job->before.token;
    if (!ours)
        *seen = (struct tfu_lease_seen){.state = TFU_LEASE_FREE};
    job->seen |= ours;
    tfu_stall_see(&job->stall, seen->step, tfu_clock_seconds());
}
