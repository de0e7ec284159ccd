/* SPDX-License-Identifier: MIT
 *
 * path.h - paths in a configuration are relative to the file that they are written in; on the
 * command line, and in defaults, to the current folder.
 */
#ifndef TFU_CORE_CONFIG_PATH_H
#define TFU_CORE_CONFIG_PATH_H

#include "core/config/node.h"

/* `path`, absolute; `from` is the place that it is written in. NULL after a finding, or when memory
 * ran out. */
const char *tfu_path_absolute(struct tfu_load *l, struct tfu_mark from, const char *path);
/* Is it the `source` of a mark in a file, not on the command line? */
bool tfu_path_is_file(const char *source);
/* `path` as seen from the folder of the file `source`, in the same style as `source`. */
char *tfu_path_beside(struct tfu_load *l, const char *source, const char *path);

/* "-", and what a shell calls a pipe (/dev/stdin, /dev/fd/63, /proc/self/fd/63): a configuration
 * from there lies in no folder, and its name says nothing. */
bool tfu_path_is_stream(const char *path);

/* Does a text look like a path: has it a slash, or the ending of a file that the program reads? */
bool tfu_path_is_likely(const char *text);

#endif
