/* SPDX-License-Identifier: MIT
 *
 * spots.h - names beside points, so that none lies on another, on a point or outside of the plot.
 */
#ifndef TFU_CORE_RESULT_SPOTS_H
#define TFU_CORE_RESULT_SPOTS_H

#include <stdbool.h>
#include <stddef.h>

/* Lengths from the top left of the canvas. */
struct tfu_spot {
    double x, y;  /* what no name covers */
    double width; /* of its name; 0: it has none */
    bool placed;  /* there was room for its name */
    bool far;     /* ... but not beside it: a line leads there */
    double left, middle;
};

struct tfu_spot_area {
    double left, right, top, bottom;
    double line; /* a name's height */
};

/* One after the other, each as near as there is room. */
void tfu_spots_place(struct tfu_spot *spot, size_t count, struct tfu_spot_area area);

#endif
