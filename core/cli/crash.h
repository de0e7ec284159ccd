/* SPDX-License-Identifier: MIT
 *
 * crash.h - last words when a plugin ends the program: by a signal (a segmentation fault, abort(),
 * a division by zero) or by exit(). What dies outside of plugins dies as it always did.
 */
#ifndef TFU_CORE_CLI_CRASH_H
#define TFU_CORE_CLI_CRASH_H

#include "core/base/log.h"

/* From now on, for as long as the process lives. The sentence goes to the terminal and to the file
 * of `log`, where it has one by then; NULL: the log is gone. A program that a plugin leaves by
 * exit() ends with a failure, whatever the plugin says. */
void tfu_crash_watch(const struct tfu_log *log);

#endif
