/* SPDX-License-Identifier: MIT */
#include "core/plugin/registry.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
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
    pthread_mutex_init(&r->lock, NULL);
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
    for (size_t i = 0; i < r->beside_count; i++)
        free(r->beside[i]);
    free(r->beside);
    free(r->folder_text);
    free(r->folder);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

/* The list only grows: what is in it stays where it is. */
static struct tfu_registry_loaded *first_loaded(const struct tfu_registry *r)
{
    pthread_mutex_t *lock = &((struct tfu_registry *)(uintptr_t)r)->lock;
    pthread_mutex_lock(lock);
    struct tfu_registry_loaded *l = r->loaded;
    pthread_mutex_unlock(lock);
    return l;
}

static struct tfu_registry_loaded *find_loaded(const struct tfu_registry *r,
                                               const struct tfu_plugin *p)
{
    struct tfu_registry_loaded *l = first_loaded(r);
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
static enum tfu_status load_locked(struct tfu_registry *r, const char *path, int kind,
                                   const char *name, const struct tfu_plugin **out,
                                   struct tfu_error *e)
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

static enum tfu_status load(struct tfu_registry *r, const char *path, int kind, const char *name,
                            const struct tfu_plugin **out, struct tfu_error *e)
{
    pthread_mutex_lock(&r->lock);
    const enum tfu_status st = load_locked(r, path, kind, name, out, e);
    pthread_mutex_unlock(&r->lock);
    return st;
}

/* The names of one kind on the path, for "did you mean". */
static void nearest_name(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                         struct tfu_text *text)
{
    struct tfu_registry_list list;
    if (tfu_registry_list_folders(r->folder, r->folder_count, (int)kind, &list, NULL) != TFU_OK)
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

/* ---- by name, in one folder after the other */

struct search {
    struct tfu_registry *registry;
    enum tfu_kind kind;
    const char *name;
    struct tfu_text tried;
    const struct tfu_plugin *found;
    enum tfu_status status; /* TFU_ENOTFOUND: goes on */
    struct tfu_error *error;
};

/* A file that is there ends the search, whatever is wrong with it; `not_this` does not. */
static void try_file(struct search *s, const char *not_this, const char *fmt, ...) TFU_PRINTF(3, 4);
static void try_file(struct search *s, const char *not_this, const char *fmt, ...)
{
    if (s->status != TFU_ENOTFOUND)
        return;
    char path[PATH_MAX];
    va_list args;
    va_start(args, fmt);
    const int n = vsnprintf(path, sizeof path, fmt, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof path || (not_this && strcmp(path, not_this) == 0))
        return;
    if (access(path, F_OK) == 0)
        s->status = load(s->registry, path, (int)s->kind, s->name, &s->found, s->error);
    else
        tfu_text_printf(&s->tried, "\n    %s", path);
}

static void try_folders(struct search *s)
{
    for (size_t i = 0; i < s->registry->folder_count; i++)
        try_file(s, NULL, "%s/%s/%s.so", s->registry->folder[i], tfu_kind_name((int)s->kind),
                 s->name);
}

/* Where somebody puts a plugin that goes with the file `user`, or with a configuration. */
static void try_beside(struct search *s, const char *user)
{
    const char *kind = tfu_kind_name((int)s->kind), *slash = user ? strrchr(user, '/') : NULL;
    const int n = slash ? (int)(slash - user) : 1;
    const char *folder = slash ? user : ".";
    if (user) {
        try_file(s, user, "%.*s/%s.so", n, folder, s->name);
        try_file(s, user, "%.*s/%s/%s.so", n, folder, kind, s->name);
        try_file(s, user, "%.*s/../%s/%s.so", n, folder, kind, s->name);
    }
    for (size_t i = 0; i < s->registry->beside_count; i++) {
        try_file(s, user, "%s/%s.so", s->registry->beside[i], s->name);
        try_file(s, user, "%s/%s/%s.so", s->registry->beside[i], kind, s->name);
    }
}

static enum tfu_status end_search(struct search *s, const struct tfu_plugin **out)
{
    if (s->tried.failed)
        s->status = tfu_error_memory(s->error, "looking for a plugin", 0);
    else if (s->status == TFU_ENOTFOUND)
        not_found(s->registry, s->kind, s->name, tfu_text_get(&s->tried), s->error);
    tfu_text_free(&s->tried);
    *out = s->status == TFU_OK ? s->found : NULL;
    return s->status;
}

static struct search begin_search(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                  struct tfu_error *e)
{
    return (struct search){
        .registry = r, .kind = kind, .name = name, .status = TFU_ENOTFOUND, .error = e};
}

/* What a name stood for once it stands for always: 10,000 configurations of a sweep name the same
 * few plugins. */
static const struct tfu_plugin *find_known(struct tfu_registry *r, enum tfu_kind kind,
                                           const char *name)
{
    pthread_mutex_lock(&r->lock);
    struct tfu_registry_loaded *l = r->loaded;
    while (l && !(l->by_name && l->file.plugin->kind == (uint32_t)kind &&
                  strcmp(l->file.plugin->name, name) == 0))
        l = l->next;
    pthread_mutex_unlock(&r->lock);
    return l ? l->file.plugin : NULL;
}

static void keep_name(struct tfu_registry *r, const struct tfu_plugin *p)
{
    pthread_mutex_lock(&r->lock);
    for (struct tfu_registry_loaded *l = r->loaded; l; l = l->next)
        l->by_name = l->by_name || l->file.plugin == p;
    pthread_mutex_unlock(&r->lock);
}

static enum tfu_status find_by_name(struct tfu_registry *r, enum tfu_kind kind, const char *name,
                                    const struct tfu_plugin **out, struct tfu_error *e)
{
    *out = find_known(r, kind, name);
    if (*out)
        return TFU_OK;
    struct search s = begin_search(r, kind, name, e);
    try_folders(&s);
    const enum tfu_status st = end_search(&s, out);
    if (st == TFU_OK)
        keep_name(r, *out);
    return st;
}

enum tfu_status tfu_registry_find_for(struct tfu_registry *r, const struct tfu_plugin *user,
                                      enum tfu_kind kind, const char *name,
                                      const struct tfu_plugin **out, struct tfu_error *e)
{
    struct search s = begin_search(r, kind, name, e);
    try_folders(&s);
    try_beside(&s, user ? tfu_registry_path(r, user) : NULL);
    return end_search(&s, out);
}

enum tfu_status tfu_registry_look_in(struct tfu_registry *r, const char *folder,
                                     struct tfu_error *e)
{
    for (size_t i = 0; i < r->beside_count; i++)
        if (strcmp(r->beside[i], folder) == 0)
            return TFU_OK;
    char **larger = realloc(r->beside, (r->beside_count + 1) * sizeof *larger);
    if (!larger)
        return tfu_error_memory(e, "reading the plugin path", 0);
    r->beside = larger;
    r->beside[r->beside_count] = strdup(folder);
    if (!r->beside[r->beside_count])
        return tfu_error_memory(e, "reading the plugin path", 0);
    r->beside_count++;
    return TFU_OK;
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

const struct tfu_plugin *tfu_registry_opened(const struct tfu_registry *r, size_t i)
{
    const struct tfu_registry_loaded *l = first_loaded(r);
    for (; l && i > 0; i--)
        l = l->next;
    return l ? l->file.plugin : NULL;
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
    pthread_mutex_lock(&r->lock);
    if (l)
        l->held++;
    pthread_mutex_unlock(&r->lock);
}

void tfu_registry_release(struct tfu_registry *r, const struct tfu_plugin *p)
{
    struct tfu_registry_loaded *l = find_loaded(r, p);
    pthread_mutex_lock(&r->lock);
    assert(!l || l->held > 0);
    if (l)
        l->held--;
    pthread_mutex_unlock(&r->lock);
}
