/* SPDX-License-Identifier: MIT */
#include "core/study/draw.h"

#include <stdlib.h>

enum { BLOCK = 64 }; /* channels that are summed at a time */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Numbers beside its channels that a row has. */
static int64_t cells_of(const struct tfu_draw *d)
{
    return d->maps ? d->height * d->width : 1;
}

/* That an image has. */
static int64_t rows_of(const struct tfu_draw *d)
{
    return d->maps ? 1 : d->height * d->width;
}

enum tfu_status tfu_draw_choose(struct tfu_draw *d, const struct tfu_draw_request *request,
                                struct tfu_error *e)
{
    const struct tfu_draw_request *r = request;
    const int64_t height = d->maps ? 1 : d->height, width = d->maps ? 1 : d->width;
    enum tfu_status st =
        tfu_sample_rows(&d->row, &d->rows, r->sampling, r->number, r->images, height, width, e);
    if (st == TFU_OK)
        st = tfu_sample_channels(&d->channel, &d->channels, r->sampling, r->number, r->node,
                                 r->channels, e);
    if (st != TFU_OK)
        return st;
    const int64_t rows = least(d->rows, r->room * rows_of(d));
    const size_t n = (size_t)(rows * d->channels * cells_of(d));
    d->data = calloc(n + 1, sizeof *d->data);
    return d->data ? TFU_OK : tfu_error_memory(e, "capturing activations", n * sizeof *d->data);
}

void tfu_draw_free(struct tfu_draw *d)
{
    free(d->row);
    free(d->channel);
    free(d->data);
    *d = (struct tfu_draw){.row = NULL};
}

/* The mean over cell (i, j) of a grid, by the bounds of adaptive average pooling; a cell of a grid
 * as large as the map is one pixel. */
static void read_cell(float *to, const float *image, const struct tfu_shape *map, int64_t cell,
                      const struct tfu_draw *d)
{
    const int64_t height = map->dim[1], width = map->dim[2], channels = map->dim[3];
    const int64_t i = cell / d->width, j = cell % d->width;
    const int64_t top = i * height / d->height, left = j * width / d->width;
    const int64_t bottom = ((i + 1) * height + d->height - 1) / d->height;
    const int64_t right = ((j + 1) * width + d->width - 1) / d->width;
    const double area = (double)((bottom - top) * (right - left));
    for (int64_t first = 0; first < d->channels; first += BLOCK) {
        const int64_t n = least(BLOCK, d->channels - first);
        double sum[BLOCK] = {0};
        for (int64_t y = top; y < bottom; y++)
            for (int64_t x = left; x < right; x++)
                for (int64_t k = 0; k < n; k++)
                    sum[k] += (double)image[(y * width + x) * channels + d->channel[first + k]];
        for (int64_t k = 0; k < n; k++)
            to[first + k] = (float)(sum[k] / area);
    }
}

void tfu_draw_fill(struct tfu_draw *d, const struct tfu_shape *map, const float *activation,
                   int64_t first, int64_t count)
{
    const int64_t image_size = map->dim[1] * map->dim[2] * map->dim[3];
    const int64_t cells = cells_of(d), per_image = rows_of(d);
    for (; d->next < d->rows && d->row[d->next] < (first + count) * per_image; d->next++) {
        const int64_t image = d->row[d->next] / per_image, cell = d->row[d->next] % per_image;
        for (int64_t k = 0; k < cells; k++)
            read_cell(d->data + ((d->next - d->first) * cells + k) * d->channels,
                      activation + (image - first) * image_size, map, cell + k, d);
    }
}

struct tfu_tensor tfu_draw_tensor(const struct tfu_draw *d, int64_t rows)
{
    return (struct tfu_tensor){
        .struct_size = sizeof(struct tfu_tensor),
        .dtype = TFU_F32,
        .place = TFU_HOST,
        .shape = d->maps ? tfu_shape_make(4, rows, d->height, d->width, d->channels, 1)
                         : tfu_shape_make(2, rows, d->channels, 1, 1, 1),
        .data = d->data,
    };
}
