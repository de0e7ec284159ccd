/* SPDX-License-Identifier: MIT
 *
 * section_ends.h - reads where the axis of a figure ends. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_SECTION_ENDS_H
#define TFU_CORE_REPORT_SECTION_ENDS_H

#include "core/report/section_reader.h"

/* `y: {from: 0.5, to: 1}` of the figure `n`, of which `ask` has `log_y` already. */
void tfu_report_ends_read(struct tfu_section_reader *r, const char *path, const struct tfu_node *n,
                          struct tfu_report_ask *ask);

#endif
