/* SPDX-License-Identifier: MIT
 *
 * report_json.h - a report as JSON, for programs: everything that struct tfu_report has.
 */
#ifndef TFU_CORE_REPORT_REPORT_JSON_H
#define TFU_CORE_REPORT_REPORT_JSON_H

#include "core/report/report_files.h"

enum tfu_status tfu_report_json(struct tfu_text *out, const struct tfu_report_page *page,
                                struct tfu_error *e);

#endif
