/* SPDX-License-Identifier: MIT
 *
 * svg_inline.h - an SVG of gnuplot as a part of an HTML page: ids that no other drawing of the page
 * has, and words for those who do not see it.
 */
#ifndef TFU_CORE_REPORT_SVG_INLINE_H
#define TFU_CORE_REPORT_SVG_INLINE_H

#include "core/base/error.h"
#include "core/base/text.h"

struct tfu_svg_words {
    const char *prefix;      /* of its ids: letters, digits, '-' */
    const char *title;       /* a short name */
    const char *description; /* what is drawn */
};

/* Appends the drawing `svg`, `n` bytes. TFU_ECORRUPT: it is no SVG, or holds what does not belong
 * into a page that opens from a file: scripts, handlers, foreign objects, files of elsewhere. */
enum tfu_status tfu_svg_put_inline(struct tfu_text *out, const char *svg, size_t n,
                                   const struct tfu_svg_words *words, struct tfu_error *e);

#endif
