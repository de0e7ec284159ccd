/* SPDX-License-Identifier: MIT */
#include "core/data/source.h"

#include <math.h>
#include <string.h>

#include "core/base/calling.h"
#include "core/base/host.h"

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

static enum tfu_status check_info(const struct tfu_source *s, struct tfu_error *e)
{
    const struct tfu_dataset_info *i = &s->info;
    const int64_t side = 1 << 20;
    if (i->count < 1 || i->label_columns < 1 || i->classes < 0)
        return tfu_error_set(
            e, TFU_EINVAL, "dataset '%s' has %lld examples with %u label columns and %lld classes",
            tfu_source_plugin(s), (long long)i->count, i->label_columns, (long long)i->classes);
    if (i->classes > 0 && i->label_columns != 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has %lld classes and %u label columns; class indices "
                             "are one column",
                             tfu_source_plugin(s), (long long)i->classes, i->label_columns);
    if (i->height < 1 || i->width < 1 || i->channels < 1 || i->height > side || i->width > side ||
        i->channels > side || i->height * i->width > ((int64_t)1 << 40) / i->channels)
        return tfu_error_set(e, TFU_EINVAL, "dataset '%s' has images of %lld x %lld x %lld",
                             tfu_source_plugin(s), (long long)i->height, (long long)i->width,
                             (long long)i->channels);
    return TFU_OK;
}

/* ---- opening */

static enum tfu_status describe(struct tfu_source *s, struct tfu_error *e)
{
    s->info.struct_size = sizeof s->info;
    struct tfu_calling calling;
    const struct tfu_calling *outer = begin(s, &calling, "info");
    const enum tfu_status st = s->ops->info(s->self, &s->info);
    tfu_calling_end(outer);
    if (st != TFU_OK)
        return tfu_error_set(e, st, "dataset '%s' cannot describe itself", tfu_source_plugin(s));
    return check_info(s, e);
}

enum tfu_status tfu_source_open(struct tfu_source *s, const struct tfu_data_split *split,
                                struct tfu_registry *registry, struct tfu_log *log,
                                struct tfu_error *e)
{
    *s = (struct tfu_source){
        .split = split, .registry = registry, .log = log, .ops = split->choice.plugin->ops};
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_host_call call;
    struct tfu_calling calling;
    const struct tfu_calling *outer = begin(s, &calling, "open");
    enum tfu_status st =
        s->ops->open(&s->self, split->choice.config, tfu_host_call_init(&call, log, &error));
    tfu_calling_end(outer);
    if (st != TFU_OK) {
        tfu_host_check(st, tfu_source_plugin(s), "open", &error);
        return tfu_error_set(e, st, "dataset '%s': %s", tfu_source_plugin(s), error.text);
    }
    tfu_registry_hold(registry, split->choice.plugin);
    st = describe(s, e);
    if (st != TFU_OK)
        tfu_source_close(s);
    return st;
}

void tfu_source_close(struct tfu_source *s)
{
    struct tfu_calling calling;
    const struct tfu_calling *outer = begin(s, &calling, "close");
    s->ops->close(s->self);
    tfu_calling_end(outer);
    tfu_registry_release(s->registry, s->split->choice.plugin);
}

/* ---- places, for messages */

/* The value of the plugin's option `name`, or else of its first that is a path; NULL: none is set.
 */
static const char *path_option(const struct tfu_source *s, const char *name)
{
    const struct tfu_plugin_choice *c = &s->split->choice;
    const char *first = NULL;
    for (uint32_t i = 0; i < c->plugin->option_count; i++) {
        const struct tfu_option *o =
            (const void *)((const char *)c->plugin->options + (size_t)i * c->plugin->option_size);
        if (o->type != TFU_PATH)
            continue;
        const char *path =
            *(const char *const *)(const void *)((const char *)c->config + o->offset);
        if (!path || !path[0])
            continue;
        if (strcmp(o->name, name) == 0)
            return path;
        first = first ? first : path;
    }
    return first;
}

void tfu_source_place(const struct tfu_source *s, int64_t index, const char *file,
                      struct tfu_text *out)
{
    const char *path = path_option(s, file);
    tfu_text_printf(out, "example %lld of dataset '%s'", (long long)index, tfu_source_plugin(s));
    if (path)
        tfu_text_printf(out, " (%s)", path);
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
                                 const struct tfu_dataset_info *info, const char *where,
                                 const char *advice, struct tfu_error *e)
{
    const size_t n = (size_t)(info->height * info->width * info->channels);
    if (!has_odd(pixels, n))
        return TFU_OK;
    const int64_t i = (int64_t)first_odd(pixels, n), pixel = i / info->channels;
    struct tfu_text place = TFU_TEXT_INIT;
    tfu_source_place(s, index, "images", &place);
    tfu_error_set(e, TFU_EINVAL,
                  "%s has the pixel %g at row %lld, column %lld, channel %lld%s; no network can "
                  "compute with that: %s",
                  tfu_text_get(&place), isnan(pixels[i]) ? (double)NAN : (double)pixels[i],
                  (long long)(pixel / info->width), (long long)(pixel % info->width),
                  (long long)(i % info->channels), where, advice);
    tfu_text_free(&place);
    if (s->split->name)
        tfu_error_prefix(e, "%s data", s->split->name);
    return TFU_EINVAL;
}

enum tfu_status tfu_source_get(const struct tfu_source *s, int64_t index, float *pixels,
                               float *labels, struct tfu_error *e)
{
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_host_call call;
    struct tfu_calling calling;
    const struct tfu_calling *outer = begin(s, &calling, "get");
    const enum tfu_status st =
        s->ops->get(s->self, index, pixels, labels, tfu_host_call_init(&call, s->log, &error));
    tfu_calling_end(outer);
    if (st == TFU_OK && pixels)
        return tfu_source_check(s, index, pixels, &s->info, "",
                                "mend the image, or leave it out of the data", e);
    if (st == TFU_OK)
        return TFU_OK;
    tfu_host_check(st, tfu_source_plugin(s), "get", &error);
    return tfu_error_set(e, st, "example %lld of dataset '%s': %s", (long long)index,
                         tfu_source_plugin(s), error.text);
}
