/* SPDX-License-Identifier: MIT */
#include "core/data/source.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/host.h"
#include "core/data/contents.h"
#include "core/data/image_file.h"
#include "core/data/image_seen.h"
#include "core/data/look_cache.h"
#include "core/io/user_cache.h"

enum { ATTRIBUTES_MAX = 4096 };

const char *tfu_source_plugin(const struct tfu_source *s)
{
    return s->split->choice.plugin->name;
}

/* Notes that the plugin's `function` is being called. */
static const struct tfu_calling *begin(const struct tfu_source *s, struct tfu_calling *c,
                                       const char *function)
{
    *c = (struct tfu_calling){
        .kind = "dataset", .plugin = tfu_source_plugin(s), .function = function};
    return tfu_calling_begin(c);
}

/* ---- the plugin's options */

static const struct tfu_option *option_of(const struct tfu_plugin_choice *c, uint32_t i)
{
    return (const void *)((const char *)c->plugin->options + (size_t)i * c->plugin->option_size);
}

/* The path that option `i` names; NULL: it is none, or names none. */
static const char *option_path(const struct tfu_plugin_choice *c, uint32_t i)
{
    const struct tfu_option *o = option_of(c, i);
    if (o->type != TFU_PATH)
        return NULL;
    const char *path = *(const char *const *)(const void *)((const char *)c->config + o->offset);
    return path && path[0] ? path : NULL;
}

/* ---- opening */

static enum tfu_status check_labels(const struct tfu_source *s, struct tfu_error *e)
{
    const struct tfu_dataset_info *i = &s->info;
    const char *name = tfu_source_plugin(s);
    if (i->count < 1 || i->label_columns < 0 || i->label_columns > 1 << 20 || i->classes < 0)
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has %lld examples with %lld label columns and %lld "
                             "classes",
                             name, (long long)i->count, (long long)i->label_columns,
                             (long long)i->classes);
    if (i->target != 0 && i->target != TFU_FIELD_CLASS && i->target != TFU_FIELD_LABELS &&
        i->target != TFU_FIELD_NUMBERS)
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has labels of kind %u; they are TFU_FIELD_CLASS, "
                             "TFU_FIELD_LABELS, TFU_FIELD_NUMBERS or none (0)",
                             name, i->target);
    const bool classes = i->target == TFU_FIELD_CLASS;
    if (classes && i->label_columns != 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has %lld classes and %lld label columns; class indices "
                             "are one column",
                             name, (long long)i->classes, (long long)i->label_columns);
    if (classes != (i->classes > 0) || (i->target != 0) != (i->label_columns > 0) ||
        (i->target != 0 && !s->ops->labels))
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has labels of kind %u with %lld columns and %lld "
                             "classes, and %s labels(); these do not fit together",
                             name, i->target, (long long)i->label_columns, (long long)i->classes,
                             s->ops->labels ? "has" : "no");
    return TFU_OK;
}

static enum tfu_status check_attributes(const struct tfu_source *s, struct tfu_error *e)
{
    const struct tfu_dataset_info *i = &s->info;
    const char *name = tfu_source_plugin(s);
    if (i->attributes < 0 || i->attributes > ATTRIBUTES_MAX ||
        (i->attributes && (!i->attribute_names || !s->ops->attribute)))
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has %lld attributes, %s names of them and %s "
                             "attribute(); these do not fit together",
                             name, (long long)i->attributes, i->attribute_names ? "has" : "no",
                             s->ops->attribute ? "has" : "no");
    for (int64_t k = 0; k < i->attributes; k++) {
        const char *word = i->attribute_names[k];
        if (!word || !word[0])
            return tfu_error_set(e, TFU_EINVAL, "dataset '%s' has no name for attribute %lld", name,
                                 (long long)k);
        for (int64_t j = 0; j < k; j++)
            if (strcmp(word, i->attribute_names[j]) == 0)
                return tfu_error_set(e, TFU_EINVAL, "dataset '%s' has two attributes '%s'", name,
                                     word);
    }
    return TFU_OK;
}

static enum tfu_status check_info(const struct tfu_source *s, struct tfu_error *e)
{
    const struct tfu_dataset_info *i = &s->info;
    const int64_t side = 1 << 20;
    enum tfu_status st = check_labels(s, e);
    if (st == TFU_OK)
        st = check_attributes(s, e);
    if (st != TFU_OK)
        return st;
    if (i->height < 0 || i->width < 0 || i->channels < 0 || i->height > side || i->width > side ||
        i->channels > side ||
        (i->channels && i->height * i->width > ((int64_t)1 << 40) / i->channels))
        return tfu_error_set(e, TFU_EINVAL, "dataset '%s' has images of %lld x %lld x %lld",
                             tfu_source_plugin(s), (long long)i->height, (long long)i->width,
                             (long long)i->channels);
    if (i->memory < 0)
        return tfu_error_set(e, TFU_EINVAL, "dataset '%s' keeps %lld bytes", tfu_source_plugin(s),
                             (long long)i->memory);
    if (!i->fingerprint || !i->fingerprint[0])
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has no fingerprint; it says one in its info, or adds "
                             "what it reads with add_file() and its like",
                             tfu_source_plugin(s));
    return TFU_OK;
}

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
    const struct tfu_calling *outer = begin(s, &calling, "info");
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
    st = check_info(s, e);
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
    const struct tfu_calling *outer = begin(s, &calling, "close");
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
        const char *path = option_path(c, i);
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
    const struct tfu_calling *outer = begin(s, &calling, "open");
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

