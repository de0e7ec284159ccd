/* SPDX-License-Identifier: MIT
 *
 * section_check.h - what a study file asks of its cases, for whoever is after its cases alone.
 */
#ifndef TFU_CORE_REPORT_SECTION_CHECK_H
#define TFU_CORE_REPORT_SECTION_CHECK_H

#include "core/config/document.h"
#include "core/sweep/sweep.h"

/* Are the sections `analyses` and `report` right, those of them that there are, as far as can be
 * told before anything is trained? `sweep` is that of the document; NULL: it is wrong, which was
 * said. All findings go to `d`; with any of them TFU_EINVAL. */
enum tfu_status tfu_study_sections_check(const struct tfu_document *document,
                                         struct tfu_sweep *sweep, struct tfu_diagnostics *d,
                                         struct tfu_error *e);

#endif
