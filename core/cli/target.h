/* SPDX-License-Identifier: MIT
 *
 * target.h - what `run` and `eval` are pointed at: a configuration, or the folder of a run that
 * has one. Either way there is a configuration and a run folder that belongs to it.
 */
#ifndef TFU_CORE_CLI_TARGET_H
#define TFU_CORE_CLI_TARGET_H

#include <stdbool.h>

#include "core/cli/cli.h"
#include "core/config/experiment.h"
#include "core/store/run_folder.h"
#include "core/train/session.h"

struct tfu_target_request {
    const char *config;          /* a file; NULL: that of the folder */
    const char *folder;          /* of a run; NULL: that which belongs to the configuration */
    const char *const *override; /* KEY=VALUE */
    size_t override_count;
};

struct tfu_target {
    struct tfu_registry *registry;
    struct tfu_config *config;
    const struct tfu_experiment *experiment;
    struct tfu_text resolved;
    char *folder; /* as it was given; NULL for a configuration: its data say which run it is */
    struct tfu_text identity; /* empty before tfu_target_identify() */
};

/* Sorts the positional arguments: a folder, KEY=VALUE, a file. `r->override` has room for all of
 * them. False with a usage error in *status. */
bool tfu_target_argument(struct tfu_target_request *r, const char *command, const char *argument,
                         const char **override, int *status);

/* Returns an exit status; on failure everything has been said. */
int tfu_target_open(struct tfu_cli *cli, const struct tfu_target_request *request,
                    struct tfu_target *out);
void tfu_target_close(struct tfu_target *p);
/* With the data opened: fills `identity`, and `folder` (which need not exist yet) where it is NULL.
 */
enum tfu_status tfu_target_identify(struct tfu_target *p, const struct tfu_session *s,
                                    struct tfu_error *e);
/* Opens the data for that, unless the folder is known. */
enum tfu_status tfu_target_find_folder(struct tfu_target *p, struct tfu_log *log,
                                       struct tfu_error *e);

#endif
