/* SPDX-License-Identifier: MIT */
#include "core/data/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/host.h"
#include "core/data/normalise.h"
#include "core/data/resize.h"
#include "core/data/select.h"

struct tfu_dataset {
    const struct tfu_data_split *split;
    struct tfu_registry *registry;
    struct tfu_log *log;
    const struct tfu_dataset_ops *ops;
    void *self;
    struct tfu_dataset_info source; /* the plugin's */
    struct tfu_dataset_info info;   /* after selection */
    struct tfu_selection selection;
    struct tfu_census census;
    struct tfu_resize *resize; /* NULL: as they are */
    struct tfu_normalise normalise;
};

static const char *plugin_name(const struct tfu_dataset *d)
{
    return d->split->choice.plugin->name;
}

static enum tfu_status check_info(struct tfu_dataset *d, struct tfu_error *e)
{
    const struct tfu_dataset_info *i = &d->source;
    const int64_t side = 1 << 20;
    if (i->count < 1 || i->label_columns < 1 || i->classes < 0)
        return tfu_error_set(
            e, TFU_EINVAL, "dataset '%s' has %lld examples with %u label columns and %lld classes",
            plugin_name(d), (long long)i->count, i->label_columns, (long long)i->classes);
    if (i->classes > 0 && i->label_columns != 1)
        return tfu_error_set(e, TFU_EINVAL,
                             "dataset '%s' has %lld classes and %u label columns; class indices "
                             "are one column",
                             plugin_name(d), (long long)i->classes, i->label_columns);
    if (i->height < 1 || i->width < 1 || i->channels < 1 || i->height > side || i->width > side ||
        i->channels > side || i->height * i->width > ((int64_t)1 << 40) / i->channels)
        return tfu_error_set(e, TFU_EINVAL, "dataset '%s' has images of %lld x %lld x %lld",
                             plugin_name(d), (long long)i->height, (long long)i->width,
                             (long long)i->channels);
    return TFU_OK;
}

/* ---- places, for messages */

/* The plugin's option `name` that is a path, and not empty; NULL: there is none. */
static const char *path_option(const struct tfu_dataset *d, const char *name)
{
    const struct tfu_plugin *p = d->split->choice.plugin;
    for (uint32_t i = 0; i < p->option_count; i++) {
        const struct tfu_option *o =
            (const void *)((const char *)p->options + (size_t)i * p->option_size);
        if (o->type != TFU_PATH || strcmp(o->name, name) != 0)
            continue;
        const char *path =
            *(const char *const *)(const void *)((const char *)d->split->choice.config + o->offset);
        return path && path[0] ? path : NULL;
    }
    return NULL;
}

static void put_place(const struct tfu_dataset *d, int64_t source, const char *file,
                      struct tfu_text *out)
{
    const char *path = path_option(d, file);
    tfu_text_printf(out, "example %lld of dataset '%s'", (long long)source, plugin_name(d));
    if (path)
        tfu_text_printf(out, " (%s)", path);
}

