/* SPDX-License-Identifier: MIT */
#include "core/index/case_runs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "core/index/facts.h"
#include "core/index/stamp.h"

struct one {
    int64_t sweep, number;
    char *run;     /* NULL: the file names none; what is known stays */
    int64_t stamp; /* -1: the file is so young that its next change might look the same */
};

struct list {
    struct one *item;
    size_t count, room;
};

const char *tfu_case_runs_below_store(const char *path)
{
    const char *at = path ? strrchr(path, '/') : NULL;
    if (!at || at == path)
        return NULL;
    while (at > path && at[-1] != '/')
        at--;
    return at;
}

/* A key is hex digits; anything else is no name of a folder of ours. */
static bool is_key(const char *key)
{
    return key && key[0] && strlen(key) <= 64 && !key[strspn(key, "0123456789abcdef")];
}

static char *run_of(int store, const char *key)
{
    char name[128];
    snprintf(name, sizeof name, ".cases/%s/state.json", key);
    const int fd = tfu_facts_open(store, name);
    if (fd < 0)
        return NULL;
    struct stat info;
    json_error_t error;
    json_t *root = fstat(fd, &info) == 0 && info.st_size < 1 << 20
                       ? tfu_facts_json(fd, (size_t)info.st_size, 0, &error)
                       : NULL;
    const char *run = json_string_value(json_object_get(root, "run"));
    const char *below = tfu_case_runs_below_store(run);
    char *copy = below ? strdup(below) : NULL;
    json_decref(root);
    close(fd);
    return copy;
}

/* Of the file that says the run of a case, which a case trained anew writes again; 0: none. */
static int64_t stamp_of(int store, const char *key, bool *young)
{
    char folder[128];
    snprintf(folder, sizeof folder, ".cases/%s", key);
    return (int64_t)tfu_stamp_of_file(store, folder, "state.json", young);
}

static int find(struct list *list, struct tfu_database *d, int store)
{
    sqlite3_stmt *s = NULL;
    int rc = tfu_database_prepare(
        d, &s, "SELECT sweep, number, key, stamp FROM sweep_case WHERE key IS NOT NULL");
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        rc = SQLITE_OK;
        const char *key = tfu_column_text(s, 2);
        bool young = false;
        const int64_t stamp = is_key(key) ? stamp_of(store, key, &young) : 0;
        if (stamp == 0 || stamp == tfu_column_whole(s, 3))
            continue;
        char *run = run_of(store, key);
        if (list->count == list->room) {
            const size_t room = list->room ? 2 * list->room : 64;
            struct one *more = reallocarray(list->item, room, sizeof *more);
            if (!more) {
                free(run);
                rc = SQLITE_NOMEM;
                break;
            }
            list->item = more;
            list->room = room;
        }
        list->item[list->count++] = (struct one){
            sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), run, young ? -1 : stamp};
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int put(const struct list *list, struct tfu_database *d)
{
    sqlite3_stmt *s = NULL;
    int rc = tfu_database_begin(d);
    if (rc != SQLITE_OK)
        return rc;
    rc = tfu_database_prepare(
        d, &s,
        "UPDATE sweep_case SET run=coalesce(?3, run), stamp=?4 WHERE sweep=?1 AND number=?2");
    for (size_t i = 0; rc == SQLITE_OK && i < list->count; i++) {
        sqlite3_bind_int64(s, 1, list->item[i].sweep);
        sqlite3_bind_int64(s, 2, list->item[i].number);
        tfu_bind_text(s, 3, list->item[i].run);
        tfu_bind_whole(s, 4, list->item[i].stamp);
        rc = sqlite3_step(s);
        sqlite3_reset(s);
        rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
    }
    sqlite3_finalize(s);
    return tfu_database_end(d, rc);
}

int tfu_case_runs_refresh(struct tfu_database *d, int store)
{
    struct list list = {.count = 0};
    int rc = find(&list, d, store);
    if (rc == SQLITE_OK && list.count)
        rc = put(&list, d);
    for (size_t i = 0; i < list.count; i++)
        free(list.item[i].run);
    free(list.item);
    return rc;
}
