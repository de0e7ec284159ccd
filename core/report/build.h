/* SPDX-License-Identifier: MIT
 *
 * build.h - the report of a study file, from what its store has now.
 */
#ifndef TFU_CORE_REPORT_BUILD_H
#define TFU_CORE_REPORT_BUILD_H

#include "core/config/document.h"
#include "core/report/report.h"

struct tfu_report_options {
    struct tfu_log *log; /* notes and warnings; may be NULL */
    bool measure;        /* latency that was not measured yet; takes a while, and is kept */
    const char
        *measure_option; /* what a command of the report is told that by; NULL: it has none */
};

/* What the section `report` of the document asks for, or where it has none what such a report
 * commonly has. What is not there is a hole, and no error. What is wrong with the file becomes
 * findings of `d`, with TFU_EINVAL. Nothing is written but the index of the store, and what is
 * measured. To be freed in any case. */
enum tfu_status tfu_report_build(struct tfu_report *out, const struct tfu_document *document,
                                 const struct tfu_report_options *options,
                                 struct tfu_diagnostics *d, struct tfu_error *e);
void tfu_report_free(struct tfu_report *r);

#endif
