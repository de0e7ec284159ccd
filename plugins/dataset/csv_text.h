/* SPDX-License-Identifier: MIT
 *
 * csv_text.h - the text of a table: a whole file in memory, unpacked where it is gzipped or the one
 * entry of a zip archive.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_TEXT_H
#define TFU_PLUGINS_DATASET_CSV_TEXT_H

#include <transfuse/dataset.h>

/* A table of more bytes is refused. */
#define CSV_TEXT_MAX ((size_t)1 << 30)

struct csv_text {
    char *bytes; /* with a NUL behind them, and none among them */
    size_t size;
};

/* UTF-8 without its byte order mark, or any other bytes but NUL. Nothing is to be freed after a
 * failure. */
enum tfu_status csv_text_read(struct csv_text *t, const char *path, struct tfu_dataset_host *h);
void csv_text_free(struct csv_text *t);

#endif
