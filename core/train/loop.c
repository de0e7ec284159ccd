/* SPDX-License-Identifier: MIT */
#include "core/train/loop.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/clock.h"

static const struct tfu_train_config *train_config(const struct tfu_loop *l)
{
    return &l->session->context.experiment->train;
}

static bool is_interrupted(const struct tfu_loop *l)
{
    return l->hooks->interrupted && l->hooks->interrupted(l->hooks->arg);
}

static double epoch_of(const struct tfu_loop *l, int64_t step)
{
    return (double)step / (double)l->session->batches_per_epoch;
}

/* ---- what is due after a step */

static bool is_multiple(int64_t step, int64_t of)
{
    return of > 0 && step % of == 0;
}

static bool evaluation_is_due(const struct tfu_loop *l)
{
    const struct tfu_train_config *t = train_config(l);
    const int64_t step = l->state.step, per_epoch = l->session->batches_per_epoch;
    if (step == 0 || !l->session->evaluator)
        return false;
    return step == l->session->steps || is_multiple(step, t->evaluate.every_steps) ||
           (step % per_epoch == 0 && is_multiple(step / per_epoch, t->evaluate.every_epochs));
}

/* Says in the lease how far it is. A step whose evaluation is yet to come is not behind it: whoever
 * waits for it to come to that step waits for the scores. */
void tfu_loop_tell_progress(const struct tfu_loop *l)
{
    const bool to_be_evaluated = evaluation_is_due(l) && l->state.evaluated < l->state.step;
    tfu_run_folder_progress(l->folder, l->state.step - to_be_evaluated, l->session->steps);
}

static bool checkpoint_is_due(const struct tfu_loop *l)
{
    return is_multiple(l->state.step, train_config(l)->checkpoint.every_steps) ||
           l->state.step == l->session->steps;
}

/* Lines of training loss: every step of a short run, about a thousand of a long one. */
static bool record_is_due(const struct tfu_loop *l)
{
    const int64_t every = (l->session->steps + 999) / 1000;
    return l->state.step % every == 0 || l->state.step == l->session->steps;
}

bool tfu_loop_stopped_early(const struct tfu_loop *l)
{
    const int64_t patience = train_config(l)->early_stopping.patience;
    return patience > 0 && l->state.stale >= patience;
}

/* ---- checkpoints */

static enum tfu_status save(struct tfu_loop *l, enum tfu_shelf_place place, bool slots,
                            struct tfu_error *e)
{
    enum tfu_status st = tfu_run_folder_check(l->folder, e);
    if (st == TFU_OK)
        st = tfu_record_sync(l->record, &l->state.metrics_bytes, e);
    if (st != TFU_OK)
        return st;
    char *path = tfu_shelf_path(l->run, place, l->state.step);
    if (!path)
        return tfu_error_memory(e, "writing a checkpoint", 0);
    const struct tfu_checkpoint_request request = {
        .path = path,
        .network = l->session->network,
        .optimiser = slots ? l->session->optimiser : NULL,
        .state = &l->state,
        .config = l->identity,
        .data = tfu_text_get(&l->session->fingerprints),
        .classes = l->session->classes.data,
        .preprocessing = tfu_dataset_preprocessing(l->session->data[TFU_SPLIT_TRAIN]),
        .guard = tfu_run_folder_guard(l->folder),
    };
    st = tfu_checkpoint_save(&request, e);
    if (st == TFU_OK && l->hooks->saved)
        l->hooks->saved(l->hooks->arg, l->state.step, path);
    free(path);
    return st;
}

enum tfu_status tfu_loop_save(struct tfu_loop *l, enum tfu_shelf_place place, struct tfu_error *e)
{
    return save(l, place, false, e);
}

enum tfu_status tfu_loop_tidy(struct tfu_loop *l, struct tfu_error *e)
{
    /* a process that was stopped since it saved must not remove what another one has written */
    enum tfu_status st = tfu_run_folder_check(l->folder, e);
    if (st == TFU_OK)
        st = tfu_shelf_tidy(l->run, train_config(l)->checkpoint.keep, e);
    /* once: a later one is of whoever has taken the run over, also if that is not known yet */
    if (st == TFU_OK && !l->went_on)
        st = tfu_shelf_drop_interrupted(l->run, e);
    l->went_on = true;
    return st;
}

static enum tfu_status save_step(struct tfu_loop *l, struct tfu_error *e)
{
    const enum tfu_status st = save(l, TFU_SHELF_STEP, true, e);
    return st == TFU_OK ? tfu_loop_tidy(l, e) : st;
}

/* `why`: "interrupted" or "paused" */
static enum tfu_status save_and_leave(struct tfu_loop *l, const char *why, struct tfu_error *e)
{
    const enum tfu_status st = save(l, TFU_SHELF_INTERRUPTED, true, e);
    return st == TFU_OK ? tfu_error_set(e, TFU_EINTERRUPTED, "%s after step %lld of %lld", why,
                                        (long long)l->state.step, (long long)l->session->steps)
                        : st;
}

/* ---- evaluation */

