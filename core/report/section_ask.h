/* SPDX-License-Identifier: MIT
 *
 * section_ask.h - reads what a table, a figure or a list of runs asks. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_SECTION_ASK_H
#define TFU_CORE_REPORT_SECTION_ASK_H

#include "core/report/section.h"

struct tfu_section_reader {
    struct tfu_load *load;
    struct tfu_report_section *section;
    struct tfu_report_cases *cases;
    bool wrong; /* there are cases, but they could not be read */
};

/* Each gives NULL after a finding. */
const struct tfu_report_ask *tfu_report_ask_table(struct tfu_section_reader *r, const char *path,
                                                  const struct tfu_node *n);
const struct tfu_report_ask *tfu_report_ask_figure(struct tfu_section_reader *r, const char *path,
                                                   const struct tfu_node *n);
const struct tfu_report_ask *tfu_report_ask_runs(struct tfu_section_reader *r, const char *path,
                                                 const struct tfu_node *n);

#endif
