/* SPDX-License-Identifier: MIT
 *
 * dataset.h - an opened split of the data: a dataset plugin's instance seen through the selection
 * of the configuration (classes, limits, size).
 */
#ifndef TFU_CORE_DATA_DATASET_H
#define TFU_CORE_DATA_DATASET_H

#include "core/base/log.h"
#include "core/config/experiment.h"
#include "core/data/bad_images.h"
#include "core/data/census.h"
#include "core/data/image_kinds.h"
#include "core/io/preprocessing.h"

#include <transfuse/dataset.h>

struct tfu_dataset;
struct tfu_example_groups;
struct tfu_source;

/* Opens the plugin, applies the selection. `registry` and `split` must outlive it. */
enum tfu_status tfu_dataset_open(struct tfu_dataset **out, const struct tfu_data_split *split,
                                 struct tfu_registry *registry, struct tfu_log *log,
                                 struct tfu_error *e);
/* The same of a split that is opened after `other`: parts of one
 * dataset share what was read of it. `other` may be NULL. */
enum tfu_status tfu_dataset_open_beside(struct tfu_dataset **out,
                                        const struct tfu_data_split *split,
                                        const struct tfu_dataset *other,
                                        struct tfu_registry *registry, struct tfu_log *log,
                                        struct tfu_error *e);
void tfu_dataset_close(struct tfu_dataset *d);

/* How its images were prepared: what weights that are trained on them have to be told. */
const struct tfu_preprocessing *tfu_dataset_preprocessing(const struct tfu_dataset *d);

/* After selection and transforms: count, sizes of all images as a network sees them, classes that
 * were kept. The fingerprint is that of the plugin, and with `data.split` of the part; what else
 * was selected is in the configuration. */
const struct tfu_dataset_info *tfu_dataset_info(const struct tfu_dataset *d);

/* Its labels, counted. */
const struct tfu_census *tfu_dataset_census(const struct tfu_dataset *d);

/* Example `index` of the selection as it is evaluated: H,W,C pixels and label columns. NULL: not
 * wanted. A pixel that is no finite number is TFU_EINVAL, with its place. [any thread] */
enum tfu_status tfu_dataset_get(const struct tfu_dataset *d, int64_t index, float *pixels,
                                float *labels, struct tfu_error *e);
/* The same as it is trained on: what is random follows from `key`, and there may be less of it, or
 * nothing. [any thread] */
enum tfu_status tfu_dataset_draw(const struct tfu_dataset *d, int64_t index, uint64_t key,
                                 float *pixels, float *labels, struct tfu_error *e);

/* Does one of its transforms mix images of a batch, in training? */
bool tfu_dataset_mixes(const struct tfu_dataset *d);
/* Then it mixes `other` into `pixels`, both as tfu_dataset_draw() made them with this key: `*share`
 * of the loss is that of the labels of `pixels`, and the rest of the other's. [any thread] */
enum tfu_status tfu_dataset_mix(const struct tfu_dataset *d, uint64_t key, float *pixels,
                                const float *other, double *share, struct tfu_error *e);

/* An image as floats H,W,C. */
struct tfu_dataset_image {
    float *pixels; /* to be freed with free() */
    int64_t height, width, channels;
};
/* That of example `index` as its dataset has it, before any transform; and, unless `plain` is NULL,
 * as it is evaluated but for `normalise` and what is behind that. Nothing is to be freed after a
 * failure. [any thread] */
enum tfu_status tfu_dataset_get_images(const struct tfu_dataset *d, int64_t index,
                                       struct tfu_dataset_image *source,
                                       struct tfu_dataset_image *plain, struct tfu_error *e);
/* An example with all of its fields, for who draws it: as its dataset has it, as it is evaluated,
 * or as it is trained on with `key`. What look() gets is gone when it returns. [any thread] */
enum tfu_dataset_stage { TFU_DATASET_SOURCE, TFU_DATASET_EVALUATED, TFU_DATASET_TRAINED };
enum tfu_status tfu_dataset_visit(const struct tfu_dataset *d, int64_t index,
                                  enum tfu_dataset_stage stage, uint64_t key,
                                  void (*look)(void *arg, const struct tfu_example *x), void *arg,
                                  struct tfu_error *e);
