/* SPDX-License-Identifier: MIT
 *
 * select.h - which examples of a dataset are used: its part, classes and limits.
 */
#ifndef TFU_CORE_DATA_SELECT_H
#define TFU_CORE_DATA_SELECT_H

#include "core/config/experiment.h"
#include "core/data/groups.h"

struct tfu_selection {
    int64_t *index; /* in the dataset, ascending */
    int64_t count;
    int64_t *mapped; /* per class of the dataset: its new number, or -1; NULL: classes stay */
    int64_t classes; /* after mapping */
};

/* What is selected from. */
struct tfu_select_request {
    const struct tfu_data_select *select;
    int64_t count; /* examples */
    /* The class of each (NaN: unknown); NULL where labels are no class indices. */
    const float *labels;
    int64_t classes; /* 0: likewise */
    /* There are just these classes, and another that is to be kept is refused; else they are those
     * that occur, and another has no example. */
    bool closed;
    const unsigned char *left_out; /* 1 for each that is as if it were not there; NULL: none is */
    const uint8_t *part;           /* of each example: those of `wanted` are taken; NULL: of all */
    uint8_t wanted;
    const struct tfu_example_groups *groups; /* NULL: none are known */
};

/* A limit is the first part of one permutation, of all examples or all groups, that depends on
 * limit_seed alone, so that smaller limits choose subsets of larger ones. */
enum tfu_status tfu_select(struct tfu_selection *out, const struct tfu_select_request *request,
                           struct tfu_error *e);
void tfu_selection_free(struct tfu_selection *s);

#endif
