/* SPDX-License-Identifier: MIT
 *
 * alike.h - images that are there more than once: with the same pixels, or hardly another look.
 */
#ifndef TFU_CORE_AUDIT_ALIKE_H
#define TFU_CORE_AUDIT_ALIKE_H

#include "core/audit/look.h"

/* Two images of a set of splits. */
struct tfu_alike_pair {
    size_t split[2];
    int64_t image[2];
    int distance; /* of their perceptual hashes; -1: the pixels are equal */
};

/* Beyond this pairs are no longer found for certain. */
enum { TFU_ALIKE_DISTANCE_MAX = 15 };

struct tfu_alike {
    struct tfu_alike_pair *pair; /* equal pixels first, then by distance; at most `most` of them */
    size_t pairs;
    int64_t same, near;               /* how many there are */
    int64_t same_across, near_across; /* of them between splits */
    bool complete; /* else so many images look like each other that the search for near ones ended
                      early */
};

/* Pairs of images that were read and are not constant. An image with the same pixels as earlier
 * ones makes one pair, with the first of them, and is no part of near pairs, which are those of at
 * most `distance` bits (0: none are looked for). `most`: pairs that are kept. */
enum tfu_status tfu_alike_find(struct tfu_alike *out, const struct tfu_looks *splits, size_t count,
                               int distance, size_t most, struct tfu_error *e);
void tfu_alike_free(struct tfu_alike *a);

#endif
