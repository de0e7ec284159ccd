/* SPDX-License-Identifier: MIT
 *
 * select.h - which cases are meant, by their axes: {arch: cbr_tiny, seed: [0, 1]}.
 */
#ifndef TFU_CORE_SWEEP_SELECT_H
#define TFU_CORE_SWEEP_SELECT_H

#include "core/sweep/axis.h"

/* Of a case without a value on an axis. */
#define TFU_AXIS_NONE UINT32_MAX

struct tfu_case_selection {
    struct tfu_selected {
        size_t axis;
        bool *value; /* of the axis: is it meant? */
        size_t size; /* of `value`: the axis may get more values later, and none of these is */
    } * by;
    size_t count;
    struct tfu_mark mark;
};

/* Reads a mapping of axes to values, a list of these, or a range. Names that no axis and no value
 * has are findings, but for values of an axis that a profile or the command line narrowed. */
void tfu_case_selection_read(struct tfu_load *l, struct tfu_case_selection *s, const char *path,
                             const struct tfu_node *n, const struct tfu_case_axis *axis,
                             size_t axes);
/* `value` is a case's number of a value by axis. */
bool tfu_case_selection_has(const struct tfu_case_selection *s, const uint32_t *value);

/* The axis with this name; SIZE_MAX after a finding at `m`, with advice. */
size_t tfu_axes_find(struct tfu_load *l, const char *path, struct tfu_mark m, const char *name,
                     const struct tfu_case_axis *axis, size_t axes);

#endif
