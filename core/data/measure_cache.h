/* SPDX-License-Identifier: MIT
 *
 * measure_cache.h - what was measured of images, by all that these follow from, in the user's
 * cache: so that data that stay as they are, are not read in full whenever they are opened.
 */
#ifndef TFU_CORE_DATA_MEASURE_CACHE_H
#define TFU_CORE_DATA_MEASURE_CACHE_H

#include "core/base/log.h"
#include "core/data/channel_moments.h"

struct tfu_measured {
    int64_t images;
    size_t channels;
    double mean[TFU_MOMENTS_CHANNELS], deviation[TFU_MOMENTS_CHANNELS];
};

/* Of as many images and channels as `m` says already. false, and `m` as it was: it is not known, or
 * what is there is damaged. */
bool tfu_measure_cache_find(const char *contents, struct tfu_measured *m);
/* One that cannot be written is measured again next time. */
void tfu_measure_cache_add(const char *contents, const struct tfu_measured *m, struct tfu_log *log);

#endif
