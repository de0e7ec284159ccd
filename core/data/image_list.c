/* SPDX-License-Identifier: MIT */
#include "core/data/image_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "core/base/path.h"

enum { DEPTH_MAX = 64 }; /* of folders */

static enum tfu_status add_file(struct tfu_image_list *l, const char *path, struct tfu_error *e)
{
    if (l->count == l->capacity) {
        const size_t capacity = l->capacity ? 2 * l->capacity : 16;
        char **more = reallocarray(l->path, capacity, sizeof *more);
        if (!more)
            return tfu_error_memory(e, "listing images", 0);
        l->path = more;
        l->capacity = capacity;
    }
    l->path[l->count] = strdup(path);
    if (!l->path[l->count])
        return tfu_error_memory(e, "listing images", 0);
    l->count++;
    return TFU_OK;
}

static bool is_image_name(const char *name)
{
    static const char *const ends[] = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".dcm"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof ends / sizeof *ends; i++)
        if (strcasecmp(dot, ends[i]) == 0)
            return true;
    return false;
}

static int no_dots(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* A folder, and the one that it lies in. */
struct place {
    const struct place *in;
    dev_t device;
    ino_t inode;
    int depth;
};

/* A link back into a folder that is being listed has nothing new. */
static bool is_circle(const struct place *p)
{
    for (const struct place *in = p->in; in; in = in->in)
        if (in->device == p->device && in->inode == p->inode)
            return true;
    return false;
}

static enum tfu_status add_folder(struct tfu_image_list *l, const char *folder,
                                  const struct stat *info, const struct place *in,
                                  struct tfu_error *e)
{
    struct dirent **entry = NULL;
    const struct place here = {in, info->st_dev, info->st_ino, in ? in->depth + 1 : 0};
    if (is_circle(&here))
        return TFU_OK;
    if (here.depth > DEPTH_MAX)
        return tfu_error_set(e, TFU_EINVAL, "'%s' lies %d folders deep; name it by itself", folder,
                             here.depth);
    const int n = scandir(folder, &entry, no_dots, by_bytes);
    if (n < 0)
        return tfu_error_errno(e, errno, "cannot list", folder);
    enum tfu_status st = TFU_OK;
    for (int i = 0; i < n; i++) {
        struct stat inner;
        char *path = st == TFU_OK ? tfu_path_join(folder, entry[i]->d_name) : NULL;
        if (st == TFU_OK && !path)
            st = tfu_error_memory(e, "listing images", 0);
        else if (path && stat(path, &inner) == 0 && S_ISDIR(inner.st_mode))
            st = add_folder(l, path, &inner, &here, e);
        else if (path && is_image_name(path))
            st = add_file(l, path, e);
        else if (path)
            l->left_out++;
        free(path);
        free(entry[i]);
    }
    free(entry);
    return st;
}

enum tfu_status tfu_image_list_add(struct tfu_image_list *l, const char *path, struct tfu_error *e)
{
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return add_file(l, path, e);
    const size_t before = l->count;
    const enum tfu_status st = add_folder(l, path, &info, NULL, e);
    if (st == TFU_OK && l->count == before)
        return tfu_error_set(e, TFU_EINVAL,
                             "there is no image in the folder '%s': no file that is called .png, "
                             ".jpg, .jpeg, .tif, .tiff or .dcm; name other files one by one",
                             path);
    return st;
}

enum tfu_status tfu_image_list_add_lines(struct tfu_image_list *l, FILE *from, const char *name,
                                         struct tfu_error *e)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    enum tfu_status st = TFU_OK;
    while (st == TFU_OK && (n = getline(&line, &room, from)) >= 0) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
            line[--n] = '\0';
        if (n > 0 && strlen(line) != (size_t)n)
            st = tfu_error_set(e, TFU_EINVAL, "%s: a line of the list has a zero byte", name);
        else if (n > 0)
            st = tfu_image_list_add(l, line, e);
    }
    if (st == TFU_OK && ferror(from))
        st = tfu_error_errno(e, errno, "cannot read", name);
    free(line);
    return st;
}

void tfu_image_list_free(struct tfu_image_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->path[i]);
    free(l->path);
    *l = (struct tfu_image_list){.path = NULL};
}
