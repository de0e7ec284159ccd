/* SPDX-License-Identifier: MIT */
#include "core/result/front.h"

#include <math.h>

static bool known(const struct tfu_figure_point *p)
{
    return isfinite(p->x) && isfinite(p->y);
}

/* Is `a` no worse than `b` in both, and better in one, or the same and earlier? */
static bool beats(const struct tfu_figure_point *a, const struct tfu_figure_point *b,
                  struct tfu_front_goal goal, bool earlier)
{
    const double x = goal.more_x ? a->x - b->x : b->x - a->x;
    const double y = goal.more_y ? a->y - b->y : b->y - a->y;
    return x >= 0 && y >= 0 && (x > 0 || y > 0 || earlier);
}

size_t tfu_front_find(const struct tfu_figure_point *point, size_t count,
                      struct tfu_front_goal goal, size_t *place)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        bool beaten = !known(&point[i]);
        for (size_t k = 0; k < count && !beaten; k++)
            beaten = k != i && known(&point[k]) && beats(&point[k], &point[i], goal, k < i);
        if (beaten)
            continue;
        size_t at = found++;
        for (; at > 0 && point[place[at - 1]].x > point[i].x; at--)
            place[at] = place[at - 1];
        place[at] = i;
    }
    return found;
}
