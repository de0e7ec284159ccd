/* SPDX-License-Identifier: MIT
 *
 * image_cache.h - examples as they are behind their last transform that is not random: in memory,
 * or on the disk from one run to the next. What comes out of it has the bits of what was put in.
 */
#ifndef TFU_CORE_DATA_IMAGE_CACHE_H
#define TFU_CORE_DATA_IMAGE_CACHE_H

#include "core/base/log.h"
#include "core/config/experiment.h"
#include "core/data/example.h"

struct tfu_image_cache;

struct tfu_image_cache_request {
    struct tfu_data_cache config;
    const char *split;    /* for messages, or NULL */
    const char *contents; /* text of all that examples follow from, files by what they hold */
    int64_t count;        /* examples of the dataset */
    uint32_t labels;      /* kind of the field that is not kept: labels are added anew */
    struct tfu_log *log;
};

/* `*out` is NULL when nothing is to be kept, or there is no place on the disk, which is told in the
 * log: that is no failure. The request's `log` must outlive it. */
enum tfu_status tfu_image_cache_open(struct tfu_image_cache **out,
                                     const struct tfu_image_cache_request *request,
                                     struct tfu_error *e);
void tfu_image_cache_close(struct tfu_image_cache *c);

/* Bytes of memory that it may come to take; 0 on the disk. */
uint64_t tfu_image_cache_room(const struct tfu_image_cache *c);

/* Adds the fields of example `i` to `w`, which has none; false: they are not there. [any thread] */
bool tfu_image_cache_get(struct tfu_image_cache *c, int64_t i, struct tfu_example_work *w);
/* Keeps the fields of `w` as those of example `i`, if there is room. [any thread] */
void tfu_image_cache_put(struct tfu_image_cache *c, int64_t i, const struct tfu_example_work *w);

#endif