struct tfu_evaluate_hooks tfu_loop_evaluate_hooks(const struct tfu_loop *l)
{
    return (struct tfu_evaluate_hooks){
        .arg = l->hooks->arg,
        .interrupted = l->hooks->interrupted,
        .progress = l->hooks->evaluating,
    };
}

/* The value of a metric that the configuration goes by. */
static enum tfu_status find_value(const struct tfu_loop *l, const char *metric, double *value,
                                  struct tfu_error *e)
{
    const enum tfu_split split = l->session->monitor;
    const struct tfu_scores scores = tfu_evaluator_scores(l->session->evaluator, split);
    const struct tfu_score *score = tfu_scores_find(scores, metric);
    if (!score)
        return tfu_error_set(e, TFU_EINVAL,
                             "no metric reports '%s' on the %s data, which the configuration goes "
                             "by; the first of %zu that are reported is '%s'",
                             metric, tfu_split_name(split), scores.count,
                             scores.count ? scores.score[0].key : "");
    *value = score->value;
    return TFU_OK;
}

/* Is `value` better than `than` by more than `margin`? Anything defined is better than nothing. */
static bool is_better(double value, double than, bool lower, double margin)
{
    if (isnan(value) || isnan(than))
        return !isnan(value);
    return lower ? value < than - margin : value > than + margin;
}

/* Best value, patience; `*best` when this is the best network so far. */
static enum tfu_status judge(struct tfu_loop *l, bool *best, struct tfu_error *e)
{
    const struct tfu_session *s = l->session;
    const double margin = train_config(l)->early_stopping.min_delta;
    double value;
    *best = false;
    if (!s->selects)
        return TFU_OK;
    const enum tfu_status st = find_value(l, s->metric, &value, e);
    if (st != TFU_OK)
        return st;
    const bool lower = tfu_evaluator_lower_is_better(s->evaluator, s->monitor, s->metric);
    *best = is_better(value, l->state.best, lower, 0);
    if (*best) {
        l->state.best = value;
        l->state.best_step = l->state.step;
    }
    if (is_better(value, l->state.reference, lower, margin)) {
        l->state.reference = value;
        l->state.stale = 0;
    } else {
        l->state.stale++;
    }
    return TFU_OK;
}

static enum tfu_status judge_threshold(struct tfu_loop *l, struct tfu_error *e)
{
    const struct tfu_session *s = l->session;
    const char *metric = train_config(l)->threshold.metric;
    const double threshold = train_config(l)->threshold.value;
    double value;
    if (!metric || !metric[0] || l->state.threshold_step > 0)
        return TFU_OK;
    const enum tfu_status st = find_value(l, metric, &value, e);
    if (st != TFU_OK)
        return st;
    const bool lower = tfu_evaluator_lower_is_better(s->evaluator, s->monitor, metric);
    if (isnan(value) || (lower ? value > threshold : value < threshold))
        return TFU_OK;
    l->state.threshold_step = l->state.step;
    char note[128];
    snprintf(note, sizeof note, "%s reached %.9g", metric, threshold);
    return tfu_record_add(l->record, l->state.step, epoch_of(l, l->state.step),
                          tfu_split_name(s->monitor), "steps_to_threshold", (double)l->state.step,
                          note, e);
}

static enum tfu_status record_scores(struct tfu_loop *l, enum tfu_split split, struct tfu_error *e)
{
    const struct tfu_scores scores = tfu_evaluator_scores(l->session->evaluator, split);
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < scores.count; i++)
        st = tfu_record_add(l->record, l->state.step, epoch_of(l, l->state.step),
                            tfu_split_name(split), scores.score[i].key, scores.score[i].value,
                            scores.score[i].note, e);
    if (st != TFU_OK)
        return st;
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_scores_headline(scores, &text);
    if (text.failed)
        st = tfu_error_memory(e, "writing log.txt", 0);
    else
        tfu_log_write(l->session->context.log, TFU_LOG_INFO, "step %lld, %s: %s",
                      (long long)l->state.step, tfu_split_name(split), tfu_text_get(&text));
    tfu_text_free(&text);
    if (st == TFU_OK && l->hooks->evaluated)
        l->hooks->evaluated(l->hooks->arg, l->state.step, split, scores);
    return st;
}

/* Scores of all splits; the last ones, which an early stop may make of any, with intervals. */
static enum tfu_status measure(struct tfu_loop *l, bool *best, struct tfu_error *e)
{
    struct tfu_session *s = l->session;
    const struct tfu_evaluate_hooks hooks = tfu_loop_evaluate_hooks(l);
    const struct tfu_train_state before = l->state;
    enum tfu_status st = tfu_session_evaluate(s, &hooks, e);
    if (st != TFU_OK)
        return st;
    l->state.evaluated = l->state.step;
    st = judge(l, best, e);
    if (st == TFU_OK && (l->state.step >= s->steps || tfu_loop_stopped_early(l)))
        st = tfu_session_intervals(s, &hooks, e);
    if (st == TFU_EINTERRUPTED)
        l->state = before;
    return st;
}

