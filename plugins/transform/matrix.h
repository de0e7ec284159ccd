/* SPDX-License-Identifier: MIT
 *
 * matrix.h - rotating, scaling and shearing about the middle of an image, and moving it: a warp.
 */
#ifndef TFU_PLUGINS_TRANSFORM_MATRIX_H
#define TFU_PLUGINS_TRANSFORM_MATRIX_H

#include "exact.h"
#include "warp.h"

struct matrix {
    double m[2][2], inverse[2][2]; /* of (y, x) about the middle */
    double middle[2], shift[2];
};

static inline void matrix_forward(const void *how, const double from[2], double to[2])
{
    const struct matrix *a = how;
    const double y = from[0] - a->middle[0], x = from[1] - a->middle[1];
    for (int k = 0; k < 2; k++)
        to[k] = a->m[k][0] * y + a->m[k][1] * x + a->middle[k] + a->shift[k];
}

static inline void matrix_back(const void *how, const double from[2], double to[2])
{
    const struct matrix *a = how;
    const double y = from[0] - a->middle[0] - a->shift[0];
    const double x = from[1] - a->middle[1] - a->shift[1];
    for (int k = 0; k < 2; k++)
        to[k] = a->inverse[k][0] * y + a->inverse[k][1] * x + a->middle[k];
}

/* What is moved how, in degrees (clockwise) and pixels. */
struct matrix_of {
    double degrees, scale, shear_y, shear_x, shift_y, shift_x;
};

/* torchvision's affine(): with the angle r and the shears sx and sy, in (x, y)
 *     scale [cos(r - sy) / cos(sy)   -cos(r - sy) tan(sx) / cos(sy) - sin(r)]
 *           [sin(r - sy) / cos(sy)   -sin(r - sy) tan(sx) / cos(sy) + cos(r)]
 * of which the determinant is scale^2. */
static inline struct matrix matrix_make(const struct matrix_of *o, int64_t height, int64_t width)
{
    const struct exact_turn r = exact_degrees(o->degrees), sx = exact_degrees(o->shear_x);
    const struct exact_turn sy = exact_degrees(o->shear_y);
    const struct exact_turn less = exact_degrees(o->degrees - o->shear_y);
    const double tangent = sx.sine / sx.cosine;
    const double a = less.cosine / sy.cosine, c = less.sine / sy.cosine;
    const double b = -a * tangent - r.sine, d = -c * tangent + r.cosine;
    const double s = o->scale;
    return (struct matrix){
        .m = {{s * d, s * c}, {s * b, s * a}},
        .inverse = {{a / s, -c / s}, {-b / s, d / s}},
        .middle = {(double)height / 2, (double)width / 2},
        .shift = {o->shift_y, o->shift_x},
    };
}

#endif
