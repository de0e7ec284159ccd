/* SPDX-License-Identifier: MIT
 *
 * clock.h - how long something takes.
 */
#ifndef TFU_CORE_BASE_CLOCK_H
#define TFU_CORE_BASE_CLOCK_H

#include <stddef.h>

/* Seconds from some moment on, never set back. [any thread] */
double tfu_clock_seconds(void);

/* "0:07", "12:30", "3:05:00" */
void tfu_duration_put(char *out, size_t size, double seconds);

#endif
