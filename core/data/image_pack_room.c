/* SPDX-License-Identifier: MIT */
#include "core/data/image_pack_room.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/path.h"

/* The other packs there. */
struct others {
    struct old {
        char *name;
        uint64_t bytes;
        struct timespec used;
    } * old;
    size_t count;
    uint64_t bytes;
};

static int by_use(const void *a, const void *b)
{
    const struct timespec *x = &((const struct old *)a)->used, *y = &((const struct old *)b)->used;
    if (x->tv_sec != y->tv_sec)
        return x->tv_sec < y->tv_sec ? -1 : 1;
    return x->tv_nsec < y->tv_nsec ? -1 : x->tv_nsec > y->tv_nsec;
}

static bool is_other(const char *file, const char *prefix, const char *own)
{
    const size_t n = strlen(file);
    return strncmp(file, prefix, strlen(prefix)) == 0 && n > 5 &&
           strcmp(file + n - 5, ".pack") == 0 && strcmp(file, own) != 0;
}

static void free_others(struct others *o)
{
    for (size_t i = 0; i < o->count; i++)
        free(o->old[i].name);
    free(o->old);
}

static struct others find_others(const char *folder, const char *prefix, const char *own)
{
    struct others o = {.old = NULL};
    DIR *d = opendir(folder);
    for (const struct dirent *entry; d && (entry = readdir(d));) {
        char path[PATH_MAX];
        struct stat s;
        if (!is_other(entry->d_name, prefix, own) || !tfu_path_put(path, folder, entry->d_name) ||
            stat(path, &s) != 0)
            continue;
        o.bytes += (uint64_t)s.st_size;
        struct old *more = realloc(o.old, (o.count + 1) * sizeof *more);
        char *copy = more ? strdup(entry->d_name) : NULL;
        o.old = more ? more : o.old;
        if (copy)
            o.old[o.count++] = (struct old){copy, (uint64_t)s.st_size, s.st_mtim};
    }
    if (d)
        closedir(d);
    return o;
}

/* One that nobody has open. */
static bool remove_pack(const char *folder, const char *file)
{
    char path[PATH_MAX], index[NAME_MAX + 1];
    if (!tfu_path_put(path, folder, file))
        return false;
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    const bool free_now = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
    const bool removed = free_now && unlink(path) == 0;
    snprintf(index, sizeof index, "%.*s.index", (int)(strlen(file) - 5), file);
    if (removed && tfu_path_put(path, folder, index))
        unlink(path);
    if (fd >= 0)
        close(fd);
    return removed;
}

bool tfu_image_pack_room(const char *folder, const char *prefix, const char *own, uint64_t bytes,
                         uint64_t most)
{
    if (bytes > most)
        return false;
    struct others o = find_others(folder, prefix, own);
    if (o.bytes > most - bytes && o.count)
        qsort(o.old, o.count, sizeof *o.old, by_use);
    for (size_t i = 0; i < o.count && o.bytes > most - bytes; i++)
        if (remove_pack(folder, o.old[i].name))
            o.bytes -= o.old[i].bytes;
    free_others(&o);
    return o.bytes <= most - bytes;
}
