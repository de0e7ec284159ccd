/* SPDX-License-Identifier: MIT */
#include "core/report/output_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
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

static enum tfu_status add(struct tfu_output_folder *o, const char *name, size_t n,
                           struct tfu_output_name **out, struct tfu_error *e)
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
    *out = &o->name[o->count++];
    **out = (struct tfu_output_name){.name = copy};
    return TFU_OK;
}

/* That of the name, which is added where it is not known yet. */
static enum tfu_status get(struct tfu_output_folder *o, const char *name, size_t n,
                           struct tfu_output_name **out, struct tfu_error *e)
{
    for (size_t i = 0; i < o->count; i++)
        if (strncmp(o->name[i].name, name, n) == 0 && o->name[i].name[n] == '\0') {
            *out = &o->name[i];
            return TFU_OK;
        }
    return add(o, name, n, out, e);
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
        struct tfu_output_name *item;
        if (end && is_below(text + i, length)) { /* half a line is none */
            st = get(o, text + i, length, &item, e);
            if (st == TFU_OK)
                item->known = true;
        }
        i += length + 1;
    }
    return st;
}

/* What an earlier report left. */
static enum tfu_status read_list(struct tfu_output_folder *o, struct tfu_error *e)
{
    char path[PATH_MAX];
    struct tfu_mapped_file file;
    enum tfu_status st = path_of(o, TFU_OUTPUT_FILES, path, e);
    if (st != TFU_OK || access(path, F_OK) != 0)
        return st;
    st = tfu_mapped_file_open(&file, path, e);
    if (st == TFU_OK) {
        st = add_lines(o, file.bytes, file.size, e);
        tfu_mapped_file_close(&file);
    }
    return st;
}

