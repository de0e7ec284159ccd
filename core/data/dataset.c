/* SPDX-License-Identifier: MIT */
#include "core/data/dataset.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/calling.h"
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

static enum tfu_status get_source(const struct tfu_dataset *d, int64_t index, float *pixels,
                                  float *labels, struct tfu_error *e)
{
    struct tfu_error error = TFU_ERROR_INIT;
    struct tfu_host_call call;
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "dataset", .plugin = plugin_name(d), .function = "get"});
    const enum tfu_status st =
        d->ops->get(d->self, index, pixels, labels, tfu_host_call_init(&call, d->log, &error));
    tfu_calling_end(outer);
    if (st == TFU_OK)
        return TFU_OK;
    tfu_host_check(st, plugin_name(d), "get", &error);
    return tfu_error_set(e, st, "example %lld of dataset '%s': %s", (long long)index,
                         plugin_name(d), error.text);
}

/* The class of every example; NULL in `out` when labels are no class indices. */
static enum tfu_status read_classes(const struct tfu_dataset *d, float **out, struct tfu_error *e)
{
    *out = NULL;
    if (d->source.classes == 0)
        return TFU_OK;
    float *labels = calloc((size_t)d->source.count, sizeof *labels);
    if (!labels)
        return tfu_error_memory(e, "reading labels", 0);
    for (int64_t i = 0; i < d->source.count; i++) {
        enum tfu_status st = get_source(d, i, NULL, &labels[i], e);
        const float v = labels[i];
        if (st == TFU_OK && !isnan(v) &&
            !(v >= 0 && v < (float)d->source.classes && v == floorf(v)))
            st = tfu_error_set(e, TFU_EINVAL,
                               "example %lld of dataset '%s' has the label %g; class indices are 0 "
                               "to %lld",
                               (long long)i, plugin_name(d), (double)v,
                               (long long)d->source.classes - 1);
        if (st != TFU_OK) {
            free(labels);
            return st;
        }
    }
    *out = labels;
    return TFU_OK;
}

static bool changes_size(const struct tfu_dataset *d)
{
    const struct tfu_int_list *size = &d->split->select.resize;
    return size->count == 2 &&
           (size->item[0] != d->source.height || size->item[1] != d->source.width);
}

static enum tfu_status select_examples(struct tfu_dataset *d, struct tfu_error *e)
{
    const struct tfu_data_select *s = &d->split->select;
    float *labels = NULL;
    enum tfu_status st = read_classes(d, &labels, e);
    if (st == TFU_OK)
        st = tfu_select(&d->selection, s, d->source.count, labels, d->source.classes, e);
    free(labels);
    if (st == TFU_OK && changes_size(d))
        st = tfu_resize_new(&d->resize, d->source.height, d->source.width, s->resize.item[0],
                            s->resize.item[1], d->source.channels, e);
    if (st == TFU_OK)
        st = tfu_normalise_init(&d->normalise, s, d->source.channels, e);
    if (st != TFU_OK)
        return st;
    d->info = d->source;
    d->info.channels = d->normalise.channels;
    d->info.struct_size = sizeof d->info;
    d->info.count = d->selection.count;
    d->info.classes = d->selection.classes;
    if (d->selection.mapped)
        d->info.class_names = NULL; /* they were for the old numbers */
    if (d->resize) {
        d->info.height = s->resize.item[0];
        d->info.width = s->resize.item[1];
    }
    return TFU_OK;
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
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "dataset", .plugin = plugin_name(d), .function = "open"});
    enum tfu_status st =
        d->ops->open(&d->self, split->choice.config, tfu_host_call_init(&call, log, &error));
    tfu_calling_end(outer);
    if (st != TFU_OK) {
        tfu_host_check(st, plugin_name(d), "open", &error);
        tfu_error_set(e, st, "dataset '%s': %s", plugin_name(d), error.text);
        free(d);
        return st;
    }
    tfu_registry_hold(registry, split->choice.plugin);
    d->source.struct_size = sizeof d->source;
    outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "dataset", .plugin = plugin_name(d), .function = "info"});
    st = d->ops->info(d->self, &d->source);
    tfu_calling_end(outer);
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
    const struct tfu_calling *outer = tfu_calling_begin(
        &(struct tfu_calling){.kind = "dataset", .plugin = plugin_name(d), .function = "close"});
    d->ops->close(d->self);
    tfu_calling_end(outer);
    tfu_registry_release(d->registry, d->split->choice.plugin);
    tfu_selection_free(&d->selection);
    tfu_resize_free(d->resize);
    free(d);
}

const struct tfu_dataset_info *tfu_dataset_info(const struct tfu_dataset *d)
{
    return &d->info;
}

const struct tfu_preprocessing *tfu_dataset_preprocessing(const struct tfu_dataset *d)
{
    return &d->normalise.preprocessing;
}

int64_t tfu_dataset_source_index(const struct tfu_dataset *d, int64_t index)
{
    return d->selection.index[index];
}

static enum tfu_status get_resized(const struct tfu_dataset *d, int64_t source, float *pixels,
                                   float *labels, struct tfu_error *e)
{
    const size_t image = (size_t)(d->source.height * d->source.width * d->source.channels);
    float *memory = malloc((image + tfu_resize_scratch(d->resize)) * sizeof *memory);
    if (!memory)
        return tfu_error_memory(e, "resizing an image", image * sizeof *memory);
    const enum tfu_status st = get_source(d, source, memory, labels, e);
    if (st == TFU_OK)
        tfu_resize_run(d->resize, memory, memory + image, pixels);
    free(memory);
    return st;
}

enum tfu_status tfu_dataset_get(const struct tfu_dataset *d, int64_t index, float *pixels,
                                float *labels, struct tfu_error *e)
{
    if (index < 0 || index >= d->selection.count)
        return tfu_error_set(e, TFU_EINVAL, "example %lld is not among the %lld that are selected",
                             (long long)index, (long long)d->selection.count);
    const int64_t source = d->selection.index[index];
    const enum tfu_status st = pixels && d->resize ? get_resized(d, source, pixels, labels, e)
                                                   : get_source(d, source, pixels, labels, e);
    if (st == TFU_OK && pixels)
        tfu_normalise_run(&d->normalise, d->info.height * d->info.width, pixels);
    if (st == TFU_OK && labels && d->selection.mapped && !isnan(labels[0]))
        labels[0] = (float)d->selection.mapped[(int64_t)labels[0]];
    return st;
}
