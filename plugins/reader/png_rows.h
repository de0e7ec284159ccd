/* SPDX-License-Identifier: MIT
 *
 * png_rows.h - the rows of a plain PNG file at once, faster than libpng has them one by one. What
 * it is not sure of it leaves to libpng.
 */
#ifndef TFU_PLUGINS_READER_PNG_ROWS_H
#define TFU_PLUGINS_READER_PNG_ROWS_H

#include <stddef.h>

/* What libpng's header says of a file that is not interlaced, of 8 or 16 bits, and neither has a
 * palette nor a transparent colour. */
struct png_rows {
    const unsigned char *bytes; /* of the whole file */
    size_t size;
    size_t rows;
    size_t row, pixel; /* bytes of each */
    int has_words;     /* 16 bits: they are put in the machine's order */
};

/* Fills `out`, rows x row bytes. False: something is unusual or damaged, and libpng is to look at
 * it; `out` may have anything. Checksums are checked as libpng does. */
int png_rows_read(const struct png_rows *p, unsigned char *out);

#endif
