/* SPDX-License-Identifier: MIT
 *
 * prepare.h - a raw image prepared as a model file says: the numbers of the transforms `resize` and
 * `normalise`, to the last bit.
 */
#ifndef TFU_CORE_INFER_PREPARE_H
#define TFU_CORE_INFER_PREPARE_H

#include "core/infer/model.h"

/* H,W,C in C order; integers stand for 0 to 1. */
struct tfu_raw_image {
    const void *pixels;
    uint32_t dtype; /* TFU_U8, TFU_U16 or TFU_F32 */
    int64_t height, width, channels;
};

/* `out` has room for the H,W,C of an input of the network, `dim`. Gray becomes colours and back as
 * when files are read; alpha is dropped. */
enum tfu_status tfu_model_prepare(const struct tfu_model_prepare *p, const int64_t dim[3],
                                  const struct tfu_raw_image *image, float *out,
                                  struct tfu_error *e);

#endif
