/* SPDX-License-Identifier: MIT
 *
 * source_info.h - what a dataset's plugin says of itself.
 */
#ifndef TFU_CORE_DATA_SOURCE_INFO_H
#define TFU_CORE_DATA_SOURCE_INFO_H

#include "core/base/error.h"

#include <transfuse/dataset.h>

/* Is it possible, and do its parts fit together? `name` is the plugin's. */
enum tfu_status tfu_source_info_check(const struct tfu_dataset_info *info,
                                      const struct tfu_dataset_ops *ops, const char *name,
                                      struct tfu_error *e);

#endif