void tfu_source_close(struct tfu_source *s)
{
    close_plugin(s);
    tfu_bad_images_free(&s->bad);
    tfu_registry_release(s->registry, s->split->choice.plugin);
    tfu_image_files_free(s->files);
}

/* ---- places, for messages */

/* The value of the plugin's option `name`, or else of its first that is a path; NULL: none is set.
 */
static const char *path_option(const struct tfu_source *s, const char *name)
{
    const struct tfu_plugin_choice *c = &s->split->choice;
    const char *first = NULL;
    for (uint32_t i = 0; i < c->plugin->option_count; i++) {
        const char *path = option_path(c, i);
        if (!path)
            continue;
        if (strcmp(option_of(c, i)->name, name) == 0)
            return path;
        first = first ? first : path;
    }
    return first;
}

const char *tfu_source_name(const struct tfu_source *s, int64_t index)
{
    if (!s->ops->name || index < 0 || index >= s->info.count)
        return NULL;
    struct tfu_calling calling;
    const struct tfu_calling *outer = begin(s, &calling, "name");
    const char *name = s->ops->name(s->self, index);
    tfu_calling_end(outer);
    return name;
}

const char *tfu_source_group(const struct tfu_source *s, int64_t index)
{
    if (!s->ops->group || index < 0 || index >= s->info.count)
        return NULL;
    struct tfu_calling calling;
    const struct tfu_calling *outer = begin(s, &calling, "group");
    const char *group = s->ops->group(s->self, index);
    tfu_calling_end(outer);
    return group;
}

const char *tfu_source_attribute(const struct tfu_source *s, int64_t index, int64_t which)
{
    if (which < 0 || which >= s->info.attributes || index < 0 || index >= s->info.count)
        return "";
    struct tfu_calling calling;
    const struct tfu_calling *outer = begin(s, &calling, "attribute");
    const char *word = s->ops->attribute(s->self, index, which);
    tfu_calling_end(outer);
    return word ? word : "";
}

/* `otherwise` stands for an example without a name, NULL: nothing does. */
static void put_example(const struct tfu_source *s, int64_t index, const char *otherwise,
                        struct tfu_text *out)
{
    const char *name = tfu_source_name(s, index);
    const char *path = name ? name : otherwise;
    tfu_text_printf(out, "example %lld of dataset '%s'", (long long)index, tfu_source_plugin(s));
    if (path)
        tfu_text_printf(out, " (%s)", path);
}

void tfu_source_place(const struct tfu_source *s, int64_t index, const char *file,
                      struct tfu_text *out)
{
    put_example(s, index, path_option(s, file), out);
}

/* ---- examples of the plugin */

/* NaN, infinite, or 2^64 and more, whose square is: some files have the largest float there is
 * where they know nothing. */
static uint32_t is_odd(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & 0x7f800000) >= (uint32_t)(127 + 64) << 23;
}

static size_t first_odd(const float *x, size_t n)
{
    size_t i = 0;
    while (i < n && !is_odd(x[i]))
        i++;
    return i;
}

static bool has_odd(const float *x, size_t n)
{
    uint32_t odd = 0;
    for (size_t i = 0; i < n; i++) /* without a branch: this is done to every pixel */
        odd |= is_odd(x[i]);
    return odd;
}

enum tfu_status tfu_source_check(const struct tfu_source *s, int64_t index, const float *pixels,
                                 const int64_t dim[3], const char *where, const char *advice,
                                 struct tfu_error *e)
{
    const size_t n = (size_t)(dim[0] * dim[1] * dim[2]);
    if (!has_odd(pixels, n))
        return TFU_OK;
    const int64_t i = (int64_t)first_odd(pixels, n), pixel = i / dim[2];
    struct tfu_text place = TFU_TEXT_INIT;
    tfu_source_place(s, index, "images", &place);
    tfu_error_set(e, TFU_EINVAL,
                  "%s has the pixel %g at row %lld, column %lld, channel %lld%s; no network can "
                  "compute with that: %s",
                  tfu_text_get(&place), isnan(pixels[i]) ? (double)NAN : (double)pixels[i],
                  (long long)(pixel / dim[1]), (long long)(pixel % dim[1]), (long long)(i % dim[2]),
                  where, advice);
    tfu_text_free(&place);
    if (s->split->name)
        tfu_error_prefix(e, "%s data", s->split->name);
    return TFU_EINVAL;
}

