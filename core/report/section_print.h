/* SPDX-License-Identifier: MIT
 *
 * section_print.h - the section `report` as YAML.
 */
#ifndef TFU_CORE_REPORT_SECTION_PRINT_H
#define TFU_CORE_REPORT_SECTION_PRINT_H

#include "core/report/section.h"

/* As YAML that reads as the same section. */
void tfu_report_section_print(const struct tfu_report_section *s, struct tfu_text *out);

#endif
