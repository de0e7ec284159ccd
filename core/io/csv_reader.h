/* SPDX-License-Identifier: MIT
 *
 * csv_reader.h - reads comma-separated values as RFC 4180 has them, a line at a time; also from a
 * file that somebody is still writing, where a last line without its end is no line yet.
 */
#ifndef TFU_CORE_IO_CSV_READER_H
#define TFU_CORE_IO_CSV_READER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/error.h"

enum { TFU_CSV_LINE_MAX = 1 << 20 }; /* bytes; a longer line is none of ours */

struct tfu_csv_reader {
    FILE *file; /* the caller's, at the beginning of a line */
    const char *path;
    bool finished; /* nobody writes it any more: its last line needs no end, and its quotes do */
    char **field;  /* of the line that was read */
    size_t count;
    int64_t line;  /* its number in the file, if the caller began with 0 there */
    int64_t bytes; /* of whole lines that were read, and what the caller began with */
    /* private */
    char *text;
    size_t length, capacity, room;
};

/* Reads a line; `*more` is false behind the last whole one. TFU_ECORRUPT, with file and line, for
 * what is no line of CSV, as is a quote that nothing closes in a finished file. */
enum tfu_status tfu_csv_reader_next(struct tfu_csv_reader *r, bool *more, struct tfu_error *e);
/* The number of column `name` of the line that was read, its head; -1: there is none. */
int tfu_csv_reader_column(const struct tfu_csv_reader *r, const char *name);
/* Frees what is private. */
void tfu_csv_reader_free(struct tfu_csv_reader *r);

#endif
