/* SPDX-License-Identifier: MIT
 *
 * preflight.h - what can be known before the first case begins: networks that cannot be built, too
 * little room on the disk, too little memory.
 */
#ifndef TFU_CORE_LAUNCH_PREFLIGHT_H
#define TFU_CORE_LAUNCH_PREFLIGHT_H

#include <stdbool.h>

#include "core/sweep/sweep.h"

struct tfu_preflight {
    size_t todo;        /* cases that are not done */
    size_t refused;     /* of them, those whose data or network cannot be */
    size_t first;       /* of these, and why */
    const char *why;    /* lives as long as the sweep */
    double disk;        /* bytes that the checkpoints of the others will take, as far as known */
    double disk_free;   /* that the store's disk has; NaN: not known */
    double memory;      /* bytes that as many at a time as there are jobs may take */
    double memory_free; /* NaN: not known */
};

/* Of the cases that are `chosen` (NULL: all), and of those that they need. Each kind of network is
 * planned once, and none made.
 */
enum tfu_status tfu_preflight(struct tfu_preflight *out, struct tfu_sweep *s, const bool *chosen,
                              size_t jobs, struct tfu_error *e);

#endif
