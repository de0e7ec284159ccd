/* SPDX-License-Identifier: MIT
 *
 * image.h - small images for people: pixels of 8 bits, grids of them, maps as colours, PNG files.
 */
#ifndef TFU_CORE_RESULT_IMAGE_H
#define TFU_CORE_RESULT_IMAGE_H

#include <stdint.h>

#include "core/base/error.h"

struct tfu_image {
    int64_t height, width;
    unsigned char *pixel; /* height x width x 3: red, green, blue */
};

/* White. TFU_EINVAL: more than TFU_IMAGE_SIDE_MAX pixels in a direction. */
enum { TFU_IMAGE_SIDE_MAX = 16384 };
enum tfu_status tfu_image_new(struct tfu_image *out, int64_t height, int64_t width,
                              struct tfu_error *e);
void tfu_image_free(struct tfu_image *i);

/* From `channels` numbers a pixel, of which `low` becomes black and `high` white; they may be
 * equal, then all is gray. Three channels are red, green, blue; of any other number the mean is
 * shown in gray. What is not finite is black. */
void tfu_image_from_numbers(struct tfu_image *i, const float *numbers, int64_t channels, double low,
                            double high);
/* A map of height x width of 0 to 1 as colours (viridis, as in heat maps) over the image in gray;
 * `share` of the colour is the map's. */
void tfu_image_overlay(struct tfu_image *i, const float *map, double share);

/* Tiles of one size in rows of `columns`, each pixel `scale` wide and high, `gap` bluish pixels
 * between and around them: no tile in gray has that colour. */
enum tfu_status tfu_image_grid(struct tfu_image *out, const struct tfu_image *tile, int64_t count,
                               int64_t columns, int64_t scale, int64_t gap, struct tfu_error *e);

/* A PNG of 8 bits, without a date: the same pixels give the same bytes. */
enum tfu_status tfu_image_write(const struct tfu_image *i, const char *path, struct tfu_error *e);

#endif
