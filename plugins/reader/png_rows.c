/* SPDX-License-Identifier: MIT
 *
 * PNG (Third Edition), sections 5 and 9: chunks by libdeflate, filters here.
 */
#include "png_rows.h"

#include <libdeflate.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNATURE = 8, NAME = 4, HEADER = 8, CRC = 4 };
enum { NONE, SUB, UP, AVERAGE, PAETH }; /* filters */

/* ---- chunks */

static uint32_t number(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | (uint32_t)b[3];
}

/* The chunk at `*at`, its checksum checked; moves behind it. NULL: there is none that is whole. */
static const unsigned char *next_chunk(const struct png_rows *p, size_t *at, size_t *size)
{
    if (p->size - *at < HEADER + CRC)
        return NULL;
    const unsigned char *chunk = p->bytes + *at;
    const size_t n = number(chunk);
    if (n > p->size - *at - HEADER - CRC ||
        libdeflate_crc32(0, chunk + NAME, n + NAME) != number(chunk + HEADER + n))
        return NULL;
    *at += HEADER + n + CRC;
    *size = n;
    return chunk;
}

static int is_chunk(const unsigned char *chunk, const char name[NAME])
{
    return memcmp(chunk + NAME, name, NAME) == 0;
}

/* A chunk that one may do without: its name begins with a small letter. */
static int is_ancillary(const unsigned char *chunk)
{
    return (chunk[NAME] & 0x20) != 0;
}

struct packed {
    unsigned char *bytes; /* of all IDAT chunks, to be freed */
    size_t size;
};

/* All IDAT chunks, which follow one another; behind them nothing that matters, and IEND. */
static int gather(const struct png_rows *p, struct packed *out)
{
    size_t at = SIGNATURE, n;
    int was_data = 0;
    out->bytes = malloc(p->size);
    out->size = 0;
    for (const unsigned char *chunk; out->bytes && (chunk = next_chunk(p, &at, &n));) {
        const int is_data = is_chunk(chunk, "IDAT");
        if (is_data && out->size && !was_data)
            return 0;
        if (is_data) {
            memcpy(out->bytes + out->size, chunk + HEADER, n);
            out->size += n;
        } else if (is_chunk(chunk, "IEND")) {
            return out->size > 0;
        } else if (out->size && !is_ancillary(chunk)) {
            return 0;
        }
        was_data = is_data;
    }
    return 0;
}

/* ---- filters: `at` has a row as it was filtered, `up` the one above; `pixel` is a constant */

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE void undo_sub(const unsigned char *at, size_t row, size_t pixel, unsigned char *out)
{
    memcpy(out, at, pixel);
    for (size_t i = pixel; i < row; i++)
        out[i] = (unsigned char)(at[i] + out[i - pixel]);
}

static void undo_up(const unsigned char *at, const unsigned char *up, size_t row,
                    unsigned char *out)
{
    for (size_t i = 0; i < row; i++)
        out[i] = (unsigned char)(at[i] + up[i]);
}

ALWAYS_INLINE void undo_average(const unsigned char *at, const unsigned char *up, size_t row,
                                size_t pixel, unsigned char *out)
{
    for (size_t i = 0; i < pixel; i++)
        out[i] = (unsigned char)(at[i] + up[i] / 2);
    for (size_t i = pixel; i < row; i++)
        out[i] = (unsigned char)(at[i] + (out[i - pixel] + up[i]) / 2);
}

/* Of left, above and above left the one that is nearest to left + above - above left. */
ALWAYS_INLINE int nearest(int a, int b, int c)
{
    const int to_a = b - c, to_b = a - c;
    const int far_a = abs(to_a), far_b = abs(to_b), far_c = abs(to_a + to_b);
    const int best = far_b < far_a ? b : a, far = far_b < far_a ? far_b : far_a;
    return far_c < far ? c : best;
}

