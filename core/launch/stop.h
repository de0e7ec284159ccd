/* SPDX-License-Identifier: MIT
 *
 * stop.h - asking all that work on a sweep to leave, on whatever hosts they are: by a file in its
 * store, <store>/.sweeps/<name>.stop, that they look at. What they find when they begin is of
 * earlier, unless the file says that it was written since their process started; what changes after
 * that means them. So no clock is asked that somebody may set.
 */
#ifndef TFU_CORE_LAUNCH_STOP_H
#define TFU_CORE_LAUNCH_STOP_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/process.h"

#define TFU_STOP_ENDING ".stop" /* of the file */
enum { TFU_STOP_SIZE = 256 };

/* What the file says now; "": there is none, or it cannot be read. */
void tfu_stop_read(const char *store, const char *sweep, char text[TFU_STOP_SIZE]);
/* Was this written on the machine of `self`, after that process had started? */
bool tfu_stop_is_since(const char text[TFU_STOP_SIZE], const struct tfu_process *self);
/* Asks. */
enum tfu_status tfu_stop_ask(const char *store, const char *sweep, struct tfu_error *e);

#endif
