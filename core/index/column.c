/* SPDX-License-Identifier: MIT */
#include "core/index/column.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/index/opened.h"

const char *tfu_index_time_text(int64_t seconds, char text[TFU_INDEX_TIME_SIZE])
{
    const time_t t = (time_t)seconds;
    struct tm utc;
    if (seconds < 0 || !gmtime_r(&t, &utc) ||
        strftime(text, TFU_INDEX_TIME_SIZE, "%Y-%m-%d %H:%M:%S", &utc) == 0)
        text[0] = '\0';
    return text;
}

const char *tfu_index_value_text(const struct tfu_index_column *c, size_t run,
                                 char text[TFU_INDEX_TIME_SIZE])
{
    const struct tfu_index_value *v = &c->value[run];
    if (c->kind == TFU_INDEX_TEXT)
        return v->text ? v->text : "";
    if (isnan(v->number))
        return "";
    if (c->kind == TFU_INDEX_TIME)
        return tfu_index_time_text((int64_t)v->number, text);
    if (v->number != floor(v->number) || fabs(v->number) > 1e15)
        return tfu_number_text(v->number, text);
    snprintf(text, TFU_INDEX_TIME_SIZE, "%.0f", v->number); /* a count: without an exponent */
    return text;
}

static bool number_of(const char *text, double *out)
{
    char *end;
    *out = text && text[0] ? strtod(text, &end) : NAN;
    if (text && text[0] && !*end)
        return true;
    *out = NAN;
    return false;
}

/* ---- what is known of each run */

enum attribute {
    RUN,
    NAME,
    ID,
    STATE,
    PROBLEM,
    HOST,
    STARTED,
    UPDATED,
    STEP,
    STEPS,
    SECONDS,
    SEED,
    ARCH,
    INIT,
    BEST,
    BEST_VALUE,
    BEST_STEP,
    OWNER,
    SWEEP,
    ATTRIBUTES
};

static const struct {
    const char *name;
    enum tfu_index_kind kind;
} attributes[ATTRIBUTES] = {
    [RUN] = {"run", TFU_INDEX_TEXT},
    [NAME] = {"name", TFU_INDEX_TEXT},
    [ID] = {"id", TFU_INDEX_TEXT},
    [STATE] = {"state", TFU_INDEX_TEXT},
    [PROBLEM] = {"problem", TFU_INDEX_TEXT},
    [HOST] = {"host", TFU_INDEX_TEXT},
    [STARTED] = {"started", TFU_INDEX_TIME},
    [UPDATED] = {"updated", TFU_INDEX_TIME},
    [STEP] = {"step", TFU_INDEX_NUMBER},
    [STEPS] = {"steps", TFU_INDEX_NUMBER},
    [SECONDS] = {"seconds", TFU_INDEX_NUMBER},
    [SEED] = {"seed", TFU_INDEX_TEXT},
    [ARCH] = {"arch", TFU_INDEX_TEXT},
    [INIT] = {"init", TFU_INDEX_TEXT},
    [BEST] = {"best", TFU_INDEX_TEXT},
    [BEST_VALUE] = {"best_value", TFU_INDEX_NUMBER},
    [BEST_STEP] = {"best_step", TFU_INDEX_NUMBER},
    [OWNER] = {"owner", TFU_INDEX_TEXT},
    [SWEEP] = {"sweep", TFU_INDEX_TEXT},
};

static const char *text_of(const struct tfu_index_run *r, enum attribute a)
{
    switch (a) {
    case RUN:
        return r->path;
    case NAME:
        return r->name;
    case ID:
        return r->id;
    case STATE:
        return tfu_index_state_name(r->state);
    case PROBLEM:
        return r->problem;
    case HOST:
        return r->host;
    case SEED:
        return r->seed;
    case ARCH:
        return r->arch;
    case INIT:
        return r->init;
    case BEST:
        return r->best;
    case OWNER:
        return r->owner;
    default:
        return NULL;
    }
}

static double known(int64_t value)
{
    return value < 0 ? NAN : (double)value;
}

static double number_at(const struct tfu_index_run *r, enum attribute a)
{
    switch (a) {
    case STARTED:
        return known(r->started);
    case UPDATED:
        return known(r->updated);
    case STEP:
        return known(r->step);
    case STEPS:
        return known(r->steps);
    case SECONDS:
        return r->seconds;
    case BEST_VALUE:
        return r->best_value;
    case BEST_STEP:
        return known(r->best_step);
    default:
        return NAN;
    }
}

/* Names, ids and hosts are words, also where they could be read as numbers: 1e3 is not 1000. */
static void fill_attribute(const struct tfu_index *x, enum attribute a, struct tfu_index_column *c)
{
    for (size_t i = 0; i < x->tally.runs; i++) {
        struct tfu_index_value *v = &c->value[i];
        v->text = text_of(&x->run[i], a);
        v->number = number_at(&x->run[i], a);
        if (v->text && a == SEED)
            number_of(v->text, &v->number);
        v->there = v->text || !isnan(v->number);
    }
}

/* ---- what the database has */

