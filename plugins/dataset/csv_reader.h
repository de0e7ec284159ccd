/* SPDX-License-Identifier: MIT
 *
 * csv_reader.h - the rows of a table as RFC 4180 has them, one after the other, each field unquoted
 * where it lies. Written here since libraries for it (libcsv) copy each field, count no lines and
 * take bad quotes as they come.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_READER_H
#define TFU_PLUGINS_DATASET_CSV_READER_H

#include <stdbool.h>

#include "csv_text.h"

struct csv_reader {
    const char *path; /* for messages */
    char *at, *end;
    char delimiter;
    int64_t line;  /* where the next row begins */
    int64_t row;   /* where the row that was read begins */
    char **field;  /* of that row; at least as many as there are columns */
    size_t fields; /* of that row, as the file has them */
    size_t room;
    char **column; /* names, without blanks around them; "" has none */
    size_t columns;
};

/* Begins with the header: names of columns, no two the same, of which empty ones at the end are
 * left out. `path` and `t` must outlive it; the text is changed. */
enum tfu_status csv_reader_open(struct csv_reader *r, struct csv_text *t, const char *path,
                                char delimiter, struct tfu_dataset_host *h);
void csv_reader_close(struct csv_reader *r);

/* The next row, all of its columns, with blanks as the file has them; empty lines are passed over.
 * *found is false at the end. A row of too few fields is refused, and one of more unless those are
 * empty. */
enum tfu_status csv_reader_next(struct csv_reader *r, bool *found, struct tfu_dataset_host *h);

/* The index of a column; `what` says whose it is. TFU_EINVAL, with the nearest name and a list of
 * all: there is none. */
enum tfu_status csv_reader_column(const struct csv_reader *r, const char *name, const char *what,
                                  size_t *index, struct tfu_dataset_host *h);
/* ... or -1 */
int64_t csv_reader_find(const struct csv_reader *r, const char *name);

/* A field of the row without the blanks around it; changes it. */
char *csv_reader_trimmed(const struct csv_reader *r, size_t column);

#endif
