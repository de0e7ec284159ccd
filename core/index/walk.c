/* SPDX-License-Identifier: MIT */
#include "core/index/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/index/stamp.h"

void tfu_walk_free(struct tfu_walk *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->path[i]);
    for (size_t i = 0; i < w->closed_count; i++)
        free(w->closed[i]);
    free(w->path);
    free(w->closed);
}

static enum tfu_status add(char ***list, size_t *count, size_t *room, char *path,
                           struct tfu_error *e)
{
    if (path && *count == *room) {
        char **more = reallocarray(*list, *room ? 2 * *room : 256, sizeof *more);
        if (more) {
            *list = more;
            *room = *room ? 2 * *room : 256;
        }
    }
    if (!path || *count == *room) {
        free(path);
        return tfu_error_memory(e, "listing runs", 0);
    }
    (*list)[(*count)++] = path;
    return TFU_OK;
}

static bool is_folder(DIR *dir, const struct dirent *d)
{
    struct stat info;
    if (d->d_name[0] == '.' ||
        (d->d_type != DT_DIR && d->d_type != DT_LNK && d->d_type != DT_UNKNOWN))
        return false;
    return d->d_type == DT_DIR ||
           (fstatat(dirfd(dir), d->d_name, &info, 0) == 0 && S_ISDIR(info.st_mode));
}

/* All that goes wrong from the second on is about a part of the store. */
static enum tfu_status walk_name(struct tfu_walk *w, int store, const char *name,
                                 struct tfu_log *log, struct tfu_error *e)
{
    const int fd = openat(store, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    int problem = dir ? 0 : errno;
    enum tfu_status st = TFU_OK;
    if (!dir && fd >= 0)
        close(fd);
    while (dir && st == TFU_OK) {
        errno = 0;
        const struct dirent *d = readdir(dir);
        if (!d) {
            problem = errno;
            break;
        }
        if (!is_folder(dir, d))
            continue;
        char *path = tfu_path_join(name, d->d_name);
        if (path && !tfu_stamp_is_run(store, path))
            free(path);
        else
            st = add(&w->path, &w->count, &w->room, path, e);
    }
    if (dir)
        closedir(dir);
    if (st != TFU_OK || problem == 0 || problem == ENOENT)
        return st;
    tfu_log_write(log, TFU_LOG_WARNING,
                  "the folder '%s' of the store cannot be read (%s): its runs are shown as they "
                  "were last seen",
                  name, strerror(problem));
    return add(&w->closed, &w->closed_count, &w->closed_room, tfu_path_join(name, ""), e);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

enum tfu_status tfu_walk_store(struct tfu_walk *out, const char *store, int store_fd,
                               struct tfu_log *log, struct tfu_error *e)
{
    *out = (struct tfu_walk){.count = 0};
    DIR *dir = opendir(store);
    if (!dir)
        return tfu_error_errno(e, errno, "cannot read the store", store);
    enum tfu_status st = TFU_OK;
    while (st == TFU_OK) {
        errno = 0;
        const struct dirent *d = readdir(dir);
        if (!d && errno)
            st = tfu_error_errno(e, errno, "cannot read the store", store);
        if (!d)
            break;
        if (is_folder(dir, d))
            st = walk_name(out, store_fd, d->d_name, log, e);
    }
    closedir(dir);
    if (st == TFU_OK && out->count)
        qsort(out->path, out->count, sizeof *out->path, by_bytes);
    return st;
}

bool tfu_walk_is_closed(const struct tfu_walk *w, const char *path)
{
    for (size_t i = 0; i < w->closed_count; i++)
        if (strncmp(path, w->closed[i], strlen(w->closed[i])) == 0)
            return true;
    return false;
}
