/* SPDX-License-Identifier: MIT
 *
 * target.h - what a training and an evaluation are pointed at: a configuration, or the folder of a
 * run that has one. Either way there is a configuration and a run folder that belongs to it.
 */
#ifndef TFU_CORE_RUN_TARGET_H
#define TFU_CORE_RUN_TARGET_H

#include "core/config/diagnostic.h"
#include "core/config/experiment.h"
#include "core/train/session.h"

struct tfu_target_request {
    const char *config;          /* a file; NULL: that of the folder */
    const char *folder;          /* of a run; NULL: that which belongs to the configuration */
    const char *const *override; /* KEY=VALUE */
    size_t override_count;
    struct tfu_registry *registry; /* must outlive the target, as must the log */
    struct tfu_log *log;           /* may be NULL */
};

struct tfu_target {
    struct tfu_registry *registry;
    struct tfu_log *log;
    struct tfu_config *config;
    const struct tfu_experiment *experiment;
    struct tfu_text resolved;
    char *folder; /* as it was given; NULL for a configuration: its data say which run it is */
    struct tfu_text identity; /* empty before tfu_target_identify() */
};

/* What is wrong in the configuration is in `d`; on failure there is nothing to close. */
enum tfu_status tfu_target_open(struct tfu_target *p, const struct tfu_target_request *request,
                                struct tfu_diagnostics *d, struct tfu_error *e);
void tfu_target_close(struct tfu_target *p);
/* With the data opened: fills `identity`, and `folder` (which need not exist yet) where it is NULL.
 */
enum tfu_status tfu_target_identify(struct tfu_target *p, const struct tfu_session *s,
                                    struct tfu_error *e);
/* Opens the data for that, unless the folder is known. */
enum tfu_status tfu_target_find_folder(struct tfu_target *p, struct tfu_error *e);

#endif
