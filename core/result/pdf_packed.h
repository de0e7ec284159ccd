/* SPDX-License-Identifier: MIT
 *
 * pdf_packed.h - the date in a PDF file of cairo 1.18, which packs what it says about a document.
 */
#ifndef TFU_CORE_RESULT_PDF_PACKED_H
#define TFU_CORE_RESULT_PDF_PACKED_H

#include <stdbool.h>

#include "core/base/text.h"

/* Appends the file with `date`, which is as long as what is there, behind the first `before` of its
 * last stream of objects, and with the places that move by that. False: it is built in another way
 * than cairo builds it, and `out` is of no use. */
bool tfu_pdf_pack_date(struct tfu_text *out, const char *file, size_t size, const char *before,
                       const char *date);

#endif
