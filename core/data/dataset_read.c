/* SPDX-License-Identifier: MIT
 *
 * An example of a split is read: from its dataset, through its transforms, to pixels and labels.
 */
#include <stdlib.h>
#include <string.h>

#include "core/config/measured.h"
#include "core/data/dataset.h"
#include "core/data/dataset_parts.h"

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

static enum tfu_status copy_image(const struct tfu_example_work *w, struct tfu_dataset_image *out,
                                  struct tfu_error *e)
{
    const struct tfu_tensor *t = tfu_example_find(&w->example, TFU_FIELD_IMAGE);
    const int64_t *dim = t->shape.dim;
    *out = (struct tfu_dataset_image){.height = dim[0], .width = dim[1], .channels = dim[2]};
    out->pixels = malloc((size_t)tfu_shape_count(&t->shape) * sizeof *out->pixels);
    if (!out->pixels)
        return tfu_error_memory(e, "looking at an image", 0);
    tfu_example_copy_floats(t, out->pixels);
    return TFU_OK;
}

enum tfu_status tfu_dataset_get_images(const struct tfu_dataset *d, int64_t index,
                                       struct tfu_dataset_image *source,
                                       struct tfu_dataset_image *plain, struct tfu_error *e)
{
    const size_t steps = plain ? tfu_measured_place(d->source.split) : 0;
    struct tfu_example_work w;
    *source = (struct tfu_dataset_image){.pixels = NULL};
    enum tfu_status st = check_index(d, index, e);
    if (st != TFU_OK)
        return st;
    const int64_t at = d->selection.index[index];
    tfu_example_begin(&w, d->source.files, e);
    st = tfu_source_get(&d->source, at, &w, e);
    if (st == TFU_OK)
        st = copy_image(&w, source, e);
    if (st == TFU_OK && steps > 0)
        st = add_labels(d, index, &w, e);
    if (st == TFU_OK && steps > 0)
        st = transform(d, at, 0, steps, &w, false, 0, e);
    if (st == TFU_OK && plain)
        st = copy_image(&w, plain, e);
    tfu_example_end(&w);
    if (st != TFU_OK) {
        free(source->pixels);
        source->pixels = NULL;
    }
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
