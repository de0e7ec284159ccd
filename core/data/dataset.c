/* SPDX-License-Identifier: MIT */
#include "core/data/dataset.h"

#include <math.h>
#include <stdlib.h>

#include "core/data/normalise.h"
#include "core/data/resize.h"
#include "core/data/select.h"
#include "core/data/source.h"

enum { CLASS_MAX = 1000000 }; /* more is no class index, but a sign for something */

struct tfu_dataset {
    struct tfu_source source;
    struct tfu_dataset_info info; /* after selection */
    struct tfu_selection selection;
    struct tfu_census census;
    struct tfu_resize *resize; /* NULL: as they are */
    struct tfu_normalise normalise;
};

/* ---- labels */

static enum tfu_status check_class(const struct tfu_dataset *d, int64_t i, float v,
                                   struct tfu_error *e)
{
    if (isnan(v) || (v >= 0 && v < (float)d->source.info.classes && v == floorf(v)))
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "example %lld of dataset '%s' has the label %g; class indices are 0 "
                         "to %lld",
                         (long long)i, tfu_source_plugin(&d->source), (double)v,
                         (long long)d->source.info.classes - 1);
}

/* Labels that the plugin does not take for class indices, since one says "unknown" by -1: those
 * that are listed are some, and the others count as unknown. The number of classes; 0: they are
 * none after all. */
static int64_t keep_listed(const struct tfu_dataset *d, float *labels)
{
    const struct tfu_int_list *kept = &d->source.split->select.classes;
    float largest = -1;
    for (int64_t i = 0; i < d->source.info.count; i++) {
        bool listed = false;
        if (!isnan(labels[i]) && labels[i] != floorf(labels[i]))
            return 0;
        for (uint64_t k = 0; labels[i] <= CLASS_MAX && k < kept->count && !listed; k++)
            listed = labels[i] == (float)kept->item[k];
        if (!listed)
            labels[i] = NAN;
        else
            largest = fmaxf(largest, labels[i]);
    }
    return (int64_t)largest + 1;
}

/* A limit for each class, of labels that are none. */
static enum tfu_status refuse_limit(const struct tfu_dataset *d, const float *labels,
                                    struct tfu_error *e)
{
    int64_t i = 0;
    while (i + 1 < d->source.info.count &&
           (isnan(labels[i]) ||
            (labels[i] >= 0 && labels[i] <= CLASS_MAX && labels[i] == floorf(labels[i]))))
        i++;
    struct tfu_text place = TFU_TEXT_INIT;
    tfu_source_place(&d->source, i, "labels", &place);
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
    for (int64_t i = 0; i < d->source.info.count && st == TFU_OK; i++) {
        st = tfu_source_get(&d->source, i, NULL, &labels[i], e);
        if (st == TFU_OK && d->source.info.classes)
            st = check_class(d, i, labels[i], e);
    }
    return st;
}

/* The class of every example; NULL in `out` when labels are no class indices. */
static enum tfu_status read_classes(struct tfu_dataset *d, float **out, struct tfu_error *e)
{
    const struct tfu_data_select *s = &d->source.split->select;
    const bool by_class = s->classes.count > 0 || s->limit_per_class > 0;
    *out = NULL;
    if (d->source.info.classes == 0 && (d->source.info.label_columns != 1 || !by_class))
        return TFU_OK;
    float *labels = calloc((size_t)d->source.info.count, sizeof *labels);
    if (!labels)
        return tfu_error_memory(e, "reading labels", 0);
    enum tfu_status st = read_labels(d, labels, e);
    if (st == TFU_OK && d->source.info.classes == 0) {
        if (s->classes.count == 0)
            st = refuse_limit(d, labels, e);
        else
            d->source.info.classes = keep_listed(d, labels);
    }
    if (st != TFU_OK || d->source.info.classes == 0) {
        free(labels);
        return st;
    }
    *out = labels;
    return TFU_OK;
}

/* ---- opening */

static bool changes_size(const struct tfu_dataset *d)
{
    const struct tfu_int_list *size = &d->source.split->select.resize;
    return size->count == 2 &&
           (size->item[0] != d->source.info.height || size->item[1] != d->source.info.width);
}

