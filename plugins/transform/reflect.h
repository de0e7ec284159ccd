/* SPDX-License-Identifier: MIT
 *
 * reflect.h - which pixel stands for one beyond the edge.
 */
#ifndef TFU_PLUGINS_TRANSFORM_REFLECT_H
#define TFU_PLUGINS_TRANSFORM_REFLECT_H

#include <stdint.h>

/* Mirrored at the middle of the first and of the last one, as often as needed: ... 2 1 0 1 2 ... */
static inline int64_t reflect(int64_t at, int64_t length)
{
    const int64_t period = 2 * (length - 1);
    if (length == 1)
        return 0;
    at %= period;
    at = at < 0 ? at + period : at;
    return at < length ? at : period - at;
}

#endif
