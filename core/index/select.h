/* SPDX-License-Identifier: MIT
 *
 * select.h - the runs that a few words mean: filters (filter.h), and names of runs, which are a
 * path (runs/demo/1f0c, demo/1f0c...), a pattern over NAME/ID (demo/1*), the name of an experiment
 * (demo: all its runs), or the first digits of an id, at least four.
 */
#ifndef TFU_CORE_INDEX_SELECT_H
#define TFU_CORE_INDEX_SELECT_H

#include "core/index/filter.h"

struct tfu_run_selection {
    size_t
        *run; /* places in the index: in the order in which they were named, else of their paths */
    size_t count;
    struct tfu_index_filter *filter; /* those among the words */
    size_t filters;
    bool named; /* some were named */
};

/* All runs where there are no words. Nothing that fits the filters is no error. TFU_ENOTFOUND,
 * TFU_EINVAL: a name that is no run's, or digits of several; a filter that cannot be. Where one
 * sweep is asked for the index speaks of its axes from then on. The memory is the arena's. */
enum tfu_status tfu_index_select(struct tfu_run_selection *out, struct tfu_index *x,
                                 const char *const *word, size_t words, int64_t now,
                                 struct tfu_arena *arena, struct tfu_error *e);

/* The sweep that was asked for by its name; NULL: none was, or several. */
const char *tfu_run_selection_sweep(const struct tfu_run_selection *s);

#endif
