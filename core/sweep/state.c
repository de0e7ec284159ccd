/* SPDX-License-Identifier: MIT */
#include "core/sweep/state.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/base/text.h"
#include "core/store/lease.h"
#include "core/store/run_folder.h"
#include "core/sweep/begun.h"
#include "core/sweep/halving.h"
#include "core/sweep/rung_score.h"

const char *tfu_case_state_name(enum tfu_case_state state)
{
    static const char *const name[] = {
        [TFU_CASE_WAITING] = "waiting",         [TFU_CASE_QUEUED] = "queued",
        [TFU_CASE_RUNNING] = "running",         [TFU_CASE_PAUSED] = "paused",
        [TFU_CASE_INTERRUPTED] = "interrupted", [TFU_CASE_FAILED] = "failed",
        [TFU_CASE_STOPPED] = "stopped",         [TFU_CASE_DONE] = "done",
    };
    return name[state];
}

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "looking at a sweep", 0);
}

/* ---- one case by itself */

static void take_scores(struct tfu_case_status *o, const struct tfu_sweep *s,
                        const struct tfu_case_record *r)
{
    o->rung = tfu_case_record_rungs(r, s, o->rung_score);
    o->unscored = tfu_case_record_unscored(r, s);
}

static void take_record(struct tfu_case_status *o, const struct tfu_sweep *s,
                        const struct tfu_case_record *r)
{
    memcpy(o->host, r->host, sizeof o->host);
    o->pid = r->pid;
    o->ended = r->ended;
    o->exit_status = r->exit_status;
    o->signal_number = r->signal_number;
    o->attempts = r->attempts;
    o->completed = r->completed;
    o->failures = r->failures;
    o->seconds = r->seconds;
    o->threads = r->threads;
    take_scores(o, s, r);
    o->diverged = r->diverged;
    o->diverged_at = r->diverged_at;
}

/* Rungs that its run has behind it without having paused there. */
static void take_rungs(struct tfu_case_status *o, const struct tfu_sweep *s, size_t index,
                       struct tfu_case_record *r, int64_t step)
{
    if (tfu_halving_takes(s, index) && tfu_case_record_add_rungs(r, s, o->run, step))
        take_scores(o, s, r);
}

/* Is the lease of `folder` held? Then it says who has the case; where `o` says so already, only how
 * far it is. */
static bool is_held(const char *folder, struct tfu_case_status *o)
{
    struct tfu_lease_seen seen;
    if (tfu_lease_look(&seen, folder, NULL) != TFU_OK || seen.state != TFU_LEASE_HELD)
        return false;
    if (o->state != TFU_CASE_RUNNING) {
        memcpy(o->host, seen.host, sizeof o->host);
        o->pid = seen.pid;
        o->since = seen.since;
        o->state = TFU_CASE_RUNNING;
    }
    o->step = seen.step;
    o->steps = seen.steps;
    return true;
}

/* Of one that nobody has. */
static enum tfu_status state_at_rest(struct tfu_case_status *o, const struct tfu_case_record *r,
                                     enum tfu_run_state of_run, struct tfu_error *e)
{
    if (r->end == TFU_ATTEMPT_FAILED && r->failures > 0) {
        o->state = TFU_CASE_FAILED;
        o->error = strdup(r->error);
        return o->error ? TFU_OK : no_memory(e);
    }
    if (of_run != TFU_RUN_BEGUN) {
        o->state = TFU_CASE_QUEUED;
        o->rung = 0;
        o->unscored = SIZE_MAX;
        o->diverged = false;
    } else {
        const bool at_rung = r->end == TFU_ATTEMPT_PAUSED && o->rung > 0; /* of this sweep */
        o->state = at_rung ? TFU_CASE_PAUSED : TFU_CASE_INTERRUPTED;
    }
    return TFU_OK;
}

static enum tfu_status look_in(struct tfu_case_status *o, const struct tfu_sweep *s, size_t index,
                               const char *folder, struct tfu_error *e)
{
    struct tfu_case_record r;
    enum tfu_run_state of_run = TFU_RUN_ABSENT;
    tfu_case_record_read(&r, folder, NULL); /* a damaged one: all zero */
    take_record(o, s, &r);
    if (r.run[0]) {
        o->run = tfu_case_run_path(s->store, &r);
        if (!o->run)
            return no_memory(e);
        of_run = tfu_run_state(o->run);
    }
    if (of_run == TFU_RUN_FINISHED) {
        o->state = TFU_CASE_DONE;
        take_rungs(o, s, index, &r, INT64_MAX);
        return TFU_OK;
    }
    if (r.diverged && of_run == TFU_RUN_BEGUN)
        take_rungs(o, s, index, &r, r.diverged_at);
    const bool claimed = is_held(folder, o);
    if ((o->run && is_held(o->run, o)) || claimed)
        return TFU_OK;
    return state_at_rest(o, &r, of_run, e);
}

