/* SPDX-License-Identifier: MIT
 *
 * section_published.h - reads `published` of a table: numbers of others beside ours. Private to
 * this folder.
 */
#ifndef TFU_CORE_REPORT_SECTION_PUBLISHED_H
#define TFU_CORE_REPORT_SECTION_PUBLISHED_H

#include "core/report/section_reader.h"

/* `n` is the table's mapping. */
void tfu_section_published_read(struct tfu_section_reader *r, const char *path,
                                const struct tfu_node *n, struct tfu_report_ask *ask);
/* Two entries of one cell of a table that is right otherwise are findings, and what nearly has a
 * place is noted for whoever only checks the file. */
void tfu_section_published_check(struct tfu_section_reader *r, const struct tfu_report_ask *ask);

#endif
