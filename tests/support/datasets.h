/* SPDX-License-Identifier: MIT
 *
 * datasets.h - what the tests of core/data share: a dataset plugin that computes its examples, and
 * splits of it.
 */
#ifndef TFU_TESTS_SUPPORT_DATASETS_H
#define TFU_TESTS_SUPPORT_DATASETS_H

#include "core/data/dataset.h"

/* Config of the plugin: pixel p of example i is formula_pixel(i, p). */
struct formula_config {
    int64_t count, height, width, channels;
    int64_t classes;        /* label i % classes, NaN when i % 7 == 6 and `unknown`; 0: -i */
    uint32_t label_columns; /* label k of example i has k added */
    int32_t unknown;
    int64_t broken;               /* reading the pixels of this example fails; -1: none */
    int32_t silent;               /* ... without a word */
    int64_t sleep;                /* reading an image takes up to so many tenths of a millisecond */
    int64_t wrong_label;          /* this example's label is `classes`; -1: none */
    const float *pixels, *labels; /* of all examples, in place of the formulas; NULL: these */
    /* Of all examples, NULL: there are none; a word that is NULL is not known. */
    const char *const *names, *const *groups;
    int64_t attributes;
    const char *const *attribute_names;
    const char *const *attribute_words; /* `attributes` of each example */
};

/* `count` examples of height x width x channels, 10 classes, nothing broken. */
struct formula_config formula_config(int64_t count, int64_t height, int64_t width,
                                     int64_t channels);
float formula_pixel(int64_t i, int64_t p);
/* All examples of `c`; set its `select` before opening. */
struct tfu_data_split formula_split(const struct formula_config *c);

/* The files of a split of the plugin idx; keep it as long as the dataset is open. */
struct idx_files {
    const char *path[8]; /* the plugin's config */
    struct tfu_data_split split;
};
/* &f->split: all examples of two files. */
const struct tfu_data_split *idx_split(struct idx_files *f, const struct tfu_plugin *plugin,
                                       const char *images, const char *labels);

/* The split with the transforms that its short forms stand for; lives for the next 255 calls. */
const struct tfu_data_split *with_transforms(const struct tfu_data_split *split,
                                             struct tfu_registry *r);
struct tfu_dataset *open_dataset(const struct tfu_data_split *split, struct tfu_registry *r);
/* Opening fails with exactly this. */
void expect_refusal(const struct tfu_data_split *split, struct tfu_registry *r, enum tfu_status st,
                    const char *text);

#endif
