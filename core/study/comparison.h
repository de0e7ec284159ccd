/* SPDX-License-Identifier: MIT
 *
 * comparison.h - what comparisons came to: what a metric reported of each pair, draw by draw.
 */
#ifndef TFU_CORE_STUDY_COMPARISON_H
#define TFU_CORE_STUDY_COMPARISON_H

#include "core/base/arena.h"
#include "core/train/score.h"

/* One number that the metric reported of a pair, in one draw. */
struct tfu_compare_score {
    const char *key;
    double value;     /* NaN: not defined */
    const char *note; /* why; else NULL */
};

struct tfu_compare_draw {
    int64_t rows, columns_a, columns_b;
    const struct tfu_compare_score *score;
    size_t count;
    const char *refusal; /* the metric's, with nothing reported; else NULL */
};

struct tfu_compare_pair {
    size_t a, b; /* indices of the nodes */
    struct tfu_compare_draw *draw;
};

struct tfu_comparison {
    struct tfu_arena arena; /* owns everything below */
    struct tfu_compare_pair *pair;
    size_t pair_count;
    int64_t draws;
};

void tfu_comparison_free(struct tfu_comparison *c);

/* NULL: no such key. */
const struct tfu_compare_score *tfu_compare_find(const struct tfu_compare_draw *d, const char *key);
/* The values of a key over the draws of a pair where it is defined; returns how many. `value` has
 * room for all draws. */
size_t tfu_compare_values(const struct tfu_comparison *c, const struct tfu_compare_pair *p,
                          const char *key, double *value);
/* Why a pair has no value of the key: a refusal or a note; never NULL. */
const char *tfu_compare_reason(const struct tfu_comparison *c, const struct tfu_compare_pair *p,
                               const char *key);

/* ---- filling one */

/* Of one metric over captured activations. */
enum tfu_status tfu_compare_scorer(struct tfu_scorer **out, const struct tfu_plugin_choice *metric,
                                   struct tfu_registry *registry, struct tfu_threads *threads,
                                   struct tfu_error *e);
/* What a scorer came to, behind what it has `said` while it looked: its reports, or its refusal.
 * That memory ran out is no refusal but an error. */
enum tfu_status tfu_compare_conclude(struct tfu_arena *arena, struct tfu_compare_draw *to,
                                     struct tfu_scorer *scorer, struct tfu_error *said,
                                     struct tfu_error *e);
/* The first refusal as an error, when there is nothing else in the comparison. */
enum tfu_status tfu_compare_all_refused(const struct tfu_comparison *c, struct tfu_error *e);

#endif
