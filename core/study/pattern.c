/* SPDX-License-Identifier: MIT */
#include "core/study/pattern.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/text.h"

enum { LISTED = 8 };

/* ---- paths */

void tfu_paths_free(struct tfu_paths *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->item[i]);
    free(p->item);
    *p = (struct tfu_paths){NULL, 0};
}

/* `path` becomes the list's, or is freed; NULL: memory has run out. */
static enum tfu_status add(struct tfu_paths *p, char *path, struct tfu_error *e)
{
    char **more = path ? realloc(p->item, (p->count + 1) * sizeof *more) : NULL;
    if (!more) {
        free(path);
        return tfu_error_memory(e, "looking for folders", 0);
    }
    p->item = more;
    p->item[p->count++] = path;
    return TFU_OK;
}

/* "" is the current folder, and stands before no slash. */
static char *join(const char *folder, const char *name)
{
    struct tfu_text path = TFU_TEXT_INIT;
    const size_t n = strlen(folder);
    tfu_text_printf(&path, "%s%s%s", folder, n == 0 || folder[n - 1] == '/' ? "" : "/", name);
    if (path.failed)
        tfu_text_free(&path);
    return path.data;
}

static const char *shown(const char *folder)
{
    return folder[0] ? folder : ".";
}

static bool is_folder(const char *path, bool link)
{
    struct stat info;
    return (link ? stat(path, &info) : lstat(path, &info)) == 0 && S_ISDIR(info.st_mode);
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* ** and a name behind it may come to one folder on two ways. */
static void sort_unique(struct tfu_paths *p)
{
    size_t kept = 0;
    if (p->count)
        qsort(p->item, p->count, sizeof *p->item, by_bytes);
    for (size_t i = 0; i < p->count; i++)
        if (kept && strcmp(p->item[kept - 1], p->item[i]) == 0)
            free(p->item[i]);
        else
            p->item[kept++] = p->item[i];
    p->count = kept;
}

/* ---- one name of the pattern */

static bool is_magic(const char *name)
{
    const char *open = strchr(name, '[');
    return strpbrk(name, "*?") || (open && strchr(open, ']'));
}

bool tfu_pattern_is(const char *text)
{
    return is_magic(text);
}

/* The folders in `folder` whose names fit. */
static enum tfu_status add_fitting(struct tfu_paths *out, const char *folder, const char *name,
                                   bool links, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    DIR *dir = opendir(shown(folder));
    if (!dir)
        return tfu_error_errno(e, errno, "cannot read", shown(folder));
    for (const struct dirent *d; st == TFU_OK && (d = readdir(dir));) {
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
            fnmatch(name, d->d_name, FNM_PERIOD) != 0)
            continue;
        char *path = join(folder, d->d_name);
        if (path && !is_folder(path, links))
            free(path);
        else
            st = add(out, path, e);
    }
    closedir(dir);
    return st;
}

/* The folder and all below it. */
static enum tfu_status add_below(struct tfu_paths *out, const char *folder,
                                 bool (*is_end)(const char *path), struct tfu_error *e)
{
    enum tfu_status st = add(out, strdup(folder), e);
    struct tfu_paths in = {NULL, 0};
    if (st == TFU_OK && !(is_end && is_end(shown(folder))))
        st = add_fitting(&in, folder, "*", false, e);
    for (size_t i = 0; st == TFU_OK && i < in.count; i++)
        st = add_below(out, in.item[i], is_end, e);
    tfu_paths_free(&in);
    return st;
}

static enum tfu_status add_next(struct tfu_paths *out, const char *folder, const char *name,
                                bool (*is_end)(const char *path), struct tfu_error *e)
{
    if (strcmp(name, "**") == 0)
        return add_below(out, folder, is_end, e);
    if (is_magic(name))
        return add_fitting(out, folder, name, true, e);
    char *path = join(folder, name);
    if (!path)
        return tfu_error_memory(e, "looking for folders", 0);
    if (is_folder(path, true))
        return add(out, path, e);
    free(path);
    return TFU_OK;
}

/* ---- all of them */

/* "a, b and 3 more", of one folder; "nothing". */
static enum tfu_status list_folders(struct tfu_text *out, const char *folder, struct tfu_error *e)
{
    struct tfu_paths in = {NULL, 0};
    const enum tfu_status st = add_fitting(&in, folder, "*", true, e);
    sort_unique(&in);
    for (size_t i = 0; i < in.count && i < LISTED; i++) {
        const char *slash = strrchr(in.item[i], '/');
        tfu_text_printf(out, "%s%s", i ? ", " : "", slash ? slash + 1 : in.item[i]);
    }
    if (in.count > LISTED)
        tfu_text_printf(out, " and %zu more", in.count - LISTED);
    tfu_paths_free(&in);
    return st;
}

static enum tfu_status nothing_fits(const char *pattern, const struct tfu_paths *at,
                                    const char *name, struct tfu_error *e)
{
    struct tfu_text list = TFU_TEXT_INIT, others = TFU_TEXT_INIT;
    enum tfu_status st = list_folders(&list, at->item[0], e);
    if (at->count > 1)
        tfu_text_printf(&others, " (nor in %zu folders beside it)", at->count - 1);
    if (st == TFU_OK && (list.failed || others.failed))
        st = tfu_error_memory(e, "looking for folders", 0);
    else if (st == TFU_OK)
        st = tfu_error_set(
            e, TFU_ENOTFOUND, "nothing fits '%s': in '%s'%s is no folder '%s'; there %s %s",
            pattern, shown(at->item[0]), tfu_text_get(&others), name, list.length ? "are" : "is",
            list.length ? tfu_text_get(&list) : "no folder at all");
    tfu_text_free(&list);
    tfu_text_free(&others);
    return st;
}

/* Takes the next name off the path; false: there is none. */
static bool next_name(char **rest, char **name)
{
    while (**rest == '/')
        ++*rest;
    if (!**rest)
        return false;
    *name = *rest;
    *rest += strcspn(*rest, "/");
    if (**rest)
        *(*rest)++ = '\0';
    return true;
}

enum tfu_status tfu_pattern_expand(struct tfu_paths *out, const char *pattern,
                                   bool (*is_end)(const char *path), struct tfu_error *e)
{
    char *copy = strdup(pattern), *rest = copy, *name;
    *out = (struct tfu_paths){NULL, 0};
    enum tfu_status st = copy ? add(out, strdup(pattern[0] == '/' ? "/" : ""), e)
                              : tfu_error_memory(e, "looking for folders", 0);
    while (st == TFU_OK && next_name(&rest, &name)) {
        struct tfu_paths next = {NULL, 0};
        for (size_t i = 0; st == TFU_OK && i < out->count; i++)
            st = add_next(&next, out->item[i], name, is_end, e);
        sort_unique(&next);
        if (st == TFU_OK && next.count == 0)
            st = nothing_fits(pattern, out, name, e);
        tfu_paths_free(out);
        *out = next;
    }
    free(copy);
    if (st != TFU_OK)
        tfu_paths_free(out);
    return st;
}
