/* SPDX-License-Identifier: MIT
 *
 * A dataset's plugin is opened, its files are looked at, and what it says of itself is checked.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/host.h"
#include "core/data/choice_path.h"
#include "core/data/contents.h"
#include "core/data/image_file.h"
#include "core/data/look_cache.h"
#include "core/data/source.h"
#include "core/data/source_info.h"
#include "core/data/stray_boxes.h"
#include "core/io/user_cache.h"

static void write_notes(const struct tfu_source *s)
{
    const char *split = s->split->name ? s->split->name : "";
    for (int64_t i = 0; i < s->info.note_count; i++)
        tfu_log_write(s->log, TFU_LOG_NOTE, "%s%s%s", split, split[0] ? " data: " : "",
                      s->info.notes[i]);
}

/* What the plugin says of itself, filled up with what was seen of its files. */
static enum tfu_status describe(struct tfu_source *s, struct tfu_contents *c, struct tfu_error *e)
{
    struct tfu_calling calling;
    const struct tfu_calling *outer =
        tfu_calling_enter(&calling, "dataset", tfu_source_plugin(s), "info");
    const struct tfu_dataset_info *own = s->ops->info(s->self);
    tfu_calling_end(outer);
    if (!own)
        return tfu_error_set(e, TFU_EINVAL, "dataset '%s' cannot describe itself",
                             tfu_source_plugin(s));
    /* an older plugin's is shorter */
    memcpy(&s->info, own, own->struct_size < sizeof s->info ? own->struct_size : sizeof s->info);
    s->info.struct_size = sizeof s->info;
    enum tfu_status st = tfu_contents_fingerprint(c, s->fingerprint, e);
    if (st != TFU_OK)
        return st;
    s->images = c->images;
    if (!s->info.fingerprint)
        s->info.fingerprint = s->fingerprint;
    s->info.height = s->info.height ? s->info.height : c->height;
    s->info.width = s->info.width ? s->info.width : c->width;
    s->info.channels = s->info.channels ? s->info.channels : c->channels;
    st = tfu_source_info_check(&s->info, s->ops, tfu_source_plugin(s), e);
    if (st != TFU_OK)
        return st;
    st = tfu_stray_boxes_new(&s->stray, s->info.count, e);
    if (st != TFU_OK)
        return st;
    s->largest = s->info.height * s->info.width * s->info.channels;
    s->largest = s->largest ? s->largest : c->largest;
    s->kinds = c->kinds;
    write_notes(s);
    return TFU_OK;
}

static void close_plugin(struct tfu_source *s)
{
    struct tfu_calling calling;
    const struct tfu_calling *outer =
        tfu_calling_enter(&calling, "dataset", tfu_source_plugin(s), "close");
    s->ops->close(s->self);
    tfu_calling_end(outer);
}

/* The cache of what its files hold: by the plugin and its paths. */
static enum tfu_status open_cache(struct tfu_look_cache **out, const struct tfu_source *s,
                                  struct tfu_error *e)
{
    const struct tfu_plugin_choice *c = &s->split->choice;
    struct tfu_text name = TFU_TEXT_INIT;
    enum tfu_status st = TFU_OK;
    bool has_path = false;
    *out = NULL;
    if (!tfu_user_cache_is_there())
        return TFU_OK;
    tfu_text_puts(&name, tfu_source_plugin(s));
    for (uint32_t i = 0; i < c->plugin->option_count; i++) {
        const char *path = tfu_choice_path(c, i);
        char real[PATH_MAX];
        has_path = has_path || path;
        if (path)
            tfu_text_printf(&name, "\n%s", realpath(path, real) ? real : path);
    }
    if (name.failed)
        st = tfu_error_memory(e, "opening the cache of image files", 0);
    else if (has_path)
        st = tfu_look_cache_open(out, tfu_text_get(&name), s->log, e);
    tfu_text_free(&name);
    return st;
}

