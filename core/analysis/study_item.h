/* SPDX-License-Identifier: MIT
 *
 * study_item.h - an item of the list `analyses` of a study file: which analysis, its options, its
 * networks; several such, where it is to be done for each value of an axis or a key.
 */
#ifndef TFU_CORE_ANALYSIS_STUDY_ITEM_H
#define TFU_CORE_ANALYSIS_STUDY_ITEM_H

#include "core/analysis/study_networks.h"

enum { TFU_STUDY_ITEMS_MAX = 10000 }; /* of a file, with those that `for_each` makes */

/* One analysis, with everything found and filled in. */
struct tfu_study_item {
    const char *name;  /* of its folder: unique, and a plain name of a file */
    const char *asked; /* what the file calls it: without the value of `for_each` */
    const char *each;  /* the key or the axis of `for_each`; NULL: it is done once */
    const char *value; /* of that */
    const struct tfu_analysis *analysis;
    void *config;
    struct tfu_analysis_networks networks; /* that are there: all, where `gaps` has none */
    struct tfu_study_gaps gaps;
    struct tfu_mark mark;
};

/* Analyses that are being read. */
struct tfu_study_items {
    struct tfu_load *load;
    const char *store;       /* the folder of runs */
    struct tfu_sweep *sweep; /* of the file; NULL: it has no cases, or */
    struct tfu_sweep *whole; /* that of the file alone, where the command line says less; NULL */
    bool wrong;              /* they could not be read */
    bool blind;              /* only what the file says is checked */
    struct tfu_study_item *item; /* so far, in the load's arena */
    size_t count, room;
    bool full; /* there are as many as are taken, which was said */
};

/* Adds what the mapping `n` at `path` comes to; what is wrong becomes findings. */
void tfu_study_item_read(struct tfu_study_items *r, const char *path, const struct tfu_node *n);

#endif
