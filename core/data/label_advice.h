/* SPDX-License-Identifier: MIT
 *
 * label_advice.h - labels that do not fit the task: which one it is, where, and what to do.
 */
#ifndef TFU_CORE_DATA_LABEL_ADVICE_H
#define TFU_CORE_DATA_LABEL_ADVICE_H

#include "core/data/dataset.h"

/* Each refuses with TFU_EINVAL; `split` is "train", "valid" or "test". */

/* For a softmax of `outputs`: one column, of whole numbers below it or NaN. */
enum tfu_status tfu_label_check_classes(const struct tfu_dataset *d, const char *split,
                                        int64_t outputs, struct tfu_error *e);
/* As many label columns as outputs. */
enum tfu_status tfu_label_check_columns(const struct tfu_dataset *d, const char *split,
                                        int64_t outputs, struct tfu_error *e);
/* For a sigmoid of as many outputs as there are columns: 0 to 1, or NaN. */
enum tfu_status tfu_label_check_several(const struct tfu_dataset *d, const char *split,
                                        struct tfu_error *e);
/* For numbers to be met: finite, or NaN. */
enum tfu_status tfu_label_check_targets(const struct tfu_dataset *d, const char *split,
                                        struct tfu_error *e);

#endif