/* Runs the splits first and records then: an interrupted evaluation leaves no trace. */
static enum tfu_status evaluate(struct tfu_loop *l, struct tfu_error *e)
{
    static const enum tfu_split split[] = {TFU_SPLIT_VALID, TFU_SPLIT_TEST};
    struct tfu_session *s = l->session;
    bool best = false;
    enum tfu_status st = measure(l, &best, e);
    if (st == TFU_OK)
        st = tfu_run_folder_check_soon(l->folder, e);
    for (size_t i = 0; st == TFU_OK && i < TFU_COUNT(split); i++)
        if (s->data[split[i]])
            st = record_scores(l, split[i], e);
    if (st == TFU_OK)
        st = judge_threshold(l, e);
    if (st == TFU_OK && l->train_seconds > 0)
        st = tfu_record_add_timing(l->record, l->state.step, "train/images_per_second",
                                   (double)l->images / l->train_seconds, e);
    if (st == TFU_OK && best)
        st = tfu_loop_save(l, TFU_SHELF_BEST, e);
    return st == TFU_OK ? save_step(l, e) : st;
}

/* ---- training */

static enum tfu_status record_step(struct tfu_loop *l, const struct tfu_step_report *r,
                                   struct tfu_error *e)
{
    if (!isnan(r->loss)) {
        l->state.loss_sum += r->loss;
        l->state.loss_count++;
    }
    if (!record_is_due(l))
        return TFU_OK;
    const bool known = l->state.loss_count > 0;
    const double loss = known ? l->state.loss_sum / (double)l->state.loss_count : NAN;
    l->state.loss_sum = 0;
    l->state.loss_count = 0;
    enum tfu_status st = tfu_record_add(l->record, r->step, r->epoch, "train", "loss", loss,
                                        known ? NULL : "no known labels", e);
    if (st == TFU_OK && !isnan(r->lr))
        st = tfu_record_add(l->record, r->step, r->epoch, "train", "lr", r->lr, NULL, e);
    return st;
}

static enum tfu_status take_step(struct tfu_loop *l, struct tfu_error *e)
{
    struct tfu_step_report report;
    const double begin = tfu_clock_seconds();
    enum tfu_status st = tfu_session_step(l->session, l->state.step + 1, true, &report, e);
    if (st != TFU_OK)
        return st;
    /* what was recorded is written when there is enough of it: not to a folder that is lost */
    st = tfu_run_folder_check_soon(l->folder, e);
    if (st != TFU_OK)
        return st;
    l->train_seconds += tfu_clock_seconds() - begin;
    l->images += report.rows;
    l->state.step = report.step;
    l->state.epoch = report.step / l->session->batches_per_epoch;
    l->state.batch = report.step % l->session->batches_per_epoch;
    tfu_loop_tell_progress(l);
    st = record_step(l, &report, e);
    if (st == TFU_OK && l->hooks->step)
        l->hooks->step(l->hooks->arg, &report);
    return st;
}

/* A metric that never had a value can neither stop a training for a reason nor choose a network. */
static void warn_undefined(const struct tfu_loop *l)
{
    const struct tfu_session *s = l->session;
    if (!s->evaluator || !s->selects || l->state.evaluated == 0 || !isnan(l->state.best))
        return;
    const struct tfu_score *score =
        tfu_scores_find(tfu_evaluator_scores(s->evaluator, s->monitor), s->metric);
    tfu_log_write(s->context.log, TFU_LOG_WARNING,
                  "%s: '%s' never had a value on the %s data%s%s%s; choose other data, or another "
                  "metric as train.early_stopping.metric",
                  tfu_loop_stopped_early(l) ? "stopped early, though not for lack of progress"
                                            : "there is no best checkpoint",
                  s->metric, tfu_split_name(s->monitor), score && score->note ? " (" : "",
                  score && score->note ? score->note : "", score && score->note ? ")" : "");
}

enum tfu_status tfu_loop_run(struct tfu_loop *l, struct tfu_error *e)
{
    for (;;) {
        enum tfu_status st = TFU_OK;
        if (evaluation_is_due(l) && l->state.evaluated < l->state.step) {
            struct tfu_error error = TFU_ERROR_INIT;
            st = evaluate(l, &error);
            if (st == TFU_EINTERRUPTED)
                return save_and_leave(l, "interrupted", e); /* evaluated when it goes on */
            if (st != TFU_OK) {
                tfu_error_prefix(&error, "after step %lld", (long long)l->state.step);
                if (e)
                    *e = error;
            }
            tfu_loop_tell_progress(l);
        } else if (checkpoint_is_due(l) && l->state.step > 0) {
            st = save_step(l, e);
        }
        if (st != TFU_OK)
            return st;
        if (l->state.step >= l->session->steps || tfu_loop_stopped_early(l)) {
            warn_undefined(l);
            return TFU_OK;
        }
        if (is_interrupted(l))
            return save_and_leave(l, "interrupted", e);
        if (l->until > 0 && l->state.step >= l->until)
            return save_and_leave(l, "paused", e);
        st = take_step(l, e);
        if (st != TFU_OK)
            return st;
    }
}
