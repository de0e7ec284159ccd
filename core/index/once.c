/* SPDX-License-Identifier: MIT */
#include "core/index/once.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int tfu_once_open(struct tfu_once *o, struct tfu_database *d, const char *table, const char *column)
{
    char sql[80];
    *o = (struct tfu_once){.database = d};
    snprintf(sql, sizeof sql, "SELECT id FROM %s WHERE %s=?1", table, column);
    const int rc = tfu_database_prepare(d, &o->find, sql);
    snprintf(sql, sizeof sql, "INSERT INTO %s(%s) VALUES(?1)", table, column);
    return rc == SQLITE_OK ? tfu_database_prepare(d, &o->add, sql) : rc;
}

void tfu_once_close(struct tfu_once *o)
{
    sqlite3_finalize(o->find);
    sqlite3_finalize(o->add);
    for (size_t i = 0; i < o->count; i++) {
        free(o->item[i].text);
        free(o->item[i].value);
    }
    free(o->item);
}

int tfu_once_number(struct tfu_once *o, const char *text, int64_t *id)
{
    tfu_bind_text(o->find, 1, text);
    int rc = sqlite3_step(o->find);
    if (rc == SQLITE_ROW)
        *id = sqlite3_column_int64(o->find, 0);
    sqlite3_reset(o->find);
    if (rc != SQLITE_DONE)
        return rc == SQLITE_ROW ? SQLITE_OK : rc;
    tfu_bind_text(o->add, 1, text);
    rc = sqlite3_step(o->add);
    sqlite3_reset(o->add);
    *id = sqlite3_last_insert_rowid(o->database->handle);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* The place of a name among those that were met, or where it belongs. */
static size_t place_of(const struct tfu_once *o, const char *text, bool *found)
{
    size_t low = 0, high = o->count;
    *found = false;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        const int c = strcmp(text, o->item[mid].text);
        if (c == 0) {
            *found = true;
            return mid;
        }
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

static int keep(struct tfu_once *o, const char *text, int64_t id, size_t at)
{
    if (o->count == o->room) {
        const size_t room = o->room ? 2 * o->room : 128;
        struct tfu_once_text *more = reallocarray(o->item, room, sizeof *more);
        if (!more)
            return SQLITE_NOMEM;
        o->item = more;
        o->room = room;
    }
    char *copy = strdup(text);
    if (!copy)
        return SQLITE_NOMEM;
    memmove(&o->item[at + 1], &o->item[at], (o->count - at) * sizeof *o->item);
    o->item[at] = (struct tfu_once_text){.text = copy, .id = id};
    o->count++;
    return SQLITE_OK;
}

int tfu_once_meet(struct tfu_once *o, const char *text, struct tfu_once_text **out)
{
    bool found;
    int64_t id;
    const size_t at = place_of(o, text, &found);
    int rc = SQLITE_OK;
    if (!found && (rc = tfu_once_number(o, text, &id)) == SQLITE_OK)
        rc = keep(o, text, id, at);
    *out = &o->item[at];
    return rc;
}