/* Of one that nothing is known of. */
static const struct tfu_case_status unknown = {
    .state = TFU_CASE_QUEUED, .waits_for = SIZE_MAX, .unscored = SIZE_MAX, .exit_status = -1};

enum tfu_status tfu_case_look(struct tfu_case_status *out, const struct tfu_sweep *s, size_t index,
                              struct tfu_error *e)
{
    *out = unknown;
    char *folder = tfu_case_folder_path(s->store, s->item[index].key);
    const enum tfu_status st = folder ? look_in(out, s, index, folder, e) : no_memory(e);
    free(folder);
    return st;
}

/* ---- among the others */

/* Those that it needs stand before it, and are told. */
static void wait_for(struct tfu_case_status *status, const struct tfu_sweep *s, size_t index)
{
    struct tfu_case_status *o = &status[index];
    const struct tfu_sweep_case *c = &s->item[index];
    if (o->state != TFU_CASE_QUEUED && o->state != TFU_CASE_INTERRUPTED)
        return;
    for (size_t i = 0; i < c->need_count && !o->waits_for_failed; i++) {
        const struct tfu_case_status *need = &status[c->need[i]];
        const bool failed = need->state == TFU_CASE_FAILED || need->waits_for_failed;
        if (need->state == TFU_CASE_DONE || need->state == TFU_CASE_STOPPED)
            continue;
        if (need->diverged && !o->diverged) {
            o->diverged = true;
            o->diverged_at = 0;
        }
        if (o->waits_for == SIZE_MAX || failed)
            o->waits_for = c->need[i];
        o->waits_for_failed = failed;
    }
    if (o->waits_for != SIZE_MAX)
        o->state = TFU_CASE_WAITING;
}

/* The first rung that it will never come to; SIZE_MAX: there is none. */
static size_t never_comes_to(const struct tfu_case_status *o, const struct tfu_sweep_halving *h)
{
    size_t i = 0;
    if (!o->diverged)
        return SIZE_MAX;
    while (i < h->rung_count && h->rung[i] <= o->diverged_at)
        i++;
    return i;
}

/* Nothing comes of it unless somebody does something. */
static bool is_held_up(const struct tfu_case_status *o)
{
    return o->state == TFU_CASE_FAILED || o->waits_for_failed || o->unscored != SIZE_MAX;
}

/* What becomes of one that came to a rung. Another sweep may have gone on with it from there, and
 * may have failed at that. */
static void take_judgement(struct tfu_case_status *status, size_t index,
                           const struct tfu_halving_judgement *judgement)
{
    struct tfu_case_status *o = &status[index];
    const bool at_rest = o->state == TFU_CASE_PAUSED || o->state == TFU_CASE_INTERRUPTED;
    if (judgement->verdict == TFU_HALVING_STOP && (at_rest || o->state == TFU_CASE_FAILED)) {
        o->state = TFU_CASE_STOPPED;
    } else if (judgement->verdict == TFU_HALVING_WAIT && at_rest) {
        const struct tfu_case_status *missing = &status[judgement->waits_for];
        o->state = TFU_CASE_PAUSED;
        o->waits_for = judgement->waits_for;
        o->waits_for_failed = is_held_up(missing);
    } else if (judgement->verdict == TFU_HALVING_ON && o->state == TFU_CASE_PAUSED) {
        o->state = TFU_CASE_INTERRUPTED;
    }
}

static enum tfu_status halve(struct tfu_case_status *status, const struct tfu_sweep *s,
                             struct tfu_error *e)
{
    struct tfu_halving_entry *entry = calloc(s->count + 1, sizeof *entry);
    struct tfu_halving_judgement *judgement = calloc(s->count + 1, sizeof *judgement);
    enum tfu_status st = entry && judgement ? TFU_OK : no_memory(e);
    for (size_t i = 0; i < s->count && st == TFU_OK; i++)
        entry[i] = (struct tfu_halving_entry){
            .reached = status[i].rung,
            .score = status[i].rung_score,
            .unscored = status[i].unscored,
            .diverged = never_comes_to(&status[i], s->halving),
            .held = is_held_up(&status[i]),
        };
    if (st == TFU_OK)
        st = tfu_halving_judge(s, entry, judgement, e);
    for (size_t i = 0; i < s->count && st == TFU_OK; i++)
        take_judgement(status, i, &judgement[i]);
    free(entry);
    free(judgement);
    return st;
}

