/* SPDX-License-Identifier: MIT */
#include "core/report/output_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/base/text.h"
#include "core/io/atomic_file.h"
#include "core/io/folder.h"
#include "core/io/mapped_file.h"

static enum tfu_status out_of_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "writing a report", 0);
}

static enum tfu_status path_of(const struct tfu_output_folder *o, const char *name,
                               char path[PATH_MAX], struct tfu_error *e)
{
    if (tfu_path_put(path, o->folder, name))
        return TFU_OK;
    return tfu_error_set(e, TFU_EIO, "the path of '%s' in '%s' is longer than the system has them",
                         name, o->folder);
}

/* ---- which files there are */

static struct tfu_output_name *find(const struct tfu_output_folder *o, const char *name)
{
    for (size_t i = 0; i < o->count; i++)
        if (strcmp(o->name[i].name, name) == 0)
            return &o->name[i];
    return NULL;
}

static enum tfu_status add(struct tfu_output_folder *o, const char *name, size_t n, bool now,
                           struct tfu_error *e)
{
    if (o->count == o->capacity) {
        const size_t capacity = o->capacity ? o->capacity * 2 : 64;
        struct tfu_output_name *more = realloc(o->name, capacity * sizeof *more);
        if (!more)
            return out_of_memory(e);
        o->name = more;
        o->capacity = capacity;
    }
    const char *copy = tfu_arena_strndup(&o->arena, name, n);
    if (!copy)
        return out_of_memory(e);
    o->name[o->count++] = (struct tfu_output_name){.name = copy, .now = now};
    return TFU_OK;
}

/* Does it name a file below the folder? A line that leads out of it removes nothing. */
static bool is_below(const char *name, size_t n)
{
    if (n == 0 || name[0] == '/' || memchr(name, '\0', n))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((i == 0 || name[i - 1] == '/') && name[i] == '.')
            return false;
    return true;
}

static enum tfu_status add_lines(struct tfu_output_folder *o, const char *text, size_t n,
                                 struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < n;) {
        const char *end = memchr(text + i, '\n', n - i);
        const size_t length = end ? (size_t)(end - text) - i : n - i;
        if (end && is_below(text + i, length)) /* half a line is none */
            st = add(o, text + i, length, false, e);
        i += length + 1;
    }
    return st;
}

enum tfu_status tfu_output_folder_begin(struct tfu_output_folder *o, const char *folder,
                                        struct tfu_error *e)
{
    char path[PATH_MAX];
    struct tfu_mapped_file file;
    *o = (struct tfu_output_folder){.folder = NULL};
    tfu_arena_init(&o->arena, 0);
    o->folder = tfu_arena_strdup(&o->arena, folder);
    if (!o->folder)
        return out_of_memory(e);
    enum tfu_status st = tfu_folder_make(folder, e);
    if (st == TFU_OK)
        st = path_of(o, TFU_OUTPUT_FILES, path, e);
    if (st != TFU_OK || access(path, F_OK) != 0)
        return st;
    st = tfu_mapped_file_open(&file, path, e);
    if (st == TFU_OK) {
        st = add_lines(o, file.bytes, file.size, e);
        tfu_mapped_file_close(&file);
    }
    return st;
}

/* Says that a file is a report's, before it is written: should this process end in between, it is
 * known to be ours. */
static enum tfu_status announce(struct tfu_output_folder *o, const char *name, struct tfu_error *e)
{
    char path[PATH_MAX];
    enum tfu_status st = path_of(o, TFU_OUTPUT_FILES, path, e);
    if (st != TFU_OK)
        return st;
    const int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return tfu_error_errno(e, errno, "cannot write", path);
    struct tfu_text line = TFU_TEXT_INIT;
    tfu_text_printf(&line, "%s\n", name);
    if (line.failed)
        st = out_of_memory(e);
    else if (write(fd, line.data, line.length) != (ssize_t)line.length)
        st = tfu_error_errno(e, errno, "cannot write", path);
    tfu_text_free(&line);
    if (close(fd) != 0 && st == TFU_OK)
        st = tfu_error_errno(e, errno, "cannot write", path);
    return st == TFU_OK ? add(o, name, strlen(name), true, e) : st;
}

