/* SPDX-License-Identifier: MIT
 *
 * shape.h - draws shapes into a plane, as the share of each pixel that they cover: what is there
 * stays where it is larger. Sizes and places are those of plane.h.
 */
#ifndef TFU_CORE_SYNTH_SHAPE_H
#define TFU_CORE_SYNTH_SHAPE_H

#include "core/synth/plane.h"

struct tfu_point {
    float x, y;
};

/* An ellipse, turned by `angle` (in turns). Its edge is soft over `soft` of its radius (0: sharp)
 * and ragged by noise of `ragged` of it. */
struct tfu_ellipse {
    float x, y, radius_x, radius_y, angle;
    float soft, ragged;
    uint32_t key; /* of the noise */
    float value;
};
void tfu_draw_ellipse(struct tfu_plane *p, const struct tfu_ellipse *shape);

/* A line through points, each with the width that it has there. `hollow` (0 to 1) of it is missing
 * in the middle, as of a tube that one looks through. Thinner than a pixel it is fainter. */
enum { TFU_PATH_MAX = 96 };
struct tfu_path {
    int count;
    struct tfu_point point[TFU_PATH_MAX];
    float width[TFU_PATH_MAX];
};
void tfu_path_add(struct tfu_path *path, float x, float y, float width);
void tfu_draw_path(struct tfu_plane *p, const struct tfu_path *path, float hollow, float value);

/* A smooth curve (Catmull and Rom) through `count` points, `steps` pieces between two of them;
 * widths go from `width` to `width_end`. */
void tfu_path_curve(struct tfu_path *out, const struct tfu_point *point, int count, int steps,
                    float width, float width_end);

/* The inside of a closed line. */
void tfu_draw_polygon(struct tfu_plane *p, const struct tfu_point *point, int count, float value);
/* Of a closed smooth curve through the points. */
void tfu_draw_region(struct tfu_plane *p, const struct tfu_point *point, int count, float value);

#endif
