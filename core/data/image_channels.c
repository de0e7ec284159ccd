/* SPDX-License-Identifier: MIT */
#include "core/data/image_channels.h"

#include <transfuse/tensor.h>

/* ITU-R 601-2: 0.299, 0.587 and 0.114, in 65536ths */
enum { RED = 19595, GREEN = 38470, BLUE = 7471, HALF = 0x8000, SHIFT = 16 };

/* Sums of 16-bit numbers need 33 bits. */
static uint64_t gray_of(uint64_t r, uint64_t g, uint64_t b)
{
    return (r * RED + g * GREEN + b * BLUE + HALF) >> SHIFT;
}

static double gray_of_floats(double r, double g, double b)
{
    return (r * RED + g * GREEN + b * BLUE) / (1 << SHIFT);
}

/* What gets smaller is done from the front, what grows from the back: nothing is written over that
 * is still to be read. */
#define CONVERT(type, number, gray)                                                                \
    static void convert_##type(type *x, int64_t count, int64_t from, int64_t to)                   \
    {                                                                                              \
        for (int64_t k = 0; k < count; k++) {                                                      \
            const int64_t i = to > from ? count - 1 - k : k;                                       \
            const type *p = x + i * from;                                                          \
            const type r = p[0], g = from > 2 ? p[1] : r, b = from > 2 ? p[2] : r;                 \
            type *q = x + i * to;                                                                  \
            if (to == 1) {                                                                         \
                q[0] = from > 2 ? (type)gray((number)r, (number)g, (number)b) : r;                 \
                continue;                                                                          \
            }                                                                                      \
            q[0] = r;                                                                              \
            q[1] = g;                                                                              \
            q[2] = b;                                                                              \
        }                                                                                          \
    }
CONVERT(uint8_t, uint64_t, gray_of)
CONVERT(uint16_t, uint64_t, gray_of)
CONVERT(float, double, gray_of_floats)

void tfu_image_channels(void *pixels, uint32_t dtype, int64_t count, int64_t from, int64_t to)
{
    if (from == to)
        return;
    if (dtype == TFU_U8)
        convert_uint8_t(pixels, count, from, to);
    else if (dtype == TFU_U16)
        convert_uint16_t(pixels, count, from, to);
    else
        convert_float(pixels, count, from, to);
}
