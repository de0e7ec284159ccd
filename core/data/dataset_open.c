/* SPDX-License-Identifier: MIT
 *
 * A split of the data is opened: its plugin, what the configuration selects, labels, transforms.
 */
#include <math.h>
#include <stdlib.h>

#include "core/data/cache_contents.h"
#include "core/data/dataset.h"
#include "core/data/dataset_parts.h"

enum { CLASS_MAX = 1000000 }; /* more is no class index, but a sign for something */

/* ---- labels */

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

/* Are the labels of `labels` class indices? Those of one column that are to be kept may be some
 * without the plugin knowing. */
static enum tfu_status find_classes(struct tfu_dataset *d, float *labels, struct tfu_error *e)
{
    const struct tfu_data_select *s = &d->source.split->select;
    if (d->source.info.classes || d->source.info.label_columns != 1)
        return TFU_OK;
    if (s->classes.count)
        d->source.info.classes = keep_listed(d, labels);
    else if (s->limit_per_class)
        return refuse_limit(d, labels, e);
    return TFU_OK;
}

/* ---- opening */

/* The labels of what is selected, with the classes' new numbers; and how many there are of each. */
static enum tfu_status keep_labels(struct tfu_dataset *d, const float *labels, struct tfu_error *e)
{
    const int64_t columns = d->source.info.label_columns;
    d->labels = calloc((size_t)(d->selection.count * columns) + 1, sizeof *d->labels);
    if (!d->labels)
        return tfu_error_memory(e, "reading labels", 0);
    enum tfu_status st = tfu_census_init(&d->census, d->info.classes, (uint32_t)columns, e);
    for (int64_t i = 0; st == TFU_OK && i < d->selection.count; i++) {
        float *to = d->labels + i * columns;
        for (int64_t k = 0; k < columns; k++)
            to[k] = labels[d->selection.index[i] * columns + k];
        if (d->selection.mapped && !isnan(to[0]))
            to[0] = (float)d->selection.mapped[(int64_t)to[0]];
        if (columns)
            tfu_census_add(&d->census, to);
    }
    return st;
}

static enum tfu_status describe(struct tfu_dataset *d, struct tfu_error *e)
{
    const struct tfu_pipeline *p = &d->pipeline;
    d->info = d->source.info;
    d->info.count = d->selection.count;
    d->info.classes = d->selection.classes;
    d->info.target = d->info.classes ? TFU_FIELD_CLASS : d->info.target;
    if (d->selection.mapped)
        d->info.class_names = NULL; /* they were for the old numbers */
    d->info.height = p->height;
    d->info.width = p->width;
    d->info.channels = p->channels;
    if (!p->height || !p->width)
        return tfu_error_set(e, TFU_ESHAPE,
                             "the images of dataset '%s' differ in size; give them one with "
                             "`resize: [HEIGHT, WIDTH]`, or by a transform that cuts a piece out",
                             tfu_source_plugin(&d->source));
    if (!p->channels)
        return tfu_error_set(e, TFU_ESHAPE,
                             "the images of dataset '%s' differ in their channels; have the "
                             "dataset give all the same, as by its option `channels: 3`",
                             tfu_source_plugin(&d->source));
    return TFU_OK;
}

enum tfu_status tfu_dataset_put_contents(const struct tfu_dataset *d, struct tfu_text *out,
                                         struct tfu_error *e)
{
    uint8_t digest[TFU_HASH_SIZE];
    char hex[TFU_HASH_HEX];
    const enum tfu_status st =
        tfu_cache_contents(out, &d->source, &d->pipeline, d->pipeline.count, e);
    tfu_hash_bytes(d->selection.index, (size_t)d->selection.count * sizeof *d->selection.index,
                   digest);
    tfu_hash_to_hex(digest, hex);
    tfu_text_printf(out, "examples %s\n", hex);
    return st == TFU_OK && out->failed ? tfu_error_memory(e, "naming examples", 0) : st;
}

