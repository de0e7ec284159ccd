/* SPDX-License-Identifier: MIT */
#include "core/io/timings.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/processor.h"
#include "core/base/text.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"

static const char heading[] = "transfuse timings 1";

struct entry {
    char *key;
    double seconds;
};

struct tfu_timings {
    char *path;
    bool added_to, changed;
    struct tfu_log *log;
    struct entry *entry;
    size_t count, room;
    char processor[256];
};

static struct entry *find(const struct tfu_timings *t, const char *key)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->entry[i].key, key) == 0)
            return &t->entry[i];
    return NULL;
}

static enum tfu_status append(struct tfu_timings *t, const char *key, double seconds,
                              struct tfu_error *e)
{
    if (t->count == t->room) {
        const size_t room = t->room ? 2 * t->room : 64;
        struct entry *grown = realloc(t->entry, room * sizeof *grown);
        if (!grown)
            return tfu_error_memory(e, "keeping measured times", 0);
        t->entry = grown;
        t->room = room;
    }
    char *copy = strdup(key);
    if (!copy)
        return tfu_error_memory(e, "keeping measured times", 0);
    t->entry[t->count++] = (struct entry){copy, seconds};
    return TFU_OK;
}

/* What is wrong with a line: an error, or a warning where the file is our own to repair. */
static enum tfu_status reject(struct tfu_timings *t, size_t number, const char *what,
                              struct tfu_error *e)
{
    if (!t->added_to)
        return tfu_error_set(e, TFU_EINVAL, "%s:%zu: %s; make the file anew", t->path, number,
                             what);
    t->changed = true; /* to be written without it */
    tfu_log_write(t->log, TFU_LOG_WARNING, "%s:%zu: %s; what cannot be read is measured again",
                  t->path, number, what);
    return TFU_OK;
}

/* Takes a line into the table; keys that are there keep their seconds. */
static enum tfu_status take_line(struct tfu_timings *t, char *line, size_t number,
                                 struct tfu_error *e)
{
    char *tab = strchr(line, '\t'), *end = NULL;
    if (!tab)
        return reject(t, number, "expected a key, a tab and seconds", e);
    *tab = '\0';
    const double seconds = strtod(tab + 1, &end);
    if (end == tab + 1 || *end != '\0' || !isfinite(seconds) || seconds < 0)
        return reject(t, number, "the seconds are not a number", e);
    return find(t, line) ? TFU_OK : append(t, line, seconds, e);
}

static enum tfu_status read_lines(struct tfu_timings *t, FILE *f, struct tfu_error *e)
{
    char *line = NULL;
    size_t room = 0, number = 0;
    enum tfu_status st = TFU_OK;
    for (ssize_t length; st == TFU_OK && (length = getline(&line, &room, f)) > 0;) {
        number++;
        if (strlen(line) != (size_t)length || line[length - 1] != '\n') {
            st = reject(t, number, "the line is cut off", e);
            continue;
        }
        line[length - 1] = '\0';
        if (number > 1) {
            st = take_line(t, line, number, e);
        } else if (strcmp(line, heading) != 0) {
            st = reject(t, number, "not a file of timings of this version", e);
            break;
        }
    }
    free(line);
    if (st == TFU_OK && ferror(f))
        st = tfu_error_set(e, TFU_EIO, "%s: cannot read: %s", t->path, strerror(errno));
    if (st == TFU_OK && number == 0)
        st = reject(t, 1, "the file is empty", e);
    return st;
}

static enum tfu_status read_file(struct tfu_timings *t, struct tfu_error *e)
{
    FILE *f = fopen(t->path, "re");
    if (!f && (errno == ENOENT || errno == ENOTDIR) && t->added_to)
        return TFU_OK;
    if (!f)
        return tfu_error_set(e, TFU_EIO, "%s: cannot open the timings: %s", t->path,
                             strerror(errno));
    const enum tfu_status st = read_lines(t, f, e);
    fclose(f);
    return st;
}