/* Numbers of such an image, where they are known beforehand the largest; a guess elsewhere. */
size_t tfu_dataset_source_pixels(const struct tfu_dataset *d);
/* Bytes that it keeps while it is open: labels, what is selected, and what the plugin says that it
 * keeps. */
size_t tfu_dataset_bytes(const struct tfu_dataset *d);
/* Bytes that the examples that it keeps may come to take (data.cache: memory), at most. */
size_t tfu_dataset_cache_bytes(const struct tfu_dataset *d);
/* Bytes that an example takes while it is read: its image as it is decoded, the largest where that
 * is known, and as it comes out, in floats. */
size_t tfu_dataset_reading_bytes(const struct tfu_dataset *d);
/* What is done to its image files on the way, counted; NULL: they are those of the split that it
 * shares its files with. */
const struct tfu_image_kinds *tfu_dataset_image_kinds(const struct tfu_dataset *d);
/* Files of images that cannot be read, whose examples are left out. */
const struct tfu_bad_images *tfu_dataset_bad_images(const struct tfu_dataset *d);
/* All that its examples follow from, as they are evaluated, and which they are: where it is the
 * same text, so are their bits. */
enum tfu_status tfu_dataset_put_contents(const struct tfu_dataset *d, struct tfu_text *out,
                                         struct tfu_error *e);
/* Are examples kept once they were read? */
bool tfu_dataset_is_cached(const struct tfu_dataset *d);
/* The name of the published preprocessing that is done to the numbers, or NULL. */
const char *tfu_dataset_published(const struct tfu_dataset *d);

/* The plugin's instance, with all examples (source.h). */
const struct tfu_source *tfu_dataset_source(const struct tfu_dataset *d);
/* Its index in the dataset itself, for prediction files. */
int64_t tfu_dataset_source_index(const struct tfu_dataset *d, int64_t index);
/* What it is called there; NULL: the dataset gives no names. */
const char *tfu_dataset_name(const struct tfu_dataset *d, int64_t index);
/* That, or its number in the dataset. */
void tfu_dataset_put_name(const struct tfu_dataset *d, int64_t index, struct tfu_text *out);

/* How many groups (patients) its examples are of; 0: the dataset knows none. An example whose group
 * is not known counts as one of its own. */
int64_t tfu_dataset_groups(const struct tfu_dataset *d);
/* That of example `index`: 0..groups-1, or -1 where the dataset knows none. [any thread] */
int64_t tfu_dataset_group(const struct tfu_dataset *d, int64_t index);
/* What the dataset calls group `group`; NULL: an example of its own, without a name. Lives as long
 * as `d`. [any thread] */
const char *tfu_dataset_group_name(const struct tfu_dataset *d, int64_t group);

/* All of them (groups.h). */
const struct tfu_example_groups *tfu_dataset_example_groups(const struct tfu_dataset *d);

/* The names of what else is said of examples in words, `count` of them: "sex", "view". */
const char *const *tfu_dataset_attributes(const struct tfu_dataset *d, int64_t *count);
/* The number of attribute `name`; -1: there is none. */
int64_t tfu_dataset_attribute_find(const struct tfu_dataset *d, const char *name);
/* What attribute `which` says of example `index`; "": it is not known. Lives as long as `d`; equal
 * words of one attribute are one pointer. [any thread] */
const char *tfu_dataset_attribute(const struct tfu_dataset *d, int64_t index, int64_t which);
/* The same as the number of a word in the attribute's table of words, which are those of all of the
 * dataset, selected or not. [any thread] */
int64_t tfu_dataset_attribute_value(const struct tfu_dataset *d, int64_t index, int64_t which);
const char *const *tfu_dataset_attribute_words(const struct tfu_dataset *d, int64_t which,
                                               int64_t *count);

/* "example 17 of dataset 'idx' (/data/labels.gz)", for messages: example `index` of the selection,
 * and the file that the plugin's option `file` names, where there is one. */
void tfu_dataset_place(const struct tfu_dataset *d, int64_t index, const char *file,
                       struct tfu_text *out);

#endif
