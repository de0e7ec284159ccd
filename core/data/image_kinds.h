/* SPDX-License-Identifier: MIT
 *
 * image_kinds.h - what has to be done to the image files of a dataset so that all look alike, and
 * how many of them there are of each sort: that a few among the gray ones are in colour is worth
 * knowing.
 */
#ifndef TFU_CORE_DATA_IMAGE_KINDS_H
#define TFU_CORE_DATA_IMAGE_KINDS_H

#include <stdint.h>

#include "core/base/text.h"

#include <transfuse/reader.h>

/* Of one image, as bits. */
enum {
    TFU_IMAGE_DEEP = 1u << 0,    /* more than 8 bits a number */
    TFU_IMAGE_FLOATS = 1u << 1,  /* numbers that are no integers */
    TFU_IMAGE_TO_GRAY = 1u << 2, /* colours become gray */
    TFU_IMAGE_TO_RGB = 1u << 3,  /* gray becomes three channels */
    TFU_IMAGE_ALPHA = 1u << 4,   /* transparency is left out */
    TFU_IMAGE_INKS = 1u << 5,    /* CMYK became RGB */
    TFU_IMAGE_TURNED = 1u << 6,  /* as the file says */
    TFU_IMAGE_BITS = 7
};

/* Of an image that a reader describes so, where `channels` are wanted (0: as they are), and it is
 * read with `flags` (TFU_READ_*). */
uint32_t tfu_image_traits(const struct tfu_reader_info *i, int64_t channels, uint32_t flags);

/* All zeros at first. */
struct tfu_image_kinds {
    int64_t images;
    int64_t of[TFU_IMAGE_BITS]; /* images that have bit i */
};

void tfu_image_kinds_add(struct tfu_image_kinds *k, uint32_t traits);
/* "of 120 images 3 become gray and 2 lose transparency"; nothing where there is nothing
 * to say. */
void tfu_image_kinds_put(const struct tfu_image_kinds *k, struct tfu_text *out);

#endif
