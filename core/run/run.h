/* SPDX-License-Identifier: MIT
 *
 * run.h - one run as a call: opened, it is decided what becomes of it; then it is trained, or taken
 * as it is. Who calls shows it: the command line, or the worker of a sweep.
 */
#ifndef TFU_CORE_RUN_RUN_H
#define TFU_CORE_RUN_RUN_H

#include "core/run/decide.h"
#include "core/run/target.h"
#include "core/train/train.h"

struct tfu_run_request {
    struct tfu_target_request target;
    bool resume;         /* go on with a begun run from its newest checkpoint, or begin */
    bool force;          /* begin anew, removing what an earlier run wrote */
    bool accept_plugins; /* although plugins of one's own changed since */
    bool dry;            /* nothing will be written: what is there is no matter */
    int64_t until;       /* pause after this step; 0: train to the end */
};

struct tfu_run {
    struct tfu_target target;
    bool resume, force, accept_plugins;
    int64_t until;
    bool moved; /* a run's folder with other values than it has: where the data are by now */
    struct tfu_digests *digests; /* of the files that its configuration names */
    struct tfu_session *session; /* with its data; built by tfu_run_build() */
    enum tfu_decision decision;  /* made again by tfu_run_train() */
    char holder[192];            /* who has the folder, since when, if the decision is BUSY */
};

/* Opens the configuration and the data and decides. What is wrong in the configuration is in `d`.
 */
enum tfu_status tfu_run_open(struct tfu_run **out, const struct tfu_run_request *request,
                             struct tfu_diagnostics *d, struct tfu_error *e);
void tfu_run_close(struct tfu_run *r);

/* ---- decided: TRAIN */

/* Builds the networks and plans the memory; refuses what can be known before the training. Once. */
enum tfu_status tfu_run_build(struct tfu_run *r, struct tfu_error *e);

/* What was tried out without writing anything. */
struct tfu_dry_run {
    int64_t rows; /* of the first batch */
    double loss;
    int64_t last_rows; /* of an epoch's last batch, where it is a smaller one; 0: there is none */
};
/* The first batch forward and backward, and a smaller last one: what cannot be trained on so few is
 * found now and not after an epoch. Uses the run up. */
enum tfu_status tfu_run_dry(struct tfu_run *r, struct tfu_dry_run *out, struct tfu_error *e);

/* Trains to the end; the scores of the last evaluation are in the session's evaluator then. Uses
 * the run up. TFU_EINTERRUPTED: a hook asked to leave, or it pauses; a checkpoint has everything.
 * Where another process has finished the run since it was opened, and `resume` was said, nothing is
 * trained or written, and the decision is TAKE then. */
enum tfu_status tfu_run_train(struct tfu_run *r, const struct tfu_train_hooks *hooks,
                              struct tfu_train_result *result, struct tfu_error *e);

/* ---- decided: TAKE */

/* Checks that the finished run is this one, with these plugins, and notes what was accepted and
 * where the data are by now. */
enum tfu_status tfu_run_take(struct tfu_run *r, struct tfu_error *e);

#endif
