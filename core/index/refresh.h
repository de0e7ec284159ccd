/* SPDX-License-Identifier: MIT
 *
 * refresh.h - brings a database up to date with the folders of its store. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_REFRESH_H
#define TFU_CORE_INDEX_REFRESH_H

#include "core/base/log.h"
#include "core/index/database.h"

struct tfu_refresh {
    const char *store;
    struct tfu_log *log;
    bool rebuild;      /* read all */
    bool names_only;   /* finished runs are known by their names: nobody asks for their files */
    size_t read, gone; /* set */
};

/* Files are read between transactions and never in one. `*rc` is what the database said, TFU_OK
 * with another one than 0 in it: it is for the caller to try elsewhere. */
enum tfu_status tfu_refresh_run(struct tfu_refresh *r, struct tfu_database *d, int *rc,
                                struct tfu_error *e);

#endif
