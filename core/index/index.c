/* SPDX-License-Identifier: MIT */
#include "core/index/index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/index/aside.h"
#include "core/index/opened.h"
#include "core/index/refresh.h"

enum { PATIENCE_MS = 5000, ATTEMPTS = 4 };

void tfu_index_close(struct tfu_index *x)
{
    if (!x)
        return;
    tfu_database_close(&x->database);
    tfu_arena_free(&x->arena);
    free(x->run);
    free(x->by_row);
    free(x->store);
    free(x->path);
    free(x);
}

const struct tfu_index_tally *tfu_index_tally(const struct tfu_index *x)
{
    return &x->tally;
}

const char *tfu_index_store(const struct tfu_index *x)
{
    return x->store;
}

size_t tfu_index_count(const struct tfu_index *x)
{
    return x->tally.runs;
}

const struct tfu_index_run *tfu_index_run(const struct tfu_index *x, size_t i)
{
    return &x->run[i];
}

/* ---- bringing it up to date, in the file or in memory */

static void say_storage(const struct tfu_index *x, const char *kind)
{
    tfu_log_write(x->log, TFU_LOG_NOTE,
                  "the store '%s' lies on %s, which other machines may share: its index is written "
                  "with a rollback journal, by one process at a time, and finished runs are known "
                  "by their names alone (`transfuse runs reindex` reads all of them again)",
                  x->store, kind);
}

static enum tfu_status refresh(struct tfu_index *x, bool rebuild, int *rc, struct tfu_error *e)
{
    struct tfu_refresh r = {.store = x->store,
                            .log = x->log,
                            .rebuild = rebuild,
                            .names_only = x->storage == TFU_STORAGE_NETWORK};
    const enum tfu_status st = tfu_refresh_run(&r, &x->database, rc, e);
    x->tally.read = r.read;
    x->tally.gone = r.gone;
    return st;
}

/* In the file; `*rc` says why not. */
static enum tfu_status try_file(struct tfu_index *x, const struct tfu_index_request *request,
                                const char *kind, int *rc, struct tfu_error *e)
{
    *rc = tfu_database_open(&x->database, x->path, x->storage, x->patience_ms);
    if (*rc != SQLITE_OK)
        return TFU_OK;
    if (x->database.fresh && x->storage == TFU_STORAGE_NETWORK)
        say_storage(x, kind);
    enum tfu_status st = TFU_OK;
    if (request->rebuild)
        *rc = tfu_database_check(&x->database);
    if (*rc == SQLITE_OK)
        st = refresh(x, request->rebuild, rc, e);
    if (st == TFU_OK && *rc == SQLITE_OK)
        *rc = tfu_opened_load(x);
    if (st != TFU_OK || *rc != SQLITE_OK)
        tfu_database_close(&x->database);
    return st;
}

static enum tfu_status use_memory(struct tfu_index *x, const struct tfu_index_request *request,
                                  int why, struct tfu_error *e)
{
    char text[128];
    tfu_log_write(x->log, TFU_LOG_NOTE,
                  "the index '%s' cannot be used (%s): the runs are listed from a copy in memory, "
                  "which takes longer",
                  x->path, tfu_database_why(&x->database, why, text));
    x->tally.memory = true;
    int rc = tfu_database_open(&x->database, NULL, x->storage, x->patience_ms);
    if (rc == SQLITE_OK && !request->rebuild && why != TFU_DATABASE_NEWER)
        if (tfu_database_copy(&x->database, x->path) != SQLITE_OK) {
            tfu_database_close(&x->database); /* half a copy is none */
            rc = tfu_database_open(&x->database, NULL, x->storage, x->patience_ms);
        }
    enum tfu_status st = TFU_OK;
    if (rc == SQLITE_OK)
        st = refresh(x, request->rebuild, &rc, e);
    if (st == TFU_OK && tfu_database_is_bad(rc)) { /* the copy of a damaged one */
        tfu_database_close(&x->database);
        rc = tfu_database_open(&x->database, NULL, x->storage, x->patience_ms);
        if (rc == SQLITE_OK)
            st = refresh(x, true, &rc, e);
    }
    if (st == TFU_OK && rc == SQLITE_OK)
        rc = tfu_opened_load(x);
    return st == TFU_OK && rc != SQLITE_OK ? tfu_database_error(&x->database, rc, e) : st;
}

static enum tfu_status bring_up(struct tfu_index *x, const struct tfu_index_request *request,
                                struct tfu_error *e)
{
    char kind[48];
    const enum tfu_storage asked = tfu_storage_of(x->store, kind);
    x->storage = request->storage == TFU_STORAGE_ASK ? asked : request->storage;
    x->patience_ms = request->patience_ms > 0 ? request->patience_ms : PATIENCE_MS;
    enum tfu_status st = TFU_OK;
    int rc = SQLITE_OK;
    for (int i = 0; i < ATTEMPTS; i++) {
        st = try_file(x, request, kind, &rc, e);
        if (st != TFU_OK || rc == SQLITE_OK || !tfu_database_is_bad(rc))
            break;
        if (!tfu_aside_put(x->path, x->database.inode, rc == TFU_DATABASE_FOREIGN, x->log))
            break;
    }
    return st == TFU_OK && rc != SQLITE_OK ? use_memory(x, request, rc, e) : st;
}

/* ---- opening */

static enum tfu_status check_store(const char *store, struct tfu_error *e)
{
    struct stat info;
    if (stat(store, &info) != 0 && errno == ENOENT)
        return tfu_error_set(e, TFU_ENOTFOUND,
                             "there is no store '%s', which is the folder that runs lie in; the "
                             "first run makes it",
                             store);
    if (stat(store, &info) != 0)
        return tfu_error_errno(e, errno, "cannot look at the store", store);
    return S_ISDIR(info.st_mode)
               ? TFU_OK
               : tfu_error_set(e, TFU_EINVAL, "the store '%s' is no folder", store);
}

enum tfu_status tfu_index_open(struct tfu_index **out, const struct tfu_index_request *request,
                               struct tfu_error *e)
{
    *out = NULL;
    enum tfu_status st = check_store(request->store, e);
    if (st != TFU_OK)
        return st;
    struct tfu_index *x = calloc(1, sizeof *x);
    if (!x)
        return tfu_error_memory(e, "opening the index of runs", 0);
    tfu_arena_init(&x->arena, 0);
    x->log = request->log;
    x->store = strdup(request->store);
    x->path = tfu_path_join(request->store, TFU_INDEX_FILE);
    st = x->store && x->path ? bring_up(x, request, e)
                             : tfu_error_memory(e, "opening the index of runs", 0);
    if (st != TFU_OK) {
        tfu_index_close(x);
        return st;
    }
    *out = x;
    return TFU_OK;
}
