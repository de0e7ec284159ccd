/* SPDX-License-Identifier: MIT
 *
 * A folder of image files. Its folders are the classes, numbered by their names in the order of
 * their bytes, with files at any depth; a folder of files alone has no labels.
 */
#define _POSIX_C_SOURCE 200809L /* scandir(), strdup() */

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <transfuse/dataset.h>

enum { DEPTH_MAX = 32 };

struct config {
    const char *folder;
    int64_t channels;
    struct tfu_string_list ignore;
    const char *group;
};

static const struct tfu_option options[] = {
    TFU_OPT_PATH(struct config, folder, "", TFU_OPT_REQUIRED,
                 "folder of image files: each folder in it is a class, named by it; without such "
                 "folders there are no labels"),
    TFU_OPT_INT(struct config, channels, 0, 0, 3,
                "1: images are made gray; 3: red, green and blue; 0: as they are in the files, "
                "which then have to be alike"),
    TFU_OPT_STRING_LIST(
        struct config, ignore,
        "patterns of names of files and folders that are left out, as [\"*.txt\"], in quotes; "
        "what begins with a point always is"),
    TFU_OPT_STRING(
        struct config, group, "", 0,
        "extended regular expression on an image's path in `folder`, whose first parenthesis is "
        "the patient that it is of, as '([0-9]+)_(left|right)'; empty: no groups are known"),
};

struct image {
    char *path;
    char *group; /* or NULL */
    int64_t class;
};

struct image_folder {
    const struct config *config;
    struct image *image;
    size_t capacity;
    char **class_name;
    regex_t group; /* compiled, if `config` has one */
    struct tfu_dataset_info info;
};

static void close_folder(void *self)
{
    struct image_folder *d = self;
    for (int64_t i = 0; i < d->info.count; i++) {
        free(d->image[i].path);
        free(d->image[i].group);
    }
    if (d->config->group[0])
        regfree(&d->group);
    for (int64_t i = 0; i < d->info.classes; i++)
        free(d->class_name[i]);
    free(d->class_name);
    free(d->image);
    free(d);
}

/* ---- names */

static enum tfu_status no_memory(struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the dataset image_folder");
}

