/* SPDX-License-Identifier: MIT
 *
 * sample.h - which rows and channels of an activation are looked at.
 *
 * A row is a cell of a grid laid over the image: of a convolution's own height and width every
 * position, of 1 x 1 the mean over the image. CCA grows with channels / rows, so both numbers are
 * held fixed for all that is compared. A draw depends on (seed, number of the draw, grid) for rows
 * and on (seed, number of the draw, node, its channels) for channels: the same node of two networks
 * is looked at in the same places and the same channels.
 */
#ifndef TFU_CORE_STUDY_SAMPLE_H
#define TFU_CORE_STUDY_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

struct tfu_sampling {
    int64_t rows;     /* of a draw, at most */
    int64_t channels; /* of a draw, at most; 0: all */
    int64_t draws;
    bool same_rows; /* every draw looks at the rows of the first */
    uint64_t seed;
};

/* Rows out of images * height * width, numbered in that order; `*row` is ascending and to be freed.
 * All of them, when there are not more. */
enum tfu_status tfu_sample_rows(int64_t **row, int64_t *count, const struct tfu_sampling *s,
                                int64_t draw, int64_t images, int64_t height, int64_t width,
                                struct tfu_error *e);

/* Channels out of `channels` of `node`, ascending, to be freed. */
enum tfu_status tfu_sample_channels(int64_t **channel, int64_t *count, const struct tfu_sampling *s,
                                    int64_t draw, const char *node, int64_t channels,
                                    struct tfu_error *e);

#endif