static int by_name(const void *a, const void *b)
{
    const struct tfu_output_name *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* ---- one file */

static enum tfu_status make_parent(const char *path, struct tfu_error *e)
{
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    memcpy(parent, path, (size_t)(slash - path));
    parent[slash - path] = '\0';
    return tfu_folder_make(parent, e);
}

/* May it be written? What is there is a report's, or the same already. */
static enum tfu_status check_one(const struct tfu_output_folder *o,
                                 const struct tfu_output_name *item, struct tfu_error *e)
{
    char path[PATH_MAX];
    struct stat info;
    const enum tfu_status st = path_of(o, item->name, path, e);
    if (st != TFU_OK)
        return st;
    bool foreign = !item->known && lstat(path, &info) == 0 &&
                   !tfu_mapped_file_holds(path, item->bytes, item->size);
    char *slash = strrchr(path, '/');
    if (!foreign && strchr(item->name, '/')) { /* a file where the folder is to be */
        *slash = '\0';
        foreign = stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
        if (!foreign)
            *slash = '/';
    }
    return foreign ? tfu_error_set(e, TFU_EINVAL,
                                   "'%s' is there, and no report wrote it; write the report to a "
                                   "folder of its own, or move that file; nothing was written",
                                   path)
                   : TFU_OK;
}

static enum tfu_status write_one(struct tfu_output_folder *o, const struct tfu_output_name *item,
                                 struct tfu_error *e)
{
    char path[PATH_MAX];
    enum tfu_status st = path_of(o, item->name, path, e);
    if (st != TFU_OK || tfu_mapped_file_holds(path, item->bytes, item->size))
        return st;
    st = make_parent(path, e);
    if (st == TFU_OK)
        st = tfu_atomic_write_file(path, item->bytes, item->size, e);
    o->changed += st == TFU_OK;
    return st;
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

/* The names of this report, with `earlier` of the earlier one, too. */
static enum tfu_status write_list(struct tfu_output_folder *o, bool earlier, struct tfu_error *e)
{
    struct tfu_text list = TFU_TEXT_INIT;
    char path[PATH_MAX];
    size_t count = 0;
    enum tfu_status st = path_of(o, TFU_OUTPUT_FILES, path, e);
    const struct tfu_output_name **name = calloc(o->count + 1, sizeof *name);
    for (size_t i = 0; name && i < o->count; i++)
        if (o->name[i].now || earlier)
            name[count++] = &o->name[i];
    if (name)
        qsort(name, count, sizeof *name, by_name);
    for (size_t i = 0; i < count; i++)
        tfu_text_printf(&list, "%s\n", name[i]->name);
    if (st == TFU_OK && (list.failed || !name))
        st = out_of_memory(e);
    if (st == TFU_OK && !tfu_mapped_file_holds(path, tfu_text_get(&list), list.length))
        st = tfu_atomic_write_file(path, tfu_text_get(&list), list.length, e);
    free(name);
    tfu_text_free(&list);
    return st;
}

static bool has_new(const struct tfu_output_folder *o)
{
    for (size_t i = 0; i < o->count; i++)
        if (!o->name[i].known)
            return true;
    return false;
}

static enum tfu_status write_all(struct tfu_output_folder *o, struct tfu_error *e)
{
    enum tfu_status st = read_list(o, e);
    for (size_t i = 0; st == TFU_OK && i < o->count; i++)
        if (o->name[i].now)
            st = check_one(o, &o->name[i], e);
    /* should this process end in between, it is known which files are ours */
    if (st == TFU_OK && has_new(o))
        st = write_list(o, true, e);
    for (size_t i = 0; st == TFU_OK && i < o->count; i++)
        if (o->name[i].now)
            st = write_one(o, &o->name[i], e);
    for (size_t i = 0; st == TFU_OK && i < o->count; i++)
        if (!o->name[i].now)
            st = remove_file(o, o->name[i].name, e);
    return st == TFU_OK ? write_list(o, false, e) : st;
}

/* ---- one report at a time */

/* The folder itself is locked: no file stays behind. Where its file system has no such locks, as
 * some networks' have none, there is none. */
static enum tfu_status lock(const struct tfu_output_folder *o, int *fd, struct tfu_error *e)
{
    enum { TRIES = 100 };
    const struct timespec tenth = {.tv_nsec = 100000000};
    *fd = open(o->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0)
        return tfu_error_errno(e, errno, "cannot open", o->folder);
    for (int i = 0; flock(*fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; i++) {
        if (i == TRIES)
            return tfu_error_set(e, TFU_EIO,
                                 "another report is being written to '%s'; wait until it is, or "
                                 "write to another folder",
                                 o->folder);
        nanosleep(&tenth, NULL);
    }
    return TFU_OK;
}

/* ---- from the beginning to the end */

enum tfu_status tfu_output_folder_begin(struct tfu_output_folder *o, const char *folder,
                                        struct tfu_error *e)
{
    *o = (struct tfu_output_folder){.folder = NULL};
    tfu_arena_init(&o->arena, 0);
    o->folder = tfu_arena_strdup(&o->arena, folder);
    return o->folder ? tfu_folder_make(folder, e) : out_of_memory(e);
}

enum tfu_status tfu_output_folder_put(struct tfu_output_folder *o, const char *name,
                                      const void *bytes, size_t n, struct tfu_error *e)
{
    struct tfu_output_name *item;
    const enum tfu_status st = get(o, name, strlen(name), &item, e);
    if (st != TFU_OK)
        return st;
    char *copy = tfu_arena_alloc(&o->arena, n + 1);
    if (!copy)
        return out_of_memory(e);
    if (n > 0)
        memcpy(copy, bytes, n);
    item->bytes = copy;
    item->size = n;
    item->now = true;
    return TFU_OK;
}

enum tfu_status tfu_output_folder_end(struct tfu_output_folder *o, struct tfu_error *e)
{
    int fd;
    enum tfu_status st = lock(o, &fd, e);
    if (st == TFU_OK)
        st = write_all(o, e);
    if (fd >= 0)
        close(fd);
    return st;
}

void tfu_output_folder_free(struct tfu_output_folder *o)
{
    free(o->name);
    tfu_arena_free(&o->arena);
    *o = (struct tfu_output_folder){.folder = NULL};
}
