/* SPDX-License-Identifier: MIT
 *
 * train.h - a whole run in its folder: begins or resumes, trains, and sums up.
 */
#ifndef TFU_CORE_TRAIN_TRAIN_H
#define TFU_CORE_TRAIN_TRAIN_H

#include "core/store/provenance.h"
#include "core/store/run_folder.h"
#include "core/train/loop.h"
#include "core/train/train_result.h"

struct tfu_train_request {
    struct tfu_session *session;   /* made from the configuration; used up by the run */
    struct tfu_run_folder *folder; /* open, and so nobody else's */
    const char *config;            /* the resolved configuration, a text */
    const char *identity;          /* and its identity */
    bool resume;         /* go on from the newest checkpoint, if there is one; else begin anew */
    bool accept_plugins; /* also with plugins that changed since; which, goes into env.json */
    int64_t until;       /* the step after which it pauses; 0, or not before the end: none */
    struct tfu_train_hooks hooks;
};

/* Begins anew: what an earlier run left in the folder is removed. Resumes: a configuration or data
 * other than what the run began with is an error that shows the difference, before anything is
 * written. A plugin of somebody's own that changed since the last session is one unless it is
 * accepted; plugins that come with the program are named in a warning. The scores of the last
 * evaluation are in the session's evaluator afterwards. TFU_EINTERRUPTED: left on request, or after
 * the step `until`; can be resumed. On any other failure of what was begun or gone on with
 * failure.json says why, unless the folder was lost to another process: then nothing is written
 * there. */
enum tfu_status tfu_train(const struct tfu_train_request *request, struct tfu_train_result *result,
                          struct tfu_error *e);

/* Compares the plugins with those of the last session in the folder `run`: shipped ones that
 * changed are a warning, others are TFU_EINVAL, or a warning when they are accepted. */
enum tfu_status tfu_train_check_plugins(struct tfu_provenance *p, const char *run, bool accept,
                                        struct tfu_log *log, struct tfu_error *e);
/* For those who only look at the run: whatever changed is a warning. */
enum tfu_status tfu_train_warn_plugins(const struct tfu_registry *r, const char *run,
                                       struct tfu_log *log, struct tfu_error *e);
/* Adds a session that begins at `step` to env.json; or, `accepted`, that what changed is accepted
 * for the finished run. */
enum tfu_status tfu_train_note(const char *run, const struct tfu_session *s,
                               const struct tfu_provenance *made_with, int64_t step, bool accepted,
                               struct tfu_error *e);

#endif
