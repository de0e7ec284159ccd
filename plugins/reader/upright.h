/* SPDX-License-Identifier: MIT
 *
 * upright.h - the orientation that cameras write into a file's EXIF data, and the way from a row
 * of the file to its place in the image as a viewer shows it.
 */
#ifndef TFU_PLUGINS_READER_UPRIGHT_H
#define TFU_PLUGINS_READER_UPRIGHT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    UPRIGHT_AS_IT_IS = 1,
    UPRIGHT_FIRST_TURNED = 5, /* from here to 8 rows of the file are columns of the image */
    UPRIGHT_LAST = 8
};

/* TIFF data in the order of bytes that its first two say. */
struct upright_tiff {
    const unsigned char *bytes;
    size_t size;
    int is_little;
};

/* 0 where there is nothing. */
static inline uint32_t upright_number(const struct upright_tiff *t, size_t at, size_t bytes)
{
    uint32_t v = 0;
    if (at > t->size || t->size - at < bytes)
        return 0;
    for (size_t i = 0; i < bytes; i++)
        v = v << 8 | t->bytes[t->is_little ? at + bytes - 1 - i : at + i];
    return v;
}

/* The orientation 1..8 that TIFF data as in EXIF name; 1 when they name none, or are damaged: they
 * are about the image, and not the image. */
static inline int upright_orientation(const void *bytes, size_t size)
{
    enum { TAG = 0x0112, ENTRY = 12, SHORT = 3, LONG = 4 };
    struct upright_tiff t = {.bytes = bytes, .size = size};
    if (size < 8 || (memcmp(bytes, "II*\0", 4) != 0 && memcmp(bytes, "MM\0*", 4) != 0))
        return UPRIGHT_AS_IT_IS;
    t.is_little = t.bytes[0] == 'I';
    const size_t folder = upright_number(&t, 4, 4);
    const uint32_t count = upright_number(&t, folder, 2);
    for (uint32_t i = 0; i < count; i++) {
        const size_t entry = folder + 2 + (size_t)i * ENTRY;
        const uint32_t type = upright_number(&t, entry + 2, 2);
        if (upright_number(&t, entry, 2) != TAG || (type != SHORT && type != LONG))
            continue;
        const uint32_t v = upright_number(&t, entry + 8, type == SHORT ? 2 : 4);
        return v >= UPRIGHT_AS_IT_IS && v <= UPRIGHT_LAST ? (int)v : UPRIGHT_AS_IT_IS;
    }
    return UPRIGHT_AS_IT_IS;
}

/* An image on its way out of a file. */
struct upright {
    int orientation;
    int64_t rows, columns; /* of the file */
    size_t pixel;          /* bytes */
};

static inline int upright_is_turned(int orientation)
{
    return orientation >= UPRIGHT_FIRST_TURNED;
}

/* An image that comes out as `height` x `width` pixels of so many bytes. */
static inline struct upright upright_of(int orientation, int64_t height, int64_t width,
                                        size_t pixel)
{
    const int is_turned = upright_is_turned(orientation);
    const struct upright u = {.orientation = orientation,
                              .rows = is_turned ? width : height,
                              .columns = is_turned ? height : width,
                              .pixel = pixel};
    return u;
}

/* Where pixel (row, column) of the file lies in the image, as a number of pixels. */
static inline int64_t upright_place(const struct upright *u, int64_t row, int64_t column)
{
    const int64_t last_row = u->rows - 1, last_column = u->columns - 1;
    switch (u->orientation) {
    case 2:
        return row * u->columns + last_column - column;
    case 3:
        return (last_row - row) * u->columns + last_column - column;
    case 4:
        return (last_row - row) * u->columns + column;
    case 5:
        return column * u->rows + row;
    case 6:
        return column * u->rows + last_row - row;
    case 7:
        return (last_column - column) * u->rows + last_row - row;
    case 8:
        return (last_column - column) * u->rows + row;
    default:
        return row * u->columns + column;
    }
}

/* Puts row `row` of the file into the image. */
static inline void upright_put(const struct upright *u, int64_t row, const unsigned char *from,
                               unsigned char *image)
{
    const int64_t first = upright_place(u, row, 0);
    const int64_t step = u->columns > 1 ? upright_place(u, row, 1) - first : 0;
    for (int64_t i = 0; i < u->columns; i++)
        memcpy(image + (size_t)(first + i * step) * u->pixel, from + (size_t)i * u->pixel,
               u->pixel);
}

#endif
