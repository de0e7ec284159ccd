/* SPDX-License-Identifier: MIT */
#include "core/study/same_images.h"

#include <string.h>

bool tfu_images_are_same(const struct tfu_dataset *a, const struct tfu_dataset *b)
{
    const struct tfu_dataset_info *x = tfu_dataset_info(a), *y = tfu_dataset_info(b);
    bool same = x->count == y->count && x->fingerprint && y->fingerprint &&
                strcmp(x->fingerprint, y->fingerprint) == 0;
    for (int64_t i = 0; same && i < x->count; i++)
        same = tfu_dataset_source_index(a, i) == tfu_dataset_source_index(b, i);
    return same;
}
