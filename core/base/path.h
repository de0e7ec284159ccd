/* SPDX-License-Identifier: MIT
 *
 * path.h - names of files.
 */
#ifndef TFU_CORE_BASE_PATH_H
#define TFU_CORE_BASE_PATH_H

/* "<folder>/<name>", to be freed; NULL when out of memory. */
char *tfu_path_join(const char *folder, const char *name);

#endif
