/* SPDX-License-Identifier: MIT */
#include "core/index/sweeps.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "core/base/text.h"
#include "core/index/case_runs.h"
#include "core/index/facts.h"

enum { FILE_MAX = 256 << 20 }; /* bytes: a million cases */

/* A sweep as the index has it, or as its file says. */
struct sweep {
    char *name;
    int64_t row; /* -1: the index has it not */
    uint64_t stamp;
    bool there; /* its file is */
    json_t *root;
    struct tfu_text problem;
};

struct sweeps {
    struct sweep *item;
    size_t count;
};

static void free_sweeps(struct sweeps *s)
{
    for (size_t i = 0; i < s->count; i++) {
        free(s->item[i].name);
        json_decref(s->item[i].root);
        tfu_text_free(&s->item[i].problem);
    }
    free(s->item);
}

static struct sweep *add(struct sweeps *s, const char *name, size_t length)
{
    for (size_t i = 0; i < s->count; i++)
        if (strlen(s->item[i].name) == length && memcmp(s->item[i].name, name, length) == 0)
            return &s->item[i];
    struct sweep *more = reallocarray(s->item, s->count + 1, sizeof *more);
    char *copy = more ? strndup(name, length) : NULL;
    if (more)
        s->item = more;
    if (!copy)
        return NULL;
    s->item[s->count] = (struct sweep){.name = copy, .row = -1};
    return &s->item[s->count++];
}

/* ---- reading */

static int load_known(struct sweeps *all, struct tfu_database *d)
{
    sqlite3_stmt *s = NULL;
    int rc = tfu_database_prepare(d, &s, "SELECT id, name, stamp FROM sweep");
    while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        const char *name = tfu_column_text(s, 1);
        struct sweep *x = name ? add(all, name, strlen(name)) : NULL;
        rc = x ? SQLITE_OK : SQLITE_NOMEM;
        if (x)
            x->row = sqlite3_column_int64(s, 0);
        if (x)
            x->stamp = (uint64_t)sqlite3_column_int64(s, 2);
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static uint64_t stamp_of(const struct stat *info)
{
    uint64_t h = info->st_ino * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ (uint64_t)info->st_size) * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ (uint64_t)info->st_mtim.tv_sec) * UINT64_C(0x9e3779b97f4a7c15);
    return (h ^ (uint64_t)info->st_mtim.tv_nsec) >> 1;
}

static void read_file(struct sweep *x, int folder, const char *name)
{
    json_error_t error;
    const int fd = tfu_facts_open(folder, name);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0)
        tfu_text_printf(&x->problem, "%s", strerror(errno));
    else if (info.st_size > FILE_MAX)
        tfu_text_printf(&x->problem, "it has %lld bytes, which no sweep has",
                        (long long)info.st_size);
    else if (!(x->root = tfu_facts_json(fd, (size_t)info.st_size, 0, &error)))
        tfu_text_printf(&x->problem, "line %d: %s", error.line, error.text);
    else if (!json_is_array(json_object_get(x->root, "cases")))
        tfu_text_puts(&x->problem, "it has no list `cases`");
    if (fd >= 0)
        close(fd);
}

/* Reads those whose files are not as they were. */
static enum tfu_status read_folder(struct sweeps *all, const struct tfu_sweeps_request *r,
                                   struct tfu_error *e)
{
    static const char end[] = ".json", slurm[] = ".slurm.json"; /* of submissions, no sweep */
    const int fd = openat(r->fd, ".sweeps", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        int closed = 0;
        if (fd >= 0)
            close(fd);
        else if (errno != ENOENT)
            closed = errno;
        for (size_t i = 0; closed && i < all->count; i++)
            all->item[i].there = true; /* as it was last seen */
        if (closed)
            tfu_log_write(r->log, TFU_LOG_WARNING, "the store's sweeps cannot be read: %s",
                          strerror(closed));
        return TFU_OK;
    }
    enum tfu_status st = TFU_OK;
    for (const struct dirent *d; st == TFU_OK && (d = readdir(dir));) {
        const size_t n = strlen(d->d_name), k = sizeof end - 1;
        struct stat info;
        if (d->d_name[0] == '.' || n <= k || strcmp(d->d_name + n - k, end) != 0 ||
            (n >= sizeof slurm && strcmp(d->d_name + n + 1 - sizeof slurm, slurm) == 0) ||
            fstatat(fd, d->d_name, &info, 0) != 0)
            continue;
        struct sweep *x = add(all, d->d_name, n - k);
        if (!x) {
            st = tfu_error_memory(e, "reading sweeps", 0);
            break;
        }
        const uint64_t stamp = stamp_of(&info);
        x->there = true;
        if (x->row >= 0 && x->stamp == stamp && !r->rebuild)
            continue;
        x->stamp = stamp;
        read_file(x, fd, d->d_name);
        if (x->problem.length)
            tfu_log_write(r->log, TFU_LOG_WARNING,
                          "the sweep '%s' cannot be read: %s/.sweeps/%s: %s", x->name, r->store,
                          d->d_name, tfu_text_get(&x->problem));
    }
    closedir(dir);
    return st;
}

/* ---- writing */

struct writer {
    struct tfu_database *database;
    sqlite3_stmt *sweep, *axis, *one, *value;
};

