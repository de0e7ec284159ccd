/* SPDX-License-Identifier: MIT
 *
 * scored.h - one metric with the keys that the program has beside it, over a split that a test has
 * made up, of a dataset with one attribute.
 */
#ifndef TFU_TESTS_SUPPORT_SCORED_H
#define TFU_TESTS_SUPPORT_SCORED_H

#include "tests/support/scoring.h"

enum { SCORED_ROWS = 240 };

struct scored {
    struct tfu_plugin_choice metric;
    struct tfu_scored keys;
    struct tfu_scorer *scorer;
    const struct tfu_score *score, *interval;
    size_t count, interval_count;
};

/* `keys` are set before. */
void scored_open(struct scored *s, struct tfu_registry *registry, const struct split *d,
                 const char *metric, struct tfu_threads *threads);
void scored_close(struct scored *s);
/* As the evaluation does: scores in, numbers out; `data` may be NULL. */
void scored_run(struct scored *s, const struct split *d, const struct tfu_dataset *data);
/* A number, or the bound of an interval; NULL: there is none. */
const struct tfu_score *scored_find(const struct scored *s, const char *key);
double scored_value(const struct scored *s, const char *key);

/* SCORED_ROWS examples with the attribute "Patient Sex"; `group` may be NULL. One at a time. */
struct tfu_dataset *scored_data(struct tfu_registry *registry, const char *const *word,
                                const char *const *group);

#endif
