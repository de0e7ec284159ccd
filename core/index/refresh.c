/* SPDX-License-Identifier: MIT */
#include "core/index/refresh.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/index/facts_read.h"
#include "core/index/stamp.h"
#include "core/index/sweeps.h"
#include "core/index/walk.h"
#include "core/index/write.h"

enum { BATCH = 128 }; /* runs that are read, and then written in one transaction */

/* A run as the index has it. */
struct known {
    int64_t row;
    const char *path;
    bool done;
    struct tfu_facts_known facts;
};

struct work {
    struct tfu_refresh *refresh;
    struct tfu_database *database;
    int store;
    struct tfu_arena arena;
    struct known *known;
    size_t known_count;
    struct tfu_walk walk;
    struct todo {
        const char *path;
        const struct known *known; /* NULL: a new one */
    } * todo;
    size_t todo_count;
    int64_t *gone;
    size_t gone_count;
};

/* ---- what the index knows */

static int count_runs(struct work *w, size_t *count)
{
    sqlite3_stmt *s = NULL;
    int rc = tfu_database_prepare(w->database, &s, "SELECT count(*) FROM run");
    *count = 0;
    if (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        *count = (size_t)sqlite3_column_int64(s, 0);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(s);
    return rc;
}

static bool take_known(struct work *w, sqlite3_stmt *s, struct known *k)
{
    const char *path = tfu_column_text(s, 1), *state = tfu_column_text(s, 2);
    const char *tail = tfu_column_text(s, 8);
    *k = (struct known){.row = sqlite3_column_int64(s, 0),
                        .path = path ? tfu_arena_strdup(&w->arena, path) : NULL,
                        .done = state && strcmp(state, "done") == 0,
                        .facts = {.stamp = (uint64_t)sqlite3_column_int64(s, 3),
                                  .place = {.inode = (uint64_t)sqlite3_column_int64(s, 4),
                                            .bytes = sqlite3_column_int64(s, 5),
                                            .lines = sqlite3_column_int64(s, 6),
                                            .step = sqlite3_column_int64(s, 7)}}};
    const size_t n = tail ? strlen(tail) : 0;
    if (n < sizeof k->facts.place.tail)
        memcpy(k->facts.place.tail, tail ? tail : "", n + 1);
    return k->path != NULL;
}

static int load_known(struct work *w)
{
    static const char sql[] =
        "SELECT row, path, state, stamp, metrics_inode, metrics_bytes, metrics_lines,"
        " metrics_step, metrics_tail FROM run ORDER BY path";
    sqlite3_stmt *s = NULL;
    size_t room;
    int rc = count_runs(w, &room);
    if (rc == SQLITE_OK)
        rc = tfu_database_prepare(w->database, &s, sql);
    w->known = rc == SQLITE_OK ? calloc(room + 1, sizeof *w->known) : NULL;
    if (rc == SQLITE_OK && !w->known)
        rc = SQLITE_NOMEM;
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        rc = SQLITE_OK;
        if (w->known_count == room) /* another process adds some just now: the next time */
            break;
        if (!take_known(w, s, &w->known[w->known_count++]))
            rc = SQLITE_NOMEM;
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* ---- what is to be done */

static bool is_trusted(const struct work *w, const struct known *k)
{
    if (w->refresh->rebuild || !k->done)
        return false;
    return w->refresh->names_only ||
           k->facts.stamp == tfu_stamp_of_files(w->store, k->path, true, NULL);
}

static enum tfu_status compare(struct work *w, struct tfu_error *e)
{
    size_t k = 0;
    w->todo = calloc(w->walk.count + 1, sizeof *w->todo);
    w->gone = calloc(w->known_count + 1, sizeof *w->gone);
    if (!w->todo || !w->gone)
        return tfu_error_memory(e, "comparing the index with its folders", 0);
    for (size_t i = 0; i <= w->walk.count; i++) {
        const char *path = i < w->walk.count ? w->walk.path[i] : NULL;
        int order = -1;
        while (k < w->known_count && (!path || (order = strcmp(w->known[k].path, path)) < 0)) {
            if (!tfu_walk_is_closed(&w->walk, w->known[k].path))
                w->gone[w->gone_count++] = w->known[k].row;
            k++;
        }
        if (!path)
            break;
        const struct known *known = k < w->known_count && order == 0 ? &w->known[k++] : NULL;
        if (!known || !is_trusted(w, known))
            w->todo[w->todo_count++] = (struct todo){path, known};
    }
    return TFU_OK;
}

/* ---- doing it */

static int write_batch(struct work *w, struct tfu_index_writer *writer, const struct tfu_facts *f,
                       size_t count)
{
    int rc = tfu_database_begin(w->database);
    if (rc != SQLITE_OK)
        return rc;
    for (size_t i = 0; rc == SQLITE_OK && i < count; i++) {
        rc = tfu_index_write_run(writer, &f[i]);
        if (rc == TFU_DATABASE_STALE) /* whoever was faster knows as much */
            rc = SQLITE_OK;
    }
    return tfu_database_end(w->database, rc);
}

static int drop_gone(struct work *w, struct tfu_index_writer *writer)
{
    if (w->gone_count == 0)
        return SQLITE_OK;
    int rc = tfu_database_begin(w->database);
    if (rc != SQLITE_OK)
        return rc;
    for (size_t i = 0; rc == SQLITE_OK && i < w->gone_count; i++)
        rc = tfu_index_write_gone(writer, w->gone[i]);
    return tfu_database_end(w->database, rc);
}

static enum tfu_status do_batches(struct work *w, struct tfu_index_writer *writer, int *rc,
                                  struct tfu_error *e)
{
    struct tfu_facts *facts = calloc(BATCH, sizeof *facts);
    enum tfu_status st = facts ? TFU_OK : tfu_error_memory(e, "reading runs", 0);
    size_t at = 0;
    while (st == TFU_OK && *rc == SQLITE_OK && at < w->todo_count) {
        size_t count = 0;
        for (; st == TFU_OK && count < BATCH && at < w->todo_count; at++) {
            const struct todo *t = &w->todo[at];
            const bool anew = w->refresh->rebuild || !t->known;
            struct tfu_facts *f = &facts[count];
            st = tfu_facts_read(f, w->refresh->store, w->store, t->path,
                                anew ? NULL : &t->known->facts, e);
            if (st == TFU_OK && f->none && t->known)
                w->gone[w->gone_count++] = t->known->row;
            if (st != TFU_OK || (!f->same && !f->none))
                count++;
            else
                tfu_facts_free(f);
        }
        w->refresh->read += count;
        if (st == TFU_OK && count)
            *rc = write_batch(w, writer, facts, count);
        for (size_t i = 0; i < count; i++)
            tfu_facts_free(&facts[i]);
    }
    free(facts);
    return st;
}

enum tfu_status tfu_refresh_run(struct tfu_refresh *r, struct tfu_database *d, int *rc,
                                struct tfu_error *e)
{
    struct work w = {.refresh = r, .database = d};
    struct tfu_index_writer *writer = NULL;
    *rc = SQLITE_OK;
    r->read = r->gone = 0;
    tfu_arena_init(&w.arena, 0);
    w.store = open(r->store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum tfu_status st =
        w.store < 0 ? tfu_error_errno(e, errno, "cannot read the store", r->store) : TFU_OK;
    /* what is known before the folders are listed: what comes later is nobody's loss */
    if (st == TFU_OK)
        *rc = load_known(&w);
    if (st == TFU_OK && *rc == SQLITE_OK)
        st = tfu_walk_store(&w.walk, r->store, w.store, r->log, e);
    if (st == TFU_OK && *rc == SQLITE_OK)
        st = compare(&w, e);
    if (st == TFU_OK && *rc == SQLITE_OK && (w.todo_count || w.gone_count))
        *rc = tfu_index_writer_new(&writer, d);
    if (st == TFU_OK && *rc == SQLITE_OK && w.todo_count)
        st = do_batches(&w, writer, rc, e);
    if (st == TFU_OK && *rc == SQLITE_OK)
        *rc = drop_gone(&w, writer);
    if (st == TFU_OK && *rc == SQLITE_OK)
        st = tfu_sweeps_refresh(&(struct tfu_sweeps_request){r->store, w.store, r->rebuild, r->log},
                                d, rc, e);
    r->gone = w.gone_count;
    tfu_index_writer_free(writer);
    tfu_walk_free(&w.walk);
    free(w.todo);
    free(w.gone);
    free(w.known);
    tfu_arena_free(&w.arena);
    if (w.store >= 0)
        close(w.store);
    return st;
}