/* Rows (run, number of a text, text): most runs have the text of the run before. */
static int fill_texts(struct tfu_index *x, sqlite3_stmt *s, struct tfu_index_column *c, bool *any)
{
    int rc = SQLITE_OK;
    struct tfu_index_value last = {true, NULL, NAN};
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        const size_t i = tfu_opened_find_row(x, sqlite3_column_int64(s, 0));
        const char *text = tfu_column_text(s, 1);
        rc = SQLITE_OK;
        *any = true;
        if (i == SIZE_MAX || !text)
            continue;
        if (!last.text || strcmp(last.text, text) != 0) {
            last.text = tfu_arena_strdup(&x->arena, text);
            number_of(last.text, &last.number);
        }
        if (!last.text)
            return SQLITE_NOMEM;
        if (!c->value[i].text)
            c->value[i] = last;
    }
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int fill_numbers(struct tfu_index *x, sqlite3_stmt *s, struct tfu_index_column *c, bool *any)
{
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        const size_t i = tfu_opened_find_row(x, sqlite3_column_int64(s, 0));
        rc = SQLITE_OK;
        *any = true;
        if (i == SIZE_MAX)
            continue;
        struct tfu_index_value *v = &c->value[i];
        v->number = tfu_column_number(s, 1);
        v->there = true;
    }
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int fill_from(struct tfu_index *x, const char *sql, const char *name,
                     struct tfu_index_column *c, bool *any)
{
    sqlite3_stmt *s = NULL;
    int rc = tfu_database_prepare(&x->database, &s, sql);
    if (rc == SQLITE_OK) {
        tfu_bind_text(s, 1, name);
        rc = c->kind == TFU_INDEX_NUMBER ? fill_numbers(x, s, c, any) : fill_texts(x, s, c, any);
    }
    sqlite3_finalize(s);
    return rc;
}

/* "test/auc@500": the value after that step. */
static int fill_at_step(struct tfu_index *x, const char *key, const char *at,
                        struct tfu_index_column *c, bool *any)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT m.run, m.value FROM series n JOIN metric m ON m.series=n.id AND m.step=%.18s "
             "WHERE n.name=?1",
             at + 1);
    char *name = strndup(key, (size_t)(at - key));
    if (!name)
        return SQLITE_NOMEM;
    c->kind = TFU_INDEX_NUMBER;
    const int rc = fill_from(x, sql, name, c, any);
    free(name);
    return rc;
}

/* "test/auc@max" */
static int fill_metric(struct tfu_index *x, const char *key, struct tfu_index_column *c, bool *any)
{
    static const struct {
        const char *state, *sql;
    } way[] = {
        {"max", "SELECT s.run, s.high FROM score s JOIN series n ON n.id=s.series WHERE n.name=?1"},
        {"min", "SELECT s.run, s.low FROM score s JOIN series n ON n.id=s.series WHERE n.name=?1"},
        {"best", "SELECT r.row, m.value FROM run r, series n JOIN metric m ON m.run=r.row AND"
                 " m.series=n.id AND m.step=r.best_step WHERE n.name=?1"},
        {"", "SELECT s.run, s.last FROM score s JOIN series n ON n.id=s.series WHERE n.name=?1"},
    };
    const char *at = strrchr(key, '@');
    size_t i = TFU_COUNT(way) - 1;
    if (at && at[1] && strspn(at + 1, "0123456789") == strlen(at + 1))
        return fill_at_step(x, key, at, c, any);
    for (size_t k = 0; at && k < i; k++)
        if (strcmp(at + 1, way[k].state) == 0)
            i = k;
    char *name = strdup(key);
    if (!name)
        return SQLITE_NOMEM;
    if (way[i].state[0])
        name[at - key] = '\0';
    c->kind = TFU_INDEX_NUMBER;
    const int rc = fill_from(x, way[i].sql, name, c, any);
    free(name);
    return rc;
}

static int fill_config(struct tfu_index *x, const char *key, struct tfu_index_column *c, bool *any)
{
    static const char sql[] = "SELECT c.run, v.text FROM key k JOIN config c ON c.key=k.id"
                              " JOIN value v ON v.id=c.value WHERE k.name=?1";
    int rc = fill_from(x, sql, key, c, any);
    if (rc == SQLITE_OK && !*any) {
        char *plugin = malloc(strlen(key) + sizeof ".plugin");
        if (!plugin)
            return SQLITE_NOMEM;
        snprintf(plugin, strlen(key) + sizeof ".plugin", "%s.plugin", key);
        rc = fill_from(x, sql, plugin, c, any);
        free(plugin);
    }
    return rc;
}

