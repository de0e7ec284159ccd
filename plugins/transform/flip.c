/* SPDX-License-Identifier: MIT
 *
 * Mirrors images, each with a probability: left and right exchanged, or top and bottom.
 */
#include "draw.h"
#include "place.h"

struct config {
    double horizontal, vertical;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, horizontal, 0.5, 0, 1,
                  "probability with which left and right are exchanged"),
    TFU_OPT_FLOAT(struct config, vertical, 0, 0, 1,
                  "probability with which top and bottom are exchanged"),
};

/* Nothing has to be kept but the options. */
static enum tfu_status create(void **self, const void *config, struct tfu_transform_host *h)
{
    (void)h;
    *self = (void *)(uintptr_t)config;
    return TFU_OK;
}

static void destroy(void *self)
{
    (void)self;
}

/* The size stays: a smaller image will do here when it will do behind. */
static void wanted(const void *self, int64_t size[2])
{
    (void)self, (void)size;
}

static enum tfu_status mirror_pixels(struct tfu_tensor *t, int rows, int columns,
                                     struct tfu_example_host *h)
{
    const int64_t height = t->shape.dim[0], width = t->shape.dim[1];
    const size_t pixel = pixel_size(t), row = pixel * (size_t)width;
    const char *from = t->data;
    char *to = h->alloc(h, row * (size_t)height);
    if (!to)
        return TFU_ENOMEM;
    t->data = to;
    for (int64_t i = 0; i < height; i++) {
        const char *line = from + (size_t)(rows ? height - 1 - i : i) * row;
        for (int64_t j = 0; j < width; j++, to += pixel)
            memcpy(to, line + (size_t)(columns ? width - 1 - j : j) * pixel, pixel);
    }
    return TFU_OK;
}

static void swap(float *a, float *b)
{
    const float keep = *a;
    *a = *b;
    *b = keep;
}

/* A mirrored box has its edges exchanged: the left one is now the right one. */
static void order_edges(const struct tfu_tensor *boxes, int rows, int columns)
{
    for (int64_t k = 0; k < boxes->shape.dim[0]; k++) {
        float *box = (float *)boxes->data + k * BOX_COLUMNS;
        if (rows)
            swap(&box[0], &box[2]);
        if (columns)
            swap(&box[1], &box[3]);
    }
}

static enum tfu_status mirror(struct tfu_example *x, int rows, int columns,
                              struct tfu_example_host *h)
{
    int64_t height, width;
    enum tfu_status st = image_size(x, h, &height, &width);
    for (uint32_t i = 0; st == TFU_OK && i < x->field_count; i++)
        if (has_pixels(x->field[i]))
            st = mirror_pixels(x->field[i]->t, rows, columns, h);
    if (st != TFU_OK)
        return st;
    place_apply(x, &(struct place_move){
                       .scale = {rows ? -1 : 1, columns ? -1 : 1},
                       .shift = {rows ? (double)height : 0, columns ? (double)width : 0},
                   });
    for (uint32_t i = 0; i < x->field_count; i++)
        if (x->field[i]->kind == TFU_FIELD_BOXES)
            order_edges(x->field[i]->t, rows, columns);
    return TFU_OK;
}

static enum tfu_status run(const void *self, struct tfu_example *x, struct tfu_example_host *h)
{
    const struct config *c = self;
    struct draw d = draw_begin(h);
    const int columns = h->random && draw_unit(&d) < c->horizontal;
    const int rows = h->random && draw_unit(&d) < c->vertical;
    return rows || columns ? mirror(x, rows, columns, h) : TFU_OK;
}

static const struct tfu_transform_ops ops = {
    .struct_size = sizeof ops,
    .flags = TFU_TRANSFORM_RANDOM | TFU_TRANSFORM_GEOMETRIC,
    .create = create,
    .destroy = destroy,
    .wanted = wanted,
    .run = run,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_TRANSFORM),
    .name = "flip",
    .version = "1.0",
    .summary = "mirrors images by chance, left to right or top to bottom",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