void tfu_dataset_place(const struct tfu_dataset *d, int64_t index, const char *file,
                       struct tfu_text *out)
{
    put_place(d, d->selection.index[index], file, out);
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

/* Is every pixel of an image as `info` has them a finite number? `where` says at what point of its
 * way to the network that is asked. */
static enum tfu_status check_pixels(const struct tfu_dataset *d, int64_t source,
                                    const float *pixels, const struct tfu_dataset_info *info,
                                    const char *where, const char *advice, struct tfu_error *e)
{
    const size_t n = (size_t)(info->height * info->width * info->channels);
    if (!has_odd(pixels, n))
        return TFU_OK;
    const int64_t i = (int64_t)first_odd(pixels, n), pixel = i / info->channels;
    struct tfu_text place = TFU_TEXT_INIT;
    put_place(d, source, "images", &place);
    tfu_error_set(e, TFU_EINVAL,
                  "%s has the pixel %g at row %lld, column %lld, channel %lld%s; no network can "
                  "compute with that: %s",
                  tfu_text_get(&place), (double)pixels[i], (long long)(pixel / info->width),
                  (long long)(pixel % info->width), (long long)(i % info->channels), where, advice);
    tfu_text_free(&place);
    if (d->split->name)
        tfu_error_prefix(e, "%s data", d->split->name);
    return TFU_EINVAL;
}

static enum tfu_status get_source(const struct tfu_dataset *d, int64_t index, float *pixels,
                                  float *labels, struct tfu_error *e)
{
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_host_call call;
    const enum tfu_status st =
        d->ops->get(d->self, index, pixels, labels, tfu_host_call_init(&call, d->log, &error));
    if (st == TFU_OK && pixels)
        return check_pixels(d, index, pixels, &d->source, "",
                            "mend the image, or leave it out of the data", e);
    if (st == TFU_OK)
        return TFU_OK;
    tfu_host_check(st, plugin_name(d), "get", &error);
    return tfu_error_set(e, st, "example %lld of dataset '%s': %s", (long long)index,
                         plugin_name(d), error.text);
}

/* ---- labels */

static enum tfu_status check_class(const struct tfu_dataset *d, int64_t i, float v,
                                   struct tfu_error *e)
{
    if (isnan(v) || (v >= 0 && v < (float)d->source.classes && v == floorf(v)))
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "example %lld of dataset '%s' has the label %g; class indices are 0 "
                         "to %lld",
                         (long long)i, plugin_name(d), (double)v, (long long)d->source.classes - 1);
}

/* Labels that the plugin does not take for class indices, since one says "unknown" by -1: those
 * that are kept are some, and the others count as unknown. False: they are none after all. */
static bool keep_listed(const struct tfu_dataset *d, float *labels)
{
    const struct tfu_int_list *kept = &d->split->select.classes;
    bool any = false;
    for (int64_t i = 0; i < d->source.count; i++) {
        bool listed = false;
        if (!isnan(labels[i]) && labels[i] != floorf(labels[i]))
            return false;
        for (uint64_t k = 0; k < kept->count && !listed; k++)
            listed = labels[i] == (float)kept->item[k];
        if (!listed)
            labels[i] = NAN;
        any |= listed;
    }
    return any;
}

static int64_t largest_listed(const struct tfu_int_list *list)
{
    int64_t largest = 0;
    for (uint64_t k = 0; k < list->count; k++)
        largest = list->item[k] > largest ? list->item[k] : largest;
    return largest;
}

/* A limit for each class, of labels that are none. */
static enum tfu_status refuse_limit(const struct tfu_dataset *d, const float *labels,
                                    struct tfu_error *e)
{
    int64_t i = 0;
    while (i + 1 < d->source.count &&
           (isnan(labels[i]) || (labels[i] >= 0 && labels[i] == floorf(labels[i]))))
        i++;
    struct tfu_text place = TFU_TEXT_INIT;
    put_place(d, i, "labels", &place);
    tfu_error_set(e, TFU_EINVAL,
                  "limit_per_class: the dataset's labels are no class indices, for example %g of "
                  "%s; choose some of them with `classes: [...]`, or drop it",
                  (double)labels[i], tfu_text_get(&place));
    tfu_text_free(&place);
    return TFU_EINVAL;
}

static enum tfu_status read_labels(const struct tfu_dataset *d, float *labels, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    for (int64_t i = 0; i < d->source.count && st == TFU_OK; i++) {
        st = get_source(d, i, NULL, &labels[i], e);
        if (st == TFU_OK && d->source.classes)
            st = check_class(d, i, labels[i], e);
    }
    return st;
}

