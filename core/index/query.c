/* SPDX-License-Identifier: MIT
 *
 * What there is of one run, by its row.
 */
#include <stdlib.h>
#include <string.h>

#include "core/index/index.h"
#include "core/index/opened.h"

/* Rows of one question, put one after the other into an array of the arena's. */
struct rows {
    struct tfu_arena *arena;
    void *item;
    size_t count, room, size;
    bool failed;
};

static void *next(struct rows *r)
{
    if (r->count == r->room) {
        const size_t room = r->room ? 2 * r->room : 64;
        void *more = reallocarray(r->item, room, r->size);
        if (!more) {
            r->failed = true;
            return NULL;
        }
        r->item = more;
        r->room = room;
    }
    return (char *)r->item + r->size * r->count++;
}

static const char *text(struct rows *r, sqlite3_stmt *s, int at)
{
    const char *value = tfu_column_text(s, at);
    const char *own = value ? tfu_arena_strdup(r->arena, value) : NULL;
    r->failed |= value && !own;
    return own;
}

static enum tfu_status ask(struct tfu_index *x, const char *sql, const struct tfu_index_run *run,
                           void (*take)(struct rows *r, sqlite3_stmt *s, void *item),
                           struct rows *r, void **out, size_t *count, struct tfu_error *e)
{
    sqlite3_stmt *s = NULL;
    *out = NULL;
    *count = 0;
    int rc = tfu_database_prepare(&x->database, &s, sql);
    if (rc == SQLITE_OK)
        sqlite3_bind_int64(s, 1, run->row);
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        void *item = next(r);
        if (item)
            take(r, s, item);
        rc = r->failed ? SQLITE_NOMEM : SQLITE_OK;
    }
    sqlite3_finalize(s);
    if (rc == SQLITE_DONE) {
        void *kept = tfu_arena_array(r->arena, r->count + 1, r->size);
        if (kept && r->count)
            memcpy(kept, r->item, r->count * r->size);
        *out = kept;
        *count = r->count;
        rc = kept ? SQLITE_OK : SQLITE_NOMEM;
    }
    free(r->item);
    return rc == SQLITE_OK ? TFU_OK : tfu_database_error(&x->database, rc, e);
}

/* ---- the configuration */

static void take_leaf(struct rows *r, sqlite3_stmt *s, void *item)
{
    *(struct tfu_index_leaf *)item = (struct tfu_index_leaf){text(r, s, 0), text(r, s, 1)};
}

enum tfu_status tfu_index_leaves(struct tfu_index *x, const struct tfu_index_run *run,
                                 struct tfu_arena *arena, struct tfu_index_leaf **out,
                                 size_t *count, struct tfu_error *e)
{
    struct rows r = {.arena = arena, .size = sizeof **out};
    void *item;
    const enum tfu_status st =
        ask(x,
            /* CROSS keeps the order: by the keys, and of each the run; all of `config` else */
            "SELECT k.name, v.text FROM key k CROSS JOIN config c ON c.key=k.id AND c.run=?1"
            " CROSS JOIN value v ON v.id=c.value ORDER BY k.name",
            run, take_leaf, &r, &item, count, e);
    *out = item;
    return st;
}

/* ---- metrics */

static void take_score(struct rows *r, sqlite3_stmt *s, void *item)
{
    *(struct tfu_index_score *)item = (struct tfu_index_score){
        text(r, s, 0),          tfu_column_number(s, 1), tfu_column_whole(s, 2),
        text(r, s, 3),          tfu_column_number(s, 4), tfu_column_number(s, 6),
        tfu_column_whole(s, 5), tfu_column_whole(s, 7)};
}

enum tfu_status tfu_index_scores(struct tfu_index *x, const struct tfu_index_run *run,
                                 struct tfu_arena *arena, struct tfu_index_score **out,
                                 size_t *count, struct tfu_error *e)
{
    struct rows r = {.arena = arena, .size = sizeof **out};
    void *item;
    const enum tfu_status st =
        ask(x,
            "SELECT n.name, s.last, s.last_step, s.note, s.low, s.low_step, s.high, s.high_step"
            " FROM series n JOIN score s ON s.series=n.id AND s.run=?1 ORDER BY n.name",
            run, take_score, &r, &item, count, e);
    *out = item;
    return st;
}

static void take_point(struct rows *r, sqlite3_stmt *s, void *item)
{
    *(struct tfu_index_point *)item = (struct tfu_index_point){
        text(r, s, 0), sqlite3_column_int64(s, 1), tfu_column_number(s, 2), text(r, s, 3)};
}

enum tfu_status tfu_index_points(struct tfu_index *x, const struct tfu_index_run *run,
                                 struct tfu_arena *arena, struct tfu_index_point **out,
                                 size_t *count, struct tfu_error *e)
{
    struct rows r = {.arena = arena, .size = sizeof **out};
    void *item;
    const enum tfu_status st =
        ask(x,
            "SELECT n.name, m.step, m.value, m.note FROM metric m JOIN series n ON n.id=m.series"
            " WHERE m.run=?1 ORDER BY n.name, m.step",
            run, take_point, &r, &item, count, e);
    *out = item;
    return st;
}

/* ---- files and sessions */

static void take_artefact(struct rows *r, sqlite3_stmt *s, void *item)
{
    *(struct tfu_index_artefact *)item =
        (struct tfu_index_artefact){text(r, s, 0), tfu_column_whole(s, 1), tfu_column_whole(s, 2)};
}

enum tfu_status tfu_index_artefacts(struct tfu_index *x, const struct tfu_index_run *run,
                                    struct tfu_arena *arena, struct tfu_index_artefact **out,
                                    size_t *count, struct tfu_error *e)
{
    struct rows r = {.arena = arena, .size = sizeof **out};
    void *item;
    const enum tfu_status st =
        ask(x, "SELECT name, step, bytes FROM artefact WHERE run=?1 ORDER BY name", run,
            take_artefact, &r, &item, count, e);
    *out = item;
    return st;
}

static void take_session(struct rows *r, sqlite3_stmt *s, void *item)
{
    *(struct tfu_index_session *)item = (struct tfu_index_session){
        tfu_column_whole(s, 0), tfu_column_whole(s, 1), text(r, s, 2),
        text(r, s, 3),          text(r, s, 4),          tfu_column_whole(s, 5)};
}

enum tfu_status tfu_index_sessions(struct tfu_index *x, const struct tfu_index_run *run,
                                   struct tfu_arena *arena, struct tfu_index_session **out,
                                   size_t *count, struct tfu_error *e)
{
    struct rows r = {.arena = arena, .size = sizeof **out};
    void *item;
    const enum tfu_status st =
        ask(x,
            "SELECT started, step, host, processor, version, threads FROM session WHERE run=?1"
            " ORDER BY number",
            run, take_session, &r, &item, count, e);
    *out = item;
    return st;
}
