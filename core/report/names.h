/* SPDX-License-Identifier: MIT
 *
 * names.h - `names` of a section `report`: the words that axes, their values and numbers are told
 * to a reader by. Private to this folder.
 */
#ifndef TFU_CORE_REPORT_NAMES_H
#define TFU_CORE_REPORT_NAMES_H

#include "core/report/section_reader.h"

/* Adds what the mapping says to the names of the section. */
void tfu_report_names_read(struct tfu_section_reader *r, const char *path,
                           const struct tfu_node *n);
/* When all of the section is read: the axes of the cases get their words, and a name of nothing
 * becomes a finding. What a profile or the command line took away, or another profile has, is
 * something. */
void tfu_report_names_lay(struct tfu_section_reader *r);
/* The words for a number such as "test/auc"; NULL: there are none. */
const char *tfu_report_names_find(const struct tfu_report_names *n, const char *key);

#endif