/* The class of every example; NULL in `out` when labels are no class indices. */
static enum tfu_status read_classes(struct tfu_dataset *d, float **out, struct tfu_error *e)
{
    const struct tfu_data_select *s = &d->split->select;
    const bool by_class = s->classes.count > 0 || s->limit_per_class > 0;
    *out = NULL;
    if (d->source.classes == 0 && (d->source.label_columns != 1 || !by_class))
        return TFU_OK;
    float *labels = calloc((size_t)d->source.count, sizeof *labels);
    if (!labels)
        return tfu_error_memory(e, "reading labels", 0);
    enum tfu_status st = read_labels(d, labels, e);
    if (st == TFU_OK && d->source.classes == 0) {
        if (s->classes.count == 0)
            st = refuse_limit(d, labels, e);
        else if (keep_listed(d, labels))
            d->source.classes = largest_listed(&s->classes) + 1;
    }
    if (st != TFU_OK || d->source.classes == 0) {
        free(labels);
        return st;
    }
    *out = labels;
    return TFU_OK;
}

/* ---- opening */

static bool changes_size(const struct tfu_dataset *d)
{
    const struct tfu_int_list *size = &d->split->select.resize;
    return size->count == 2 &&
           (size->item[0] != d->source.height || size->item[1] != d->source.width);
}

static enum tfu_status count_labels(struct tfu_dataset *d, const float *classes,
                                    struct tfu_error *e)
{
    float *labels = calloc(d->source.label_columns, sizeof *labels);
    enum tfu_status st = tfu_census_init(&d->census, d->info.classes, d->source.label_columns, e);
    if (st == TFU_OK && !labels)
        st = tfu_error_memory(e, "counting labels", 0);
    for (int64_t i = 0; st == TFU_OK && i < d->selection.count; i++) {
        const int64_t source = d->selection.index[i];
        if (classes)
            labels[0] = classes[source];
        else
            st = get_source(d, source, NULL, labels, e);
        if (d->selection.mapped && !isnan(labels[0]))
            labels[0] = (float)d->selection.mapped[(int64_t)labels[0]];
        if (st == TFU_OK)
            tfu_census_add(&d->census, labels);
    }
    free(labels);
    return st;
}

static void describe(struct tfu_dataset *d)
{
    d->info = d->source;
    d->info.channels = d->normalise.channels;
    d->info.struct_size = sizeof d->info;
    d->info.count = d->selection.count;
    d->info.classes = d->selection.classes;
    if (d->selection.mapped)
        d->info.class_names = NULL; /* they were for the old numbers */
    if (d->resize) {
        d->info.height = d->split->select.resize.item[0];
        d->info.width = d->split->select.resize.item[1];
    }
}

static enum tfu_status select_examples(struct tfu_dataset *d, struct tfu_error *e)
{
    const struct tfu_data_select *s = &d->split->select;
    float *labels = NULL;
    enum tfu_status st = read_classes(d, &labels, e);
    if (st == TFU_OK)
        st = tfu_select(&d->selection, s, d->source.count, labels, d->source.classes,
                        d->source.class_names != NULL, e);
    if (st == TFU_OK && changes_size(d))
        st = tfu_resize_new(&d->resize, d->source.height, d->source.width, s->resize.item[0],
                            s->resize.item[1], d->source.channels, e);
    if (st == TFU_OK)
        st = tfu_normalise_init(&d->normalise, s, d->source.channels, e);
    if (st == TFU_OK) {
        describe(d);
        st = count_labels(d, labels, e);
    }
    free(labels);
    return st;
}

enum tfu_status tfu_dataset_open(struct tfu_dataset **out, const struct tfu_data_split *split,
                                 struct tfu_registry *registry, struct tfu_log *log,
                                 struct tfu_error *e)
{
    *out = NULL;
    struct tfu_dataset *d = calloc(1, sizeof *d);
    if (!d)
        return tfu_error_memory(e, "opening a dataset", 0);
    d->split = split;
    d->registry = registry;
    d->log = log;
    d->ops = split->choice.plugin->ops;
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_host_call call;
    enum tfu_status st =
        d->ops->open(&d->self, split->choice.config, tfu_host_call_init(&call, log, &error));
    if (st != TFU_OK) {
        tfu_host_check(st, plugin_name(d), "open", &error);
        tfu_error_set(e, st, "dataset '%s': %s", plugin_name(d), error.text);
        free(d);
        return st;
    }
    tfu_registry_hold(registry, split->choice.plugin);
    d->source.struct_size = sizeof d->source;
    st = d->ops->info(d->self, &d->source);
    if (st != TFU_OK)
        tfu_error_set(e, st, "dataset '%s' cannot describe itself", plugin_name(d));
    if (st == TFU_OK)
        st = check_info(d, e);
    if (st == TFU_OK)
        st = select_examples(d, e);
    if (st != TFU_OK) {
        tfu_dataset_close(d);
        return st;
    }
    *out = d;
    return TFU_OK;
}

