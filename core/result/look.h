/* SPDX-License-Identifier: MIT
 *
 * look.h - how a series looks, by a number: its colour, and its mark, dash and fill, which tell it
 * apart where there is no colour. A name of which a report shows several figures has one number in
 * all of them.
 */
#ifndef TFU_CORE_RESULT_LOOK_H
#define TFU_CORE_RESULT_LOOK_H

#include "core/result/figure.h"

/* As gnuplot writes them. */
struct tfu_series_look {
    const char *colour;
    const char *ink; /* the same, dark enough for letters on white: a contrast of 4.5 or more */
    const char *dash;
    const char *width; /* of the line */
    const char *fill;  /* of a bar */
    int marker;        /* a point type */
};

/* Of a series that stands at `position` 0, 1, ... of its panel. */
struct tfu_series_look tfu_look_of(const struct tfu_figure_series *s, size_t position);

/* The look of `name` where `known` are all names that a report has, in the order in which they get
 * theirs: 1, 2, ...; 0, which is by position, of another name. */
size_t tfu_look_number(const char *const *known, size_t count, const char *name);

#endif