static enum tfu_status open_cache(struct tfu_dataset *d, struct tfu_log *log, struct tfu_error *e)
{
    struct tfu_text contents = TFU_TEXT_INIT;
    struct tfu_image_cache_request request = {.config = d->source.split->cache,
                                              .split = d->source.split->name,
                                              .count = d->source.info.count,
                                              .labels = d->info.target,
                                              .log = log};
    d->fixed = tfu_pipeline_fixed(&d->pipeline);
    if (request.config.kind == TFU_DATA_CACHE_NONE)
        return TFU_OK;
    enum tfu_status st = tfu_cache_contents(&contents, &d->source, &d->pipeline, d->fixed, e);
    request.contents = tfu_text_get(&contents);
    if (st == TFU_OK)
        st = tfu_image_cache_open(&d->cache, &request, e);
    tfu_text_free(&contents);
    return st;
}

static enum tfu_status select_examples(struct tfu_dataset *d, struct tfu_registry *registry,
                                       struct tfu_log *log, struct tfu_error *e)
{
    const struct tfu_data_split *split = d->source.split;
    float *labels = NULL;
    enum tfu_status st = tfu_opened_labels(&d->source, &labels, e);
    if (st == TFU_OK)
        st = find_classes(d, labels, e);
    const struct tfu_dataset_info *i = &d->source.info;
    const struct tfu_select_request request = {
        .select = &split->select,
        .count = i->count,
        .labels = i->classes ? labels : NULL,
        .classes = i->classes,
        .closed = i->class_names != NULL,
        .left_out = d->opened->left_out,
        .part = d->opened->cut.part,
        .wanted = (uint8_t)split->part,
        .groups = &d->opened->groups,
    };
    if (st == TFU_OK)
        st = tfu_select(&d->selection, &request, e);
    if (st == TFU_OK)
        st = tfu_pipeline_open(&d->pipeline, split, i, registry, log, e);
    if (st == TFU_OK)
        st = describe(d, e);
    if (st == TFU_OK && split->cut) {
        st = tfu_opened_part_fingerprint(d->opened, split->part, d->fingerprint, e);
        d->info.fingerprint = d->fingerprint;
    }
    if (st == TFU_OK)
        st = keep_labels(d, labels, e);
    if (st == TFU_OK)
        st = tfu_example_groups_take(&d->groups, &d->opened->groups, d->selection.index,
                                     d->selection.count, e);
    if (st == TFU_OK)
        st = open_cache(d, log, e);
    free(labels);
    return st;
}

/* What `other` has opened, where both are parts of it; else it is opened. */
static enum tfu_status open_source(struct tfu_dataset *d, const struct tfu_data_split *split,
                                   const struct tfu_dataset *other, struct tfu_registry *registry,
                                   struct tfu_log *log, struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    d->beside = other && split->cut && other->source.split->cut == split->cut &&
                other->source.registry == registry;
    if (d->beside)
        d->opened = tfu_opened_hold(other->opened);
    else
        st = tfu_opened_new(&d->opened, split, registry, log, e);
    if (st != TFU_OK)
        return st;
    d->source = d->opened->source;
    d->source.split = split;
    return TFU_OK;
}

enum tfu_status tfu_dataset_open_beside(struct tfu_dataset **out,
                                        const struct tfu_data_split *split,
                                        const struct tfu_dataset *other,
                                        struct tfu_registry *registry, struct tfu_log *log,
                                        struct tfu_error *e)
{
    *out = NULL;
    struct tfu_dataset *d = calloc(1, sizeof *d);
    if (!d)
        return tfu_error_memory(e, "opening a dataset", 0);
    enum tfu_status st = open_source(d, split, other, registry, log, e);
    if (st == TFU_OK)
        st = select_examples(d, registry, log, e);
    if (st != TFU_OK) {
        tfu_dataset_close(d);
        return st;
    }
    *out = d;
    return TFU_OK;
}

enum tfu_status tfu_dataset_open(struct tfu_dataset **out, const struct tfu_data_split *split,
                                 struct tfu_registry *registry, struct tfu_log *log,
                                 struct tfu_error *e)
{
    return tfu_dataset_open_beside(out, split, NULL, registry, log, e);
}

void tfu_dataset_close(struct tfu_dataset *d)
{
    if (!d)
        return;
    tfu_image_cache_close(d->cache);
    tfu_pipeline_close(&d->pipeline);
    tfu_opened_release(d->opened);
    tfu_selection_free(&d->selection);
    tfu_example_groups_free(&d->groups);
    tfu_census_free(&d->census);
    free(d->labels);
    free(d);
}
