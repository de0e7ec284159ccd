/* SPDX-License-Identifier: MIT
 *
 * cut.h - a dataset cut in parts as `data.split` says: by shares, lists of names, or a column.
 * Before anything is selected, so that limits and classes change nothing about who is in which
 * part.
 */
#ifndef TFU_CORE_DATA_CUT_H
#define TFU_CORE_DATA_CUT_H

#include "core/data/groups.h"

/* What is cut. */
struct tfu_cut_request {
    const struct tfu_data_cut *config;
    const struct tfu_source *source;
    const struct tfu_example_groups *groups;
    const struct tfu_attributes *attributes;
    const float *labels; /* of all examples, as the source has them */
};

struct tfu_cut {
    uint8_t *part; /* per example: enum tfu_cut_to */
    int64_t examples[TFU_CUT_PARTS];
    bool by_group; /* shares were cut into groups */
};

/* A part without examples, a name or a value that is of nothing, an example in two parts, and
 * groups in two unless the configuration allows it, are TFU_EINVAL. To be freed. */
enum tfu_status tfu_cut_make(struct tfu_cut *out, const struct tfu_cut_request *request,
                             struct tfu_error *e);
void tfu_cut_free(struct tfu_cut *c);

#endif
