/* SPDX-License-Identifier: MIT
 *
 * filters.h - the filters of a convolution, one small image after the other.
 */
#ifndef TFU_CORE_STUDY_FILTERS_H
#define TFU_CORE_STUDY_FILTERS_H

#include "core/graph/network.h"
#include "core/io/preprocessing.h"

struct tfu_filters {
    int64_t count, height, width, channels;
    float *number; /* filter by filter, H,W,C; red first, where the network sees colours */
    char *layer;
    bool of_image; /* it is images that they are applied to */
};

/* Of the convolution `layer`; NULL: the first. `preprocessing` (may be NULL) says in which order
 * the network sees the colours. TFU_EINVAL: there is no such convolution. */
enum tfu_status tfu_filters_read(struct tfu_filters *out, const struct tfu_network *network,
                                 const char *layer, const struct tfu_preprocessing *preprocessing,
                                 struct tfu_error *e);
/* Each becomes one of a single channel: what it does to images whose channels are equal. That is
 * its sum over the channels, each divided as `preprocessing` divides the images (may be NULL). */
void tfu_filters_add_channels(struct tfu_filters *f, const struct tfu_preprocessing *preprocessing);
void tfu_filters_free(struct tfu_filters *f);

#endif
