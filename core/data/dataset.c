/* SPDX-License-Identifier: MIT */
#include "core/data/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/data/cache_contents.h"
#include "core/data/image_cache.h"
#include "core/data/opened.h"
#include "core/data/pipeline.h"
#include "core/data/select.h"

enum { CLASS_MAX = 1000000 }; /* more is no class index, but a sign for something */

struct tfu_dataset {
    struct tfu_opened_data *opened;
    bool beside;                  /* another split has opened it */
    struct tfu_source source;     /* that of `opened`, for this split */
    struct tfu_dataset_info info; /* after selection */
    struct tfu_selection selection;
    struct tfu_example_groups groups; /* of the selected examples */
    struct tfu_census census;
    char fingerprint[TFU_HASH_HEX]; /* of a part of a dataset */
    struct tfu_pipeline pipeline;
    struct tfu_image_cache *cache; /* of examples behind the first `fixed` steps; NULL: none */
    size_t fixed;
    float *labels; /* of the selected examples, `label_columns` each */
};

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
    return &d->pipeline.preprocessing;
}

const char *tfu_dataset_published(const struct tfu_dataset *d)
{
    return d->pipeline.published;
}

void tfu_dataset_place(const struct tfu_dataset *d, int64_t index, const char *file,
                       struct tfu_text *out)
{
    tfu_source_place(&d->source, d->selection.index[index], file, out);
}

const char *tfu_dataset_name(const struct tfu_dataset *d, int64_t index)
{
    return tfu_source_name(&d->source, d->selection.index[index]);
}

int64_t tfu_dataset_groups(const struct tfu_dataset *d)
{
    return d->groups.count;
}

int64_t tfu_dataset_group(const struct tfu_dataset *d, int64_t index)
{
    return d->groups.count ? d->groups.of[index] : -1;
}

const char *tfu_dataset_group_name(const struct tfu_dataset *d, int64_t group)
{
    return d->groups.name[group];
}

const struct tfu_example_groups *tfu_dataset_example_groups(const struct tfu_dataset *d)
{
    return &d->groups;
}

const char *const *tfu_dataset_attributes(const struct tfu_dataset *d, int64_t *count)
{
    *count = d->opened->attributes.count;
    return d->opened->attributes.name;
}

int64_t tfu_dataset_attribute_find(const struct tfu_dataset *d, const char *name)
{
    return tfu_attributes_find(&d->opened->attributes, name);
}

int64_t tfu_dataset_attribute_value(const struct tfu_dataset *d, int64_t index, int64_t which)
{
    return d->opened->attributes.item[which].value[d->selection.index[index]];
}

const char *const *tfu_dataset_attribute_words(const struct tfu_dataset *d, int64_t which,
                                               int64_t *count)
{
    *count = d->opened->attributes.item[which].words.count;
    return d->opened->attributes.item[which].words.word;
}

const char *tfu_dataset_attribute(const struct tfu_dataset *d, int64_t index, int64_t which)
{
    return d->opened->attributes.item[which]
        .words.word[tfu_dataset_attribute_value(d, index, which)];
}

const struct tfu_source *tfu_dataset_source(const struct tfu_dataset *d)
{
    return &d->source;
}

void tfu_dataset_put_name(const struct tfu_dataset *d, int64_t index, struct tfu_text *out)
{
    const char *name = tfu_dataset_name(d, index);
    if (name)
        tfu_text_puts(out, name);
    else
        tfu_text_printf(out, "%lld", (long long)tfu_dataset_source_index(d, index));
}

int64_t tfu_dataset_source_index(const struct tfu_dataset *d, int64_t index)
{
    return d->selection.index[index];
}

size_t tfu_dataset_source_pixels(const struct tfu_dataset *d)
{
    if (d->source.largest)
        return (size_t)d->source.largest;
    return (size_t)(d->info.height * d->info.width * d->info.channels);
}

size_t tfu_dataset_bytes(const struct tfu_dataset *d)
{
    const size_t labels = (size_t)(d->selection.count * d->info.label_columns) * sizeof *d->labels;
    /* room was made before it was known how many are selected */
    const size_t index = (size_t)d->source.info.count * sizeof *d->selection.index;
    return labels + index + (d->beside ? 0 : (size_t)d->source.info.memory);
}

size_t tfu_dataset_reading_bytes(const struct tfu_dataset *d)
{
    const size_t out = (size_t)(d->info.height * d->info.width * d->info.channels);
    return (tfu_dataset_source_pixels(d) + out) * sizeof(float);
}

const struct tfu_image_kinds *tfu_dataset_image_kinds(const struct tfu_dataset *d)
{
    return d->beside ? NULL : &d->source.kinds;
}

