/* SPDX-License-Identifier: MIT */
#include "core/launch/launch_work.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/sweep/needs.h"

/* ---- made */

static enum tfu_status choose(struct tfu_launch_work *l, struct tfu_error *e)
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

void tfu_launch_work_free(struct tfu_launch_work *l)
{
    tfu_schedule_free(l->schedule);
    free(l->item);
    free(l->job);
    free(l->running);
    free(l->estimate);
    for (size_t i = 0; l->known && i < l->sweep->count; i++)
        free(l->known[i].run);
    free(l->known);
}

enum tfu_status tfu_launch_work_init(struct tfu_launch_work *l, const struct tfu_launch_request *r,
                                     struct tfu_error *e)
{
    const size_t count = r->sweep->count + 1;
    const struct tfu_schedule_policy policy = {
        .slots = r->jobs, .threads = r->threads, .stop_after = r->stop_after};
    *l = (struct tfu_launch_work){
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
    return st;
}

/* ---- told */

void tfu_launch_tell(const struct tfu_launch_work *l, enum tfu_launch_news news,
                     const struct tfu_job *job, const char *text)
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

void tfu_launch_set_done(struct tfu_launch_work *l, const struct tfu_job *job)
{
    struct tfu_launch_known *known = &l->known[job->index];
    tfu_schedule_set(l->schedule, job->index, TFU_SLOT_DONE);
    l->estimate[job->index].state = TFU_ESTIMATE_DONE;
    l->estimate[job->index].seconds = job->record.seconds;
    free(known->run);
    known->run = job->run ? strdup(job->run) : NULL;
    l->next_elsewhere = 0; /* another case may have the same run */
}

void tfu_launch_set_removed(struct tfu_launch_work *l, const struct tfu_job *job,
                            enum tfu_launch_news news)
{
    struct tfu_launch_known *known = &l->known[job->index];
    const char *text =
        known->removed ? "it was done again once, and is left" : "it is to be done again";
    tfu_schedule_set(l->schedule, job->index, known->removed ? TFU_SLOT_LEFT : TFU_SLOT_PENDING);
    l->estimate[job->index].state = known->removed ? TFU_ESTIMATE_NONE : TFU_ESTIMATE_TODO;
    known->removed = true;
    l->next_elsewhere = 0;
    tfu_launch_tell(l, news, job, text);
}
