/* SPDX-License-Identifier: MIT
 *
 * unlike.h - splits that are prepared in different ways, or that have examples in common.
 */
#ifndef TFU_CORE_DATA_UNLIKE_H
#define TFU_CORE_DATA_UNLIKE_H

#include "core/data/dataset.h"

/* "resize [9, 9] in place of none, preprocessing inception in place of torchvision": what `other`
 * does otherwise than `train` does; nothing where both do the same. Limits do not count. */
void tfu_unlike_text(const struct tfu_data_select *train, const struct tfu_data_select *other,
                     struct tfu_text *out);
/* How many examples both have, as far as fingerprints tell: 0 for different files. */
int64_t tfu_unlike_shared(const struct tfu_dataset *a, const struct tfu_dataset *b);

#endif
