/* SPDX-License-Identifier: MIT
 *
 * image_channels.h - gray to colours and back, without alpha.
 */
#ifndef TFU_CORE_DATA_IMAGE_CHANNELS_H
#define TFU_CORE_DATA_IMAGE_CHANNELS_H

#include <stdint.h>

/* `count` pixels in place: `from` channels (1 gray, 2 and alpha, 3 RGB, 4 and alpha) become `to`, 1
 * or 3. There is room for the larger of both. Of 8 bits the results are those of PIL's
 * convert("L") and convert("RGB"), of more bits likewise. `dtype`: TFU_U8, TFU_U16 or TFU_F32. */
void tfu_image_channels(void *pixels, uint32_t dtype, int64_t count, int64_t from, int64_t to);

#endif