ALWAYS_INLINE void undo_paeth(const unsigned char *at, const unsigned char *up, size_t row,
                              size_t pixel, unsigned char *out)
{
    int left[8] = {0}, corner[8] = {0};
    for (size_t i = 0; i < row; i += pixel)
        for (size_t k = 0; k < pixel; k++) {
            const int above = up[i + k];
            left[k] = (at[i + k] + nearest(left[k], above, corner[k])) & 0xff;
            corner[k] = above;
            out[i + k] = (unsigned char)left[k];
        }
}

ALWAYS_INLINE int undo(int filter, const unsigned char *at, const unsigned char *up, size_t row,
                       size_t pixel, unsigned char *out)
{
    if (filter == SUB)
        undo_sub(at, row, pixel, out);
    else if (filter == AVERAGE)
        undo_average(at, up, row, pixel, out);
    else
        undo_paeth(at, up, row, pixel, out);
    return 1;
}

/* Those that look at the pixel to the left, for each size that there is. */
static int undo_row(int filter, const unsigned char *at, const unsigned char *up, size_t row,
                    size_t pixel, unsigned char *out)
{
    switch (pixel) {
    case 1:
        return undo(filter, at, up, row, 1, out);
    case 2:
        return undo(filter, at, up, row, 2, out);
    case 3:
        return undo(filter, at, up, row, 3, out);
    case 4:
        return undo(filter, at, up, row, 4, out);
    case 6:
        return undo(filter, at, up, row, 6, out);
    case 8:
        return undo(filter, at, up, row, 8, out);
    default:
        return 0;
    }
}

static void swap_words(unsigned char *row, size_t bytes)
{
    const uint64_t even = UINT64_C(0x00ff00ff00ff00ff);
    size_t i = 0;
    for (uint64_t x; i + sizeof x <= bytes; i += sizeof x) {
        memcpy(&x, row + i, sizeof x);
        x = (x & even) << 8 | (x >> 8 & even);
        memcpy(row + i, &x, sizeof x);
    }
    for (; i < bytes; i += 2) {
        const unsigned char first = row[i];
        row[i] = row[i + 1];
        row[i + 1] = first;
    }
}

static int undo_filters(const struct png_rows *p, const unsigned char *raw, unsigned char *out)
{
    const uint16_t one = 1;
    const int swaps = p->has_words && *(const unsigned char *)&one;
    unsigned char *none = calloc(1, p->row); /* above the first row */
    int ok = none != NULL;
    for (size_t y = 0; ok && y < p->rows; y++, raw += 1 + p->row) {
        unsigned char *to = out + y * p->row;
        const unsigned char *up = y ? to - p->row : none;
        if (raw[0] == NONE)
            memcpy(to, raw + 1, p->row);
        else if (raw[0] == UP)
            undo_up(raw + 1, up, p->row, to);
        else
            ok = raw[0] <= PAETH && undo_row(raw[0], raw + 1, up, p->row, p->pixel, to);
        if (swaps && y)
            swap_words(to - p->row, p->row); /* no longer looked at */
    }
    if (ok && swaps)
        swap_words(out + (p->rows - 1) * p->row, p->row);
    free(none);
    return ok;
}

int png_rows_read(const struct png_rows *p, unsigned char *out)
{
    struct packed packed;
    const size_t size = p->rows * (1 + p->row);
    unsigned char *raw = NULL;
    struct libdeflate_decompressor *d = NULL;
    int ok = gather(p, &packed);
    if (ok) {
        raw = malloc(size);
        d = libdeflate_alloc_decompressor();
        ok = raw && d &&
             libdeflate_zlib_decompress(d, packed.bytes, packed.size, raw, size, NULL) ==
                 LIBDEFLATE_SUCCESS;
    }
    ok = ok && undo_filters(p, raw, out);
    if (d)
        libdeflate_free_decompressor(d);
    free(raw);
    free(packed.bytes);
    return ok;
}
