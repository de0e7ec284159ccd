/* SPDX-License-Identifier: MIT
 *
 * clock.h - how long something takes.
 */
#ifndef TFU_CORE_BASE_CLOCK_H
#define TFU_CORE_BASE_CLOCK_H

/* Seconds from some moment on, never set back. [any thread] */
double tfu_clock_seconds(void);

#endif
