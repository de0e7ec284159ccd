/* SPDX-License-Identifier: MIT */
#include "core/report/section_check.h"

#include "core/analysis/study_file.h"
#include "core/report/section.h"

enum tfu_status tfu_study_sections_check(const struct tfu_document *document,
                                         struct tfu_sweep *sweep, struct tfu_diagnostics *d,
                                         struct tfu_error *e)
{
    struct tfu_error other = TFU_ERROR_INIT;
    const enum tfu_status st = tfu_study_file_check(document, sweep, d, e);
    if (st != TFU_OK && st != TFU_EINVAL)
        return st;
    const enum tfu_status of_report = tfu_report_section_check(document, sweep, d, &other);
    if (st == TFU_OK && of_report != TFU_OK)
        *e = other;
    return st == TFU_OK ? of_report : st;
}