static enum tfu_status call_open(struct tfu_source *s, struct tfu_contents *c,
                                 struct tfu_error *error)
{
    struct tfu_calling calling;
    const struct tfu_calling *outer =
        tfu_calling_enter(&calling, "dataset", tfu_source_plugin(s), "open");
    const enum tfu_status st =
        s->ops->open(&s->self, s->split->choice.config, tfu_contents_host(c, true, error));
    tfu_calling_end(outer);
    tfu_host_check(st, tfu_source_plugin(s), "open", error);
    return st;
}

/* A file that the plugin added cannot be read: what the plugin says of it, if it says something. */
static void ask_again(struct tfu_source *s, struct tfu_contents *c, struct tfu_error *error)
{
    struct tfu_error again = TFU_ERROR_INIT;
    if (!c->failing)
        return;
    tfu_contents_repeat(c, error);
    if (call_open(s, c, &again) == TFU_OK)
        close_plugin(s);
    else
        *error = again;
}

static enum tfu_status open_plugin(struct tfu_source *s, struct tfu_contents *c,
                                   struct tfu_error *e)
{
    struct tfu_error error = TFU_ERROR_INIT, file = TFU_ERROR_INIT;
    enum tfu_status st = call_open(s, c, &error);
    const bool opened = st == TFU_OK;
    /* a file that fails came before whatever the plugin failed at */
    const enum tfu_status finished = tfu_contents_finish(c, &file);
    if (finished != TFU_OK) {
        st = finished;
        error = file;
    }
    if (st == TFU_OK)
        return st;
    if (opened)
        close_plugin(s);
    ask_again(s, c, &error);
    return tfu_error_set(e, st, "dataset '%s': %s", tfu_source_plugin(s), error.text);
}

enum tfu_status tfu_source_open(struct tfu_source *s, const struct tfu_data_split *split,
                                struct tfu_registry *registry, struct tfu_log *log,
                                struct tfu_error *e)
{
    struct tfu_contents c;
    *s = (struct tfu_source){
        .split = split, .registry = registry, .log = log, .ops = split->choice.plugin->ops};
    const struct tfu_image_files_options files = {
        .reader = split->reader,
        .reader_count = split->reader_count,
        .flags = split->select.exif == TFU_DATA_EXIF_IGNORE ? TFU_READ_UNTURNED : 0};
    enum tfu_status st = tfu_image_files_new(&s->files, registry, &files, log, e);
    if (st != TFU_OK)
        return st;
    tfu_contents_init(&c, s->files, log);
    c.bad = split->select.on_bad_image == TFU_BAD_IMAGE_SKIP ? &s->bad : NULL;
    st = open_cache(&c.cache, s, e);
    if (st == TFU_OK)
        st = open_plugin(s, &c, e);
    tfu_look_cache_close(c.cache);
    c.cache = NULL;
    if (st != TFU_OK) {
        tfu_bad_images_free(&s->bad);
        tfu_contents_free(&c);
        tfu_image_files_free(s->files);
        return st;
    }
    tfu_registry_hold(registry, split->choice.plugin);
    st = describe(s, &c, e);
    tfu_contents_free(&c);
    if (st != TFU_OK)
        tfu_source_close(s);
    return st;
}

/* The first has been named when it was met. */
static void count_stray_boxes(const struct tfu_source *s)
{
    const long long count = s->stray ? (long long)tfu_stray_boxes_count(s->stray) : 0;
    if (count > 1)
        tfu_log_write(s->log, TFU_LOG_WARNING,
                      "dataset '%s': boxes of %lld examples lie outside of their images",
                      tfu_source_plugin(s), count);
}

void tfu_source_close(struct tfu_source *s)
{
    close_plugin(s);
    count_stray_boxes(s);
    tfu_stray_boxes_free(s->stray);
    tfu_bad_images_free(&s->bad);
    tfu_registry_release(s->registry, s->split->choice.plugin);
    tfu_image_files_free(s->files);
}
