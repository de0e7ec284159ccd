/* SPDX-License-Identifier: MIT
 *
 * lettering.h - words in an image for people, in letters of one small size.
 */
#ifndef TFU_CORE_RESULT_LETTERING_H
#define TFU_CORE_RESULT_LETTERING_H

#include "core/result/image.h"

enum { TFU_LETTER_HEIGHT = 10, TFU_LETTER_WIDTH = 6 };

/* One line from its upper left corner on. Of a text that is wider than `width` pixels the end is
 * shown, behind two dots; what is not ASCII is a question mark. */
void tfu_image_letter(struct tfu_image *i, int64_t top, int64_t left, int64_t width,
                      const char *text, const unsigned char colour[3]);

#endif
