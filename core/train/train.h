/* SPDX-License-Identifier: MIT
 *
 * train.h - a whole run in its folder: begins or resumes, trains, and sums up.
 */
#ifndef TFU_CORE_TRAIN_H
#define TFU_CORE_TRAIN_H

#include "core/store/run_folder.h"
#include "core/train/loop.h"

struct tfu_train_request {
    struct tfu_session *session;   /* made from the configuration; used up by the run */
    struct tfu_run_folder *folder; /* open, and so locked */
    const char *config;            /* the resolved configuration, a text */
    const char *identity;          /* and its identity */
    bool resume; /* go on from the newest checkpoint, if there is one; else begin anew */
    struct tfu_train_hooks hooks;
};

struct tfu_train_result {
    int64_t step;
    bool stopped_early;
    const char *metric; /* what `best` is of; borrowed from the session; NULL: nothing is chosen */
    double best;
    int64_t best_step;
    int64_t threshold_step;   /* 0: not reached, or there is no threshold */
    double seconds;           /* of this session */
    double images_per_second; /* in training steps; NaN: none were taken */
    int64_t peak_bytes;       /* resident memory of the process at its largest */
};

/* Begins anew: what an earlier run left in the folder is removed. Resumes: a configuration or data
 * other than the checkpoint's is an error that shows the difference. The scores of the last
 * evaluation are in the session's evaluator afterwards. TFU_EINTERRUPTED: left on request, can be
 * resumed. */
enum tfu_status tfu_train(const struct tfu_train_request *request, struct tfu_train_result *result,
                          struct tfu_error *e);

#endif
