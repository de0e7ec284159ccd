/* SPDX-License-Identifier: MIT
 *
 * axis_draw.h - values of an axis by chance: between its `min` and `max`, or among its `values`.
 * Draws follow from the axis' `seed` and key alone.
 */
#ifndef TFU_CORE_SWEEP_AXIS_DRAW_H
#define TFU_CORE_SWEEP_AXIS_DRAW_H

#include "core/sweep/axis_value.h"

/* Draws once more, by numbers that follow from `key` alone, and gives the value's number. */
size_t tfu_case_axis_draw(struct tfu_load *l, struct tfu_case_axis *a, uint64_t key);

/* `n` is the axis as it is written, at `path`; what is wrong becomes a finding. */

/* Can be drawn between its `min` and `max`, both of which `n` has? */
void tfu_case_axis_check_range(struct tfu_load *l, const struct tfu_case_axis *a, const char *path,
                               const struct tfu_node *n);
/* So many different values between them are its values, which are known then. */
void tfu_case_axis_draw_between(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                                const struct tfu_node *n, int64_t draws);
/* So many of its values, none twice, are all that it has then. */
void tfu_case_axis_draw_among(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                              const struct tfu_node *n, int64_t draws);

#endif
