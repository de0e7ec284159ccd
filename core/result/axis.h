/* SPDX-License-Identifier: MIT
 *
 * axis.h - the range of an axis and its tics, at round numbers, with their labels: known before
 * anything is drawn, so that there is room for them.
 */
#ifndef TFU_CORE_RESULT_AXIS_H
#define TFU_CORE_RESULT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

enum { TFU_AXIS_TICS = 16, TFU_AXIS_LABEL = 16 };

/* A range that grows with the numbers it has seen; what is not finite does not count. */
struct tfu_axis_range {
    double low, high;
    bool seen;
};

void tfu_axis_see(struct tfu_axis_range *r, double v);

struct tfu_axis {
    double low, high; /* low < high */
    bool log;
    size_t tics;
    double tic[TFU_AXIS_TICS];
    char label[TFU_AXIS_TICS][TFU_AXIS_LABEL];
    size_t label_length; /* of the longest */
};

/* About `wanted` (2 to 8) tics over `r`, which is widened to the outer tics, or, if `exact`, kept.
 * Of a range of one number the neighbourhood is shown, of an empty one 0 to 1. */
void tfu_axis_linear(struct tfu_axis *a, struct tfu_axis_range r, size_t wanted, bool exact);
/* Moves the ends of a linear axis apart, so that what lies at the outer tics is seen. */
void tfu_axis_pad(struct tfu_axis *a);
/* Tics at powers of ten, and between them when there are few; others within a decade. Of numbers
 * above 0. */
void tfu_axis_log(struct tfu_axis *a, struct tfu_axis_range r);
/* The same; of the ends that are kept it leaves no room beyond the numbers. */
void tfu_axis_log_kept(struct tfu_axis *a, struct tfu_axis_range r, bool low, bool high);

#endif
