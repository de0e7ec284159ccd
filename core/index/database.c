/* SPDX-License-Identifier: MIT */
#include "core/index/database.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/path.h"
#include "core/base/text.h"

enum { APPLICATION = 0x54465549 /* "TFUI" */, VERSION = 3 };

/* Names of keys, values and series stand once; a run has numbers for them. */
static const char schema[] =
    "CREATE TABLE run(row INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
    " id TEXT NOT NULL, state TEXT NOT NULL, problem TEXT, started INTEGER, updated INTEGER,"
    " host TEXT, step INTEGER, steps INTEGER, seconds REAL, seed TEXT, arch TEXT, init TEXT,"
    " best TEXT, best_value REAL, best_step INTEGER, owner TEXT, owner_since INTEGER,"
    " stamp INTEGER NOT NULL, metrics_inode INTEGER NOT NULL, metrics_bytes INTEGER NOT NULL,"
    " metrics_lines INTEGER NOT NULL, metrics_step INTEGER NOT NULL, metrics_tail TEXT NOT NULL);"
    "CREATE TABLE key(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE value(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
    "CREATE TABLE config(key INTEGER NOT NULL, run INTEGER NOT NULL, value INTEGER NOT NULL,"
    " PRIMARY KEY(key, run)) WITHOUT ROWID;"
    "CREATE TABLE series(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE metric(run INTEGER NOT NULL, series INTEGER NOT NULL, step INTEGER NOT NULL,"
    " value REAL, note TEXT, PRIMARY KEY(run, series, step)) WITHOUT ROWID;"
    "CREATE TABLE score(series INTEGER NOT NULL, run INTEGER NOT NULL, last REAL,"
    " last_step INTEGER, note TEXT, low REAL, low_step INTEGER, high REAL, high_step INTEGER,"
    " PRIMARY KEY(series, run)) WITHOUT ROWID;"
    "CREATE TABLE artefact(run INTEGER NOT NULL, name TEXT NOT NULL, step INTEGER, bytes INTEGER,"
    " PRIMARY KEY(run, name)) WITHOUT ROWID;"
    "CREATE TABLE session(run INTEGER NOT NULL, number INTEGER NOT NULL, started INTEGER,"
    " step INTEGER, host TEXT, processor TEXT, version TEXT, threads INTEGER,"
    " PRIMARY KEY(run, number)) WITHOUT ROWID;"
    "CREATE TABLE sweep(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, stamp INTEGER NOT NULL,"
    " problem TEXT);"
    "CREATE TABLE axis(sweep INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,"
    " PRIMARY KEY(sweep, number)) WITHOUT ROWID;"
    "CREATE TABLE sweep_case(sweep INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT, key TEXT,"
    " run TEXT, stamp INTEGER, support INTEGER NOT NULL,"
    " PRIMARY KEY(sweep, number)) WITHOUT ROWID;"
    "CREATE TABLE case_value(sweep INTEGER NOT NULL, number INTEGER NOT NULL, axis TEXT NOT NULL,"
    " value TEXT NOT NULL, PRIMARY KEY(sweep, number, axis)) WITHOUT ROWID;";

static const char *const tables[] = {"run",    "key",        "value",     "config",  "series",
                                     "metric", "score",      "artefact",  "session", "sweep",
                                     "axis",   "sweep_case", "case_value"};

/* ---- patience */

/* Waits a little longer each time, and never as long as another who began to wait with us. */
static int wait_a_little(void *arg, int tries)
{
    struct tfu_database *d = arg;
    const double now = tfu_clock_seconds();
    if (tries == 0)
        d->waiting_since = now;
    if ((now - d->waiting_since) * 1000 >= (double)d->patience_ms)
        return 0;
    const long most = tries < 6 ? 2L << tries : 100; /* milliseconds */
    unsigned char chance[2];
    sqlite3_randomness(sizeof chance, chance);
    const long us = 500 + most * 1000 * (chance[0] * 256L + chance[1]) / 65536;
    const struct timespec pause = {us / 1000000, us % 1000000 * 1000};
    nanosleep(&pause, NULL);
    return 1;
}

/* ---- statements */

int tfu_database_do(struct tfu_database *d, const char *sql)
{
    return sqlite3_exec(d->handle, sql, NULL, NULL, NULL);
}

int tfu_database_prepare(struct tfu_database *d, sqlite3_stmt **out, const char *sql)
{
    const int rc = sqlite3_prepare_v2(d->handle, sql, -1, out, NULL);
    /* our own statement over our own tables: one of them is missing, or another than we made it */
    return rc == SQLITE_ERROR ? SQLITE_CORRUPT : rc;
}

int tfu_database_begin(struct tfu_database *d)
{
    return tfu_database_do(d, "BEGIN IMMEDIATE");
}

int tfu_database_end(struct tfu_database *d, int rc)
{
    if (rc == SQLITE_OK)
        rc = tfu_database_do(d, "COMMIT");
    if (rc != SQLITE_OK)
        tfu_database_do(d, "ROLLBACK");
    return rc;
}

