/* SPDX-License-Identifier: MIT */
#include "dicom_rle.h"

#include <stdint.h>

enum { HEADER = 64, MOST_SEGMENTS = 15 };

static size_t number(const unsigned char *b)
{
    return (size_t)b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16 | (size_t)b[3] << 24;
}

/* One byte of every sample, each `step` behind the last. */
static int decode_segment(const unsigned char *from, const unsigned char *end, size_t count,
                          unsigned char *out, size_t step)
{
    for (size_t done = 0; done < count;) {
        if (from == end)
            return 0;
        const unsigned code = *from++;
        size_t n = code < 128 ? code + 1u : 257u - code;
        if (code == 128)
            continue;
        if ((size_t)(end - from) < (code < 128 ? n : 1))
            return 0;
        for (size_t i = 0; i < n && done < count; i++, done++)
            out[done * step] = from[code < 128 ? i : 0];
        from += code < 128 ? n : 1;
    }
    return 1;
}

int dicom_rle_decode(const unsigned char *from, size_t size, size_t pixels, size_t samples,
                     size_t bytes, unsigned char *out)
{
    const size_t count = samples * bytes, step = count;
    const int one = 1;
    const int is_little = *(const char *)&one;
    if (size < HEADER || count > MOST_SEGMENTS || number(from) != count)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const size_t begins = number(from + 4 + 4 * i);
        const size_t ends = i + 1 < count ? number(from + 8 + 4 * i) : size;
        const size_t byte = is_little ? bytes - 1 - i % bytes : i % bytes; /* highest first */
        if (begins < HEADER || ends < begins || ends > size ||
            !decode_segment(from + begins, from + ends, pixels, out + i / bytes * bytes + byte,
                            step))
            return 0;
    }
    return 1;
}
