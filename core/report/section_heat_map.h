/* SPDX-License-Identifier: MIT
 *
 * section_heat_map.h - is what a heat map asks a table of colours? Private to this folder.
 */
#ifndef TFU_CORE_REPORT_SECTION_HEAT_MAP_H
#define TFU_CORE_REPORT_SECTION_HEAT_MAP_H

#include "core/report/section_reader.h"

/* Of the figure `n`, of which `ask` has all but that. */
void tfu_report_heat_map_check(struct tfu_section_reader *r, const char *path,
                               const struct tfu_node *n, const struct tfu_report_ask *ask);

#endif
