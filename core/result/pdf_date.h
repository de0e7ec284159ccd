/* SPDX-License-Identifier: MIT
 *
 * pdf_date.h - the date in a PDF file, which would make two of the same figure differ.
 */
#ifndef TFU_CORE_RESULT_PDF_DATE_H
#define TFU_CORE_RESULT_PDF_DATE_H

#include "core/base/error.h"

/* Sets the dates of creation in the file to the first second of 1970: cairo before 1.18 asks the
 * clock, whatever SOURCE_DATE_EPOCH is. One without such a date is left as it is. */
enum tfu_status tfu_pdf_fix_date(const char *path, struct tfu_error *e);

#endif
