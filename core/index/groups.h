/* SPDX-License-Identifier: MIT
 *
 * groups.h - runs that differ in some keys alone, such as their seed, are a group; what tells the
 * groups from each other is their name.
 */
#ifndef TFU_CORE_INDEX_GROUPS_H
#define TFU_CORE_INDEX_GROUPS_H

#include "core/index/index.h"

struct tfu_run_group {
    const char *label; /* "init=random", "arch=cbr_tiny init=pretrained"; "all" of a single one */
    const struct tfu_index_run **run;
    const char **over; /* what each run has under the keys that it may differ in: "seed=3" */
    size_t count;
};

/* In the order in which their first runs come. Keys that decide no result (names, folders,
 * threads) make no group. TFU_EINVAL: two runs of a group have the same under all of `over`. The
 * memory is the arena's. More than `most` groups are neither counted nor named: `*count` is
 * most + 1 then, and nothing else of it can be used. */
enum tfu_status tfu_index_group(struct tfu_index *x, const struct tfu_index_run *const *run,
                                size_t runs, const char *const *over, size_t overs, size_t most,
                                struct tfu_arena *arena, struct tfu_run_group **out, size_t *count,
                                struct tfu_error *e);

/* The runs of two groups that have the same under `over`, and their values of one series: a[i]
 * goes with b[i]. Returns how many; the arrays have room for the smaller group. */
enum tfu_status tfu_groups_pair(struct tfu_index *x, const struct tfu_run_group *one,
                                const struct tfu_run_group *other, const char *series, double *a,
                                double *b, size_t *pairs, struct tfu_error *e);

#endif
