/* SPDX-License-Identifier: MIT
 *
 * words.h - the words of `names` in what an analysis wrote, which calls its networks by axes and
 * values: "arch=cbr_tiny seed=0 initial" becomes "CBR-Tiny, seed=0 initial". Private to this
 * folder.
 */
#ifndef TFU_CORE_REPORT_WORDS_H
#define TFU_CORE_REPORT_WORDS_H

#include "core/base/text.h"
#include "core/report/cases.h"

/* Appends the text with each AXIS=VALUE in words; also a value that is no number and all of the
 * text, or what a sentence of it says something of: "random: ...". */
void tfu_report_words_put(struct tfu_text *out, const struct tfu_report_cases *c, const char *text);
/* The same of lines as a terminal has them, whose tables are set anew for the words. False: memory
 * ran out. */
bool tfu_report_words_put_printed(struct tfu_text *out, const struct tfu_report_cases *c,
                                  const char *text);

#endif
