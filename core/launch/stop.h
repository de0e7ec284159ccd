/* SPDX-License-Identifier: MIT
 *
 * stop.h - asking all that work on a sweep to leave, on whatever hosts they are: by a file in its
 * store, <store>/.sweeps/<name>.stop, that they look at. What they find when they begin is of
 * earlier; what changes after that means them. So no clock is asked.
 */
#ifndef TFU_CORE_LAUNCH_STOP_H
#define TFU_CORE_LAUNCH_STOP_H

#include <stdbool.h>

#include "core/base/error.h"

enum { TFU_STOP_SIZE = 256 };

/* What the file says now; "": there is none, or it cannot be read. */
void tfu_stop_read(const char *store, const char *sweep, char text[TFU_STOP_SIZE]);
/* Asks. */
enum tfu_status tfu_stop_ask(const char *store, const char *sweep, struct tfu_error *e);

#endif
