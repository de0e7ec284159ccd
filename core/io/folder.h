/* SPDX-License-Identifier: MIT
 *
 * folder.h - the folder that files are to be written to: made, and the room that there is.
 */
#ifndef TFU_CORE_IO_FOLDER_H
#define TFU_CORE_IO_FOLDER_H

#include "core/base/error.h"

/* Creates what is missing of the path. Something else in its place, a file above all, is an error
 * that names it. */
enum tfu_status tfu_folder_make(const char *path, struct tfu_error *e);
/* Bytes that are left on the file system of a folder; NaN: it is not there, or its file system does
 * not tell how large it is. */
double tfu_folder_room(const char *path);

#endif