static bool is_left_out(const struct config *c, const char *name)
{
    for (uint64_t i = 0; i < c->ignore.count; i++)
        if (fnmatch(c->ignore.item[i], name, 0) == 0)
            return true;
    return name[0] == '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* The names in a folder but those that are left out, in order; `count` of them. */
static enum tfu_status list_names(const struct config *c, const char *folder, struct dirent ***out,
                                  int *count, struct tfu_dataset_host *h)
{
    const int all = scandir(folder, out, NULL, by_bytes);
    *count = 0;
    if (all < 0)
        return h->fail(h, errno == ENOMEM ? TFU_ENOMEM : TFU_EIO, "cannot read the folder '%s': %s",
                       folder, strerror(errno));
    for (int i = 0; i < all; i++)
        if (is_left_out(c, (*out)[i]->d_name))
            free((*out)[i]);
        else
            (*out)[(*count)++] = (*out)[i];
    return TFU_OK;
}

static void free_names(struct dirent **name, int count)
{
    for (int i = 0; i < count; i++)
        free(name[i]);
    free(name);
}

/* "folder/name"; its owner frees it. */
static char *join(const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

/* ---- walking */

/* ---- groups */

static enum tfu_status compile_group(struct image_folder *d, struct tfu_dataset_host *h)
{
    char why[256];
    const char *pattern = d->config->group;
    const int failed = regcomp(&d->group, pattern, REG_EXTENDED);
    if (failed) {
        regerror(failed, &d->group, why, sizeof why);
        return h->fail(h, failed == REG_ESPACE ? TFU_ENOMEM : TFU_EINVAL,
                       "group: '%s' is no extended regular expression: %s", pattern, why);
    }
    if (d->group.re_nsub > 0)
        return TFU_OK;
    regfree(&d->group);
    return h->fail(h, TFU_EINVAL,
                   "group: '%s' has no parenthesis; put one around what names the patient, as in "
                   "'([0-9]+)_(left|right)'",
                   pattern);
}

static enum tfu_status find_group(const struct image_folder *d, struct image *image,
                                  struct tfu_dataset_host *h)
{
    regmatch_t match[2];
    const char *path = image->path + strlen(d->config->folder);
    path += strspn(path, "/");
    if (regexec(&d->group, path, 2, match, 0) != 0 || match[1].rm_so < 0 ||
        match[1].rm_eo == match[1].rm_so)
        return h->fail(h, TFU_EINVAL,
                       "group: '%s' finds no patient in '%s'; mend the expression, or leave the "
                       "file out by `ignore`",
                       d->config->group, path);
    image->group = strndup(path + match[1].rm_so, (size_t)(match[1].rm_eo - match[1].rm_so));
    return image->group ? h->add_bytes(h, image->group, strlen(image->group)) : no_memory(h);
}

static enum tfu_status add_image(struct image_folder *d, char *path, int64_t class,
                                 struct tfu_dataset_host *h)
{
    if ((size_t)d->info.count == d->capacity) {
        const size_t capacity = d->capacity ? 2 * d->capacity : 256;
        struct image *larger = realloc(d->image, capacity * sizeof *larger);
        if (!larger) {
            free(path);
            return no_memory(h);
        }
        d->image = larger;
        d->capacity = capacity;
    }
    struct image *image = &d->image[d->info.count++];
    *image = (struct image){.path = path, .class = class};
    d->info.memory += (int64_t)(sizeof *d->image + strlen(path) + 1);
    const enum tfu_status st = d->config->group[0] ? find_group(d, image, h) : TFU_OK;
    return st == TFU_OK ? h->add_image(h, path, d->config->channels) : st;
}

static enum tfu_status walk(struct image_folder *d, const char *folder, int64_t class, int depth,
                            struct tfu_dataset_host *h);

/* Takes `path` over. */
static enum tfu_status visit(struct image_folder *d, char *path, int64_t class, int depth,
                             struct tfu_dataset_host *h)
{
    struct stat s;
    if (!path)
        return no_memory(h);
    enum tfu_status st;
    if (stat(path, &s) != 0)
        st = h->fail(h, TFU_EIO, "cannot look at '%s': %s", path, strerror(errno));
    else if (!S_ISDIR(s.st_mode))
        return add_image(d, path, class, h);
    else if (depth == DEPTH_MAX)
        st = h->fail(h, TFU_EINVAL, "'%s' lies %d folders deep: do they link in a circle?", path,
                     depth);
    else
        st = walk(d, path, class, depth + 1, h);
    free(path);
    return st;
}

static enum tfu_status walk(struct image_folder *d, const char *folder, int64_t class, int depth,
                            struct tfu_dataset_host *h)
{
    struct dirent **name;
    int count;
    enum tfu_status st = list_names(d->config, folder, &name, &count, h);
    if (st != TFU_OK)
        return st;
    for (int i = 0; st == TFU_OK && i < count; i++)
        st = visit(d, join(folder, name[i]->d_name), class, depth, h);
    free_names(name, count);
    return st;
}

/* ---- classes */

static bool is_folder(const char *folder, const char *name)
{
    struct stat s;
    char *path = join(folder, name);
    const bool is = path && stat(path, &s) == 0 && S_ISDIR(s.st_mode);
    free(path);
    return is;
}

static enum tfu_status walk_class(struct image_folder *d, const char *name,
                                  struct tfu_dataset_host *h)
{
    const int64_t before = d->info.count, class = d->info.classes;
    d->class_name[class] = strdup(name);
    if (!d->class_name[class])
        return no_memory(h);
    d->info.classes++;
    enum tfu_status st = h->add_bytes(h, name, strlen(name));
    if (st == TFU_OK)
        st = visit(d, join(d->config->folder, name), class, 0, h);
    if (st == TFU_OK && d->info.count == before)
        h->warn(h, "there is no image of class '%s' in '%s'", name, d->config->folder);
    return st;
}

static enum tfu_status walk_classes(struct image_folder *d, struct dirent **name, int count,
                                    struct tfu_dataset_host *h)
{
    d->class_name = calloc((size_t)count, sizeof *d->class_name);
    if (!d->class_name)
        return no_memory(h);
    for (int i = 0; i < count; i++)
        if (!is_folder(d->config->folder, name[i]->d_name))
            return h->fail(h, TFU_EINVAL,
                           "'%s' has folders, which are classes, and the file '%s' beside them; "
                           "put it into the folder of its class, or leave it out by `ignore`",
                           d->config->folder, name[i]->d_name);
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < count; i++)
        st = walk_class(d, name[i]->d_name, h);
    d->info.class_names = (const char *const *)d->class_name;
    d->info.target = TFU_FIELD_CLASS;
    d->info.label_columns = 1;
    return st;
}

static enum tfu_status walk_all(struct image_folder *d, struct tfu_dataset_host *h)
{
    const char *folder = d->config->folder;
    struct dirent **name;
    int count, folders = 0;
    enum tfu_status st = list_names(d->config, folder, &name, &count, h);
    if (st != TFU_OK)
        return st;
    for (int i = 0; i < count; i++)
        folders += is_folder(folder, name[i]->d_name);
    st = folders ? walk_classes(d, name, count, h) : walk(d, folder, 0, 0, h);
    free_names(name, count);
    if (st == TFU_OK && d->info.count == 0)
        st = h->fail(h, TFU_EINVAL, "there is no image in '%s'", folder);
    return st;
}

static enum tfu_status open_folder(void **self, const void *config, struct tfu_dataset_host *h)
{
    const struct config *c = config;
    *self = NULL;
    if (c->channels == 2)
        return h->fail(
            h, TFU_EINVAL,
            "channels is 2; it is 1 (gray), 3 (red, green, blue) or 0 (as in the files)");
    struct image_folder *d = calloc(1, sizeof *d);
    if (!d)
        return no_memory(h);
    d->config = c;
    enum tfu_status st = c->group[0] ? compile_group(d, h) : TFU_OK;
    if (st != TFU_OK) {
        free(d);
        return st;
    }
    d->info.struct_size = sizeof d->info;
    d->info.channels = c->channels;
    st = walk_all(d, h);
    if (st != TFU_OK) {
        close_folder(d);
        return st;
    }
    *self = d;
    return TFU_OK;
}

/* ---- use */

static const struct tfu_dataset_info *info(const void *self)
{
    return &((const struct image_folder *)self)->info;
}

static enum tfu_status labels(const void *self, int64_t first, int64_t count, float *labels,
                              struct tfu_dataset_host *h)
{
    const struct image_folder *d = self;
    if (first < 0 || count < 0 || first > d->info.count || count > d->info.count - first)
        return h->fail(h, TFU_EINVAL, "examples %lld and on, %lld of them, are not among the %lld",
                       (long long)first, (long long)count, (long long)d->info.count);
    for (int64_t i = 0; i < count; i++)
        labels[i] = (float)d->image[first + i].class;
    return TFU_OK;
}

static enum tfu_status get(const void *self, int64_t index, struct tfu_example_host *h)
{
    const struct image_folder *d = self;
    if (index < 0 || index >= d->info.count)
        return h->fail(h, TFU_EINVAL, "example %lld is not among the %lld of the dataset",
                       (long long)index, (long long)d->info.count);
    return h->read_image(h, d->image[index].path, d->config->channels);
}

static const char *name(const void *self, int64_t index)
{
    return ((const struct image_folder *)self)->image[index].path;
}

static const char *group(const void *self, int64_t index)
{
    return ((const struct image_folder *)self)->image[index].group;
}

static const struct tfu_dataset_ops ops = {.struct_size = sizeof ops,
                                           .open = open_folder,
                                           .close = close_folder,
                                           .info = info,
                                           .labels = labels,
                                           .get = get,
                                           .name = name,
                                           .group = group};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_DATASET),
    .name = "image_folder",
    .version = "1.0",
    .summary = "a folder of image files of any size, with a folder for each class",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
