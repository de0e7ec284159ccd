/* SPDX-License-Identifier: MIT
 *
 * markup.h - texts of a report in the language of a format: what a letter becomes, and what stands
 * around a paragraph, a list and a piece of code. What a text holds is never taken for markup of
 * the format; bytes that are no UTF-8 become U+FFFD, control characters blanks.
 */
#ifndef TFU_CORE_REPORT_MARKUP_H
#define TFU_CORE_REPORT_MARKUP_H

#include "core/base/text.h"

struct tfu_markup {
    /* Appends one letter; `bytes` is its UTF-8. */
    void (*letter)(struct tfu_text *out, uint32_t code, const char *bytes, size_t n, bool in_code);
    const char *code_open, *code_close; /* around what stands in `backquotes` */
    const char *paragraph_open, *paragraph_close;
    const char *list_open, *list_close, *item_open, *item_close;
};

extern const struct tfu_markup tfu_markup_html, tfu_markup_markdown, tfu_markup_latex;

/* A line, `code` in it included; line ends become blanks. */
void tfu_markup_line(struct tfu_text *out, const struct tfu_markup *m, const char *text);
/* Letters alone: what a title of a link may hold. Backquotes stay. */
void tfu_markup_plain(struct tfu_text *out, const struct tfu_markup *m, const char *text);
/* Paragraphs with an empty line between, lists of "- ". */
void tfu_markup_prose(struct tfu_text *out, const struct tfu_markup *m, const char *text);

#endif
