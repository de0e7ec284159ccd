/* SPDX-License-Identifier: MIT
 *
 * class_names.h - what runs call their classes or labels. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_CLASS_NAMES_H
#define TFU_CORE_REPORT_CLASS_NAMES_H

#include "core/report/build_parts.h"

/* What all of the chosen cases (NULL: of all) that are done call class `k`: by `task.class_names`,
 * else as the data did when the network was trained, which its checkpoint knows. NULL: they do not
 * agree, or one of them does not say; none is done. The memory is the report's. */
enum tfu_status tfu_report_class_name(struct tfu_report_builder *b, const bool *chosen, int64_t k,
                                      const char **out, struct tfu_error *e);

#endif