enum tfu_status tfu_timings_open(struct tfu_timings **out, const char *path, bool added_to,
                                 struct tfu_log *log, struct tfu_error *e)
{
    *out = NULL;
    struct tfu_timings *t = calloc(1, sizeof *t);
    if (!t || !(t->path = strdup(path))) {
        free(t);
        return tfu_error_memory(e, "making the folder of measured times", 0);
    }
    t->added_to = added_to;
    t->log = log;
    if (!tfu_processor_name(t->processor, sizeof t->processor))
        snprintf(t->processor, sizeof t->processor, "unknown processor");
    const enum tfu_status st = read_file(t, e);
    if (st != TFU_OK) {
        tfu_timings_free(t);
        return st;
    }
    *out = t;
    return TFU_OK;
}

enum tfu_status tfu_timings_open_or_cache(struct tfu_timings **out, const char *path, bool added_to,
                                          struct tfu_log *log, struct tfu_error *e)
{
    if (path[0])
        return tfu_timings_open(out, path, added_to, log, e);
    *out = NULL;
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    struct tfu_text text = TFU_TEXT_INIT;
    if (cache && cache[0] == '/')
        tfu_text_printf(&text, "%s/transfuse/timings", cache);
    else if (home && home[0])
        tfu_text_printf(&text, "%s/.cache/transfuse/timings", home);
    else
        return tfu_error_set(e, TFU_EINVAL,
                             "no place for measured timings: neither XDG_CACHE_HOME nor HOME is "
                             "set; name a file with `timings:`");
    const enum tfu_status st = text.failed ? tfu_error_memory(e, "timings", 0)
                                           : tfu_timings_open(out, text.data, added_to, log, e);
    tfu_text_free(&text);
    return st;
}

void tfu_timings_free(struct tfu_timings *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->count; i++)
        free(t->entry[i].key);
    free(t->entry);
    free(t->path);
    free(t);
}

bool tfu_timings_added_to(const struct tfu_timings *t)
{
    return t->added_to;
}

const char *tfu_timings_processor(const struct tfu_timings *t)
{
    return t->processor;
}

double tfu_timings_find(const struct tfu_timings *t, const char *key)
{
    const struct entry *found = find(t, key);
    return found ? found->seconds : -1;
}

enum tfu_status tfu_timings_add(struct tfu_timings *t, const char *key, double seconds,
                                struct tfu_error *e)
{
    t->changed = true;
    struct entry *found = find(t, key);
    if (!found)
        return append(t, key, seconds, e);
    found->seconds = seconds;
    return TFU_OK;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static enum tfu_status write_file(struct tfu_timings *t, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_printf(&text, "%s\n", heading);
    if (t->count)
        qsort(t->entry, t->count, sizeof *t->entry, by_key);
    for (size_t i = 0; i < t->count; i++)
        tfu_text_printf(&text, "%s\t%.6e\n", t->entry[i].key, t->entry[i].seconds);
    const enum tfu_status st = text.failed
                                   ? tfu_error_memory(e, "writing measured times", 0)
                                   : tfu_atomic_write_file(t->path, text.data, text.length, e);
    tfu_text_free(&text);
    return st;
}

/* The folder that a path's file lies in. */
static enum tfu_status make_folder(const char *path, struct tfu_error *e)
{
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return TFU_OK;
    char *folder = strndup(path, (size_t)(slash - path));
    if (!folder)
        return tfu_error_memory(e, "making the folder of measured times", 0);
    const enum tfu_status st = tfu_folder_make(folder, e);
    free(folder);
    return st;
}

enum tfu_status tfu_timings_save(struct tfu_timings *t, struct tfu_error *e)
{
    if (!t->changed || !t->added_to)
        return TFU_OK;
    enum tfu_status st = make_folder(t->path, e);
    if (st != TFU_OK)
        return st;
    struct tfu_text lock = TFU_TEXT_INIT;
    tfu_text_printf(&lock, "%s.lock", t->path);
    const int fd = lock.failed ? -1 : open(lock.data, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0 || flock(fd, LOCK_EX) != 0)
        st = tfu_error_set(e, TFU_EIO, "%s.lock: cannot lock: %s", t->path, strerror(errno));
    t->log = NULL; /* it has been said */
    if (st == TFU_OK)
        st = read_file(t, e); /* what others have added */
    if (st == TFU_OK)
        st = write_file(t, e);
    if (st == TFU_OK)
        t->changed = false;
    if (fd >= 0)
        close(fd);
    tfu_text_free(&lock);
    return st;
}
