/* SPDX-License-Identifier: MIT
 *
 * hooks.h - inside the conformance suite: stands between everything that is loaded and the C
 * library's functions for memory and time, to count, to fill and to set the clock. It changes the
 * tables through which shared objects call each other, so it needs no special build and costs
 * nothing elsewhere; there is no way back, so it is for processes that live for one test.
 */
#ifndef TFU_CORE_CONFORMANCE_HOOKS_H
#define TFU_CORE_CONFORMANCE_HOOKS_H

#include <stdbool.h>
#include <stdint.h>

/* False where these tables are unknown: on processors but x86-64 and arm64. [one thread] */
bool tfu_hooks_install(void);

/* What is allocated by now and not yet freed, by anyone: changes have a meaning, the numbers have
 * none. */
struct tfu_hooks_memory {
    int64_t blocks, bytes;
};
struct tfu_hooks_memory tfu_hooks_memory(void);

/* The most bytes that were allocated at once since the last beginning, beyond those that were then;
 * -1: nothing is counted. Of all threads. */
void tfu_hooks_peak_begin(void);
int64_t tfu_hooks_peak(void);

/* From now on, or no longer, allocations inside of calls into plugins (core/base/calling.h) count
 * as forbidden. */
void tfu_hooks_forbid(bool on);
/* How many there were; `function` is that of the first. */
uint64_t tfu_hooks_forbidden(const char **function);

/* All clocks of the C library are ahead by so much. */
void tfu_hooks_clock(int64_t seconds);

/* What new memory holds, until it is written: bytes of this value. -1: whatever it did. */
void tfu_hooks_fill(int byte);
/* Nor do variables of the next function that is called. */
void tfu_hooks_paint(void);
/* That value, or -1. */
int tfu_hooks_filled(void);

#endif