const struct tfu_bad_images *tfu_dataset_bad_images(const struct tfu_dataset *d)
{
    static const struct tfu_bad_images none; /* they are those of the split that opened the data */
    return d->beside ? &none : &d->source.bad;
}

bool tfu_dataset_is_cached(const struct tfu_dataset *d)
{
    return d->cache != NULL;
}

static enum tfu_status check_index(const struct tfu_dataset *d, int64_t index, struct tfu_error *e)
{
    if (index >= 0 && index < d->selection.count)
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL, "example %lld is not among the %lld that are selected",
                         (long long)index, (long long)d->selection.count);
}

/* The labels as a field, so that transforms see them. */
static enum tfu_status add_labels(const struct tfu_dataset *d, int64_t index,
                                  struct tfu_example_work *w, struct tfu_error *e)
{
    const int64_t columns = d->info.label_columns;
    const struct tfu_shape shape = tfu_shape_make(1, columns, 1, 1, 1, 1);
    if (!columns)
        return TFU_OK;
    const struct tfu_tensor *t = tfu_example_add(w, d->info.target, TFU_F32, &shape);
    if (!t)
        return e ? e->status : TFU_ENOMEM;
    memcpy(t->data, d->labels + index * columns, (size_t)columns * sizeof(float));
    return TFU_OK;
}

/* The image has the size that was said, and nothing that no network can compute with. */
static enum tfu_status take_image(const struct tfu_dataset *d, int64_t source,
                                  const struct tfu_tensor *image, float *pixels,
                                  struct tfu_error *e)
{
    const int64_t dim[] = {d->info.height, d->info.width, d->info.channels};
    const int64_t *is = image->shape.dim;
    if (is[0] != dim[0] || is[1] != dim[1] || is[2] != dim[2]) {
        struct tfu_text place = TFU_TEXT_INIT;
        tfu_source_place(&d->source, source, "images", &place);
        tfu_error_set(e, TFU_ESHAPE,
                      "%s is %lld x %lld x %lld behind its transforms, where the others are %lld x "
                      "%lld x %lld",
                      tfu_text_get(&place), (long long)is[0], (long long)is[1], (long long)is[2],
                      (long long)dim[0], (long long)dim[1], (long long)dim[2]);
        tfu_text_free(&place);
        return TFU_ESHAPE;
    }
    tfu_example_copy_floats(image, pixels);
    if (image->dtype != TFU_F32 || d->pipeline.count == 0)
        return TFU_OK; /* of floats alone has been looked at already */
    return tfu_source_check(&d->source, source, pixels, dim, " behind its transforms",
                            "it is too large before them", e);
}

/* A failure says which example of which split it is about. */
static enum tfu_status transform(const struct tfu_dataset *d, int64_t source, size_t first,
                                 size_t end, struct tfu_example_work *w, bool random, uint64_t key,
                                 struct tfu_error *e)
{
    const enum tfu_status st = tfu_pipeline_run_steps(&d->pipeline, first, end, w, random, key, e);
    if (st == TFU_OK)
        return st;
    tfu_source_name_example(&d->source, source, e);
    if (d->source.split->name)
        tfu_error_prefix(e, "%s data", d->source.split->name);
    return st;
}

/* Of what transforms made of the labels. */
static enum tfu_status take_labels(const struct tfu_dataset *d, int64_t source,
                                   const struct tfu_tensor *t, float *labels, struct tfu_error *e)
{
    const int64_t columns = d->info.label_columns;
    if (t->shape.dim[0] == columns) {
        memcpy(labels, t->data, (size_t)columns * sizeof *labels);
        return TFU_OK;
    }
    struct tfu_text place = TFU_TEXT_INIT;
    tfu_source_place(&d->source, source, "labels", &place);
    tfu_error_set(e, TFU_ESHAPE,
                  "%s has %lld label columns behind its transforms, where the dataset has %lld",
                  tfu_text_get(&place), (long long)t->shape.dim[0], (long long)columns);
    tfu_text_free(&place);
    return TFU_ESHAPE;
}

/* The example behind all steps that do the same whenever it comes. What is kept of it is what
 * was made of it before: the same bits. */
static enum tfu_status begin_example(const struct tfu_dataset *d, int64_t index,
                                     struct tfu_example_work *w, struct tfu_error *e)
{
    const int64_t source = d->selection.index[index];
    const bool is_kept = d->cache && tfu_image_cache_get(d->cache, source, w);
    enum tfu_status st = is_kept ? TFU_OK : tfu_source_get(&d->source, source, w, e);
    if (st == TFU_OK && d->pipeline.count > 0)
        st = add_labels(d, index, w, e);
    if (st == TFU_OK && !is_kept)
        st = transform(d, source, 0, d->fixed, w, false, 0, e);
    if (st == TFU_OK && !is_kept && d->cache)
        tfu_image_cache_put(d->cache, source, w);
    return st;
}

