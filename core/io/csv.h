/* SPDX-License-Identifier: MIT
 *
 * csv.h - writes comma-separated values as RFC 4180 has them, lines ended by a line feed. Failure
 * is sticky in the stream: write as much as you like, check ferror() once.
 */
#ifndef TFU_CORE_IO_CSV_H
#define TFU_CORE_IO_CSV_H

#include <stdint.h>
#include <stdio.h>

struct tfu_csv {
    FILE *file;
    int fields; /* in the line so far */
};

/* A text; quoted when it has to be. */
void tfu_csv_text(struct tfu_csv *c, const char *text);
void tfu_csv_int(struct tfu_csv *c, int64_t value);
/* With `digits` significant digits, at most 17; nothing between the commas for NaN. */
void tfu_csv_number(struct tfu_csv *c, double value, int digits);
void tfu_csv_end_line(struct tfu_csv *c);

#endif
