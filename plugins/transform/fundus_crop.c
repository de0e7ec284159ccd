/* SPDX-License-Identifier: MIT
 *
 * Crops a photograph of the retina to the circle that the camera lights: its bounding square. What
 * is bright begins where it rises above the dark surround; the first and last bright pixel of each
 * row and column are points of the edge, those on the frame left out, and a circle is laid through
 * them. Where there is none the image is left whole.
 */
#include <stdlib.h>

#include "bright.h"
#include "circle.h"
#include "piece.h"

enum { LEVELS = 256, RUN = 3 }; /* RUN: bright pixels one behind the other that are no noise */

struct config {
    double threshold, margin;
    int32_t square;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, threshold, 0.12, 0.01, 0.9,
                  "a pixel belongs to the fundus if it is above this share of the way from what is "
                  "darkest to what is brightest in the image"),
    TFU_OPT_FLOAT(struct config, margin, 0, -0.5, 0.5,
                  "room that is left around the circle, in shares of its radius"),
    TFU_OPT_BOOL(struct config, square, 1,
                 "what comes out is square also where the frame cuts the circle, black outside; "
                 "else it ends at the frame"),
};

/* ---- light and dark */

/* The number below which this share of all pixels is. */
static int percentile(const int64_t count[LEVELS], int64_t pixels, double share)
{
    int64_t below = 0;
    for (int level = 0; level < LEVELS; level++) {
        below += count[level];
        if ((double)below >= share * (double)pixels)
            return level;
    }
    return LEVELS - 1;
}

/* Above which a pixel is bright; below 0: there is no dark surround. */
static double find_threshold(const struct config *c, const uint8_t *bright, int64_t pixels)
{
    const double least_contrast = 0.08 * 255;
    int64_t count[LEVELS] = {0};
    for (int64_t i = 0; i < pixels; i++)
        count[bright[i]]++;
    const double dark = percentile(count, pixels, 0.01), light = percentile(count, pixels, 0.9);
    return light - dark < least_contrast ? -1 : dark + c->threshold * (light - dark);
}

/* ---- the edge */

struct edge {
    struct circle_point *point;
    int64_t count;
};

/* A line of pixels, each `step` behind the one before. */
struct line {
    const uint8_t *first;
    int64_t length, step;
};

/* The first pixel of a run of bright ones, from the beginning or from the end; -1: there is none.
 */
static int64_t find_bright(const struct line *l, double threshold, int backward)
{
    int64_t run = 0;
    for (int64_t i = 0; i < l->length; i++) {
        const int64_t at = backward ? l->length - 1 - i : i;
        run = l->first[at * l->step] > threshold ? run + 1 : 0;
        if (run == RUN)
            return backward ? at + RUN - 1 : at - RUN + 1;
    }
    return -1;
}

/* Both ends of what is bright in a line, unless the frame cuts it there. */
static void add_ends(struct edge *e, const struct line *l, double threshold, int64_t number,
                     int column)
{
    for (int backward = 0; backward < 2; backward++) {
        const int64_t at = find_bright(l, threshold, backward);
        if (at < 1 || at >= l->length - 1)
            continue;
        const double along = (double)(at + backward), across = (double)number + 0.5;
        e->point[e->count++] =
            column ? (struct circle_point){along, across} : (struct circle_point){across, along};
    }
}

static enum tfu_status find_edge(struct edge *e, const uint8_t *bright, int64_t height,
                                 int64_t width, double threshold, struct tfu_example_host *h)
{
    e->count = 0;
    e->point = h->alloc(h, (size_t)(2 * (height + width)) * sizeof *e->point);
    if (!e->point)
        return TFU_ENOMEM;
    for (int64_t y = 0; y < height; y++)
        add_ends(e, &(struct line){bright + y * width, width, 1}, threshold, y, 0);
    for (int64_t x = 0; x < width; x++)
        add_ends(e, &(struct line){bright + x, height, width}, threshold, x, 1);
    return TFU_OK;
}

/* ---- the circle */