void tfu_dataset_close(struct tfu_dataset *d)
{
    if (!d)
        return;
    d->ops->close(d->self);
    tfu_registry_release(d->registry, d->split->choice.plugin);
    tfu_selection_free(&d->selection);
    tfu_census_free(&d->census);
    tfu_resize_free(d->resize);
    free(d);
}

/* ---- use */

const struct tfu_dataset_info *tfu_dataset_info(const struct tfu_dataset *d)
{
    return &d->info;
}

const struct tfu_census *tfu_dataset_census(const struct tfu_dataset *d)
{
    return &d->census;
}

const struct tfu_preprocessing *tfu_dataset_preprocessing(const struct tfu_dataset *d)
{
    return &d->normalise.preprocessing;
}

const struct tfu_data_select *tfu_dataset_select(const struct tfu_dataset *d)
{
    return &d->split->select;
}

int64_t tfu_dataset_source_index(const struct tfu_dataset *d, int64_t index)
{
    return d->selection.index[index];
}

size_t tfu_dataset_source_pixels(const struct tfu_dataset *d)
{
    return (size_t)(d->source.height * d->source.width * d->source.channels);
}

size_t tfu_dataset_source_channels(const struct tfu_dataset *d)
{
    return (size_t)d->source.channels;
}

static enum tfu_status get_resized(const struct tfu_dataset *d, int64_t source, float *pixels,
                                   float *labels, struct tfu_error *e)
{
    const size_t image = tfu_dataset_source_pixels(d);
    float *memory = malloc((image + tfu_resize_scratch(d->resize)) * sizeof *memory);
    if (!memory)
        return tfu_error_memory(e, "resizing an image", image * sizeof *memory);
    const enum tfu_status st = get_source(d, source, memory, labels, e);
    if (st == TFU_OK)
        tfu_resize_run(d->resize, memory, memory + image, pixels);
    free(memory);
    return st;
}

static enum tfu_status check_index(const struct tfu_dataset *d, int64_t index, struct tfu_error *e)
{
    if (index >= 0 && index < d->selection.count)
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL, "example %lld is not among the %lld that are selected",
                         (long long)index, (long long)d->selection.count);
}

enum tfu_status tfu_dataset_get(const struct tfu_dataset *d, int64_t index, float *pixels,
                                float *labels, struct tfu_error *e)
{
    enum tfu_status st = check_index(d, index, e);
    if (st != TFU_OK)
        return st;
    const int64_t source = d->selection.index[index];
    st = pixels && d->resize ? get_resized(d, source, pixels, labels, e)
                             : get_source(d, source, pixels, labels, e);
    if (st == TFU_OK && pixels) {
        tfu_normalise_run(&d->normalise, d->info.height * d->info.width, pixels);
        st = check_pixels(d, source, pixels, &d->info, " behind `resize` and `normalise`",
                          "it is too large before them", e);
    }
    if (st == TFU_OK && labels && d->selection.mapped && !isnan(labels[0]))
        labels[0] = (float)d->selection.mapped[(int64_t)labels[0]];
    return st;
}

enum tfu_status tfu_dataset_get_source(const struct tfu_dataset *d, int64_t index, float *pixels,
                                       struct tfu_error *e)
{
    const enum tfu_status st = check_index(d, index, e);
    return st == TFU_OK ? get_source(d, d->selection.index[index], pixels, NULL, e) : st;
}
