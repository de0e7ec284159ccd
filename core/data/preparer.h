/* SPDX-License-Identifier: MIT
 *
 * preparer.h - files of images that are in no dataset, prepared as the examples of a split are when
 * they are evaluated: the same readers, the same decoding, the same transforms without chance.
 */
#ifndef TFU_CORE_DATA_PREPARER_H
#define TFU_CORE_DATA_PREPARER_H

#include "core/base/log.h"
#include "core/config/experiment.h"
#include "core/data/pipeline.h"

struct tfu_preparer;

struct tfu_preparer_request {
    const struct tfu_data_split *split; /* must outlive the preparer, as must all else */
    struct tfu_registry *registry;
    struct tfu_log *log;
    /* What the split's dataset gives: 0 where images differ. Files are read with so many channels;
     * 0 is as they are. */
    int64_t height, width, channels;
};

/* Seconds that one image took. */
struct tfu_preparer_times {
    double decode, transform;
};

/* TFU_ESHAPE where it does not follow from the request what size comes out. */
enum tfu_status tfu_preparer_new(struct tfu_preparer **out, const struct tfu_preparer_request *r,
                                 struct tfu_error *e);
void tfu_preparer_free(struct tfu_preparer *p);

/* Channels of images as the options of the split's dataset say; 0: they do not. */
int64_t tfu_preparer_channels(const struct tfu_data_split *split);

/* Channels that files are read with; 0: as they are. */
int64_t tfu_preparer_source_channels(const struct tfu_preparer *p);

/* Height, width and channels of what comes out, and what is done to its numbers are the
 * pipeline's. */
const struct tfu_pipeline *tfu_preparer_pipeline(const struct tfu_preparer *p);

/* The first image of a file as a network sees it, H,W,C. `times` may be NULL. A failure names the
 * file. [any thread] */
enum tfu_status tfu_preparer_read(const struct tfu_preparer *p, const char *path, float *pixels,
                                  struct tfu_preparer_times *times, struct tfu_error *e);

#endif
