/* SPDX-License-Identifier: MIT */
#include "core/run/run.h"

#include <assert.h>
#include <stdlib.h>

#include "core/run/versus.h"
#include "core/store/identity.h"

static enum tfu_status open_run(struct tfu_run *r, const struct tfu_run_request *request,
                                struct tfu_diagnostics *d, struct tfu_error *e)
{
    struct tfu_target *target = &r->target;
    enum tfu_status st = tfu_target_open(target, &request->target, d, e);
    if (st == TFU_OK)
        st = tfu_digests_new(&r->digests, e);
    if (st == TFU_OK)
        st = tfu_session_open(&r->session, target->experiment, target->registry, target->log, e);
    if (st != TFU_OK)
        return st;
    r->session->context.digests = r->digests;
    st = tfu_run_versus_open(r->session, e);
    if (st == TFU_OK)
        st = tfu_target_identify(target, r->session, e);
    if (st != TFU_OK)
        return st;
    const struct tfu_decide_request decide = {
        .folder = target->folder,
        .resume = request->resume,
        .force = request->force || request->dry,
    };
    return tfu_decide(&r->decision, &decide, &target->identity, r->holder, sizeof r->holder, e);
}

enum tfu_status tfu_run_open(struct tfu_run **out, const struct tfu_run_request *request,
                             struct tfu_diagnostics *d, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_run *r = calloc(1, sizeof *r);
    if (!r)
        return tfu_error_memory(e, "opening a run", sizeof *r);
    r->resume = request->resume;
    r->force = request->force;
    r->accept_plugins = request->accept_plugins;
    r->until = request->until;
    r->moved = request->target.folder && request->target.override_count > 0;
    const enum tfu_status st = open_run(r, request, d, e);
    if (st != TFU_OK)
        tfu_run_close(r);
    else
        *out = r;
    return st;
}

void tfu_run_close(struct tfu_run *r)
{
    if (!r)
        return;
    tfu_session_free(r->session);
    tfu_digests_free(r->digests);
    tfu_target_close(&r->target);
    free(r);
}

/* ---- to be trained */

enum tfu_status tfu_run_build(struct tfu_run *r, struct tfu_error *e)
{
    assert(r->decision == TFU_DECISION_TRAIN);
    const enum tfu_status st = tfu_session_build(r->session, e);
    return st == TFU_OK ? tfu_run_versus_build(r->session, e) : st;
}

static enum tfu_status run_last_batch(struct tfu_session *s, int64_t *rows, struct tfu_error *e)
{
    const struct tfu_train_config *t = &s->context.experiment->train;
    const int64_t count = tfu_dataset_info(s->data[TFU_SPLIT_TRAIN])->count;
    const int64_t last = s->batches_per_epoch;
    struct tfu_step_report report;
    *rows = 0;
    if (t->drop_last || last < 2 || count % t->batch == 0 || s->steps < last)
        return TFU_OK;
    enum tfu_status st = tfu_session_seek(s, last - 1, e);
    if (st == TFU_OK)
        st = tfu_session_step(s, last, false, &report, e);
    if (st == TFU_OK)
        *rows = report.rows;
    return st;
}

enum tfu_status tfu_run_dry(struct tfu_run *r, struct tfu_dry_run *out, struct tfu_error *e)
{
    struct tfu_step_report report;
    *out = (struct tfu_dry_run){.rows = 0};
    enum tfu_status st = tfu_session_initialise(r->session, NULL, NULL, e);
    if (st == TFU_OK)
        st = tfu_session_try_observer(r->session, NULL, e);
    if (st == TFU_OK)
        st = tfu_session_step(r->session, 1, false, &report, e);
    if (st != TFU_OK)
        return st;
    out->rows = report.rows;
    out->loss = report.loss;
    return run_last_batch(r->session, &out->last_rows, e);
}

/* Every call out of a training is put together here: the caller's, who shows it, and those of what
 * is done beside it. */
static struct tfu_train_hooks make_hooks(const struct tfu_run *r,
                                         const struct tfu_train_hooks *of_caller)
{
    (void)r;
    return of_caller ? *of_caller : (struct tfu_train_hooks){.arg = NULL};
}

/* Much time may have passed since it was decided, and others work on runs, too: now that nobody
 * else can, it is decided once more. */
static enum tfu_status decide_again(struct tfu_run *r, struct tfu_error *e)
{
    const struct tfu_decide_request request = {
        .folder = r->target.folder, .resume = r->resume, .force = r->force};
    if (r->force)
        return TFU_OK;
    if (r->resume)
        return tfu_decide(&r->decision, &request, &r->target.identity, r->holder, sizeof r->holder,
                          e);
    if (tfu_run_state(r->target.folder) == TFU_RUN_ABSENT)
        return TFU_OK;
    return tfu_error_at(
        e, TFU_EIO, r->target.folder, 0, 0,
        "another process has begun this run meanwhile; look at it, and go on with it "
        "(`resume`) where it is not finished");
}

enum tfu_status tfu_run_train(struct tfu_run *r, const struct tfu_train_hooks *hooks,
                              struct tfu_train_result *result, struct tfu_error *e)
{
    assert(r->decision == TFU_DECISION_TRAIN);
    struct tfu_run_folder *folder;
    *result = (struct tfu_train_result){.step = 0};
    enum tfu_status st = tfu_run_folder_open(&folder, r->target.folder, e);
    if (st != TFU_OK)
        return st;
    st = decide_again(r, e);
    const struct tfu_train_request request = {
        .session = r->session,
        .folder = folder,
        .config = tfu_text_get(&r->target.resolved),
        .identity = tfu_text_get(&r->target.identity),
        .resume = r->resume,
        .accept_plugins = r->accept_plugins,
        .until = r->until,
        .hooks = make_hooks(r, hooks),
    };
    if (st == TFU_OK && r->decision == TFU_DECISION_TRAIN)
        st = tfu_train(&request, result, e);
    tfu_run_folder_close(folder);
    return st;
}

/* ---- finished */

/* What is noted of a finished run: plugins that were accepted; where the data are by now. */
static enum tfu_status note_finished(const struct tfu_run *r,
                                     const struct tfu_provenance *made_with, bool accepted,
                                     struct tfu_error *e)
{
    const struct tfu_target *target = &r->target;
    struct tfu_run_folder *folder;
    enum tfu_status st = tfu_run_folder_open(&folder, target->folder, e);
    if (st != TFU_OK)
        return st;
    if (accepted)
        st = tfu_train_note(target->folder, r->session, made_with, 0, true, e);
    if (st == TFU_OK && r->moved)
        st = tfu_run_folder_write(folder, "config.yaml", tfu_text_get(&target->resolved), e);
    tfu_run_folder_close(folder);
    return st;
}

enum tfu_status tfu_run_take(struct tfu_run *r, struct tfu_error *e)
{
    assert(r->decision == TFU_DECISION_TAKE);
    const struct tfu_target *target = &r->target;
    struct tfu_provenance *made_with;
    enum tfu_status st = tfu_identity_check(target->folder, tfu_text_get(&target->identity), e);
    if (st == TFU_OK)
        st = tfu_provenance_new(&made_with, target->registry, e);
    if (st != TFU_OK)
        return st;
    st = tfu_train_check_plugins(made_with, target->folder, r->accept_plugins, target->log, e);
    const bool accepted = tfu_provenance_changed(made_with, false) > 0;
    if (st == TFU_OK && (accepted || r->moved))
        st = note_finished(r, made_with, accepted, e);
    tfu_provenance_free(made_with);
    return st;
}