static enum tfu_status make(const struct tfu_dataset *d, int64_t index, bool random, uint64_t key,
                            float *pixels, float *labels, struct tfu_error *e)
{
    const int64_t source = d->selection.index[index], columns = d->info.label_columns;
    struct tfu_example_work w;
    tfu_example_begin(&w, d->source.files, e);
    if (d->source.split->select.decode == TFU_DATA_DECODE_REDUCED) {
        w.host.wanted_height = d->pipeline.wanted[0];
        w.host.wanted_width = d->pipeline.wanted[1];
    }
    enum tfu_status st = begin_example(d, index, &w, e);
    if (st == TFU_OK)
        st = transform(d, source, d->fixed, d->pipeline.count, &w, random, key, e);
    if (st == TFU_OK)
        st = take_image(d, source, tfu_example_find(&w.example, TFU_FIELD_IMAGE), pixels, e);
    const struct tfu_tensor *t = st == TFU_OK && d->pipeline.count > 0 && columns
                                     ? tfu_example_find(&w.example, d->info.target)
                                     : NULL;
    if (t && labels)
        st = take_labels(d, source, t, labels, e);
    tfu_example_end(&w);
    return st;
}

static enum tfu_status get(const struct tfu_dataset *d, int64_t index, bool random, uint64_t key,
                           float *pixels, float *labels, struct tfu_error *e)
{
    const int64_t columns = d->info.label_columns;
    const enum tfu_status st = check_index(d, index, e);
    if (st != TFU_OK)
        return st;
    if (labels && columns)
        memcpy(labels, d->labels + index * columns, (size_t)columns * sizeof *labels);
    return pixels ? make(d, index, random, key, pixels, labels, e) : TFU_OK;
}

enum tfu_status tfu_dataset_get(const struct tfu_dataset *d, int64_t index, float *pixels,
                                float *labels, struct tfu_error *e)
{
    return get(d, index, false, 0, pixels, labels, e);
}

enum tfu_status tfu_dataset_draw(const struct tfu_dataset *d, int64_t index, uint64_t key,
                                 float *pixels, float *labels, struct tfu_error *e)
{
    return get(d, index, true, key, pixels, labels, e);
}

bool tfu_dataset_mixes(const struct tfu_dataset *d)
{
    return d->pipeline.mixing != NULL;
}

enum tfu_status tfu_dataset_mix(const struct tfu_dataset *d, uint64_t key, float *pixels,
                                const float *other, double *share, struct tfu_error *e)
{
    return tfu_pipeline_mix(&d->pipeline, pixels, other, key, share, e);
}

enum tfu_status tfu_dataset_get_source(const struct tfu_dataset *d, int64_t index,
                                       struct tfu_dataset_image *out, struct tfu_error *e)
{
    *out = (struct tfu_dataset_image){.pixels = NULL};
    enum tfu_status st = check_index(d, index, e);
    if (st != TFU_OK)
        return st;
    struct tfu_example_work w;
    tfu_example_begin(&w, d->source.files, e);
    st = tfu_source_get(&d->source, d->selection.index[index], &w, e);
    if (st == TFU_OK) {
        const struct tfu_tensor *t = tfu_example_find(&w.example, TFU_FIELD_IMAGE);
        const int64_t *dim = t->shape.dim;
        *out = (struct tfu_dataset_image){.height = dim[0], .width = dim[1], .channels = dim[2]};
        out->pixels = malloc((size_t)tfu_shape_count(&t->shape) * sizeof *out->pixels);
        if (out->pixels)
            tfu_example_copy_floats(t, out->pixels);
        else
            st = tfu_error_memory(e, "looking at an image", 0);
    }
    tfu_example_end(&w);
    return st;
}

enum tfu_status tfu_dataset_visit(const struct tfu_dataset *d, int64_t index,
                                  enum tfu_dataset_stage stage, uint64_t key,
                                  void (*look)(void *arg, const struct tfu_example *x), void *arg,
                                  struct tfu_error *e)
{
    enum tfu_status st = check_index(d, index, e);
    if (st != TFU_OK)
        return st;
    const int64_t source = d->selection.index[index];
    struct tfu_example_work w;
    tfu_example_begin(&w, d->source.files, e);
    st = tfu_source_get(&d->source, source, &w, e);
    if (st == TFU_OK && stage != TFU_DATASET_SOURCE) {
        st = add_labels(d, index, &w, e);
        if (st == TFU_OK)
            st = transform(d, source, 0, d->pipeline.count, &w, stage == TFU_DATASET_TRAINED, key,
                           e);
    }
    if (st == TFU_OK)
        look(arg, &w.example);
    tfu_example_end(&w);
    return st;
}
