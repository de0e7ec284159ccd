/* SPDX-License-Identifier: MIT */
#include "core/train/train.h"
#include "core/base/path.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/clock.h"
#include "core/base/difference.h"
#include "core/store/environment.h"
#include "core/store/failure.h"
#include "core/store/identity.h"
#include "core/train/room.h"
#include "core/train/split_lists.h"
#include "core/train/summary.h"

static int64_t peak_resident_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss * 1024 : 0;
}

/* The rest of a run is the run's only if it goes on with what it began with. */
static enum tfu_status check_same(const char *what, const char *was, const char *is,
                                  const char *folder, struct tfu_error *e)
{
    if (strcmp(was, is) == 0)
        return TFU_OK;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_difference(&text, was, is);
    tfu_error_at(e, TFU_EINVAL, folder, 0, 0,
                 "the %s changed since the run began (- then, + now); resume with what it began "
                 "with, or begin a new run\n%s",
                 what, tfu_text_get(&text));
    tfu_text_free(&text);
    return TFU_EINVAL;
}

enum tfu_status tfu_train_check_plugins(struct tfu_provenance *p, const char *run, bool accept,
                                        struct tfu_log *log, struct tfu_error *e)
{
    enum tfu_status st = tfu_provenance_compare(p, run, e);
    struct tfu_text shipped = TFU_TEXT_INIT, own = TFU_TEXT_INIT;
    tfu_provenance_list(p, true, &shipped);
    tfu_provenance_list(p, false, &own);
    if (st == TFU_OK && (shipped.failed || own.failed))
        st = tfu_error_memory(e, "looking at the plugins of a run", 0);
    if (st == TFU_OK && shipped.length)
        tfu_log_write(log, TFU_LOG_WARNING,
                      "%s changed since the run's last session; results of before and after may "
                      "differ (`force` begins it anew)",
                      shipped.data);
    if (st == TFU_OK && own.length && accept)
        tfu_log_write(log, TFU_LOG_WARNING, "%s changed since the run's last session: accepted",
                      own.data);
    else if (st == TFU_OK && own.length)
        st = tfu_error_at(e, TFU_EINVAL, run, 0, 0,
                          "%s changed since the run's last session, so the results would be of "
                          "neither; begin the run anew (`force`), or accept the change "
                          "(`accept-plugins`)",
                          own.data);
    tfu_text_free(&shipped);
    tfu_text_free(&own);
    return st;
}

enum tfu_status tfu_train_warn_plugins(const struct tfu_registry *r, const char *run,
                                       struct tfu_log *log, struct tfu_error *e)
{
    struct tfu_provenance *p = NULL;
    struct tfu_text changed = TFU_TEXT_INIT;
    enum tfu_status st = tfu_provenance_new(&p, r, e);
    if (st == TFU_OK)
        st = tfu_provenance_compare(p, run, e);
    if (st == TFU_OK && p->changed_count > 0) {
        tfu_provenance_list(p, true, &changed);
        tfu_provenance_list(p, false, &changed);
        tfu_log_write(log, TFU_LOG_WARNING,
                      "%s changed since the run's last session; its numbers may not be the run's",
                      tfu_text_get(&changed));
    }
    tfu_text_free(&changed);
    tfu_provenance_free(p);
    return st;
}

static enum tfu_status load_newest(const struct tfu_train_request *request, struct tfu_loop *l,
                                   struct tfu_provenance *made_with, bool *found,
                                   struct tfu_error *e)
{
    struct tfu_session *s = request->session;
    struct tfu_log *log = s->context.log;
    struct tfu_checkpoint *c;
    enum tfu_status st = tfu_shelf_newest(&c, l->run, log, e);
    *found = st == TFU_OK && c;
    if (!*found)
        return st;
    st = check_same("data", tfu_checkpoint_data(c), tfu_text_get(&s->fingerprints), l->run, e);
    if (st == TFU_OK)
        st = check_same("configuration", tfu_checkpoint_config(c), request->identity, l->run, e);
    if (st == TFU_OK)
        st = tfu_train_check_plugins(made_with, l->run, request->accept_plugins, log, e);
    if (st == TFU_OK)
        st = tfu_checkpoint_load(c, s->network, s->optimiser, e);
    if (st == TFU_OK)
        l->state = *tfu_checkpoint_state(c);
    tfu_checkpoint_close(c);
    return st;
}

