/* SPDX-License-Identifier: MIT
 *
 * perceptual.h - a hash of what an image looks like: images that were stored once more, brighter or
 * of another size have hashes that differ in a few bits.
 *
 * The sign of each of the 16 x 16 lowest frequencies of the discrete cosine transform of the image
 * in gray at 64 x 64, against their median (the pHash of Zauner 2010, with 256 bits for 64: X-rays
 * are much alike).
 */
#ifndef TFU_CORE_AUDIT_PERCEPTUAL_H
#define TFU_CORE_AUDIT_PERCEPTUAL_H

#include "core/base/error.h"

enum { TFU_PERCEPTUAL_WORDS = 4, TFU_PERCEPTUAL_BITS = 256 };

struct tfu_perceptual_hash {
    uint64_t word[TFU_PERCEPTUAL_WORDS];
};

/* Of floats H,W,C. [any thread] */
enum tfu_status tfu_perceptual_take(struct tfu_perceptual_hash *out, const float *pixels,
                                    int64_t height, int64_t width, int64_t channels,
                                    struct tfu_error *e);

/* Bits that differ. */
int tfu_perceptual_distance(const struct tfu_perceptual_hash *a,
                            const struct tfu_perceptual_hash *b);

#endif
