/* SPDX-License-Identifier: MIT
 *
 * database.h - the file of the index: opened as its file system allows, with its tables, and with
 * patience for others. Results are SQLite's, and some of ours. Private to this folder.
 */
#ifndef TFU_CORE_INDEX_DATABASE_H
#define TFU_CORE_INDEX_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "core/base/error.h"
#include "core/index/storage.h"

enum {
    TFU_DATABASE_FOREIGN = 10001, /* a database, but that of another program */
    TFU_DATABASE_NEWER = 10002,   /* of a later version of this one */
    TFU_DATABASE_STALE = 10003,   /* a row is not what it was when its files were read */
    TFU_DATABASE_NO_FILE = 10004  /* something else than a file: a folder, a pipe */
};

struct tfu_database {
    sqlite3 *handle;
    int64_t patience_ms;
    double waiting_since;
    uint64_t inode; /* of the file that was opened; 0: memory */
    bool fresh;     /* it was empty, and has our tables now */
};

/* NULL: one in memory. On failure there is nothing to close. */
int tfu_database_open(struct tfu_database *d, const char *path, enum tfu_storage storage,
                      int64_t patience_ms);
void tfu_database_close(struct tfu_database *d);

/* Copies all of the index at `path` into `d`, a fresh one in memory. */
int tfu_database_copy(struct tfu_database *d, const char *path);

/* BEGIN IMMEDIATE; 0 or why not. _end() commits when `rc` is 0, else rolls back; returns the first
 * that is not 0. */
int tfu_database_begin(struct tfu_database *d);
int tfu_database_end(struct tfu_database *d, int rc);

/* Reads all of it; SQLITE_CORRUPT where something is wrong. */
int tfu_database_check(struct tfu_database *d);

/* One or several statements without results. */
int tfu_database_do(struct tfu_database *d, const char *sql);
/* SQLITE_CORRUPT also where a table is not as this program makes it. */
int tfu_database_prepare(struct tfu_database *d, sqlite3_stmt **out, const char *sql);

/* "locked by another process for more than 5 s"; a sentence of SQLite's else. */
const char *tfu_database_why(const struct tfu_database *d, int rc, char text[128]);
/* Is it the file that is at fault, which is to be put aside? */
bool tfu_database_is_bad(int rc);
/* As an error of ours, of a question that could not be answered. */
enum tfu_status tfu_database_error(const struct tfu_database *d, int rc, struct tfu_error *e);

/* Texts that may be NULL, times that are -1 and numbers that are NaN when they are not known. */
void tfu_bind_text(sqlite3_stmt *s, int at, const char *text);
void tfu_bind_whole(sqlite3_stmt *s, int at, int64_t value);
void tfu_bind_number(sqlite3_stmt *s, int at, double value);
int64_t tfu_column_whole(sqlite3_stmt *s, int at);
double tfu_column_number(sqlite3_stmt *s, int at);
const char *tfu_column_text(sqlite3_stmt *s, int at);

#endif
