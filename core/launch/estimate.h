/* SPDX-License-Identifier: MIT
 *
 * estimate.h - how long a sweep will go on: by what its finished cases took, and by how far the
 * running ones are. Cases of one experiment are taken to be alike, and others to take as long for a
 * step.
 */
#ifndef TFU_CORE_LAUNCH_ESTIMATE_H
#define TFU_CORE_LAUNCH_ESTIMATE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct tfu_estimate_case {
    const char *kind; /* cases of one kind are alike */
    int64_t steps;    /* of its training; 0: not known */
    enum { TFU_ESTIMATE_NONE, TFU_ESTIMATE_TODO, TFU_ESTIMATE_RUNNING, TFU_ESTIMATE_DONE } state;
    double seconds; /* that a DONE one took, or a RUNNING one until now; 0: not known */
    double share;   /* of a RUNNING one that is done, 0 to 1; 0: not known */
};

/* Seconds until the last case is done, `slots` at a time; NaN: nothing is known yet. */
enum tfu_status tfu_estimate_left(const struct tfu_estimate_case *item, size_t count, size_t slots,
                                  double *left, struct tfu_error *e);

#endif