enum tfu_status tfu_source_labels(const struct tfu_source *s, int64_t first, int64_t count,
                                  float *labels, struct tfu_error *e)
{
    if (!s->info.target)
        return TFU_OK;
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_contents c;
    struct tfu_calling calling;
    tfu_contents_init(&c, s->files, s->log);
    const struct tfu_calling *outer = begin(s, &calling, "labels");
    const enum tfu_status st =
        s->ops->labels(s->self, first, count, labels, tfu_contents_host(&c, false, &error));
    tfu_calling_end(outer);
    if (st == TFU_OK)
        return st;
    tfu_host_check(st, tfu_source_plugin(s), "labels", &error);
    return tfu_error_set(e, st, "labels of dataset '%s': %s", tfu_source_plugin(s), error.text);
}

/* Exactly one image, as large as the dataset said. */
static enum tfu_status check_image(const struct tfu_source *s, const struct tfu_example_work *w,
                                   struct tfu_error *e)
{
    const int64_t said[] = {s->info.height, s->info.width, s->info.channels};
    const struct tfu_tensor *image = tfu_example_find(&w->example, TFU_FIELD_IMAGE);
    uint32_t images = 0;
    for (uint32_t i = 0; i < w->example.field_count; i++)
        images += w->example.field[i]->kind == TFU_FIELD_IMAGE;
    if (images != 1)
        return tfu_error_set(e, TFU_EINVAL, "it has %u images; an example has one", images);
    for (int k = 0; k < 3 && !s->split->select.decode; k++)
        if (said[k] && said[k] != image->shape.dim[k])
            return tfu_error_set(e, TFU_ESHAPE,
                                 "its image is %lld x %lld x %lld, but those of the dataset are "
                                 "%lld x %lld x %lld",
                                 (long long)image->shape.dim[0], (long long)image->shape.dim[1],
                                 (long long)image->shape.dim[2], (long long)said[0],
                                 (long long)said[1], (long long)said[2]);
    return TFU_OK;
}

/* Only floats can be what no network can compute with. */
static enum tfu_status check_numbers(const struct tfu_source *s, int64_t index,
                                     const struct tfu_example_work *w, struct tfu_error *e)
{
    const struct tfu_tensor *image = tfu_example_find(&w->example, TFU_FIELD_IMAGE);
    if (image->dtype != TFU_F32)
        return TFU_OK;
    return tfu_source_check(s, index, image->data, image->shape.dim, "",
                            "mend the image, or leave it out of the data", e);
}

void tfu_source_name_example(const struct tfu_source *s, int64_t index, struct tfu_error *e)
{
    struct tfu_text example = TFU_TEXT_INIT;
    put_example(s, index, NULL, &example);
    tfu_error_prefix(e, "%s", tfu_text_get(&example));
    tfu_text_free(&example);
}

static enum tfu_status call_get(const struct tfu_source *s, int64_t index,
                                struct tfu_example_work *w, struct tfu_error *error)
{
    struct tfu_calling calling;
    w->error = error;
    w->adds = true;
    w->host.key = 0;
    w->host.random = 0;
    const struct tfu_calling *outer = begin(s, &calling, "get");
    const enum tfu_status st = s->ops->get(s->self, index, &w->host);
    tfu_calling_end(outer);
    w->adds = false;
    tfu_host_check(st, tfu_source_plugin(s), "get", error);
    return st;
}

bool tfu_source_find_file(const struct tfu_source *s, int64_t index,
                          struct tfu_image_seen_file *out)
{
    struct tfu_error refused = TFU_ERROR_INIT;
    struct tfu_example_probe probe = {.asked = 0};
    struct tfu_example_work w;
    tfu_example_begin(&w, s->files, &refused);
    w.probe = &probe;
    call_get(s, index, &w, &refused);
    tfu_example_end(&w);
    if (probe.asked == 1 && probe.seen)
        *out = *probe.seen;
    return probe.asked == 1 && probe.seen;
}

/* A mask, boxes or points. */
static bool has_places(const struct tfu_example_work *w)
{
    for (uint32_t i = 0; i < w->example.field_count; i++)
        if (w->field[i]->kind != TFU_FIELD_IMAGE && tfu_field_has_place(w->field[i]->kind))
            return true;
    return false;
}

enum tfu_status tfu_source_get(const struct tfu_source *s, int64_t index,
                               struct tfu_example_work *w, struct tfu_error *e)
{
    struct tfu_error error = TFU_ERROR_INIT;
    enum tfu_status st = call_get(s, index, w, &error);
    if (st == TFU_OK && (w->host.wanted_height || w->host.wanted_width) && has_places(w)) {
        /* places are those of all pixels, and a smaller image would not have them */
        tfu_example_end(w);
        tfu_example_begin(w, s->files, e);
        st = call_get(s, index, w, &error);
    }
    w->error = e;
    if (st == TFU_OK)
        st = tfu_example_check(w, &error);
    if (st == TFU_OK)
        st = check_image(s, w, &error);
    if (st == TFU_OK)
        return check_numbers(s, index, w, e);
    tfu_error_set(e, st, "%s", error.text);
    tfu_source_name_example(s, index, e);
    return st;
}
