/* SPDX-License-Identifier: MIT
 *
 * Bends images by a cubic B-spline whose control points are moved by chance, as Pasa et al.
 * ("Efficient deep network architectures for fast chest X-ray tuberculosis screening and
 * visualization", Scientific Reports 9, 2019) augment theirs.
 */
#include "draw.h"
#include "warp.h"

enum { CELLS_MAX = 32, POINTS_MAX = CELLS_MAX + 3 };

struct config {
    int64_t cells;
    double displacement, p;
    int32_t filter;
    struct tfu_float_list fill;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT(struct config, cells, 4, 1, CELLS_MAX,
                "cells of the grid of control points in each direction; there are 3 more points"),
    TFU_OPT_FLOAT(struct config, displacement, 0.04, 0, 0.25,
                  "farthest way that a control point is moved in each direction, as a share of the "
                  "image's side"),
    OPT_P(struct config),
    OPT_WARP_FILTER(struct config),
    OPT_FILL(struct config),
};

/* The derivative of the displacement is at most 2 displacement cells in each direction, so that
 * below 1 the sum of both no two places come to lie upon each other. */
static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    const double most = 0.25 / (double)c->cells;
    *self = NULL;
    if (c->displacement < most)
        return take_options(self, config);
    return h->fail(h, TFU_EINVAL,
                   "displacement %g would fold the image over with %lld cells; set it below %g, or "
                   "use fewer cells",
                   c->displacement, (long long)c->cells, most);
}

static enum tfu_status shape(void *self, const struct tfu_shape *in, struct tfu_shape *out,
                             struct tfu_transform_host *h)
{
    const struct config *c = self;
    *out = *in;
    return check_fill(&c->fill, in->dim[2], h);
}

struct bend {
    double side[2]; /* of the image: y, x */
    int64_t cells;
    double point[POINTS_MAX][POINTS_MAX][2]; /* displacements in pixels */
};

/* Weights of four neighbouring control points, for a place in a cell from 0 to 1. */
static void spline(double t, double weight[4])
{
    const double left = 1 - t;
    weight[0] = left * left * left / 6;
    weight[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
    weight[2] = (3 * left * left * left - 6 * left * left + 4) / 6;
    weight[3] = t * t * t / 6;
}

/* The cell of a place, and where in it; outside the image as at its edge. */
static int64_t find_cell(double at, double side, int64_t cells, double *t)
{
    const double place = fmin(fmax(at / side, 0), 1) * (double)cells;
    const int64_t cell = (int64_t)fmin(floor(place), (double)(cells - 1));
    *t = place - (double)cell;
    return cell;
}

/* By how much what comes out at this place is away from where it comes from. */
static void displace(const struct bend *b, const double at[2], double by[2])
{
    double weight[2][4], t;
    int64_t cell[2];
    for (int k = 0; k < 2; k++) {
        cell[k] = find_cell(at[k], b->side[k], b->cells, &t);
        spline(t, weight[k]);
    }
    by[0] = by[1] = 0;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            const double *point = b->point[cell[0] + i][cell[1] + j];
            const double w = weight[0][i] * weight[1][j];
            by[0] += w * point[0];
            by[1] += w * point[1];
        }
}

static void back(const void *how, const double from[2], double to[2])
{
    double by[2];
    displace(how, from, by);
    to[0] = from[0] + by[0];
    to[1] = from[1] + by[1];
}

/* to + displacement(to) = from, whose right side contracts. */
static void forward(const void *how, const double from[2], double to[2])
{
    enum { STEPS = 40 };
    to[0] = from[0];
    to[1] = from[1];
    for (int i = 0; i < STEPS; i++) {
        double by[2];
        displace(how, to, by);
        to[0] = from[0] - by[0];
        to[1] = from[1] - by[1];
    }
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = draw_begin(h);
    int64_t height, width;
    const enum tfu_status st = image_size(x, h, &height, &width);
    if (st != TFU_OK || !draw_happens(&d, h, c->p))
        return st;
    struct bend b = {.side = {(double)height, (double)width}, .cells = c->cells};
    for (int64_t i = 0; i < c->cells + 3; i++)
        for (int64_t j = 0; j < c->cells + 3; j++)
            for (int k = 0; k < 2; k++)
                b.point[i][j][k] = draw_between(&d, -c->displacement, c->displacement) * b.side[k];
    return warp_example(&(struct warp){back, forward, &b, c->filter, &c->fill}, x, h);
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM | TFU_TRANSFORM_GEOMETRIC,
    .create = create,
    .destroy = leave_options,
    .shape = shape,
    .wanted = want_same,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "elastic",
    .version = "1.0",
    .summary = "bends images by a cubic B-spline whose control points are moved by chance",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