static enum tfu_status attach_log(const char *run, struct tfu_log *log, struct tfu_error *e)
{
    if (!log)
        return TFU_OK;
    char *path = tfu_path_join(run, "log.txt");
    FILE *file = path ? fopen(path, "ae") : NULL;
    enum tfu_status st = TFU_OK;
    if (!path)
        st = tfu_error_memory(e, "opening log.txt", 0);
    else if (!file)
        st = tfu_error_errno(e, errno, "cannot open", path);
    else
        tfu_log_attach(log, file);
    free(path);
    return st;
}

static enum tfu_status begin_anew(const struct tfu_train_request *request, struct tfu_loop *l,
                                  struct tfu_error *e)
{
    struct tfu_text account = TFU_TEXT_INIT, report = TFU_TEXT_INIT;
    l->state = (struct tfu_train_state){.best = NAN, .reference = NAN};
    enum tfu_status st = tfu_run_folder_clear(request->folder, e);
    if (st == TFU_OK)
        st = tfu_shelf_create(l->run, e);
    if (st == TFU_OK)
        st = attach_log(l->run, request->session->context.log, e);
    if (st == TFU_OK)
        st = tfu_session_initialise(request->session, &account, &report, e);
    if (st == TFU_OK && (account.failed || report.failed))
        st = tfu_error_memory(e, "writing init.txt", 0);
    if (st == TFU_OK && account.length && l->hooks->loaded)
        l->hooks->loaded(l->hooks->arg, tfu_text_get(&account));
    if (st == TFU_OK)
        st = tfu_run_folder_write(request->folder, "init.txt", tfu_text_get(&report), e);
    if (st == TFU_OK)
        st = tfu_run_folder_write(request->folder, TFU_IDENTITY_FILE, request->identity, e);
    if (st == TFU_OK)
        st = tfu_split_lists_write(&request->session->context, request->session->data,
                                   request->folder, e);
    if (st == TFU_OK)
        st = tfu_run_folder_write(request->folder, "config.yaml", request->config, e);
    tfu_text_free(&account);
    tfu_text_free(&report);
    return st;
}

enum tfu_status tfu_train_note(const char *run, const struct tfu_session *s,
                               const struct tfu_provenance *made_with, int64_t step, bool accepted,
                               struct tfu_error *e)
{
    struct tfu_environment_data data[TFU_SPLIT_COUNT];
    struct tfu_environment env = {
        .provenance = made_with,
        .blas = tfu_registry_blas(s->context.registry),
        .threads = tfu_threads_count(s->context.threads),
        .data = data,
        .step = step,
        .accepted = accepted,
    };
    const bool tell = tfu_split_lists_tell(&s->context, s->data, s->list);
    for (int i = 0; i < TFU_SPLIT_COUNT; i++)
        if (s->data[i])
            data[env.data_count++] = (struct tfu_environment_data){
                .split = tfu_split_name((enum tfu_split)i),
                .fingerprint = tfu_dataset_info(s->data[i])->fingerprint,
                .list = tell && s->list[i].sha256[0] ? s->list[i].sha256 : NULL,
            };
    char *path = tfu_path_join(run, "env.json");
    if (!path)
        return tfu_error_memory(e, "writing env.json", 0);
    const enum tfu_status st = tfu_environment_write(path, &env, e);
    free(path);
    return st;
}

/* Goes on, or begins; what is written of it is written after all that can be refused: `*entered`
 * then. */
