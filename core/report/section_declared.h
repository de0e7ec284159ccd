/* SPDX-License-Identifier: MIT
 *
 * section_declared.h - what the file's section `cases` has before a profile and the command line
 * change it, and what its profiles have. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_SECTION_DECLARED_H
#define TFU_CORE_REPORT_SECTION_DECLARED_H

#include "core/report/section_reader.h"

/* Is an axis called so, or a value of one ("random", "start=random")? */
bool tfu_section_declares(const struct tfu_section_reader *r, const char *word);

#endif