int tfu_database_check(struct tfu_database *d)
{
    sqlite3_stmt *s = NULL;
    int rc = tfu_database_prepare(d, &s, "PRAGMA integrity_check(1)");
    if (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        const char *said = (const char *)sqlite3_column_text(s, 0);
        rc = said && strcmp(said, "ok") == 0 ? SQLITE_OK : SQLITE_CORRUPT;
    }
    sqlite3_finalize(s);
    return rc;
}

/* The first column of the first row, a number; -1: there is none. */
static int ask_number(struct tfu_database *d, const char *sql, int64_t *out)
{
    sqlite3_stmt *s = NULL;
    *out = -1;
    int rc = tfu_database_prepare(d, &s, sql);
    if (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        *out = sqlite3_column_int64(s, 0);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* ---- opening */

static int say_version(struct tfu_database *d)
{
    char sql[96];
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION,
             VERSION);
    return tfu_database_do(d, sql);
}

static int drop_tables(struct tfu_database *d)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < TFU_COUNT(tables); i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "DROP TABLE IF EXISTS %s", tables[i]);
        rc = tfu_database_do(d, sql);
    }
    return rc;
}

/* Whose is it, and which version? */
static int look_at_version(struct tfu_database *d, bool *empty, bool *ours)
{
    int64_t application, version, objects;
    int rc = ask_number(d, "SELECT count(*) FROM sqlite_master", &objects);
    if (rc == SQLITE_OK)
        rc = ask_number(d, "PRAGMA application_id", &application);
    if (rc == SQLITE_OK)
        rc = ask_number(d, "PRAGMA user_version", &version);
    if (rc != SQLITE_OK)
        return rc;
    *empty = objects == 0;
    *ours = application == APPLICATION && version == VERSION && !*empty;
    if (!*empty && application != APPLICATION)
        return TFU_DATABASE_FOREIGN;
    return application == APPLICATION && version > VERSION ? TFU_DATABASE_NEWER : SQLITE_OK;
}

/* Makes the tables, also over those of an earlier version; who comes second finds them made. */
static int make_tables(struct tfu_database *d)
{
    bool empty, ours;
    int rc = look_at_version(d, &empty, &ours);
    if (rc != SQLITE_OK || ours)
        return rc;
    rc = tfu_database_begin(d);
    if (rc != SQLITE_OK)
        return rc;
    rc = look_at_version(d, &empty, &ours);
    if (rc == SQLITE_OK && !ours) {
        d->fresh = true;
        rc = empty ? SQLITE_OK : drop_tables(d);
        if (rc == SQLITE_OK)
            rc = tfu_database_do(d, schema);
        if (rc == SQLITE_OK)
            rc = say_version(d);
    }
    return tfu_database_end(d, rc);
}

/* WAL, so that who reads and who writes do not wait for each other; it needs memory that all
 * processes share, which network file systems do not have. Changing over is tried again by hand,
 * as SQLite does not wait there. */
static int set_journal(struct tfu_database *d, enum tfu_storage storage)
{
    const char *sql =
        storage == TFU_STORAGE_LOCAL ? "PRAGMA journal_mode=WAL" : "PRAGMA journal_mode=DELETE";
    int rc, tries = 0;
    while ((rc = tfu_database_do(d, sql)) == SQLITE_BUSY && wait_a_little(d, tries))
        tries++;
    return rc == SQLITE_OK ? tfu_database_do(d, "PRAGMA synchronous=NORMAL;"
                                                "PRAGMA cell_size_check=ON;"
                                                "PRAGMA temp_store=MEMORY;"
                                                "PRAGMA cache_size=-65536")
                           : rc;
}

/* The file must be no link, which SQLite then wants of all that leads there, too: a store may well
 * lie behind one. NULL: there is no such folder, or no memory. */
static char *without_links(const char *path)
{
    const char *name = tfu_path_last(path);
    char *folder = name > path ? strndup(path, (size_t)(name - path)) : strdup(".");
    char *real = folder ? realpath(folder, NULL) : NULL;
    char *out = real ? tfu_path_join(real, name) : NULL;
    free(folder);
    free(real);
    return out;
}

