/* SPDX-License-Identifier: MIT
 *
 * ends.h - names at the ends of lines, which say more than a legend where they fit: one below the
 * other, each near the end that it belongs to.
 */
#ifndef TFU_CORE_RESULT_ENDS_H
#define TFU_CORE_RESULT_ENDS_H

#include <stdbool.h>
#include <stddef.h>

enum { TFU_ENDS_MOST = 8 }; /* more lines have a legend */

/* Lengths from the top left of the canvas. */
struct tfu_end {
    size_t series;
    double x, y;   /* where its line ends */
    double middle; /* of its name, from the top */
};

/* Sets `middle` of each, no two nearer than `apart`, in the order of their `y`, within top and
 * bottom; false where one would be further than `most` from its end. */
bool tfu_ends_spread(struct tfu_end *end, size_t count, double apart, double top, double bottom,
                     double most);

#endif
