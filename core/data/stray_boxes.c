/* SPDX-License-Identifier: MIT */
#include "core/data/stray_boxes.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct tfu_stray_boxes {
    atomic_llong examples;
    atomic_flag seen[]; /* of each example: it is counted */
};

enum tfu_status tfu_stray_boxes_new(struct tfu_stray_boxes **out, int64_t examples,
                                    struct tfu_error *e)
{
    struct tfu_stray_boxes *b = malloc(sizeof *b + (size_t)examples * sizeof *b->seen);
    *out = b;
    if (!b)
        return tfu_error_memory(e, "opening a dataset", 0);
    atomic_init(&b->examples, 0);
    for (int64_t i = 0; i < examples; i++)
        atomic_flag_clear(&b->seen[i]);
    return TFU_OK;
}

void tfu_stray_boxes_free(struct tfu_stray_boxes *b)
{
    free(b);
}

static const float *find(const struct tfu_tensor *boxes, int64_t height, int64_t width)
{
    const float *at = boxes->data;
    for (int64_t i = 0; i < boxes->shape.dim[0]; i++, at += boxes->shape.dim[1])
        if (at[2] <= 0 || at[3] <= 0 || at[0] >= (float)height || at[1] >= (float)width)
            return at;
    return NULL;
}

bool tfu_stray_boxes_look(struct tfu_stray_boxes *b, int64_t index, const struct tfu_example *x,
                          float box[4])
{
    const struct tfu_tensor *image = tfu_example_find(x, TFU_FIELD_IMAGE);
    const struct tfu_tensor *boxes = tfu_example_find(x, TFU_FIELD_BOXES);
    const float *stray =
        image && boxes ? find(boxes, image->shape.dim[0], image->shape.dim[1]) : NULL;
    if (!stray || atomic_flag_test_and_set(&b->seen[index]))
        return false;
    memcpy(box, stray, 4 * sizeof *box);
    return atomic_fetch_add(&b->examples, 1) == 0;
}

int64_t tfu_stray_boxes_count(const struct tfu_stray_boxes *b)
{
    return atomic_load(&b->examples);
}
