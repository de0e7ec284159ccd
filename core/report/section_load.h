/* SPDX-License-Identifier: MIT
 *
 * section_load.h - reads the section `report` of a study file.
 */
#ifndef TFU_CORE_REPORT_SECTION_LOAD_H
#define TFU_CORE_REPORT_SECTION_LOAD_H

#include "core/config/document.h"
#include "core/report/section.h"

/* Fills `out` from the document; all that is wrong becomes findings of `d`, with TFU_EINVAL. The
 * axes that are asked for are found in `cases`, whose arena gets what is made.  */
enum tfu_status tfu_report_section_load(struct tfu_report_section *out,
                                        const struct tfu_document *document,
                                        struct tfu_report_cases *cases, struct tfu_diagnostics *d,
                                        struct tfu_error *e);
/* What the file has, right or wrong: no findings. */
enum tfu_status tfu_report_section_look(struct tfu_report_section *out,
                                        const struct tfu_document *document,
                                        struct tfu_arena *arena, struct tfu_error *e);
/* For whoever is after something else of the file: is the section right, if there is one? `sweep`
 * is that of the document; NULL: it has none, or it is wrong, which was said. */
enum tfu_status tfu_report_section_check(const struct tfu_document *document,
                                         struct tfu_sweep *sweep, struct tfu_diagnostics *d,
                                         struct tfu_error *e);

#endif
