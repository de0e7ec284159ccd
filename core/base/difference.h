/* SPDX-License-Identifier: MIT
 *
 * difference.h - how two texts differ, line by line.
 */
#ifndef TFU_CORE_BASE_DIFFERENCE_H
#define TFU_CORE_BASE_DIFFERENCE_H

#include "core/base/text.h"

/* Appends the lines that only `before` has as "  - line" and those that only `after` has as
 * "  + line", in order, separated by newlines and without one at the end. */
void tfu_text_difference(struct tfu_text *out, const char *before, const char *after);

#endif
