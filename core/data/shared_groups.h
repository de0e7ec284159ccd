/* SPDX-License-Identifier: MIT
 *
 * shared_groups.h - groups (patients) of which two splits have examples.
 */
#ifndef TFU_CORE_DATA_SHARED_GROUPS_H
#define TFU_CORE_DATA_SHARED_GROUPS_H

#include "core/data/groups.h"

/* What to do about them. */
#define TFU_SHARED_GROUPS_ADVICE                                                                   \
    "what is measured on them says little about new ones: have all examples of a group in one "    \
    "split, or say `data: {shared_groups: allow}`, also where different groups have one name"

/* Calls found() for each group that both have, by their names, in the order of `b`. */
enum tfu_status tfu_shared_groups_find(const struct tfu_example_groups *a,
                                       const struct tfu_example_groups *b,
                                       void (*found)(void *arg, const char *name), void *arg,
                                       struct tfu_error *e);

/* "3 groups are in train and test data: 00012, ..."; nothing where there are none. Of the parts of
 * one dataset, ... */
enum tfu_status tfu_shared_groups_of_parts(const struct tfu_example_groups *g, const uint8_t *part,
                                           int64_t count, struct tfu_text *out,
                                           struct tfu_error *e);
/* ... and of two opened splits, by the groups' names. `shared` gets their number. */
enum tfu_status tfu_shared_groups_of_splits(const struct tfu_example_groups *a, const char *a_name,
                                            const struct tfu_example_groups *b, const char *b_name,
                                            int64_t *shared, struct tfu_text *out,
                                            struct tfu_error *e);

#endif