static enum tfu_status count_labels(struct tfu_dataset *d, const float *classes,
                                    struct tfu_error *e)
{
    float *labels = calloc(d->source.info.label_columns, sizeof *labels);
    enum tfu_status st =
        tfu_census_init(&d->census, d->info.classes, d->source.info.label_columns, e);
    if (st == TFU_OK && !labels)
        st = tfu_error_memory(e, "counting labels", 0);
    for (int64_t i = 0; st == TFU_OK && i < d->selection.count; i++) {
        const int64_t source = d->selection.index[i];
        if (classes)
            labels[0] = classes[source];
        else
            st = tfu_source_get(&d->source, source, NULL, labels, e);
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
    d->info = d->source.info;
    d->info.channels = d->normalise.channels;
    d->info.struct_size = sizeof d->info;
    d->info.count = d->selection.count;
    d->info.classes = d->selection.classes;
    if (d->selection.mapped)
        d->info.class_names = NULL; /* they were for the old numbers */
    if (d->resize) {
        d->info.height = d->source.split->select.resize.item[0];
        d->info.width = d->source.split->select.resize.item[1];
    }
}

static enum tfu_status select_examples(struct tfu_dataset *d, struct tfu_error *e)
{
    const struct tfu_data_select *s = &d->source.split->select;
    float *labels = NULL;
    enum tfu_status st = read_classes(d, &labels, e);
    if (st == TFU_OK)
        st = tfu_select(&d->selection, s, d->source.info.count, labels, d->source.info.classes,
                        d->source.info.class_names != NULL, e);
    if (st == TFU_OK && changes_size(d))
        st = tfu_resize_new(&d->resize, d->source.info.height, d->source.info.width,
                            s->resize.item[0], s->resize.item[1], d->source.info.channels, e);
    if (st == TFU_OK)
        st = tfu_normalise_init(&d->normalise, s, d->source.info.channels, e);
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
    enum tfu_status st = tfu_source_open(&d->source, split, registry, log, e);
    if (st != TFU_OK) {
        free(d);
        return st;
    }
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
    tfu_source_close(&d->source);
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
    return &d->source.split->select;
}

void tfu_dataset_place(const struct tfu_dataset *d, int64_t index, const char *file,
                       struct tfu_text *out)
{
    tfu_source_place(&d->source, d->selection.index[index], file, out);
}

int64_t tfu_dataset_source_index(const struct tfu_dataset *d, int64_t index)
{
    return d->selection.index[index];
}

size_t tfu_dataset_source_pixels(const struct tfu_dataset *d)
{
    return (size_t)(d->source.info.height * d->source.info.width * d->source.info.channels);
}

size_t tfu_dataset_source_channels(const struct tfu_dataset *d)
{
    return (size_t)d->source.info.channels;
}

static enum tfu_status get_resized(const struct tfu_dataset *d, int64_t source, float *pixels,
                                   float *labels, struct tfu_error *e)
{
    const size_t image = tfu_dataset_source_pixels(d);
    float *memory = malloc((image + tfu_resize_scratch(d->resize)) * sizeof *memory);
    if (!memory)
        return tfu_error_memory(e, "resizing an image", image * sizeof *memory);
    const enum tfu_status st = tfu_source_get(&d->source, source, memory, labels, e);
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
                             : tfu_source_get(&d->source, source, pixels, labels, e);
    if (st == TFU_OK && pixels) {
        tfu_normalise_run(&d->normalise, d->info.height * d->info.width, pixels);
        st = tfu_source_check(&d->source, source, pixels, &d->info,
                              " behind `resize` and `normalise`", "it is too large before them", e);
    }
    if (st == TFU_OK && labels && d->selection.mapped && !isnan(labels[0]))
        labels[0] = (float)d->selection.mapped[(int64_t)labels[0]];
    return st;
}

enum tfu_status tfu_dataset_get_source(const struct tfu_dataset *d, int64_t index, float *pixels,
                                       struct tfu_error *e)
{
    const enum tfu_status st = check_index(d, index, e);
    return st == TFU_OK ? tfu_source_get(&d->source, d->selection.index[index], pixels, NULL, e)
                        : st;
}
