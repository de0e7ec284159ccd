/* SPDX-License-Identifier: MIT */
#include "core/index/column_names.h"

#include <stdlib.h>
#include <string.h>

#include "core/index/column_attribute.h"
#include "core/index/opened.h"

static int list_names(struct tfu_index *x, const char *sql, const char *of, struct tfu_arena *arena,
                      const char ***out, size_t *count)
{
    sqlite3_stmt *s = NULL;
    const char **list = NULL;
    size_t n = 0, room = 0;
    int rc = tfu_database_prepare(&x->database, &s, sql);
    if (rc == SQLITE_OK && of)
        tfu_bind_text(s, 1, of);
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        const char *name = tfu_column_text(s, 0);
        rc = SQLITE_OK;
        if (n == room) {
            room = room ? 2 * room : 64;
            const char **more = reallocarray(list, room, sizeof *more);
            if (!more) {
                rc = SQLITE_NOMEM;
                break;
            }
            list = more;
        }
        list[n] = name ? tfu_arena_strdup(arena, name) : NULL;
        if (list[n])
            n++;
        else if (name)
            rc = SQLITE_NOMEM;
    }
    sqlite3_finalize(s);
    if (rc == SQLITE_DONE) {
        *out = tfu_arena_array(arena, n + 1, sizeof **out);
        *count = n;
        rc = *out ? SQLITE_OK : SQLITE_NOMEM;
    }
    for (size_t i = 0; rc == SQLITE_OK && i < n; i++)
        (*out)[i] = list[i];
    free(list);
    return rc;
}

static enum tfu_status names(struct tfu_index *x, const char *sql, const char *of,
                             struct tfu_arena *arena, const char ***out, size_t *count,
                             struct tfu_error *e)
{
    *out = NULL;
    *count = 0;
    const int rc = list_names(x, sql, of, arena, out, count);
    return rc == SQLITE_OK ? TFU_OK : tfu_database_error(&x->database, rc, e);
}

enum tfu_status tfu_index_axes(struct tfu_index *x, const char *sweep, struct tfu_arena *arena,
                               const char ***out, size_t *count, struct tfu_error *e)
{
    return names(x,
                 "SELECT a.name FROM axis a JOIN sweep s ON s.id=a.sweep WHERE s.name=?1"
                 " ORDER BY a.number",
                 sweep, arena, out, count, e);
}

enum tfu_status tfu_index_sweep_names(struct tfu_index *x, struct tfu_arena *arena,
                                      const char ***out, size_t *count, struct tfu_error *e)
{
    return names(x, "SELECT name FROM sweep ORDER BY name", NULL, arena, out, count, e);
}

enum tfu_status tfu_index_series_names(struct tfu_index *x, struct tfu_arena *arena,
                                       const char ***out, size_t *count, struct tfu_error *e)
{
    return names(x,
                 "SELECT name FROM series n WHERE EXISTS (SELECT 1 FROM score WHERE series=n.id)"
                 " ORDER BY name",
                 NULL, arena, out, count, e);
}

enum tfu_status tfu_column_unknown(struct tfu_index *x, const char *key, struct tfu_error *e)
{
    struct tfu_arena arena;
    const char **list = NULL;
    size_t n = 0;
    tfu_arena_init(&arena, 0);
    static const char keys[] = "SELECT name FROM key UNION SELECT DISTINCT name FROM axis"
                               " UNION SELECT DISTINCT '" TFU_INDEX_AXIS "' || name FROM axis";
    enum tfu_status st = strchr(key, '/') ? tfu_index_series_names(x, &arena, &list, &n, e)
                                          : names(x, keys, NULL, &arena, &list, &n, e);
    const char *near = NULL;
    if (st == TFU_OK && !strchr(key, '/'))
        near = tfu_column_nearest_attribute(key);
    if (st == TFU_OK && !near)
        near = tfu_text_nearest(key, list, n);
    struct tfu_text text = TFU_TEXT_INIT;
    if (near)
        tfu_text_printf(&text, "; did you mean '%s'?", near);
    else if (strchr(key, '/'))
        tfu_text_put_advice(&text, key, list, n < 12 ? n : 12);
    else
        tfu_text_puts(&text, "; keys are those of configurations (train.optimizer.lr), metrics "
                             "(test/auc), axes of sweeps, and run, name, id, state, host, started, "
                             "updated, step, seconds, seed, arch, init, sweep and some more");
    if (st == TFU_OK)
        st = tfu_error_set(e, TFU_ENOTFOUND, "none of the %zu runs in '%s' has a '%s'%s",
                           x->tally.runs, x->store, key, tfu_text_get(&text));
    tfu_text_free(&text);
    tfu_arena_free(&arena);
    return st;
}
