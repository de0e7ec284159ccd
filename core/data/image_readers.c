/* SPDX-License-Identifier: MIT */
#include "core/data/image_readers.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/config/diagnostic.h"
#include "core/data/choice_text.h"

void tfu_image_readers_init(struct tfu_image_readers *r, struct tfu_registry *registry,
                            struct tfu_log *log)
{
    *r = (struct tfu_image_readers){.registry = registry, .log = log};
    pthread_mutex_init(&r->lock, NULL);
}

static void close_all(struct tfu_image_readers *r)
{
    for (size_t i = 0; i < r->count; i++) {
        tfu_registry_release(r->registry, r->reader[i].plugin);
        tfu_chosen_free(r->reader[i].choice);
    }
    free(r->reader);
    r->reader = NULL;
    r->count = 0;
}

void tfu_image_readers_free(struct tfu_image_readers *r)
{
    close_all(r);
    pthread_mutex_destroy(&r->lock);
}

/* ---- opening */

/* With the defaults of its options. */
static enum tfu_status open_reader(struct tfu_image_readers *r, const char *path,
                                   struct tfu_chosen **out, struct tfu_error *e)
{
    struct tfu_diagnostics *findings = NULL;
    *out = NULL;
    enum tfu_status st = tfu_diagnostics_new(&findings, e);
    if (st == TFU_OK)
        st = tfu_chosen_new(out, TFU_KIND_READER, path, NULL, 0, r->registry, findings, e);
    if (st != TFU_OK && findings && tfu_diagnostics_count(findings))
        tfu_error_set(e, st,
                      "it has an option without a default; name it in `data.readers`, with that");
    tfu_diagnostics_free(findings);
    return st;
}

static void hold(struct tfu_image_readers *r, struct tfu_chosen *choice,
                 const struct tfu_plugin_choice *c)
{
    r->reader[r->count++] = (struct tfu_image_reader){
        .choice = choice, .plugin = c->plugin, .ops = c->plugin->ops, .config = c->config};
    tfu_registry_hold(r->registry, c->plugin);
}

static bool is_given(const struct tfu_image_readers *r, const char *name)
{
    bool found = false;
    for (size_t i = 0; i < r->given_count; i++)
        found = found || strcmp(r->given[i].plugin->name, name) == 0;
    return found;
}

/* One that cannot be used is told of, and left out. */
static enum tfu_status add(struct tfu_image_readers *r, const struct tfu_registry_entry *entry,
                           struct tfu_error *e)
{
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_chosen *choice;
    const enum tfu_status st = open_reader(r, entry->path, &choice, &why);
    if (st == TFU_ENOMEM)
        return tfu_error_set(e, st, "%s", why.text);
    if (st != TFU_OK) {
        tfu_log_write(r->log, TFU_LOG_WARNING, "reader '%s' (%s) is not used: %s", entry->name,
                      entry->path, why.text);
        return TFU_OK;
    }
    hold(r, choice, tfu_chosen_get(choice));
    return TFU_OK;
}

static enum tfu_status open_all(struct tfu_image_readers *r, struct tfu_error *e)
{
    struct tfu_registry_list list;
    enum tfu_status st = tfu_registry_list(r->registry, TFU_KIND_READER, &list, e);
    if (st != TFU_OK)
        return st;
    r->reader = calloc(list.count + r->given_count + 1, sizeof *r->reader);
    if (!r->reader)
        st = tfu_error_memory(e, "opening the readers", 0);
    for (size_t i = 0; st == TFU_OK && i < r->given_count; i++)
        hold(r, NULL, &r->given[i]);
    for (size_t i = 0; st == TFU_OK && i < list.count; i++)
        if (!list.entry[i].hidden && !is_given(r, list.entry[i].name))
            st = add(r, &list.entry[i], e);
    tfu_registry_list_free(&list);
    if (st != TFU_OK)
        close_all(r);
    return st;
}

static enum tfu_status open_once(struct tfu_image_readers *r, struct tfu_error *e)
{
    pthread_mutex_lock(&r->lock);
    const enum tfu_status st = r->opened ? TFU_OK : open_all(r, e);
    r->opened = st == TFU_OK;
    pthread_mutex_unlock(&r->lock);
    return st;
}

/* ---- finding */

static bool knows(const struct tfu_image_reader *reader, const void *bytes, size_t size)
{
    const struct tfu_calling *outer = tfu_calling_begin(&(struct tfu_calling){
        .kind = "reader", .plugin = reader->plugin->name, .function = "probe"});
    const bool known =
        reader->ops->probe(bytes, size < TFU_READER_PROBE ? size : TFU_READER_PROBE) != 0;
    tfu_calling_end(outer);
    return known;
}

static enum tfu_status refuse(const struct tfu_image_readers *r, const unsigned char *bytes,
                              size_t size, struct tfu_error *e)
{
    struct tfu_text begins = TFU_TEXT_INIT, names = TFU_TEXT_INIT;
    for (size_t i = 0; i < size && i < 8; i++)
        tfu_text_printf(&begins, " %02x", bytes[i]);
    for (size_t i = 0; i < r->count; i++)
        tfu_text_printf(&names, "%s%s", i ? ", " : "", r->reader[i].plugin->name);
    tfu_error_set(e, TFU_EUNSUPPORTED,
                  "no reader knows its format; it begins with the bytes%s, and the readers are %s: "
                  "save it as one of these, put a reader for it on the plugin path, or have the "
                  "dataset leave it out (`ignore`, where it has that)",
                  tfu_text_get(&begins), r->count ? tfu_text_get(&names) : "none");
    tfu_text_free(&begins);
    tfu_text_free(&names);
    return TFU_EUNSUPPORTED;
}

enum tfu_status tfu_image_readers_find(struct tfu_image_readers *r, const void *bytes, size_t size,
                                       const struct tfu_image_reader **out, struct tfu_error *e)
{
    const enum tfu_status st = open_once(r, e);
    *out = NULL;
    if (st != TFU_OK)
        return st;
    for (size_t i = 0; i < r->count; i++) {
        if (!knows(&r->reader[i], bytes, size))
            continue;
        if (*out)
            return tfu_error_set(e, TFU_EINVAL,
                                 "the readers '%s' and '%s' both take it for a file of theirs; "
                                 "take one of them off the plugin path",
                                 (*out)->plugin->name, r->reader[i].plugin->name);
        *out = &r->reader[i];
    }
    return *out ? TFU_OK : refuse(r, bytes, size, e);
}

/* Of each plugin's file, as it is when somebody asks first. */
static enum tfu_status hash_files(struct tfu_image_readers *r, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; st == TFU_OK && i < r->count; i++) {
        const char *path = tfu_registry_path(r->registry, r->reader[i].plugin);
        if (path && !r->reader[i].hex[0])
            st = tfu_hash_file(path, r->reader[i].hex, e);
    }
    pthread_mutex_unlock(&r->lock);
    return st;
}

enum tfu_status tfu_image_readers_text(struct tfu_image_readers *r, struct tfu_text *out,
                                       struct tfu_error *e)
{
    enum tfu_status st = open_once(r, e);
    if (st == TFU_OK)
        st = hash_files(r, e);
    for (size_t i = 0; st == TFU_OK && i < r->count; i++) {
        const struct tfu_image_reader *reader = &r->reader[i];
        /* those that are given come first */
        tfu_choice_text(out, reader->choice ? tfu_chosen_get(reader->choice) : &r->given[i], true);
        tfu_text_printf(out, "%s\n", reader->hex);
    }
    return st;
}
