/* SPDX-License-Identifier: MIT */
#include "core/index/column.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/index/column_attribute.h"
#include "core/index/column_names.h"
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
            tfu_column_number_of(last.text, &last.number);
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

/* ---- any column */

static int fill(struct tfu_index *x, struct tfu_index_column *c, bool *any)
{
    const size_t n = sizeof TFU_INDEX_AXIS - 1;
    if (strncmp(c->key, TFU_INDEX_AXIS, n) == 0)
        return fill_axis(x, c->key + n, c, any);
    *any = true;
    if (strcmp(c->key, "sweep") == 0)
        return fill_sweep(x, c);
    if (tfu_column_fill_attribute(x, c))
        return SQLITE_OK;
    *any = false;
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
        return tfu_column_unknown(x, key, e);
    c->next = x->column;
    x->column = c;
    *out = c;
    return TFU_OK;
}