static int done(sqlite3_stmt *s)
{
    const int rc = sqlite3_step(s);
    sqlite3_reset(s);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int put_values(struct writer *w, int64_t row, int64_t number, json_t *values)
{
    const char *axis;
    json_t *value;
    int rc = SQLITE_OK;
    json_object_foreach(values, axis, value)
    {
        char *text = json_is_string(value) ? strdup(json_string_value(value))
                                           : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        if (!text)
            return SQLITE_NOMEM;
        sqlite3_bind_int64(w->value, 1, row);
        sqlite3_bind_int64(w->value, 2, number);
        tfu_bind_text(w->value, 3, axis);
        sqlite3_bind_text(w->value, 4, text, -1, SQLITE_TRANSIENT);
        if (!json_is_null(value))
            rc = done(w->value);
        free(text);
        if (rc != SQLITE_OK)
            break;
    }
    return rc;
}

static int put_cases(struct writer *w, int64_t row, const json_t *cases)
{
    size_t i;
    json_t *one;
    int rc = SQLITE_OK;
    json_array_foreach(cases, i, one)
    {
        sqlite3_bind_int64(w->one, 1, row);
        sqlite3_bind_int64(w->one, 2, (int64_t)i);
        tfu_bind_text(w->one, 3, json_string_value(json_object_get(one, "name")));
        tfu_bind_text(w->one, 4, json_string_value(json_object_get(one, "key")));
        tfu_bind_text(w->one, 5,
                      tfu_case_runs_below_store(json_string_value(json_object_get(one, "run"))));
        sqlite3_bind_int64(w->one, 6, json_is_true(json_object_get(one, "support")));
        rc = done(w->one);
        if (rc == SQLITE_OK)
            rc = put_values(w, row, (int64_t)i, json_object_get(one, "values"));
        if (rc != SQLITE_OK)
            break;
    }
    return rc;
}

static int put_sweep(struct writer *w, const struct sweep *x)
{
    const json_t *axes = json_object_get(x->root, "axes");
    size_t i;
    json_t *axis;
    tfu_bind_text(w->sweep, 1, x->name);
    sqlite3_bind_int64(w->sweep, 2, (int64_t)x->stamp);
    tfu_bind_text(w->sweep, 3, x->problem.length ? tfu_text_get(&x->problem) : NULL);
    int rc = done(w->sweep);
    const int64_t row = sqlite3_last_insert_rowid(w->database->handle);
    json_array_foreach(axes, i, axis)
    {
        const char *name = json_is_object(axis) ? json_string_value(json_object_get(axis, "name"))
                                                : json_string_value(axis);
        if (rc != SQLITE_OK || !name)
            break;
        sqlite3_bind_int64(w->axis, 1, row);
        sqlite3_bind_int64(w->axis, 2, (int64_t)i);
        tfu_bind_text(w->axis, 3, name);
        rc = done(w->axis);
    }
    return rc == SQLITE_OK ? put_cases(w, row, json_object_get(x->root, "cases")) : rc;
}

/* By its name: another process may have put it there under another number. */
static int drop_sweep(struct tfu_database *d, const char *name)
{
    static const char *const sql[] = {
        "DELETE FROM axis WHERE sweep IN (SELECT id FROM sweep WHERE name=?1)",
        "DELETE FROM sweep_case WHERE sweep IN (SELECT id FROM sweep WHERE name=?1)",
        "DELETE FROM case_value WHERE sweep IN (SELECT id FROM sweep WHERE name=?1)",
        "DELETE FROM sweep WHERE name=?1"};
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < TFU_COUNT(sql); i++) {
        sqlite3_stmt *s = NULL;
        rc = tfu_database_prepare(d, &s, sql[i]);
        if (rc == SQLITE_OK) {
            tfu_bind_text(s, 1, name);
            rc = done(s);
        }
        sqlite3_finalize(s);
    }
    return rc;
}

static int write_all(const struct sweeps *all, struct tfu_database *d)
{
    struct writer w = {.database = d};
    int rc = tfu_database_begin(d);
    if (rc != SQLITE_OK)
        return rc;
    rc =
        tfu_database_prepare(d, &w.sweep, "INSERT INTO sweep(name,stamp,problem) VALUES(?1,?2,?3)");
    if (rc == SQLITE_OK)
        rc = tfu_database_prepare(d, &w.axis,
                                  "INSERT INTO axis(sweep,number,name) VALUES(?1,?2,?3)");
    if (rc == SQLITE_OK)
        rc = tfu_database_prepare(
            d, &w.one,
            "INSERT INTO sweep_case(sweep,number,name,key,run,support) VALUES(?1,?2,?3,?4,?5,?6)");
    if (rc == SQLITE_OK)
        rc = tfu_database_prepare(
            d, &w.value, "INSERT INTO case_value(sweep,number,axis,value) VALUES(?1,?2,?3,?4)");
    for (size_t i = 0; rc == SQLITE_OK && i < all->count; i++) {
        const struct sweep *x = &all->item[i];
        const bool news = x->root || x->problem.length;
        if (!x->there || news)
            rc = drop_sweep(d, x->name);
        if (rc == SQLITE_OK && news)
            rc = put_sweep(&w, x);
    }
    sqlite3_finalize(w.sweep);
    sqlite3_finalize(w.axis);
    sqlite3_finalize(w.one);
    sqlite3_finalize(w.value);
    return tfu_database_end(d, rc);
}

enum tfu_status tfu_sweeps_refresh(const struct tfu_sweeps_request *r, struct tfu_database *d,
                                   int *rc, struct tfu_error *e)
{
    struct sweeps all = {.count = 0};
    *rc = load_known(&all, d);
    enum tfu_status st = *rc == SQLITE_OK ? read_folder(&all, r, e) : TFU_OK;
    bool news = false;
    for (size_t i = 0; i < all.count; i++)
        news |= !all.item[i].there || all.item[i].root || all.item[i].problem.length;
    if (st == TFU_OK && *rc == SQLITE_OK && news)
        *rc = write_all(&all, d);
    if (st == TFU_OK && *rc == SQLITE_OK && all.count)
        *rc = tfu_case_runs_refresh(d, r->fd);
    free_sweeps(&all);
    return st;
}
