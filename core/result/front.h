/* SPDX-License-Identifier: MIT
 *
 * front.h - the Pareto front of points: those that no other beats in both of what is asked.
 */
#ifndef TFU_CORE_RESULT_FRONT_H
#define TFU_CORE_RESULT_FRONT_H

#include "core/result/figure.h"

/* Which direction is better. */
struct tfu_front_goal {
    bool more_x, more_y; /* false: less */
};

/* The places, in `point`, of those on the front, by increasing x, into `place` of `count`. Of equal
 * points the first; one with a number that is not finite is on no front. Returns how many. */
size_t tfu_front_find(const struct tfu_figure_point *point, size_t count,
                      struct tfu_front_goal goal, size_t *place);

#endif
