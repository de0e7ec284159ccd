/* SPDX-License-Identifier: MIT
 *
 * preprocessing.h - how the images were prepared that weights were trained on. Images here are
 * floats from 0 to 1 first; then each channel becomes (x - mean) / deviation.
 */
#ifndef TFU_CORE_IO_PREPROCESSING_H
#define TFU_CORE_IO_PREPROCESSING_H

#include <stdbool.h>

#include "core/base/text.h"
#include "core/io/safetensors.h"
#include "core/io/weights.h"

enum { TFU_PREPROCESSING_CHANNELS_MAX = 4, TFU_PREPROCESSING_NOTES = 4 };

struct tfu_preprocessing {
    size_t channels;
    double mean[TFU_PREPROCESSING_CHANNELS_MAX], deviation[TFU_PREPROCESSING_CHANNELS_MAX];
    const char *order; /* "rgb", "bgr" or "gray"; a constant */
};

/* The published ones: torchvision and timm (ImageNet's mean and deviation), inception (-1 to 1, of
 * Google's and Keras' Inception), keras_resnet (0 to 255 less a mean, blue first), none. False:
 * there is none of that name; tfu_preprocessing_names() lists them, NULL last. */
bool tfu_preprocessing_named(const char *name, struct tfu_preprocessing *out);
const char *const *tfu_preprocessing_names(void);

/* From the notes "preprocessing.mean", ".deviation" (numbers with commas between), ".channels" and
 * ".scale": "1/255", or "1" where the numbers are for images from 0 to 255. *found: it has them.
 * TFU_ECORRUPT: not as they are written here. */
enum tfu_status tfu_preprocessing_from_notes(struct tfu_preprocessing *out, bool *found,
                                             const struct tfu_weights *w, struct tfu_error *e);
/* The same notes, to be written; their texts are in `text`, one after another. */
void tfu_preprocessing_notes(const struct tfu_preprocessing *p,
                             struct tfu_safetensors_note note[TFU_PREPROCESSING_NOTES],
                             struct tfu_text text[2]);

/* "(x - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225], rgb" */
void tfu_preprocessing_text(const struct tfu_preprocessing *p, struct tfu_text *out);
/* Do both make the same numbers, to float's precision? */
bool tfu_preprocessing_equal(const struct tfu_preprocessing *a, const struct tfu_preprocessing *b);

#endif
