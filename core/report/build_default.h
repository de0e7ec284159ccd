/* SPDX-License-Identifier: MIT
 *
 * build_default.h - the report of a study file that does not say what its report is to have.
 * Private to this folder.
 */
#ifndef TFU_CORE_REPORT_BUILD_DEFAULT_H
#define TFU_CORE_REPORT_BUILD_DEFAULT_H

#include "core/report/build_parts.h"

/* A table of all metrics over all axes, their curves, and the file's analyses. */
enum tfu_status tfu_report_default(struct tfu_report_builder *b, struct tfu_error *e);

#endif
