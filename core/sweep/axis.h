/* SPDX-License-Identifier: MIT
 *
 * axis.h - one axis of a sweep as it is written: the key that it sets and its values, or its values
 * as named sets of keys; what is drawn; on which cases it is at all.
 */
#ifndef TFU_CORE_SWEEP_AXIS_H
#define TFU_CORE_SWEEP_AXIS_H

#include "core/sweep/axis_value.h"

/* Reads the axis `name` from `n`; what stood there before a profile and the command line is
 * `declared` (NULL: nothing). `more` (NULL-terminated, or NULL): keys beside those of an axis that
 * the caller reads. Values are added by one draw after the other where `tfu_case_axis.drawn`. */
void tfu_case_axis_read(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                        const char *name, const struct tfu_node *n, const struct tfu_node *declared,
                        const char *const *more);

/* Is it "0..4"? Then its ends. */
bool tfu_case_axis_range(const char *text, int64_t *first, int64_t *last);

#endif
