/* SPDX-License-Identifier: MIT
 *
 * compare_groups.h - groups of runs by their metrics: each by itself, and each two of them over the
 * seeds that both have.
 */
#ifndef TFU_CORE_INDEX_COMPARE_GROUPS_H
#define TFU_CORE_INDEX_COMPARE_GROUPS_H

#include "core/index/groups.h"
#include "core/stats/family.h"
#include "core/stats/summary.h"
#include "core/stats/t_test.h"
#include "core/stats/wilcoxon.h"

struct tfu_groups_question {
    const struct tfu_run_group *group;
    size_t groups;
    const char *const *series; /* "test/auc" */
    size_t series_count;
    double ratio; /* of the corrected t test; 0: the runs are no splits of one set */
};

struct tfu_group_score {
    const char *series;
    size_t group;
    struct tfu_seed_summary of;
};

struct tfu_group_pair {
    const char *series;
    size_t a, b; /* groups: a - b is tested */
    struct tfu_t_test t;
    struct tfu_wilcoxon wilcoxon;
    double t_holm, wilcoxon_holm; /* p corrected by Holm for all pairs; NaN: there is none */
};

struct tfu_groups_comparison {
    struct tfu_group_score *score; /* by series, then by group */
    size_t scores;
    struct tfu_group_pair *pair; /* by series, then by a and b */
    size_t pairs;
    size_t apart; /* pairs that are left out: the two have no seed in common */
    struct tfu_family t, wilcoxon;
};

/* The memory is the arena's. */
enum tfu_status tfu_index_compare_groups(struct tfu_groups_comparison *out, struct tfu_index *x,
                                         const struct tfu_groups_question *question,
                                         struct tfu_arena *arena, struct tfu_error *e);

#endif
