/* SPDX-License-Identifier: MIT
 *
 * pipeline.h - the transforms of a split, one after the other: from an example as its dataset has
 * it to one as a network sees it.
 */
#ifndef TFU_CORE_DATA_PIPELINE_H
#define TFU_CORE_DATA_PIPELINE_H

#include "core/config/experiment.h"
#include "core/data/example.h"
#include "core/io/preprocessing.h"

#include <transfuse/dataset.h>
#include <transfuse/transform.h>

struct tfu_pipeline_step {
    const struct tfu_plugin_choice *choice;
    const struct tfu_transform_ops *ops;
    void *self;
    struct tfu_example_notes *notes; /* of all its runs */
};

struct tfu_pipeline {
    struct tfu_registry *registry;
    struct tfu_log *log;
    struct tfu_pipeline_step *step;
    size_t count;
    const struct tfu_pipeline_step *mixing; /* the one that mixes examples of a batch; NULL: none */
    int64_t height, width, channels;        /* of what comes out; 0: they differ */
    int64_t wanted[2];                      /* height and width that decoding may stop at; 0: all */
    /* What is done to the numbers; no channels: more than it can say. */
    struct tfu_preprocessing preprocessing;
    const char *published;                /* the name of the preprocessing; NULL: it has none */
    struct tfu_pipeline_published *asked; /* what plugins were lent */
};

/* For images of `height` x `width` x `channels` (0: they differ). `split` and `registry` must
 * outlive it. */
enum tfu_status tfu_pipeline_open(struct tfu_pipeline *p, const struct tfu_data_split *split,
                                  const struct tfu_dataset_info *source,
                                  struct tfu_registry *registry, struct tfu_log *log,
                                  struct tfu_error *e);
void tfu_pipeline_close(struct tfu_pipeline *p);

/* How many of its first steps do the same to an example whenever it comes: they neither are random
 * nor change labels. */
size_t tfu_pipeline_fixed(const struct tfu_pipeline *p);

/* Takes the example through all of them. With `random`, what is random follows from `key`; else it
 * is as in evaluation. [any thread] */
enum tfu_status tfu_pipeline_run(const struct tfu_pipeline *p, struct tfu_example_work *w,
                                 bool random, uint64_t key, struct tfu_error *e);
/* The same, through steps first..end-1 alone. [any thread] */
enum tfu_status tfu_pipeline_run_steps(const struct tfu_pipeline *p, size_t first, size_t end,
                                       struct tfu_example_work *w, bool random, uint64_t key,
                                       struct tfu_error *e);

/* Mixes `other` into `image`, both as they came out of tfu_pipeline_run(), where there is a step
 * that does. [any thread] */
enum tfu_status tfu_pipeline_mix(const struct tfu_pipeline *p, float *image, const float *other,
                                 uint64_t key, double *share, struct tfu_error *e);

#endif
