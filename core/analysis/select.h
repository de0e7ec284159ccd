/* SPDX-License-Identifier: MIT
 *
 * select.h - networks as a study file names them, found:
 *
 *     runs/target/3fa2e1
 *     target/??*
 *     {runs: target/??*, where: {arch.plugin: cbr_tiny, seed: [1, 2]}, state: initial}
 *     [a, list, of, these]
 *
 * A network is written as core/study/find.h has it: a path, an id or a pattern; each of these
 * beside the file or in `store`. What a pattern finds comes in the order of the runs' seeds.
 */
#ifndef TFU_CORE_ANALYSIS_SELECT_H
#define TFU_CORE_ANALYSIS_SELECT_H

#include "core/config/node.h"

#include <transfuse/option.h>

/* What holds for all selectors of an analysis. */
struct tfu_select_scope {
    const char *store; /* the folder of runs */
    const char *key;   /* of patterns only runs whose configuration has */
    const char *value; /* this value under this key; NULL: all */
    bool only_varying; /* leaves out networks that are named one by one: they stay for any value */
};

/* Found networks; lives in the load's arena. */
struct tfu_selected {
    const char **spec;
    const char **run; /* its folder; NULL: it is none */
    size_t count;
    bool refused; /* there is a finding about it: it is not complete */
};

/* Finds what `n` selects, which stands at `path`. What is wrong, and what nothing fits, becomes
 * findings. */
void tfu_select_networks(struct tfu_load *l, const char *path, const struct tfu_node *n,
                         const struct tfu_select_scope *s, struct tfu_selected *out);

/* The values that the found runs have under a key, each once, in order. */
void tfu_select_values(struct tfu_load *l, const struct tfu_selected *s, const char *key,
                       const char ***value, size_t *count);

/* Puts the networks of `b` into such an order that b[i] has the values of a[i] under all `key`s;
 * only those of which each has exactly one partner. Else a finding at `m`. */
void tfu_select_pair(struct tfu_load *l, struct tfu_mark m, const char *path,
                     const struct tfu_string_list *key, const struct tfu_selected *a,
                     struct tfu_selected *b);

#endif
