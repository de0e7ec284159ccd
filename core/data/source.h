/* SPDX-License-Identifier: MIT
 *
 * source.h - a dataset plugin's instance: opened, checked, and read by index. What of it is used is
 * dataset.h's.
 */
#ifndef TFU_CORE_DATA_SOURCE_H
#define TFU_CORE_DATA_SOURCE_H

#include "core/base/hash.h"
#include "core/base/log.h"
#include "core/config/experiment.h"
#include "core/data/bad_images.h"
#include "core/data/example.h"
#include "core/data/image_kinds.h"

#include <transfuse/dataset.h>

struct tfu_image_seen_file;
struct tfu_stray_boxes;

struct tfu_source {
    const struct tfu_data_split *split;
    struct tfu_registry *registry;
    struct tfu_log *log;
    struct tfu_image_files *files;
    const struct tfu_dataset_ops *ops;
    void *self;
    struct tfu_dataset_info info; /* sizes are 0 where images differ */
    int64_t largest;              /* numbers of the largest image; 0: it is not known */
    struct tfu_image_kinds kinds; /* of its image files, masks too */
    char fingerprint[TFU_HASH_HEX];
    int64_t images;            /* files of images that it added */
    struct tfu_bad_images bad; /* of these, which examples are left out for */
    struct tfu_stray_boxes *stray;
};

/* `registry` and `split` must outlive it. A failed one is closed already. */
enum tfu_status tfu_source_open(struct tfu_source *s, const struct tfu_data_split *split,
                                struct tfu_registry *registry, struct tfu_log *log,
                                struct tfu_error *e);
void tfu_source_close(struct tfu_source *s);
const char *tfu_source_plugin(const struct tfu_source *s);

/* The labels of examples first..first+count-1; NaN where there are none. [one thread] */
enum tfu_status tfu_source_labels(const struct tfu_source *s, int64_t first, int64_t count,
                                  float *labels, struct tfu_error *e);
/* Adds the fields of example `index` to `w`: one image of finite numbers, and what belongs to it.
 * [any thread] */
enum tfu_status tfu_source_get(const struct tfu_source *s, int64_t index,
                               struct tfu_example_work *w, struct tfu_error *e);
/* What the image of example `index` is read from; false: from no file that it added, or from more
 * than one. Nothing is read. [any thread] */
bool tfu_source_find_file(const struct tfu_source *s, int64_t index,
                          struct tfu_image_seen_file *out);
/* Can a network compute with every number of an image of example `index`, H,W,C? Else TFU_EINVAL;
 * `where` says at what point of its way that was asked, `advice` what to do. */
enum tfu_status tfu_source_check(const struct tfu_source *s, int64_t index, const float *pixels,
                                 const int64_t dim[3], const char *where, const char *advice,
                                 struct tfu_error *e);
/* Puts in front of a failure which example it is about. */
void tfu_source_name_example(const struct tfu_source *s, int64_t index, struct tfu_error *e);
/* The plugin's name of example `index`; NULL: it gives none. */
const char *tfu_source_name(const struct tfu_source *s, int64_t index);
/* The plugin's word for whom example `index` is of; NULL: it is not known. [any thread] */
const char *tfu_source_group(const struct tfu_source *s, int64_t index);
/* The plugin's word of example `index` in its attribute `which`; "": it is not known. [any thread]
 */
const char *tfu_source_attribute(const struct tfu_source *s, int64_t index, int64_t which);
/* "example 17 of dataset 'idx' (/data/labels.gz)": with its own name, or the file that the plugin's
 * option `file` names, or else its first path. */
void tfu_source_place(const struct tfu_source *s, int64_t index, const char *file,
                      struct tfu_text *out);

#endif
