/* SPDX-License-Identifier: MIT
 *
 * look.h - every image of a split decoded once, as its dataset has it, and what was seen of each.
 */
#ifndef TFU_CORE_AUDIT_LOOK_H
#define TFU_CORE_AUDIT_LOOK_H

#include <stdbool.h>

#include "core/audit/perceptual.h"
#include "core/base/threads.h"
#include "core/data/channel_moments.h"
#include "core/data/dataset.h"

enum { TFU_LOOK_BINS = 64 };

/* One image. */
struct tfu_look {
    char *problem; /* why it could not be read; NULL: it was */
    int64_t height, width, channels;
    uint64_t content[2]; /* of its size and pixels: equal for equal images alone */
    struct tfu_perceptual_hash hash;
    bool constant; /* all of its pixels are alike */
    /* Where they were asked for: of the image as `normalise` gets it, which has so many. */
    int64_t measured;
    struct tfu_channel_moments moments;
};

struct tfu_looks {
    const struct tfu_dataset *dataset;
    struct tfu_look *image; /* by index in the dataset */
    int64_t count;
    bool measures;
    /* Numbers from 0 to 1 in bins of one width; the others are counted apart. */
    uint64_t bin[TFU_LOOK_BINS], below, above;
};

/* What is shown while it goes on. */
struct tfu_look_progress {
    void (*show)(void *arg, int64_t done, int64_t of); /* may be NULL. [the caller's thread] */
    void *arg;
};

/* An image that cannot be read is noted, and no failure. With `measures` they are taken as far as
 * `normalise`, too. The dataset has to outlive it. */
enum tfu_status tfu_looks_take(struct tfu_looks *out, const struct tfu_dataset *d, bool measures,
                               struct tfu_threads *threads, const struct tfu_look_progress *p,
                               struct tfu_error *e);
void tfu_looks_free(struct tfu_looks *l);

/* Adds up those of all images that have `channels` channels where `normalise` gets them; how many
 * these are. */
int64_t tfu_looks_moments(const struct tfu_looks *l, int64_t channels,
                          struct tfu_channel_moments *sum);

#endif
