/* SPDX-License-Identifier: MIT
 *
 * loop.h - steps, evaluations, records and checkpoints in their order, from the state that it is
 * given to the end of the run. train.h sets it up.
 */
#ifndef TFU_CORE_TRAIN_LOOP_H
#define TFU_CORE_TRAIN_LOOP_H

#include "core/store/record.h"
#include "core/store/run_folder.h"
#include "core/train/checkpoint.h"
#include "core/train/session.h"
#include "core/train/shelf.h"

/* Calls out of a training, for whoever shows it; each may be NULL. What they are given is theirs
 * for the time of the call. */
struct tfu_train_hooks {
    void *arg;
    bool (*interrupted)(void *arg); /* asked between batches; true: save and leave */
    /* Weights were loaded from files; the account of it, lines of text. Before started(). */
    void (*loaded)(void *arg, const char *account);
    void (*started)(void *arg, const struct tfu_session *s, int64_t step);
    void (*step)(void *arg, const struct tfu_step_report *r);
    void (*evaluating)(void *arg, enum tfu_split split, int64_t done, int64_t total);
    void (*evaluated)(void *arg, int64_t step, enum tfu_split split, struct tfu_scores scores);
    void (*saved)(void *arg, int64_t step, const char *path);
};

struct tfu_loop {
    struct tfu_session *session;
    const struct tfu_train_hooks *hooks;
    struct tfu_record *record;
    struct tfu_run_folder *folder; /* of the run; `run` is its path */
    const char *run;
    const char *identity; /* of the configuration */
    int64_t until;        /* step to pause at; 0: none */
    struct tfu_train_state state;
    double train_seconds; /* in training steps, of this session */
    int64_t images;       /* trained on in this session */
    bool went_on;         /* what the session before left of its interruption is gone */
};

/* Runs to the end of the run, or to early stopping. TFU_EINTERRUPTED: it was asked to leave, or
 * came to where it is to pause, and a checkpoint has everything. On other errors the last
 * checkpoint is as it was; the folder may be lost to another process (tfu_run_folder_is_lost()). */
enum tfu_status tfu_loop_run(struct tfu_loop *l, struct tfu_error *e);
/* Those of an evaluation in the course of it. */
struct tfu_evaluate_hooks tfu_loop_evaluate_hooks(const struct tfu_loop *l);
/* Says in the lease of the run's folder how far it is: up to a step with its evaluation. */
void tfu_loop_tell_progress(const struct tfu_loop *l);
/* Did early stopping end it? */
bool tfu_loop_stopped_early(const struct tfu_loop *l);
/* Saves the network without optimizer slots. */
enum tfu_status tfu_loop_save(struct tfu_loop *l, enum tfu_shelf_place place, struct tfu_error *e);
/* Removes the checkpoints of steps that are not kept, if the folder is still ours. */
enum tfu_status tfu_loop_tidy(struct tfu_loop *l, struct tfu_error *e);

#endif
