/* SPDX-License-Identifier: MIT
 *
 * draw.h - one sample of one activation: which rows and channels, and their numbers, which are
 * taken from whole maps while the images go through.
 */
#ifndef TFU_CORE_STUDY_DRAW_H
#define TFU_CORE_STUDY_DRAW_H

#include <stdbool.h>

#include <transfuse/tensor.h>

#include "core/study/sample.h"

struct tfu_draw {
    int64_t height, width; /* of the grid: a cell is the mean over its part of the map */
    bool maps;             /* a row is the grid of an image; else it is one cell */
    int64_t *row;          /* of all images', ascending */
    int64_t rows;
    int64_t *channel;
    int64_t channels;
    int64_t next;  /* rows that are filled */
    int64_t first; /* row that data begins with: 0, or that behind the last handed on */
    float *data;   /* rows x channels, or rows x height x width x channels */
};

struct tfu_draw_request {
    const struct tfu_sampling *sampling;
    int64_t number; /* of the draw */
    const char *node;
    int64_t channels, images; /* to choose from */
    int64_t room;             /* images whose rows are held at once; at least 1 */
};

/* Chooses; grid and `maps` are set. What fails is to be freed likewise. */
enum tfu_status tfu_draw_choose(struct tfu_draw *d, const struct tfu_draw_request *request,
                                struct tfu_error *e);
void tfu_draw_free(struct tfu_draw *d);

/* Takes the rows that lie in images first..first + count - 1, of the maps of these images N,H,W,C.
 */
void tfu_draw_fill(struct tfu_draw *d, const struct tfu_shape *map, const float *activation,
                   int64_t first, int64_t count);
/* The first `rows` rows of its data. */
struct tfu_tensor tfu_draw_tensor(const struct tfu_draw *d, int64_t rows);

#endif
