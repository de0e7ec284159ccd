/* SPDX-License-Identifier: MIT
 *
 * natural_texture.h - the ten textures and ten shapes as numbers at a place. Private to this
 * folder.
 */
#ifndef TFU_CORE_SYNTH_NATURAL_TEXTURE_H
#define TFU_CORE_SYNTH_NATURAL_TEXTURE_H

#include <stdint.h>

enum { TFU_TEXTURES = 10, TFU_SHAPES = 10 };
extern const char *const tfu_texture_names[TFU_TEXTURES];
extern const char *const tfu_shape_names[TFU_SHAPES];

/* 0 to 1 at a place where a repetition is about 1 long. */
float tfu_texture_at(int texture, uint32_t key, float u, float v);
/* How far inside the border of a shape of radius 1 a place is; negative: outside. */
float tfu_shape_at(int shape, float u, float v);

#endif