/* ---- one file */

static bool holds(const char *path, const void *bytes, size_t n)
{
    struct tfu_mapped_file file;
    if (tfu_mapped_file_open(&file, path, NULL) != TFU_OK)
        return false;
    const bool same = file.size == n && (n == 0 || memcmp(file.bytes, bytes, n) == 0);
    tfu_mapped_file_close(&file);
    return same;
}

static enum tfu_status make_parent(const char *path, struct tfu_error *e)
{
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    memcpy(parent, path, (size_t)(slash - path));
    parent[slash - path] = '\0';
    return tfu_folder_make(parent, e);
}

enum tfu_status tfu_output_folder_put(struct tfu_output_folder *o, const char *name,
                                      const void *bytes, size_t n, struct tfu_error *e)
{
    char path[PATH_MAX];
    struct stat info;
    enum tfu_status st = path_of(o, name, path, e);
    if (st != TFU_OK)
        return st;
    struct tfu_output_name *known = find(o, name);
    const bool there = lstat(path, &info) == 0;
    if (there && holds(path, bytes, n)) {
        if (known)
            known->now = true;
        return known ? TFU_OK : announce(o, name, e);
    }
    if (there && !known)
        return tfu_error_set(e, TFU_EINVAL,
                             "'%s' is there, and no report wrote it; write the report to a folder "
                             "of its own, or move that file",
                             path);
    if (known)
        known->now = true;
    else
        st = announce(o, name, e);
    if (st == TFU_OK)
        st = make_parent(path, e);
    if (st == TFU_OK)
        st = tfu_atomic_write_file(path, bytes, n, e);
    o->changed += st == TFU_OK;
    return st;
}

/* ---- the end */

static int by_name(const void *a, const void *b)
{
    const struct tfu_output_name *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* The file, and folders of it that are empty then. */
static enum tfu_status remove_file(struct tfu_output_folder *o, const char *name,
                                   struct tfu_error *e)
{
    char path[PATH_MAX];
    const enum tfu_status st = path_of(o, name, path, e);
    if (st != TFU_OK)
        return st;
    if (unlink(path) != 0 && errno != ENOENT && errno != ENOTDIR)
        return tfu_error_errno(e, errno, "cannot remove", path);
    o->changed++;
    const size_t kept = strlen(o->folder);
    for (char *slash = strrchr(path, '/'); slash && (size_t)(slash - path) > kept;
         slash = strrchr(path, '/')) {
        *slash = '\0';
        if (rmdir(path) != 0)
            break;
    }
    return TFU_OK;
}

enum tfu_status tfu_output_folder_end(struct tfu_output_folder *o, struct tfu_error *e)
{
    struct tfu_text list = TFU_TEXT_INIT;
    char path[PATH_MAX];
    enum tfu_status st = path_of(o, TFU_OUTPUT_FILES, path, e);
    qsort(o->name, o->count, sizeof *o->name, by_name);
    for (size_t i = 0; st == TFU_OK && i < o->count; i++) {
        if (o->name[i].now)
            tfu_text_printf(&list, "%s\n", o->name[i].name);
        else
            st = remove_file(o, o->name[i].name, e);
    }
    if (st == TFU_OK && list.failed)
        st = out_of_memory(e);
    if (st == TFU_OK && !holds(path, tfu_text_get(&list), list.length))
        st = tfu_atomic_write_file(path, tfu_text_get(&list), list.length, e);
    tfu_text_free(&list);
    return st;
}

void tfu_output_folder_free(struct tfu_output_folder *o)
{
    free(o->name);
    tfu_arena_free(&o->arena);
    *o = (struct tfu_output_folder){.folder = NULL};
}
