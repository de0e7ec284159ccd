/* SPDX-License-Identifier: MIT
 *
 * watch.h - inside the conformance suite: what belongs to the whole process and is not a
 * plugin's to change.
 */
#ifndef TFU_CORE_CONFORMANCE_WATCH_H
#define TFU_CORE_CONFORMANCE_WATCH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How this thread computes: rounding, traps, what becomes of the smallest numbers. */
struct tfu_watch_numbers {
    int rounding, traps;
    uint32_t control; /* the processor's register, without what changes by itself */
};
struct tfu_watch_numbers tfu_watch_numbers(void);
bool tfu_watch_numbers_same(struct tfu_watch_numbers a, struct tfu_watch_numbers b);

enum { TFU_WATCH_SIGNALS = 65 };

struct tfu_watch {
    struct tfu_watch_numbers numbers;
    struct sigaction action[TFU_WATCH_SIGNALS];
    sigset_t blocked;
    char locale[256], folder[512];
    uint64_t environment; /* a sum of the variables */
    mode_t mask;
    bool has_timer, has_child;
    struct {
        dev_t device;
        ino_t inode;
    } stream[3]; /* what descriptors 0 to 2 lead to; zeros: closed */
};

void tfu_watch_begin(struct tfu_watch *w);
/* Is all as it was? Otherwise what is not, in words, the first of several: "it leaves the locale
 * changed from ... to ...". */
bool tfu_watch_same(const struct tfu_watch *before, char *text, size_t size);

#endif
