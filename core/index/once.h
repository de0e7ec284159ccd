/* SPDX-License-Identifier: MIT
 *
 * once.h - texts that stand once in a table of the index, which others name by their numbers: keys
 * of configurations, their values, names of series. Results are SQLite's. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_ONCE_H
#define TFU_CORE_INDEX_ONCE_H

#include "core/index/database.h"

/* One that was met. */
struct tfu_once_text {
    char *text;
    int64_t id;
    /* of a key of configurations: the value that the run before had, as most runs have the same */
    char *value;
    int64_t value_id;
};

struct tfu_once {
    struct tfu_database *database;
    sqlite3_stmt *find, *add;
    struct tfu_once_text *item; /* sorted */
    size_t count, room;
};

/* Of a table (id, `column`), to be closed in any case. */
int tfu_once_open(struct tfu_once *o, struct tfu_database *d, const char *table,
                  const char *column);
void tfu_once_close(struct tfu_once *o);

/* The number of a text, found in the table or added. */
int tfu_once_number(struct tfu_once *o, const char *text, int64_t *id);
/* The same, and it is not looked for a second time; `out` lasts until the next call. */
int tfu_once_meet(struct tfu_once *o, const char *text, struct tfu_once_text **out);

#endif
