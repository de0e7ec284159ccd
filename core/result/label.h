/* SPDX-License-Identifier: MIT
 *
 * label.h - texts of a figure: made harmless, cut and wrapped to the room they have, quoted for
 * gnuplot. Lengths are in characters.
 */
#ifndef TFU_CORE_RESULT_LABEL_H
#define TFU_CORE_RESULT_LABEL_H

#include "core/base/text.h"

/* Appends `s` with a blank for what cannot be printed and '?' for what is not UTF-8, at most `most`
 * characters: of a longer text the middle becomes "…". */
void tfu_label_clean(struct tfu_text *out, const char *s, size_t most);
/* Characters of a text, each byte of it that is not UTF-8 counted as one. */
size_t tfu_label_length(const char *s);

/* Appends a clean text as an expression of gnuplot's: in single quotes, inside which it replaces
 * nothing, and with single quotes as the variable `quote`, which the script sets:
 * doubled or in double quotes, they make it replace @x behind them. */
void tfu_label_quote(struct tfu_text *out, const char *clean);
/* The same for a tic's label, which gnuplot takes for a printf() format. */
void tfu_label_quote_tic(struct tfu_text *out, const char *clean);

/* Where the next line of a clean text ends when it may have `width` (at least 1) characters: at
 * the last blank that fits, else in the middle of a word. `*next` gets the begin of the rest.
 * Returns the bytes of the line. */
size_t tfu_label_wrap(const char *clean, size_t width, const char **next);

#endif
