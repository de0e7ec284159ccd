/* SPDX-License-Identifier: MIT
 *
 * opened.h - an opened index from inside. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_OPENED_H
#define TFU_CORE_INDEX_OPENED_H

#include "core/base/arena.h"
#include "core/base/log.h"
#include "core/index/database.h"
#include "core/index/row.h"

struct tfu_index {
    struct tfu_database database;
    struct tfu_log *log;
    enum tfu_storage storage;
    int64_t patience_ms;
    char *store, *path;
    struct tfu_arena arena;
    struct tfu_index_run *run; /* by path */
    struct tfu_opened_row {
        int64_t row;
        size_t place;
    } * by_row;
    const char *sweep;               /* whose axes are meant; NULL: those of all */
    struct tfu_index_column *column; /* those that were asked for */
    struct tfu_index_tally tally;
};

/* Loads all runs. */
int tfu_opened_load(struct tfu_index *x);
/* The run with that row, by its place; SIZE_MAX: it is not among those that were loaded. */
size_t tfu_opened_find_row(const struct tfu_index *x, int64_t row);

#endif