/* Is there an axis of that name, though no case with a value on it has a run yet? */
static int know_axis(struct tfu_index *x, const char *key, bool *any)
{
    sqlite3_stmt *s = NULL;
    int rc = tfu_database_prepare(&x->database, &s, "SELECT 1 FROM axis WHERE name=?1");
    if (rc == SQLITE_OK) {
        tfu_bind_text(s, 1, key);
        rc = sqlite3_step(s);
        *any |= rc == SQLITE_ROW;
    }
    sqlite3_finalize(s);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int fill_axis(struct tfu_index *x, const char *key, struct tfu_index_column *c, bool *any)
{
    sqlite3_stmt *s = NULL;
    int rc = tfu_database_prepare(&x->database, &s,
                                  "SELECT r.row, v.value FROM case_value v JOIN sweep_case k"
                                  " ON k.sweep=v.sweep AND k.number=v.number"
                                  " JOIN run r ON r.path=k.run JOIN sweep w ON w.id=v.sweep"
                                  " WHERE v.axis=?1 AND (?2 IS NULL OR w.name=?2)"
                                  " ORDER BY w.name, v.number");
    c->is_axis = true;
    c->sweep = x->sweep;
    if (rc == SQLITE_OK) {
        tfu_bind_text(s, 1, key);
        tfu_bind_text(s, 2, x->sweep);
        rc = fill_texts(x, s, c, any);
    }
    sqlite3_finalize(s);
    return rc == SQLITE_OK && !*any ? know_axis(x, key, any) : rc;
}

/* "a,b": the sweeps that a run is a case of. */
static int fill_sweep(struct tfu_index *x, struct tfu_index_column *c)
{
    sqlite3_stmt *s = NULL;
    int rc = tfu_database_prepare(&x->database, &s,
                                  "SELECT DISTINCT r.row, w.name FROM sweep_case k JOIN sweep w ON"
                                  " w.id=k.sweep JOIN run r ON r.path=k.run ORDER BY w.name");
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        const size_t i = tfu_opened_find_row(x, sqlite3_column_int64(s, 0));
        const char *name = tfu_column_text(s, 1);
        rc = SQLITE_OK;
        if (i == SIZE_MAX || !name)
            continue;
        struct tfu_index_value *v = &c->value[i];
        v->text = v->text ? tfu_arena_printf(&x->arena, "%s,%s", v->text, name)
                          : tfu_arena_strdup(&x->arena, name);
        v->there = true;
        if (!v->text)
            rc = SQLITE_NOMEM;
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* ---- names */

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

static enum tfu_status unknown(struct tfu_index *x, const char *key, struct tfu_error *e)
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
    if (st == TFU_OK && !strchr(key, '/')) {
        const char *own[ATTRIBUTES];
        for (size_t i = 0; i < ATTRIBUTES; i++)
            own[i] = attributes[i].name;
        near = tfu_text_nearest(key, own, ATTRIBUTES);
    }
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

/* ---- any column */

static int fill(struct tfu_index *x, struct tfu_index_column *c, bool *any)
{
    const size_t n = sizeof TFU_INDEX_AXIS - 1;
    if (strncmp(c->key, TFU_INDEX_AXIS, n) == 0)
        return fill_axis(x, c->key + n, c, any);
    for (enum attribute a = RUN; a < ATTRIBUTES; a++)
        if (strcmp(c->key, attributes[a].name) == 0) {
            *any = true;
            c->kind = attributes[a].kind;
            if (a == SWEEP)
                return fill_sweep(x, c);
            fill_attribute(x, a, c);
            return SQLITE_OK;
        }
    if (strchr(c->key, '/') && strncmp(c->key, "algorithm.", 10) != 0)
        return fill_metric(x, c->key, c, any);
    const int rc = fill_config(x, c->key, c, any);
    return rc == SQLITE_OK && !*any ? fill_axis(x, c->key, c, any) : rc;
}

enum tfu_status tfu_index_ask_sweep(struct tfu_index *x, const char *sweep, struct tfu_error *e)
{
    x->sweep = sweep ? tfu_arena_strdup(&x->arena, sweep) : NULL;
    return !sweep || x->sweep ? TFU_OK : tfu_error_memory(e, "asking the index of runs", 0);
}

/* Was the column loaded for what is asked now? */
static bool serves(const struct tfu_index *x, const struct tfu_index_column *c, const char *key)
{
    if (strcmp(c->key, key) != 0)
        return false;
    return !c->is_axis ||
           (c->sweep && x->sweep ? strcmp(c->sweep, x->sweep) == 0 : c->sweep == x->sweep);
}

enum tfu_status tfu_index_column(struct tfu_index *x, const char *key,
                                 const struct tfu_index_column **out, struct tfu_error *e)
{
    *out = NULL;
    for (const struct tfu_index_column *c = x->column; c; c = c->next)
        if (serves(x, c, key)) {
            *out = c;
            return TFU_OK;
        }
    struct tfu_index_column *c = tfu_arena_alloc(&x->arena, sizeof *c);
    if (c) {
        c->key = tfu_arena_strdup(&x->arena, key);
        c->value = tfu_arena_array(&x->arena, x->tally.runs + 1, sizeof *c->value);
    }
    if (!c || !c->key || !c->value)
        return tfu_error_memory(e, "asking the index of runs", 0);
    for (size_t i = 0; i < x->tally.runs; i++)
        c->value[i].number = NAN;
    bool any = false;
    const int rc = fill(x, c, &any);
    if (rc != SQLITE_OK)
        return tfu_database_error(&x->database, rc, e);
    if (!any)
        return unknown(x, key, e);
    c->next = x->column;
    x->column = c;
    *out = c;
    return TFU_OK;
}
