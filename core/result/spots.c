/* SPDX-License-Identifier: MIT */
#include "core/result/spots.h"

#include <math.h>

enum { CLEAR = 5, NEAR = 9, DIRECTIONS = 8, RINGS = 4, RING = 16 };

/* Right, left, above, below, and between these: where a reader looks for a name first. */
static const struct {
    int x, y;
} direction[DIRECTIONS] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {1, 1}, {-1, -1}, {-1, 1}};

/* Around a point that is `distance` away. */
static void try_place(struct tfu_spot *s, size_t way, double distance, double line)
{
    const int x = direction[way].x, y = direction[way].y;
    const double anchor = s->x + x * distance;
    s->left = x > 0 ? anchor : x < 0 ? anchor - s->width : anchor - s->width / 2;
    s->middle = s->y + y * (distance + (x == 0 ? line / 4 : 0));
}

static bool covers(const struct tfu_spot *name, double line, const struct tfu_spot *point)
{
    return point->x > name->left - CLEAR && point->x < name->left + name->width + CLEAR &&
           fabs(point->y - name->middle) < line / 2 + CLEAR / 2.0;
}

static bool overlaps(const struct tfu_spot *a, const struct tfu_spot *b, double line)
{
    return a->left < b->left + b->width + CLEAR && b->left < a->left + a->width + CLEAR &&
           fabs(a->middle - b->middle) < line;
}

static bool is_free(const struct tfu_spot *spot, size_t count, size_t i, struct tfu_spot_area area)
{
    const struct tfu_spot *s = &spot[i];
    if (s->left < area.left || s->left + s->width > area.right ||
        s->middle - area.line / 2 < area.top || s->middle + area.line / 2 > area.bottom)
        return false;
    for (size_t k = 0; k < count; k++)
        if (covers(s, area.line, &spot[k]) ||
            (k != i && spot[k].placed && overlaps(s, &spot[k], area.line)))
            return false;
    return true;
}

void tfu_spots_place(struct tfu_spot *spot, size_t count, struct tfu_spot_area area)
{
    for (size_t i = 0; i < count; i++)
        spot[i].placed = spot[i].far = false;
    for (size_t i = 0; i < count; i++) {
        struct tfu_spot *s = &spot[i];
        for (size_t ring = 0; s->width > 0 && !s->placed && ring < RINGS; ring++)
            for (size_t way = 0; !s->placed && way < DIRECTIONS; way++) {
                try_place(s, way, NEAR + (double)ring * RING, area.line);
                s->placed = is_free(spot, count, i, area);
                s->far = ring > 0;
            }
    }
}
