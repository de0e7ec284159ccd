/* SPDX-License-Identifier: MIT
 *
 * select.h - which examples of a dataset are used: classes and limits.
 */
#ifndef TFU_CORE_DATA_SELECT_H
#define TFU_CORE_DATA_SELECT_H

#include "core/config/experiment.h"

struct tfu_selection {
    int64_t *index; /* in the dataset, ascending */
    int64_t count;
    int64_t *mapped; /* per class of the dataset: its new number, or -1; NULL: classes stay */
    int64_t classes; /* after mapping */
};

/* Examples that `left_out` has a 1 for are as if there were none (NULL: all are there). `labels`
 * has the class of each of `count` examples (NaN: unknown), or is NULL when the dataset's labels
 * are no class indices (`classes` 0). With `closed` there are just these classes, and another that
 * is to be kept is refused; else they are those that occur, and another has no example. A limit is
 * the first part of one permutation that depends on limit_seed alone, so that smaller limits choose
 * subsets of larger ones. */
enum tfu_status tfu_select(struct tfu_selection *out, const struct tfu_data_select *select,
                           int64_t count, const unsigned char *left_out, const float *labels,
                           int64_t classes, bool closed, struct tfu_error *e);
void tfu_selection_free(struct tfu_selection *s);

#endif
