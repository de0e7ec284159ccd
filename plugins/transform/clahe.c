/* SPDX-License-Identifier: MIT
 *
 * Contrast limited adaptive histogram equalisation (Zuiderveld, "Contrast limited adaptive
 * histogram equalization", Graphics Gems IV, 1994), as OpenCV does it: each tile of the image has a
 * table of its own, by a histogram that is cut off at a limit, and a pixel is between those of the
 * four tiles around it.
 */
#include "levels.h"
#include "reflect.h"
#include "take.h"

struct config {
    struct tfu_int_list tiles;
    double limit;
    int64_t levels;
    int32_t by;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT_LIST(struct config, tiles, 1, 256,
                     "rows and columns of tiles that an image is divided into; empty: [8, 8]"),
    TFU_OPT_FLOAT(struct config, limit, 2, 0, 1e6,
                  "most pixels of a level in a tile, as a multiple of their mean number; what is "
                  "above is shared out among all levels; 0: no limit"),
    TFU_OPT_INT(struct config, levels, 256, 2, 65536,
                "levels of the histograms; more than 256 for images of 16 bits"),
    TFU_OPT_ENUM(struct config, by, "value", levels_choices, LEVELS_HELP),
};

struct grid {
    int64_t rows, columns; /* of tiles */
    int64_t height, width; /* of a tile; the image is mirrored where the last ones reach beyond */
    int64_t levels;
};

static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    const struct config *c = config;
    *self = NULL;
    const enum tfu_status st =
        c->tiles.count ? check_two("tiles", "[rows, columns]", c->tiles.count, h) : TFU_OK;
    return st == TFU_OK ? take_options(self, config) : st;
}

/* ---- tables */

/* Cuts off what is above the limit and shares it out: the same to each level, and of what is left
 * one to every so many. */
static void cut(int64_t *count, int64_t levels, int64_t limit)
{
    int64_t above = 0;
    for (int64_t i = 0; i < levels; i++)
        if (count[i] > limit) {
            above += count[i] - limit;
            count[i] = limit;
        }
    const int64_t each = above / levels, left = above % levels;
    const int64_t step = left ? levels / left : 1;
    for (int64_t i = 0; i < levels; i++)
        count[i] += each;
    for (int64_t i = 0, given = 0; i < levels && given < left; i += step, given++)
        count[i]++;
}

/* The share of a tile's pixels that are of a level or below it, once cut. */
static void make_table(const struct grid *g, double limit, int64_t *count, float *table)
{
    const int64_t area = g->height * g->width;
    const double most = limit * (double)area / (double)g->levels;
    if (limit > 0 && most < (double)area)
        cut(count, g->levels, most > 1 ? (int64_t)most : 1);
    int64_t below = 0;
    for (int64_t i = 0; i < g->levels; i++) {
        below += count[i];
        table[i] = (float)((double)below / (double)area);
    }
}

static void count_tile(const struct grid *g, const uint16_t *level, int64_t height, int64_t width,
                       int64_t row, int64_t column, int64_t *count)
{
    memset(count, 0, (size_t)g->levels * sizeof *count);
    for (int64_t y = row * g->height; y < (row + 1) * g->height; y++)
        for (int64_t x = column * g->width; x < (column + 1) * g->width; x++)
            count[level[reflect(y, height) * width + reflect(x, width)]]++;
}

/* ---- pixels */

/* The two tiles around a place, and the share of the second. */
struct between {
    int64_t first, second;
    double share;
};

static struct between find_tiles(int64_t at, int64_t tile, int64_t tiles)
{
    const double place = (double)at / (double)tile - 0.5, below = floor(place);
    const int64_t first = (int64_t)below, second = first + 1;
    return (struct between){first < 0 ? 0 : first, second < tiles ? second : tiles - 1,
                            place - below};
}

static enum tfu_status clahe(const void *how, const uint16_t *level, int64_t height, int64_t width,
                             float *out, struct tfu_example_host *h)
{
    const struct config *c = how;
    const int64_t rows = c->tiles.count ? c->tiles.item[0] : 8;
    const int64_t columns = c->tiles.count ? c->tiles.item[1] : 8;
    const struct grid g = {.rows = rows,
                           .columns = columns,
                           .height = (height + rows - 1) / rows,
                           .width = (width + columns - 1) / columns,
                           .levels = c->levels};
    float *table = h->alloc(h, (size_t)(rows * columns * g.levels) * sizeof *table);
    int64_t *count = h->alloc(h, (size_t)g.levels * sizeof *count);
    if (!table || !count)
        return TFU_ENOMEM;
    for (int64_t i = 0; i < rows * columns; i++) {
        count_tile(&g, level, height, width, i / columns, i % columns, count);
        make_table(&g, c->limit, count, table + i * g.levels);
    }
    for (int64_t y = 0; y < height; y++) {
        const struct between r = find_tiles(y, g.height, rows);
        for (int64_t x = 0; x < width; x++) {
            const struct between k = find_tiles(x, g.width, columns);
            const float *of = table + level[y * width + x];
            const double a = (double)of[(r.first * columns + k.first) * g.levels];
            const double b = (double)of[(r.first * columns + k.second) * g.levels];
            const double d = (double)of[(r.second * columns + k.first) * g.levels];
            const double e = (double)of[(r.second * columns + k.second) * g.levels];
            out[y * width + x] = (float)((a * (1 - k.share) + b * k.share) * (1 - r.share) +
                                         (d * (1 - k.share) + e * k.share) * r.share);
        }
    }
    return TFU_OK;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    return levels_run(x, c->levels, c->by, clahe, c, h);
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .create = create,
    .destroy = leave_options,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "clahe",
    .version = "1.0",
    .summary = "equalises histograms of tiles of an image, with a limit to contrast",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
