/* SPDX-License-Identifier: MIT
 *
 * failing_malloc.h - makes the n-th allocation of a test program fail. Link the program with
 * $(FAILING_MALLOC_FLAGS) (support.am): only calls from our own objects count.
 *
 *     for (size_t n = 1;; n++) {
 *         failing_malloc_arm(n);
 *         st = work(...);
 *         if (!failing_malloc_disarm())
 *             break; // work() needs fewer than n allocations: all have failed once
 *         ck_assert_int_eq(st, TFU_ENOMEM);
 *     }
 */
#ifndef TFU_TESTS_SUPPORT_FAILING_MALLOC_H
#define TFU_TESTS_SUPPORT_FAILING_MALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* The n-th allocation from now fails; 1 is the next one. */
void failing_malloc_arm(size_t n);
/* Likewise, but of this thread alone: what others read ahead may never be needed. */
void failing_malloc_arm_here(size_t n);
/* Back to normal; did an allocation fail since arming? */
bool failing_malloc_disarm(void);
/* Counts one allocation; true when it is the one to fail. For allocators that are not malloc: a
 * test wraps them, too, and asks here. */
bool failing_malloc_next(void);
/* The largest allocation that was asked for since the last call, failed or not. */
size_t failing_malloc_largest(void);

#endif