/* Of one of which no record is left: its run is where it would be, and says how far it came. */
static void find_run(struct tfu_case_status *o, struct tfu_sweep *s, size_t index)
{
    char *run;
    if (o->state != TFU_CASE_QUEUED || o->run ||
        tfu_sweep_resolve(s, index, NULL, &run, NULL) != TFU_OK)
        return;
    const enum tfu_run_state state = tfu_run_state(run);
    struct tfu_case_record r = {.rungs = 0};
    if (state == TFU_RUN_ABSENT) {
        free(run);
        return;
    }
    o->run = run;
    if (state == TFU_RUN_FINISHED) {
        o->state = TFU_CASE_DONE;
        take_rungs(o, s, index, &r, INT64_MAX);
    } else if (!is_held(run, o)) {
        o->state = TFU_CASE_INTERRUPTED;
        if (tfu_halving_takes(s, index) && tfu_case_record_recover_rungs(&r, s, run))
            take_scores(o, s, &r);
    }
}

/* ---- as its data and weights are now */

static void set_run(struct tfu_case_status *o, char *run)
{
    free(o->run);
    o->run = run;
}

static bool needs_one_anew(const struct tfu_case_status *status, const struct tfu_sweep *s,
                           size_t index)
{
    for (size_t i = 0; i < s->item[index].need_count; i++)
        if (status[s->item[index].need[i]].anew)
            return true;
    return false;
}

/* Why nobody could train it now. */
static enum tfu_status put_remark(struct tfu_case_status *o, const struct tfu_error *why,
                                  struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "it could not be trained again: %s%s%s", why->source,
                    why->source[0] ? ": " : "", why->text);
    if (text.failed) {
        tfu_text_free(&text);
        return no_memory(e);
    }
    o->remark = text.data;
    return TFU_OK;
}

/* Is a case that was done by its record still done? Its run is another one when its data or the
 * weights that it begins with are others, and then `sweep run` trains it again. What can be told no
 * more, as data or a checkpoint are gone, leaves it done with a remark. */
static enum tfu_status check_done(struct tfu_case_status *status, struct tfu_sweep *s, size_t index,
                                  struct tfu_error *e)
{
    struct tfu_case_status *o = &status[index];
    struct tfu_error why = TFU_ERROR_INIT;
    char *run = NULL;
    if (needs_one_anew(status, s, index)) { /* what comes of that is not known yet */
        o->state = TFU_CASE_QUEUED;
        o->anew = true;
        set_run(o, NULL);
        return TFU_OK;
    }
    const enum tfu_status st = tfu_sweep_resolve(s, index, NULL, &run, &why);
    if (st == TFU_ENOMEM)
        return no_memory(e);
    if (st == TFU_ENOTFOUND) /* what it needs was removed, and may come out the same again */
        return TFU_OK;
    if (st != TFU_OK)
        return put_remark(o, &why, e);
    if (strcmp(run, o->run) == 0) {
        free(run);
        return TFU_OK;
    }
    set_run(o, run);
    if (tfu_run_state(run) != TFU_RUN_FINISHED) {
        o->state = TFU_CASE_QUEUED;
        o->anew = true;
    }
    return TFU_OK;
}

/* Was a case ever begun in the store? Else there are no folders of 10,000 to look for. */
static bool has_records(const struct tfu_sweep *s)
{
    char *folder = tfu_case_folder_path(s->store, "");
    const bool none = folder && access(folder, F_OK) != 0 && errno == ENOENT;
    free(folder);
    return !none;
}

/* All cases, each by itself. */
static enum tfu_status look_at_each(const struct tfu_sweep *s, struct tfu_case_status *status,
                                    struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    const bool records = has_records(s);
    for (size_t i = 0; i < s->count; i++)
        status[i] = unknown;
    for (size_t i = 0; records && i < s->count && st == TFU_OK; i++)
        st = tfu_case_look(&status[i], s, i, e);
    return st;
}

static enum tfu_status conclude(const struct tfu_sweep *s, struct tfu_case_status *status,
                                struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; i < s->count && st == TFU_OK; i++)
        wait_for(status, s, i);
    if (s->halving && st == TFU_OK)
        st = halve(status, s, e);
    return st;
}

enum tfu_status tfu_sweep_look(const struct tfu_sweep *s, struct tfu_case_status *status,
                               struct tfu_error *e)
{
    const enum tfu_status st = look_at_each(s, status, e);
    return st == TFU_OK ? conclude(s, status, e) : st;
}

enum tfu_status tfu_sweep_look_for_runs(struct tfu_sweep *s, struct tfu_case_status *status,
                                        struct tfu_error *e)
{
    struct tfu_begun begun = {.count = 0};
    enum tfu_status st = look_at_each(s, status, e);
    for (size_t i = 0; i < s->count && st == TFU_OK; i++) {
        if (status[i].state == TFU_CASE_DONE)
            st = check_done(status, s, i, e);
        else if (tfu_begun_any(&begun, s->store, s->item[i].experiment))
            find_run(&status[i], s, i);
    }
    tfu_begun_free(&begun);
    return st == TFU_OK ? conclude(s, status, e) : st;
}

void tfu_case_status_free(struct tfu_case_status *status, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(status[i].run);
        free(status[i].error);
        free(status[i].remark);
        status[i].run = status[i].error = status[i].remark = NULL;
    }
}
