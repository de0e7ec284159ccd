/* SPDX-License-Identifier: MIT
 *
 * bad_images.h - files of images that cannot be read, and why, where they are left out of the data
 * (`on_bad_image: skip`).
 */
#ifndef TFU_CORE_DATA_BAD_IMAGES_H
#define TFU_CORE_DATA_BAD_IMAGES_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/text.h"

struct tfu_bad_images {
    char **reason; /* "image 'PATH': ..." of each file, in the order of the data */
    size_t count;
    int64_t examples; /* that are left out */
};

/* All zeros is an empty one. */
void tfu_bad_images_free(struct tfu_bad_images *b);
enum tfu_status tfu_bad_images_add(struct tfu_bad_images *b, const char *reason,
                                   struct tfu_error *e);
/* A line a file. */
void tfu_bad_images_text(const struct tfu_bad_images *b, struct tfu_text *out);

#endif
