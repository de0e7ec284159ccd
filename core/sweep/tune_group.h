/* SPDX-License-Identifier: MIT
 *
 * tune_group.h - cases that are alike on the axes of `tune: {for_each: ...}`: what is chosen for
 * all of them is chosen among the same candidates.
 */
#ifndef TFU_CORE_SWEEP_TUNE_GROUP_H
#define TFU_CORE_SWEEP_TUNE_GROUP_H

#include "core/sweep/work.h"

struct tfu_tune_group {
    const uint32_t *first; /* values of its first case; NULL: there is no such group */
    size_t *candidate; /* items, ascending, by their value on the axis of `tune`; NULL: not yet */
    size_t candidates;
    /* what follows from the candidates' keys, so that neither names nor the order of values matter:
     */
    uint32_t stand_in;  /* the value that cases are checked with: that of the smallest key */
    const char *choice; /* the part of the cases' keys that says what there is to choose from */
};

struct tfu_tune_groups {
    struct tfu_tune_group *slot; /* by the values of a group */
    size_t slots, count;
};

/* Those of all cases of the grid. */
enum tfu_status tfu_tune_groups_find(struct tfu_tune_groups *g, struct tfu_sweep_priv *p,
                                     struct tfu_error *e);
/* That of a case with these values. */
struct tfu_tune_group *tfu_tune_groups_at(const struct tfu_tune_groups *g, const struct tfu_spec *s,
                                          const uint32_t *value);
/* To be called when all its candidates are there. */
enum tfu_status tfu_tune_group_sort(struct tfu_tune_group *group, struct tfu_sweep_priv *p,
                                    struct tfu_error *e);

#endif
