/* SPDX-License-Identifier: MIT
 *
 * value_check.h - do runs have at all what a table or a figure asks of them? Private to this
 * folder.
 */
#ifndef TFU_CORE_REPORT_VALUE_CHECK_H
#define TFU_CORE_REPORT_VALUE_CHECK_H

#include "core/report/build_parts.h"

/* A metric that none of the runs that are done has, or not at that step, becomes a finding: no run
 * to come will have it. */
enum tfu_status tfu_report_values_check(struct tfu_report_builder *b,
                                        const struct tfu_report_ask *ask, struct tfu_error *e);
/* Likewise of what `names` gives words to. */
enum tfu_status tfu_report_names_check(struct tfu_report_builder *b, struct tfu_error *e);

#endif
