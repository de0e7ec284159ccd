/* SPDX-License-Identifier: MIT */
#include "core/result/boxes.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/statistics.h"

/* The least x above `after` of a point that is there; NaN: none. */
static double next_x(const struct tfu_figure_series *s, double after)
{
    double next = NAN;
    for (size_t i = 0; i < s->count; i++) {
        const struct tfu_figure_point *p = &s->point[i];
        if (isfinite(p->x) && isfinite(p->y) && p->x > after && !(p->x >= next))
            next = p->x;
    }
    return next;
}

size_t tfu_boxes_count(const struct tfu_figure_series *s)
{
    size_t n = 0;
    for (double x = next_x(s, -INFINITY); !isnan(x); x = next_x(s, x))
        n++;
    return n;
}

size_t tfu_boxes_find(const struct tfu_figure_series *s, struct tfu_figure_point *box,
                      double *spare)
{
    size_t found = 0;
    for (double x = next_x(s, -INFINITY); !isnan(x); x = next_x(s, x)) {
        size_t n = 0;
        for (size_t i = 0; i < s->count; i++)
            if (s->point[i].x == x && isfinite(s->point[i].y))
                spare[n++] = s->point[i].y;
        qsort(spare, n, sizeof *spare, tfu_compare_doubles);
        box[found++] =
            (struct tfu_figure_point){x, tfu_quantile(spare, n, 0.5), tfu_quantile(spare, n, 0.25),
                                      tfu_quantile(spare, n, 0.75)};
    }
    return found;
}
