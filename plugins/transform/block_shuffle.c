/* SPDX-License-Identifier: MIT
 *
 * Cuts images into square blocks and puts these together in an order drawn by chance (Neyshabur,
 * Sedghi and Zhang, "What is being transferred in transfer learning?", NeurIPS 2020). Masks and
 * points go with their blocks; a box would come to lie in several, and is refused. What is no whole
 * block at the right and at the bottom stays.
 */
#include <math.h>
#include <string.h>

#include "draw.h"
#include "place.h"
#include "take.h"

struct config {
    struct tfu_int_list blocks;
    double p;
    int32_t always;
};

static const struct tfu_option options[] = {
    TFU_OPT_INT_LIST(
        struct config, blocks, 1, 65536,
        "sides of blocks in pixels, of which one is drawn for each example; empty: 16"),
    OPT_P(struct config),
    TFU_OPT_BOOL(struct config, always, 0,
                 "shuffle in evaluation too, all images in the same order of their blocks"),
};

struct blocks {
    int64_t side, rows, columns;
    int64_t *from; /* which block comes to lie at each place */
};

/* Every order is as likely as every other: Fisher and Yates. */
static enum tfu_status draw_order(struct blocks *b, struct draw *d, struct tfu_example_host *h)
{
    const int64_t count = b->rows * b->columns;
    b->from = h->alloc(h, (size_t)(count + 1) * sizeof *b->from);
    if (!b->from)
        return TFU_ENOMEM;
    for (int64_t i = 0; i < count; i++)
        b->from[i] = i;
    for (int64_t left = count; left > 1; left--) {
        const int64_t at = draw_below(d, left), keep = b->from[at];
        b->from[at] = b->from[left - 1];
        b->from[left - 1] = keep;
    }
    return TFU_OK;
}

static enum tfu_status move_pixels(const struct blocks *b, struct tfu_tensor *t,
                                   struct tfu_example_host *h)
{
    const int64_t height = t->shape.dim[0], width = t->shape.dim[1];
    const size_t pixel = pixel_size(t), bytes = (size_t)(height * width) * pixel;
    char *to = h->alloc(h, bytes);
    if (!to)
        return TFU_ENOMEM;
    memcpy(to, t->data, bytes);
    for (int64_t i = 0; i < b->rows * b->columns; i++)
        for (int64_t y = 0; y < b->side; y++) {
            const int64_t row = i / b->columns * b->side + y;
            const int64_t from_row = b->from[i] / b->columns * b->side + y;
            memcpy(to + (size_t)(row * width + i % b->columns * b->side) * pixel,
                   (const char *)t->data +
                       (size_t)(from_row * width + b->from[i] % b->columns * b->side) * pixel,
                   (size_t)b->side * pixel);
        }
    t->data = to;
    return TFU_OK;
}

/* A point on the line between two blocks is of the one behind it. */
static void move_point(const struct blocks *b, float *at)
{
    const double side = (double)b->side;
    const double row = floor((double)at[0] / side), column = floor((double)at[1] / side);
    if (!(row >= 0 && column >= 0 && row < (double)b->rows && column < (double)b->columns))
        return; /* outside of all blocks, or not known */
    const int64_t block = (int64_t)row * b->columns + (int64_t)column;
    int64_t to = 0;
    while (b->from[to] != block)
        to++;
    at[0] += (float)((double)(to / b->columns) * side - row * side);
    at[1] += (float)((double)(to % b->columns) * side - column * side);
}

static enum tfu_status move_field(const struct blocks *b, const struct tfu_field *f,
                                  struct tfu_example_host *h)
{
    if (has_pixels(f))
        return move_pixels(b, f->t, h);
    if (f->kind == TFU_FIELD_BOXES && f->t->shape.dim[0] > 0)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "a box cannot be cut into blocks; use images without boxes, or remove the "
                       "transform");
    for (int64_t i = 0; f->kind == TFU_FIELD_POINTS && i < f->t->shape.dim[0]; i++)
        move_point(b, (float *)f->t->data + i * POINT_COLUMNS);
    return TFU_OK;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = {.key = h->random ? h->key : 0};
    int64_t height, width;
    enum tfu_status st = image_size(x, h, &height, &width);
    if (st != TFU_OK || (h->random ? !draw_happens(&d, h, c->p) : !c->always))
        return st;
    const int64_t kinds = (int64_t)c->blocks.count;
    struct blocks b = {.side = kinds ? c->blocks.item[kinds > 1 ? draw_below(&d, kinds) : 0] : 16};
    b.rows = height / b.side;
    b.columns = width / b.side;
    st = draw_order(&b, &d, h);
    for (uint32_t i = 0; st == TFU_OK && i < x->field_count; i++)
        st = move_field(&b, x->field[i], h);
    return st;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM | TFU_TRANSFORM_GEOMETRIC,
    .create = create_options,
    .destroy = leave_options,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "block_shuffle",
    .version = "1.0",
    .summary = "puts the square blocks of images into an order drawn by chance",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
