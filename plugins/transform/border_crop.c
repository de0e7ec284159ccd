/* SPDX-License-Identifier: MIT
 *
 * Cuts off dark borders: rows and columns at the edges in which hardly a pixel is bright.
 */
#include "bright.h"
#include "piece.h"

struct config {
    double threshold, share;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, threshold, 0.05, 0, 1,
                  "a pixel is bright if one of its channels, from 0 to 1, is above this"),
    TFU_OPT_FLOAT(struct config, share, 0.01, 0, 1,
                  "a row or column belongs to the border if not more than this share of its pixels "
                  "is bright"),
};

/* First and end of the lines that have more than `least` bright pixels; end 0: none has. */
static void find_lines(const int64_t *bright, int64_t lines, double least, int64_t span[2])
{
    span[0] = span[1] = 0;
    for (int64_t i = lines; i-- > 0;)
        if ((double)bright[i] > least) {
            span[0] = i;
            span[1] = span[1] ? span[1] : i + 1;
        }
}

static enum tfu_status find_piece(const struct config *c, const struct tfu_tensor *image,
                                  struct piece *piece, struct tfu_example_host *h)
{
    const int64_t height = image->shape.dim[0], width = image->shape.dim[1];
    const uint8_t *bright = bright_of(image, h);
    int64_t *row = h->alloc(h, (size_t)(height + width) * sizeof *row), *column = row + height;
    if (!bright || !row)
        return TFU_ENOMEM;
    memset(row, 0, (size_t)(height + width) * sizeof *row);
    for (int64_t i = 0; i < height * width; i++)
        if (bright[i] > c->threshold * 255) {
            row[i / width]++;
            column[i % width]++;
        }
    int64_t rows[2], columns[2];
    find_lines(row, height, c->share * (double)width, rows);
    find_lines(column, width, c->share * (double)height, columns);
    *piece = (struct piece){rows[0], columns[0], rows[1] - rows[0], columns[1] - columns[0]};
    if (rows[1] && columns[1])
        return TFU_OK;
    *piece = (struct piece){0, 0, height, width};
    h->note(h, "an image of %lldx%lld is dark everywhere; it is left whole", (long long)height,
            (long long)width);
    return TFU_OK;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    int64_t height, width;
    struct piece piece;
    enum tfu_status st = image_size(x, h, &height, &width);
    if (st == TFU_OK)
        st = find_piece(self, tfu_example_find(x, TFU_FIELD_IMAGE), &piece, h);
    if (st != TFU_OK || (piece.height == height && piece.width == width))
        return st;
    return piece_cut(x, &piece, &(struct tfu_float_list){NULL, 0}, h);
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_GEOMETRIC,
    .create = create_options,
    .destroy = leave_options,
    .shape = shape_of_each,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "border_crop",
    .version = "1.0",
    .summary = "cuts off dark borders",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
