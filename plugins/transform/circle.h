/* SPDX-License-Identifier: MIT
 *
 * circle.h - the circle on which most of some points lie: the best of those through three of them,
 * then least squares of the points near it.
 */
#ifndef TFU_PLUGINS_TRANSFORM_CIRCLE_H
#define TFU_PLUGINS_TRANSFORM_CIRCLE_H

#include <math.h>

#include <transfuse/random.h>

struct circle_point {
    double y, x;
};

struct circle {
    double y, x, radius;
};

/* Is it this near to the circle's line? */
static inline int circle_has(const struct circle *c, const struct circle_point *p, double tolerance)
{
    const double y = p->y - c->y, x = p->x - c->x;
    return fabs(sqrt(y * y + x * x) - c->radius) <= tolerance;
}

static inline int64_t circle_count(const struct circle *c, const struct circle_point *p, int64_t n,
                                   double tolerance)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++)
        count += circle_has(c, &p[i], tolerance);
    return count;
}

/* The circle that solves y^2 + x^2 = a y + b x + c in the sense of least squares for all points
 * that are near `near` (Kasa 1976); `near` NULL: all of them. False: they are on a line. */
static inline int circle_fit(struct circle *out, const struct circle_point *p, int64_t n,
                             const struct circle *near, double tolerance)
{
    double count = 0, mean_y = 0, mean_x = 0, yy = 0, yx = 0, xx = 0, y3 = 0, x3 = 0;
    for (int64_t i = 0; i < n; i++)
        if (!near || circle_has(near, &p[i], tolerance)) {
            count++;
            mean_y += p[i].y;
            mean_x += p[i].x;
        }
    mean_y /= count;
    mean_x /= count;
    for (int64_t i = 0; i < n; i++) {
        if (near && !circle_has(near, &p[i], tolerance))
            continue;
        const double y = p[i].y - mean_y, x = p[i].x - mean_x, square = y * y + x * x;
        yy += y * y;
        yx += y * x;
        xx += x * x;
        y3 += y * square;
        x3 += x * square;
    }
    const double determinant = yy * xx - yx * yx;
    if (!(determinant > 1e-9 * yy * xx) || count < 3)
        return 0;
    const double y = (y3 * xx - x3 * yx) / determinant / 2;
    const double x = (x3 * yy - y3 * yx) / determinant / 2;
    *out = (struct circle){mean_y + y, mean_x + x, sqrt(y * y + x * x + (yy + xx) / count)};
    return 1;
}

/* Which three are tried does not depend on the example: the same points give the same circle.
 * False: they are on no circle of a radius from `least` to `most`. */
static inline int circle_find(struct circle *out, const struct circle_point *p, int64_t n,
                              double least, double most, double tolerance)
{
    enum { ATTEMPTS = 200, REFINEMENTS = 5 };
    int64_t best = 0;
    for (uint64_t i = 0; n >= 3 && i < ATTEMPTS; i++) {
        const struct tfu_random_block b = tfu_philox(0, i);
        const struct circle_point three[] = {p[b.word[0] % (uint64_t)n], p[b.word[1] % (uint64_t)n],
                                             p[b.word[2] % (uint64_t)n]};
        struct circle c;
        if (!circle_fit(&c, three, 3, NULL, 0) || !(c.radius >= least) || !(c.radius <= most))
            continue;
        const int64_t count = circle_count(&c, p, n, tolerance);
        if (count > best) {
            best = count;
            *out = c;
        }
    }
    for (int i = 0; best && i < REFINEMENTS; i++) {
        const struct circle near = *out;
        if (!circle_fit(out, p, n, &near, tolerance))
            *out = near;
    }
    return best > 0 && out->radius >= least && out->radius <= most;
}

#endif
