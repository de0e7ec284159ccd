/* SPDX-License-Identifier: MIT */
#include "core/plugin/registry.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/plugin/registry_state.h"

enum tfu_status tfu_registry_new(struct tfu_registry **out, const char *folders,
                                 struct tfu_error *e)
{
    *out = NULL;
    struct tfu_registry *r = calloc(1, sizeof *r);
    if (!r)
        return tfu_error_memory(e, "reading the plugin path", 0);
    size_t count = 1;
    for (const char *c = folders; *c; c++)
        count += *c == ':';
    r->folder_text = strdup(folders);
    r->folder = calloc(count, sizeof *r->folder);
    if (!r->folder_text || !r->folder) {
        tfu_registry_free(r);
        return tfu_error_memory(e, "reading the plugin path", 0);
    }
    char *rest = r->folder_text;
    for (char *folder; (folder = strsep(&rest, ":"));)
        if (folder[0])
            r->folder[r->folder_count++] = folder;
    *out = r;
    return TFU_OK;
}

void tfu_registry_free(struct tfu_registry *r)
{
    if (!r)
        return;
    while (r->loaded) {
        struct tfu_registry_loaded *next = r->loaded->next;
        /* code that an instance may still run must stay */
        if (!r->loaded->held)
            tfu_plugin_close(&r->loaded->file);
        free(r->loaded->path);
        free(r->loaded);
        r->loaded = next;
    }
    free(r->folder_text);
    free(r->folder);
    free(r);
}

static struct tfu_registry_loaded *find_loaded(const struct tfu_registry *r,
                                               const struct tfu_plugin *p)
{
    struct tfu_registry_loaded *l = r->loaded;
    while (l && l->file.plugin != p)
        l = l->next;
    return l;
}

/* The first BLAS is the one that later plugins find. */
static void keep_blas(struct tfu_registry *r, const struct tfu_plugin_file *f)
{
    const struct tfu_blas *b = &f->blas;
    struct tfu_text text = TFU_TEXT_INIT;
    bool warning;
    if (r->blas.how != TFU_BLAS_NONE || b->how == TFU_BLAS_NONE)
        return;
    r->blas = *b;
    r->blas_library = f->library;
    if (tfu_blas_note(b, &text, &warning) && !text.failed)
        tfu_log_write(r->log, warning ? TFU_LOG_WARNING : TFU_LOG_NOTE, "%s", text.data);
    tfu_text_free(&text);
}

/* Opens a file, or finds it among those that are open: by inode, so that a file with two names is
 * opened once. */
static enum tfu_status load(struct tfu_registry *r, const char *path, int kind, const char *name,
                            const struct tfu_plugin **out, struct tfu_error *e)
{
    struct stat s;
    if (stat(path, &s) == 0)
        for (struct tfu_registry_loaded *l = r->loaded; l; l = l->next)
            if (l->device == s.st_dev && l->inode == s.st_ino &&
                (int)l->file.plugin->kind == kind &&
                (!name || strcmp(name, l->file.plugin->name) == 0)) {
                *out = l->file.plugin;
                return TFU_OK;
            }
    struct tfu_registry_loaded *l = calloc(1, sizeof *l);
    if (!l || !(l->path = strdup(path))) {
        free(l);
        return tfu_error_memory(e, "opening a plugin", 0);
    }
    const enum tfu_status st = tfu_plugin_open(path, kind, name, &l->file, e);
    if (st != TFU_OK) {
        free(l->path);
        free(l);
        return st;
    }
    l->device = s.st_dev;
    l->inode = s.st_ino;
    l->next = r->loaded;
    r->loaded = l;
    keep_blas(r, &l->file);
    *out = l->file.plugin;
    return TFU_OK;
}

