/* SPDX-License-Identifier: MIT
 *
 * image_encode.h - pixels of 8 bits as the bytes of a file. Reading is for plugins.
 */
#ifndef TFU_CORE_IO_IMAGE_ENCODE_H
#define TFU_CORE_IO_IMAGE_ENCODE_H

#include <stddef.h>

#include "core/base/error.h"

struct tfu_pixels {
    int height, width, channels; /* 1: gray; 3: red, green, blue */
    const unsigned char *pixel;  /* height x width x channels */
};

/* Both: without a date, so that the same pixels give the same bytes from the same version of the
 * library; `*out` is to be freed. [any thread] */
enum tfu_status tfu_encode_png(const struct tfu_pixels *p, void **out, size_t *size,
                               struct tfu_error *e);
/* Quality from 1 to 100; colours at half the resolution, as cameras have them. */
enum tfu_status tfu_encode_jpeg(const struct tfu_pixels *p, int quality, void **out, size_t *size,
                                struct tfu_error *e);

#endif
