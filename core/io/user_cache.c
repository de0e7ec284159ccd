/* SPDX-License-Identifier: MIT */
#include "core/io/user_cache.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/base/text.h"

/* Its beginning and its end; false: there is none. */
static bool find(const char **folder, const char **below)
{
    const char *own = getenv("TRANSFUSE_CACHE"), *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    const bool has_cache = !own && cache && cache[0] == '/';
    *folder = own ? own : has_cache ? cache : home;
    *below = own ? "" : has_cache ? "/transfuse" : "/.cache/transfuse";
    return *folder && (*folder)[0];
}

bool tfu_user_cache_is_there(void)
{
    const char *folder, *below;
    return find(&folder, &below);
}

char *tfu_user_cache(void)
{
    const char *folder, *below;
    struct tfu_text text = TFU_TEXT_INIT;
    if (find(&folder, &below))
        tfu_text_printf(&text, "%s%s", folder, below);
    if (text.failed || text.length == 0) {
        tfu_text_free(&text);
        return NULL;
    }
    return text.data;
}

struct file {
    char *path;
    struct timespec written;
    uint64_t bytes;
};

static int by_time(const void *a, const void *b)
{
    const struct timespec *x = &((const struct file *)a)->written;
    const struct timespec *y = &((const struct file *)b)->written;
    if (x->tv_sec != y->tv_sec)
        return x->tv_sec < y->tv_sec ? -1 : 1;
    return x->tv_nsec < y->tv_nsec ? -1 : x->tv_nsec > y->tv_nsec;
}

/* The file of that name, appended to the list; where there is no memory it is not. */
static void add(struct file **list, size_t *count, const char *folder, const char *name)
{
    char path[PATH_MAX];
    struct stat s;
    if (!tfu_path_put(path, folder, name) || stat(path, &s) != 0 || !S_ISREG(s.st_mode))
        return;
    struct file *more = realloc(*list, (*count + 1) * sizeof *more);
    if (!more)
        return;
    *list = more;
    char *copy = strdup(path);
    if (copy)
        more[(*count)++] = (struct file){copy, s.st_mtim, (uint64_t)s.st_size};
}

void tfu_user_cache_trim(const char *folder, const char *prefix, const char *keep, uint64_t bytes)
{
    struct file *file = NULL;
    size_t count = 0;
    uint64_t total = 0;
    DIR *d = opendir(folder);
    if (!d)
        return;
    for (const struct dirent *entry; (entry = readdir(d));)
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
            add(&file, &count, folder, entry->d_name);
    closedir(d);
    if (count)
        qsort(file, count, sizeof *file, by_time);
    for (size_t i = 0; i < count; i++)
        total += file[i].bytes;
    for (size_t i = 0; i < count; i++) {
        const char *name = strrchr(file[i].path, '/') + 1;
        if (total > bytes && (!keep || strcmp(name, keep) != 0) && unlink(file[i].path) == 0)
            total -= file[i].bytes;
        free(file[i].path);
    }
    free(file);
}
