/* SPDX-License-Identifier: MIT
 *
 * write.h - facts become rows, inside of a transaction of the caller's. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_WRITE_H
#define TFU_CORE_INDEX_WRITE_H

#include "core/index/database.h"
#include "core/index/facts.h"

struct tfu_index_writer;

/* Its statements and the names that it has met; of one connection. */
int tfu_index_writer_new(struct tfu_index_writer **out, struct tfu_database *d);
void tfu_index_writer_free(struct tfu_index_writer *w);

/* Puts the facts in the place of what is known of that run. TFU_DATABASE_STALE, with nothing
 * written: they go on from lines of metrics.csv that are not those that the index has, as another
 * process has been here in between. */
int tfu_index_write_run(struct tfu_index_writer *w, const struct tfu_facts *f);
/* A run that is gone. */
int tfu_index_write_gone(struct tfu_index_writer *w, int64_t row);

#endif