/* The names of one kind on the path, for "did you mean". */
static void nearest_name(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                         struct tfu_text *text)
{
    struct tfu_registry_list list;
    if (tfu_registry_list(r, (int)kind, &list, NULL) != TFU_OK)
        return;
    const char **names = calloc(list.count + 1, sizeof *names);
    for (size_t i = 0; names && i < list.count; i++)
        names[i] = list.entry[i].name;
    const char *nearest = names ? tfu_text_nearest(name, names, list.count) : NULL;
    if (nearest)
        tfu_text_printf(text, "; did you mean '%s'?", nearest);
    else if (names && list.count && list.count <= 12) {
        tfu_text_puts(text, "; there is ");
        for (size_t i = 0; i < list.count; i++)
            if (!list.entry[i].hidden)
                tfu_text_printf(text, "%s%s", i ? ", " : "", names[i]);
    }
    free(names);
    tfu_registry_list_free(&list);
}

static enum tfu_status not_found(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                 const char *tried, struct tfu_error *e)
{
    struct tfu_text nearest = TFU_TEXT_INIT;
    nearest_name(r, kind, name, &nearest);
    tfu_error_set(e, TFU_ENOTFOUND, "there is no %s '%s'%s%s%s", tfu_kind_name((int)kind), name,
                  tfu_text_get(&nearest), tried[0] ? "; tried" : "; no folder is searched", tried);
    tfu_text_free(&nearest);
    return TFU_ENOTFOUND;
}

static enum tfu_status find_by_name(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                    const struct tfu_plugin **out, struct tfu_error *e)
{
    struct tfu_text tried = TFU_TEXT_INIT, path = TFU_TEXT_INIT;
    enum tfu_status st = TFU_ENOTFOUND;
    for (size_t i = 0; i < r->folder_count && st == TFU_ENOTFOUND; i++) {
        path.length = 0;
        tfu_text_printf(&path, "%s/%s/%s.so", r->folder[i], tfu_kind_name((int)kind), name);
        if (path.failed)
            st = tfu_error_memory(e, "looking for a plugin", 0);
        else if (access(tfu_text_get(&path), F_OK) == 0)
            st = load(r, tfu_text_get(&path), (int)kind, name, out, e);
        else
            tfu_text_printf(&tried, "\n    %s", tfu_text_get(&path));
    }
    if (st == TFU_ENOTFOUND)
        not_found(r, kind, name, tfu_text_get(&tried), e);
    tfu_text_free(&tried);
    tfu_text_free(&path);
    return st;
}

static enum tfu_status find_by_path(struct tfu_registry *r, enum tfu_kind kind, const char *file,
                                    const char *base_dir, const struct tfu_plugin **out,
                                    struct tfu_error *e)
{
    struct tfu_text path = TFU_TEXT_INIT;
    if (base_dir && file[0] != '/')
        tfu_text_printf(&path, "%s/", base_dir);
    tfu_text_puts(&path, file);
    const char *base = strrchr(file, '/') + 1;
    const size_t n = strlen(base);
    char *name = n > 3 && strcmp(base + n - 3, ".so") == 0 ? strndup(base, n - 3) : strdup(base);
    const enum tfu_status st = path.failed || !name
                                   ? tfu_error_memory(e, "looking for a plugin", 0)
                                   : load(r, tfu_text_get(&path), (int)kind, name, out, e);
    free(name);
    tfu_text_free(&path);
    return st;
}

enum tfu_status tfu_registry_find(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                  const char *base_dir, const struct tfu_plugin **out,
                                  struct tfu_error *e)
{
    *out = NULL;
    return strchr(name, '/') ? find_by_path(r, kind, name, base_dir, out, e)
                             : find_by_name(r, kind, name, out, e);
}

const char *tfu_registry_path(const struct tfu_registry *r, const struct tfu_plugin *p)
{
    const struct tfu_registry_loaded *l = find_loaded(r, p);
    return l ? l->path : NULL;
}

void tfu_registry_set_log(struct tfu_registry *r, struct tfu_log *log)
{
    r->log = log;
}

const struct tfu_blas *tfu_registry_blas(const struct tfu_registry *r)
{
    return &r->blas;
}

void tfu_registry_hold(struct tfu_registry *r, const struct tfu_plugin *p)
{
    struct tfu_registry_loaded *l = find_loaded(r, p);
    if (l)
        l->held++;
}

void tfu_registry_release(struct tfu_registry *r, const struct tfu_plugin *p)
{
    struct tfu_registry_loaded *l = find_loaded(r, p);
    assert(!l || l->held > 0);
    if (l)
        l->held--;
}
