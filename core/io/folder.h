/* SPDX-License-Identifier: MIT
 *
 * folder.h - makes the folder that files are to be written to.
 */
#ifndef TFU_CORE_IO_FOLDER_H
#define TFU_CORE_IO_FOLDER_H

#include "core/base/error.h"

/* Creates what is missing of the path. Something else in its place, a file above all, is an error
 * that names it. */
enum tfu_status tfu_folder_make(const char *path, struct tfu_error *e);

#endif
