/* SPDX-License-Identifier: MIT
 *
 * path.h - names of files.
 */
#ifndef TFU_CORE_BASE_PATH_H
#define TFU_CORE_BASE_PATH_H

#include <limits.h>
#include <stdbool.h>

/* "<folder>/<name>", to be freed; NULL when out of memory. */
char *tfu_path_join(const char *folder, const char *name);
/* Likewise into `out`, for those who ask whether a file is there: it must not seem to be absent for
 * want of memory. False: the system has no paths as long. */
bool tfu_path_put(char out[PATH_MAX], const char *folder, const char *name);
/* What stands behind the last slash; all of it without one. */
const char *tfu_path_last(const char *path);

#endif