/* Bright pixels, as a share of those in the circle or of those outside. */
static void count_bright(const struct circle *c, const uint8_t *bright, int64_t height,
                         int64_t width, double threshold, double share[2])
{
    int64_t all[2] = {0, 0}, found[2] = {0, 0};
    for (int64_t y = 0; y < height; y++)
        for (int64_t x = 0; x < width; x++) {
            const double down = (double)y + 0.5 - c->y, right = (double)x + 0.5 - c->x;
            const int out = down * down + right * right > c->radius * c->radius;
            all[out]++;
            found[out] += bright[y * width + x] > threshold;
        }
    for (int k = 0; k < 2; k++)
        share[k] = all[k] ? (double)found[k] / (double)all[k] : 0;
}

/* The circle of the fundus, or why there is none. */
static enum tfu_status find_circle(const struct config *c, const struct tfu_tensor *image,
                                   struct circle *circle, const char **why,
                                   struct tfu_example_host *h)
{
    const int64_t height = image->shape.dim[0], width = image->shape.dim[1];
    const double shorter = (double)(height < width ? height : width);
    const double longer = (double)(height < width ? width : height);
    const uint8_t *bright = bright_of(image, h);
    if (!bright)
        return TFU_ENOMEM;
    struct edge edge;
    double share[2];
    const double threshold = find_threshold(c, bright, height * width);
    *why = "it has no dark surround";
    if (threshold < 0)
        return TFU_OK;
    const enum tfu_status st = find_edge(&edge, bright, height, width, threshold, h);
    if (st != TFU_OK)
        return st;
    if (edge.count < 16)
        return TFU_OK;
    *why = "what is bright in it is no circle";
    const double tolerance = 0.01 * shorter > 1 ? 0.01 * shorter : 1;
    if (!circle_find(circle, edge.point, edge.count, shorter / 4, longer, tolerance))
        return TFU_OK;
    count_bright(circle, bright, height, width, threshold, share);
    if (share[0] < 0.75 || share[1] > 0.15 ||
        (double)circle_count(circle, edge.point, edge.count, 2 * tolerance) <
            0.5 * (double)edge.count)
        return TFU_OK;
    *why = NULL;
    return TFU_OK;
}

/* The square around it, in whole pixels, or what the frame has of it. */
static struct piece square_around(const struct config *c, const struct circle *circle,
                                  int64_t height, int64_t width)
{
    const double radius = circle->radius * (1 + c->margin);
    const int64_t side = (int64_t)fmax(1, rint(2 * radius));
    struct piece p = {(int64_t)rint(circle->y - radius), (int64_t)rint(circle->x - radius), side,
                      side};
    if (c->square)
        return p;
    const int64_t bottom = piece_within(p.top + side, height);
    const int64_t right = piece_within(p.left + side, width);
    p.top = piece_within(p.top, height);
    p.left = piece_within(p.left, width);
    p.height = bottom - p.top;
    p.width = right - p.left;
    return p;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct circle circle;
    int64_t height, width;
    const char *why = NULL;
    enum tfu_status st = image_size(x, h, &height, &width);
    if (st == TFU_OK)
        st = find_circle(c, tfu_example_find(x, TFU_FIELD_IMAGE), &circle, &why, h);
    if (st != TFU_OK)
        return st;
    if (why) {
        h->note(h, "no fundus is found in an image of %lldx%lld, which is left whole: %s",
                (long long)height, (long long)width, why);
        return TFU_OK;
    }
    const struct piece piece = square_around(c, &circle, height, width);
    return piece_cut(x, &piece, &(struct tfu_float_list){NULL, 0}, h);
}

/* A circle is at least half as wide as the frame is high. Where it is smaller in the other
 * direction, what is cut out has fewer pixels than are wanted, as a small fundus has in any case.
 */
static void wanted(const void *self, int64_t size[2])
{
    (void)self;
    size[0] *= 2;
    size[1] *= 2;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_GEOMETRIC,
    .create = create_options,
    .destroy = leave_options,
    .shape = shape_of_each,
    .wanted = wanted,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "fundus_crop",
    .version = "1.0",
    .summary = "crops photographs of the retina to the circle that is lit",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
