/* SPDX-License-Identifier: MIT
 *
 * number_text.h - a number of a report in words: the same ones in every format.
 */
#ifndef TFU_CORE_REPORT_NUMBER_TEXT_H
#define TFU_CORE_REPORT_NUMBER_TEXT_H

#include "core/base/text.h"
#include "core/report/markup.h"
#include "core/report/report.h"

/* Is there no number, or one over fewer runs than it is to rest on? */
bool tfu_report_number_missing(const struct tfu_report_number *n);
bool tfu_report_number_partial(const struct tfu_report_number *n);
/* Is it of a case that the study does not have? That is a dash, and nothing that lacks. */
bool tfu_report_number_absent(const struct tfu_report_number *n);
/* What stands in the place of a number that is missing: "missing", "not reached". */
const char *tfu_report_number_hole(const struct tfu_report_number *n);

/* "0.812", "4.31 ms" */
void tfu_report_put_value(struct tfu_text *out, const struct tfu_report_number *n);
/* " ± 0.011"; nothing where it is not said. */
void tfu_report_put_spread(struct tfu_text *out, const struct tfu_report_number *n);
/* "[0.790, 0.834]"; nothing where there is none. */
void tfu_report_put_interval(struct tfu_text *out, const struct tfu_report_number *n);
/* "p = 0.012", "p < 0.0001"; nothing where there is none. */
void tfu_report_put_p(struct tfu_text *out, double p);
void tfu_report_put_corrected_p(struct tfu_text *out, const struct tfu_report_number *n);
/* "0.935 ± 0.002 (recalled)" */
void tfu_report_put_published(struct tfu_text *out, const struct tfu_report_number *n);
/* "2 of 3 runs" */
void tfu_report_put_count(struct tfu_text *out, size_t runs, size_t asked);
/* All that is known of it, as a sentence. */
void tfu_report_put_details(struct tfu_text *out, const struct tfu_report_number *n);

/* What `put`, one of these, says of a number, as `m` has it (NULL: as it is), behind `before`;
 * nothing of either where it says nothing. */
void tfu_report_put_said(struct tfu_text *out, const struct tfu_markup *m,
                         const struct tfu_report_number *n, const char *before,
                         void (*put)(struct tfu_text *out, const struct tfu_report_number *n));

#endif
