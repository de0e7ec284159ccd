/* SPDX-License-Identifier: MIT
 *
 * section_reader.h - a section `report` that is being read. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_SECTION_READER_H
#define TFU_CORE_REPORT_SECTION_READER_H

#include "core/report/section.h"

struct tfu_section_reader {
    struct tfu_load *load;
    struct tfu_report_section *section;
    struct tfu_report_cases *cases;
    bool wrong; /* there are cases, but they could not be read */
    /* what the file has before a profile and the command line; NULL: nothing */
    const struct tfu_node *declared, *profiles; /* `cases`; `profiles` */
};

#endif
