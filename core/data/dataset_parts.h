/* SPDX-License-Identifier: MIT
 *
 * dataset_parts.h - what an opened split of the data is made of. Private to the files dataset*.c.
 */
#ifndef TFU_CORE_DATA_DATASET_PARTS_H
#define TFU_CORE_DATA_DATASET_PARTS_H

#include "core/data/census.h"
#include "core/data/groups.h"
#include "core/data/image_cache.h"
#include "core/data/opened.h"
#include "core/data/pipeline.h"
#include "core/data/select.h"

struct tfu_dataset {
    struct tfu_opened_data *opened;
    bool beside;                  /* another split has opened it */
    struct tfu_source source;     /* that of `opened`, for this split */
    struct tfu_dataset_info info; /* after selection */
    struct tfu_selection selection;
    struct tfu_example_groups groups; /* of the selected examples */
    struct tfu_census census;
    char fingerprint[TFU_HASH_HEX]; /* of a part of a dataset */
    struct tfu_pipeline pipeline;
    struct tfu_image_cache *cache; /* of examples behind the first `fixed` steps; NULL: none */
    size_t fixed;
    float *labels; /* of the selected examples, `label_columns` each */
};

#endif
