/* SPDX-License-Identifier: MIT
 *
 * sweeps.h - the sweeps that a store knows of, from STORE/.sweeps/STUDY.json: their axes, and which
 * run each case is. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_SWEEPS_H
#define TFU_CORE_INDEX_SWEEPS_H

#include "core/base/log.h"
#include "core/index/database.h"

struct tfu_sweeps_request {
    const char *store;
    int fd;       /* the same, opened */
    bool rebuild; /* read all */
    struct tfu_log *log;
};

/* `*rc` is what the database said. A file that cannot be read is a warning, and a sweep without
 * cases. */
enum tfu_status tfu_sweeps_refresh(const struct tfu_sweeps_request *r, struct tfu_database *d,
                                   int *rc, struct tfu_error *e);

#endif