static enum tfu_status set_out(const struct tfu_train_request *request, struct tfu_loop *l,
                               struct tfu_provenance *made_with, bool *found, bool *entered,
                               struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    *found = false;
    if (request->resume && tfu_run_state(l->run) != TFU_RUN_ABSENT) {
        st = tfu_identity_check(l->run, request->identity, e);
        if (st == TFU_OK)
            st = load_newest(request, l, made_with, found, e);
    }
    if (st == TFU_OK)
        st = tfu_run_folder_check(request->folder, e);
    *entered = st == TFU_OK;
    if (st == TFU_OK && *found)
        st = tfu_failure_remove(l->run, e);
    if (st == TFU_OK && *found)
        st = attach_log(l->run, request->session->context.log, e);
    /* the data may lie elsewhere by now */
    if (st == TFU_OK && *found)
        st = tfu_run_folder_write(request->folder, "config.yaml", request->config, e);
    return st == TFU_OK && !*found ? begin_anew(request, l, e) : st;
}

/* What was left out of the data; nothing where nothing was. */
static enum tfu_status write_bad_images(const struct tfu_train_request *request,
                                        struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    for (int i = 0; i < TFU_SPLIT_COUNT; i++) {
        const struct tfu_dataset *d = request->session->data[i];
        const struct tfu_bad_images *bad = d ? tfu_dataset_bad_images(d) : NULL;
        if (!bad || bad->count == 0)
            continue;
        tfu_text_printf(&text, "%s: %lld examples are left out\n",
                        tfu_split_name((enum tfu_split)i), (long long)bad->examples);
        tfu_bad_images_text(bad, &text);
    }
    enum tfu_status st = text.failed ? tfu_error_memory(e, "listing bad images", 0) : TFU_OK;
    if (st == TFU_OK && text.length)
        st = tfu_run_folder_write(request->folder, "bad_images.txt", tfu_text_get(&text), e);
    tfu_text_free(&text);
    return st;
}

static enum tfu_status start(const struct tfu_train_request *request, struct tfu_loop *l,
                             bool *entered, struct tfu_error *e)
{
    struct tfu_log *log = request->session->context.log;
    struct tfu_provenance *made_with;
    bool found = false;
    enum tfu_status st = tfu_provenance_new(&made_with, request->session->context.registry, e);
    if (st == TFU_OK)
        st = set_out(request, l, made_with, &found, entered, e);
    if (st == TFU_OK)
        st = write_bad_images(request, e);
    if (st == TFU_OK)
        st = tfu_train_note(l->run, l->session, made_with, l->state.step, false, e);
    tfu_provenance_free(made_with);
    if (st == TFU_OK)
        st = tfu_record_open(&l->record, l->run, l->state.metrics_bytes, l->state.step, e);
    if (st == TFU_OK)
        st = tfu_room_warn(l->run, l->session, !found, e);
    if (st == TFU_OK)
        st = tfu_session_seek(l->session, l->state.step, e);
    if (st == TFU_OK) {
        tfu_loop_tell_progress(l);
        tfu_log_write(log, TFU_LOG_INFO, "%s at step %lld of %lld", found ? "resumed" : "begun",
                      (long long)l->state.step, (long long)l->session->steps);
        if (l->hooks->started)
            l->hooks->started(l->hooks->arg, l->session, l->state.step);
    }
    const struct tfu_evaluate_hooks hooks = tfu_loop_evaluate_hooks(l);
    return st == TFU_OK ? tfu_session_try_observer(l->session, &hooks, e) : st;
}

/* A run that was killed after its last evaluation has no scores at hand: they are computed again,
 * to the same bits. */
static enum tfu_status ensure_scores(struct tfu_loop *l, struct tfu_error *e)
{
    struct tfu_session *s = l->session;
    const struct tfu_evaluate_hooks hooks = tfu_loop_evaluate_hooks(l);
    if (!s->evaluator || l->state.evaluated != l->state.step ||
        tfu_evaluator_scores(s->evaluator, s->monitor).count > 0)
        return TFU_OK;
    const enum tfu_status st = tfu_session_evaluate(s, &hooks, e);
    return st == TFU_OK ? tfu_session_intervals(s, &hooks, e) : st;
}

