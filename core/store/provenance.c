/* SPDX-License-Identifier: MIT */
#include "core/store/provenance.h"

#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"

static const char program[] = "transfuse", program_path[] = "/proc/self/exe";

static int by_key(const void *left, const void *right)
{
    const struct tfu_made_with *a = left, *b = right;
    return strcmp(a->key, b->key);
}

static size_t count_opened(const struct tfu_registry *r)
{
    size_t n = 0;
    while (tfu_registry_opened(r, n))
        n++;
    return n;
}

/* A file that cannot be read has no digest; false without memory. */
static bool put_digest(const char *path, char hex[TFU_HASH_HEX])
{
    const enum tfu_status st = tfu_hash_file(path, hex, NULL);
    if (st != TFU_OK)
        hex[0] = '\0';
    return st != TFU_ENOMEM;
}

static bool add_plugin(struct tfu_provenance *p, const struct tfu_registry *r,
                       const struct tfu_plugin *plugin)
{
    struct tfu_made_with *item = &p->item[p->count];
    struct tfu_text key = TFU_TEXT_INIT;
    tfu_text_printf(&key, "%s/%s", tfu_kind_name((int)plugin->kind), plugin->name);
    if (key.failed)
        return false;
    *item = (struct tfu_made_with){
        .key = key.data,
        .version = plugin->version,
        .path = tfu_registry_path(r, plugin),
        .shipped = tfu_registry_is_shipped(r, plugin),
    };
    p->count++;
    return put_digest(item->path, item->sha256);
}

static bool add_program(struct tfu_provenance *p)
{
    struct tfu_made_with *item = &p->item[p->count];
    *item = (struct tfu_made_with){
        .key = strdup(program), .version = PACKAGE_VERSION, .path = "", .shipped = true};
    if (!item->key)
        return false;
    p->count++;
    return put_digest(program_path, item->sha256);
}

enum tfu_status tfu_provenance_new(struct tfu_provenance **out, const struct tfu_registry *r,
                                   struct tfu_error *e)
{
    *out = NULL;
    struct tfu_provenance *p = calloc(1, sizeof *p);
    if (p)
        p->item = calloc(count_opened(r) + 1, sizeof *p->item);
    bool ok = p && p->item && add_program(p);
    const struct tfu_plugin *plugin;
    for (size_t i = 0; ok && (plugin = tfu_registry_opened(r, i)); i++)
        ok = add_plugin(p, r, plugin);
    if (!ok) {
        tfu_provenance_free(p);
        return tfu_error_memory(e, "looking at the plugins of a run", 0);
    }
    qsort(p->item, p->count, sizeof *p->item, by_key);
    *out = p;
    return TFU_OK;
}

static void forget_changes(struct tfu_provenance *p)
{
    for (size_t i = 0; i < p->changed_count; i++) {
        free(p->changed[i].key);
        free(p->changed[i].path);
    }
    free(p->changed);
    p->changed = NULL;
    p->changed_count = 0;
}

void tfu_provenance_free(struct tfu_provenance *p)
{
    if (!p)
        return;
    forget_changes(p);
    for (size_t i = 0; i < p->count; i++)
        free((char *)p->item[i].key);
    free(p->item);
    free(p);
}

/* What `key` holds now, which had the file `path` then; "" when that is not known. */
static void contents_now(const struct tfu_provenance *p, const char *key, const char *path,
                         struct tfu_made_otherwise *out)
{
    const struct tfu_made_with *item =
        bsearch(&(struct tfu_made_with){.key = key}, p->item, p->count, sizeof *p->item, by_key);
    if (item) {
        memcpy(out->is, item->sha256, TFU_HASH_HEX);
        out->path = strdup(item->path);
        out->shipped = item->shipped;
    } else {
        out->is[0] = '\0';
        out->path = !path || put_digest(path, out->is) ? strdup(path ? path : "") : NULL;
    }
}

/* One plugin of the last session, added to `changed` if it is another now; false without memory. */
static bool compare_one(struct tfu_provenance *p, const char *key, const json_t *then)
{
    const char *was = json_string_value(json_object_get(then, "sha256"));
    if (!was || strlen(was) != TFU_HASH_HEX - 1)
        return true;
    struct tfu_made_otherwise *changed = &p->changed[p->changed_count];
    *changed = (struct tfu_made_otherwise){
        .key = strdup(key), .shipped = json_is_true(json_object_get(then, "shipped"))};
    memcpy(changed->was, was, TFU_HASH_HEX);
    contents_now(p, key, json_string_value(json_object_get(then, "path")), changed);
    if (changed->key && changed->path && changed->is[0] && strcmp(was, changed->is) != 0) {
        p->changed_count++;
        return true;
    }
    const bool ok = changed->key && changed->path;
    free(changed->key);
    free(changed->path);
    return ok;
}

enum tfu_status tfu_provenance_compare(struct tfu_provenance *p, const char *run,
                                       struct tfu_error *e)
{
    forget_changes(p);
    char *path = tfu_path_join(run, "env.json");
    if (!path)
        return tfu_error_memory(e, "comparing the plugins of a run", 0);
    json_error_t why;
    json_t *root = json_load_file(path, 0, &why);
    free(path);
    bool ok = root || json_error_code(&why) != json_error_out_of_memory;
    json_t *sessions = json_object_get(root, "sessions");
    json_t *last = json_array_get(sessions, json_array_size(sessions) - 1);
    json_t *plugins = json_object_get(last, "plugins"), *then;
    if (plugins) {
        p->changed = calloc(json_object_size(plugins) + 1, sizeof *p->changed);
        ok = p->changed != NULL;
    }
    const char *key;
    json_object_foreach(plugins, key, then) ok = ok && compare_one(p, key, then);
    json_decref(root);
    return ok ? TFU_OK : tfu_error_memory(e, "comparing the plugins of a run", 0);
}

size_t tfu_provenance_changed(const struct tfu_provenance *p, bool shipped)
{
    size_t n = 0;
    for (size_t i = 0; i < p->changed_count; i++)
        n += p->changed[i].shipped == shipped;
    return n;
}

void tfu_provenance_list(const struct tfu_provenance *p, bool shipped, struct tfu_text *out)
{
    for (size_t i = 0; i < p->changed_count; i++) {
        const struct tfu_made_otherwise *c = &p->changed[i];
        if (c->shipped != shipped)
            continue;
        tfu_text_printf(out, "%s%s", out->length ? ", " : "", c->key);
        if (!shipped)
            tfu_text_printf(out, " ('%s')", c->path);
    }
}
