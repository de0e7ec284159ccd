/* SPDX-License-Identifier: MIT
 *
 * run_files.h - files of a run's folder by their names.
 */
#ifndef TFU_CORE_STORE_RUN_FILES_H
#define TFU_CORE_STORE_RUN_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

struct tfu_run_files {
    const char *folder;
    const char *pattern; /* an extended regular expression */
    bool remove;
    void (*found)(void *arg, const char *name, int64_t bytes); /* may be NULL */
    void *arg;
};

/* Calls `found` for each file of the folder whose name matches, and removes it first where that is
 * wanted. A folder that is not there has none; a file that is gone meanwhile is no error. */
enum tfu_status tfu_run_files_visit(const struct tfu_run_files *v, struct tfu_error *e);

#endif