static void sum_up(const struct tfu_loop *l, double seconds, struct tfu_train_result *r)
{
    *r = (struct tfu_train_result){
        .step = l->state.step,
        .stopped_early = tfu_loop_stopped_early(l),
        .metric = l->session->evaluator && l->session->selects ? l->session->metric : NULL,
        .best = l->state.best,
        .best_step = l->state.best_step,
        .threshold_step = l->state.threshold_step,
        .seconds = seconds,
        .images_per_second = l->train_seconds > 0 ? (double)l->images / l->train_seconds : NAN,
        .peak_bytes = peak_resident_bytes(),
    };
}

/* summary.json says that the run is finished, so it comes last. */
static enum tfu_status finish(const struct tfu_train_request *request, struct tfu_loop *l,
                              double begin, struct tfu_train_result *result, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    enum tfu_status st = ensure_scores(l, e);
    if (st == TFU_OK)
        st = tfu_loop_save(l, TFU_SHELF_FINAL, e);
    if (st == TFU_OK)
        st = tfu_loop_tidy(l, e);
    sum_up(l, tfu_clock_seconds() - begin, result);
    if (st == TFU_OK)
        st = tfu_summary_print(&text, l->session, result, e);
    if (st == TFU_OK)
        st = tfu_run_folder_write(request->folder, "summary.json", tfu_text_get(&text), e);
    tfu_text_free(&text);
    return st;
}

/* What is left behind of a session that did not come to its end. In a folder that is another
 * process's by now, or gone, nothing; and that is the failure then, whatever it was met by. */
static enum tfu_status leave(struct tfu_loop *l, bool entered, enum tfu_status st,
                             struct tfu_error *why)
{
    struct tfu_log *log = l->session->context.log;
    struct tfu_error lost = TFU_ERROR_INIT;
    struct tfu_failure failure;
    const enum tfu_status checked = tfu_run_folder_check(l->folder, &lost);
    if (tfu_run_folder_is_lost(l->folder)) {
        *why = lost;
        return checked;
    }
    tfu_log_write(log, TFU_LOG_INFO, "left at step %lld", (long long)l->state.step);
    tfu_log_write(log, TFU_LOG_INFO, "because: %s", why->text);
    if (st != TFU_EINTERRUPTED && entered && checked == TFU_OK) {
        tfu_failure_of(&failure, why, -1, l->state.step);
        if (l->session->diverged)
            failure.kind = TFU_FAILURE_DIVERGED;
        tfu_failure_write(l->run, &failure, NULL); /* what failed is what is told */
    }
    return st;
}

enum tfu_status tfu_train(const struct tfu_train_request *request, struct tfu_train_result *result,
                          struct tfu_error *e)
{
    const double begin = tfu_clock_seconds();
    struct tfu_loop l = {
        .session = request->session,
        .hooks = &request->hooks,
        .folder = request->folder,
        .run = tfu_run_folder_path(request->folder),
        .identity = request->identity,
        .until = request->until,
        .state = {.best = NAN, .reference = NAN},
    };
    struct tfu_error error = TFU_ERROR_INIT;
    bool entered = false;
    enum tfu_status st = start(request, &l, &entered, &error);
    if (st == TFU_OK)
        st = tfu_loop_run(&l, &error);
    if (st == TFU_OK)
        st = finish(request, &l, begin, result, &error);
    else
        sum_up(&l, tfu_clock_seconds() - begin, result);
    if (st == TFU_OK)
        tfu_log_write(request->session->context.log, TFU_LOG_INFO, "finished after step %lld",
                      (long long)l.state.step);
    else
        st = leave(&l, entered, st, &error);
    if (tfu_run_folder_is_lost(request->folder))
        tfu_record_abandon(l.record);
    else
        tfu_record_close(l.record);
    if (st != TFU_OK && e && e->status == TFU_OK)
        *e = error;
    return st;
}
