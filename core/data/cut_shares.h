/* SPDX-License-Identifier: MIT
 *
 * cut_shares.h - examples, or groups of them, put into parts by shares, stratified by labels.
 */
#ifndef TFU_CORE_DATA_CUT_SHARES_H
#define TFU_CORE_DATA_CUT_SHARES_H

#include "core/data/groups.h"

enum { TFU_CUT_OPEN = 255 }; /* in no part yet */

struct tfu_cut_shares {
    int64_t count;                           /* of all examples */
    const char *const *names;                /* of examples, that hold wherever the data lie */
    const struct tfu_example_groups *groups; /* NULL: each example by itself */
    uint32_t target;                         /* what labels are, as the dataset's info says */
    int64_t columns;
    const float *labels; /* `columns` of each example */
    uint64_t seed;
    double share[TFU_CUT_PARTS]; /* that of train is the rest */
};

/* Puts the examples whose part is TFU_CUT_OPEN into parts; shares are of their number. What is by
 * chance is keyed by the seed and the name of the group, or of the example. */
enum tfu_status tfu_cut_by_shares(uint8_t *part, const struct tfu_cut_shares *s,
                                  struct tfu_error *e);

#endif