static int open_handle(struct tfu_database *d, const char *path, int flags)
{
    int rc = sqlite3_open_v2(path, &d->handle, flags, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_handler(d->handle, wait_a_little, d);
    if (rc == SQLITE_OK) {
        sqlite3_extended_result_codes(d->handle, 0);
        /* a file that somebody made by hand is data, and must not make us run what it says */
        sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(d->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    }
    return rc;
}

/* Opening a pipe would wait for whoever writes it. */
static bool is_no_file(const char *path)
{
    struct stat info;
    return path && stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

int tfu_database_open(struct tfu_database *d, const char *path, enum tfu_storage storage,
                      int64_t patience_ms)
{
    *d = (struct tfu_database){.patience_ms = patience_ms};
    struct stat info;
    if (is_no_file(path))
        return TFU_DATABASE_NO_FILE;
    char *real = path ? without_links(path) : NULL;
    const char *file = real ? real : path;
    int rc = open_handle(d, file ? file : ":memory:",
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW);
    free(real);
    bool empty, ours;
    if (rc == SQLITE_OK && path)
        rc = look_at_version(d, &empty, &ours); /* before anything of another's file is changed */
    if (rc == SQLITE_OK && path)
        rc = set_journal(d, storage);
    if (rc == SQLITE_OK)
        rc = make_tables(d);
    if (path && stat(path, &info) == 0)
        d->inode = info.st_ino;
    if (rc != SQLITE_OK) {
        sqlite3_close(d->handle);
        d->handle = NULL;
    }
    return rc;
}

void tfu_database_close(struct tfu_database *d)
{
    sqlite3_close(d->handle);
    d->handle = NULL;
}

/* ---- a copy in memory */

static bool is_beside(const char *path, const char *end)
{
    char name[4096];
    const int n = snprintf(name, sizeof name, "%s%s", path, end);
    return n < 0 || (size_t)n >= sizeof name || access(name, F_OK) == 0;
}

/* "file:..." with what has a meaning there escaped. */
static bool put_uri(struct tfu_text *out, const char *path, bool immutable)
{
    tfu_text_puts(out, "file:");
    for (const char *c = path; *c; c++)
        tfu_text_printf(out, strchr("%?#", *c) ? "%%%02x" : "%c", *c);
    tfu_text_puts(out, immutable ? "?mode=ro&immutable=1" : "?mode=ro");
    return !out->failed;
}

int tfu_database_copy(struct tfu_database *d, const char *path)
{
    /* Without files beside it nobody has it open; then it can be read in a folder in which WAL's
     * own files cannot be made. */
    const bool quiet = !is_beside(path, "-wal") && !is_beside(path, "-journal");
    struct tfu_database from = {.patience_ms = d->patience_ms};
    struct tfu_text uri = TFU_TEXT_INIT;
    bool empty, ours = false;
    if (is_no_file(path))
        return TFU_DATABASE_NO_FILE;
    int rc = put_uri(&uri, path, quiet) ? SQLITE_OK : SQLITE_NOMEM;
    if (rc == SQLITE_OK)
        rc = open_handle(&from, tfu_text_get(&uri), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    if (rc == SQLITE_OK)
        rc = look_at_version(&from, &empty, &ours);
    if (rc == SQLITE_OK && !ours)
        rc = SQLITE_NOTADB;
    sqlite3_backup *b =
        rc == SQLITE_OK ? sqlite3_backup_init(d->handle, "main", from.handle, "main") : NULL;
    if (rc == SQLITE_OK)
        rc = b ? sqlite3_backup_step(b, -1) : SQLITE_ERROR;
    sqlite3_backup_finish(b);
    sqlite3_close(from.handle);
    tfu_text_free(&uri);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* ---- errors */

bool tfu_database_is_bad(int rc)
{
    return rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB || rc == TFU_DATABASE_FOREIGN;
}

const char *tfu_database_why(const struct tfu_database *d, int rc, char text[128])
{
    if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
        snprintf(text, 128, "another process has had it locked for %.3g s",
                 (double)d->patience_ms / 1000);
    else if (rc == TFU_DATABASE_FOREIGN)
        snprintf(text, 128, "it is the database of another program");
    else if (rc == TFU_DATABASE_NEWER)
        snprintf(text, 128, "a later version of this program made it");
    else if (rc == TFU_DATABASE_NO_FILE)
        snprintf(text, 128, "it is no file");
    else
        snprintf(text, 128, "%s", sqlite3_errstr(rc));
    return text;
}

enum tfu_status tfu_database_error(const struct tfu_database *d, int rc, struct tfu_error *e)
{
    char why[128];
    if (rc == SQLITE_NOMEM)
        return tfu_error_memory(e, "asking the index of runs", 0);
    return tfu_error_set(e, tfu_database_is_bad(rc) ? TFU_ECORRUPT : TFU_EIO,
                         "the index of runs cannot be asked: %s", tfu_database_why(d, rc, why));
}

/* ---- values */

void tfu_bind_text(sqlite3_stmt *s, int at, const char *text)
{
    sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC); /* NULL binds NULL */
}

void tfu_bind_whole(sqlite3_stmt *s, int at, int64_t value)
{
    if (value < 0)
        sqlite3_bind_null(s, at);
    else
        sqlite3_bind_int64(s, at, value);
}

void tfu_bind_number(sqlite3_stmt *s, int at, double value)
{
    sqlite3_bind_double(s, at, value); /* NaN binds NULL */
}

int64_t tfu_column_whole(sqlite3_stmt *s, int at)
{
    return sqlite3_column_type(s, at) == SQLITE_NULL ? -1 : sqlite3_column_int64(s, at);
}

double tfu_column_number(sqlite3_stmt *s, int at)
{
    return sqlite3_column_type(s, at) == SQLITE_NULL ? NAN : sqlite3_column_double(s, at);
}

const char *tfu_column_text(sqlite3_stmt *s, int at)
{
    return (const char *)sqlite3_column_text(s, at);
}
