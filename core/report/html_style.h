/* SPDX-License-Identifier: MIT
 *
 * html_style.h - how a report's page looks: on a screen light and dark, on a phone, on paper.
 *
 * Colours are named in `:root`, once light and once dark; a colour NAME-ink stands on NAME, `ink`,
 * `muted` and `link` on `paper` and on `head`, with a contrast of 4.5 and more.
 */
#ifndef TFU_CORE_REPORT_HTML_STYLE_H
#define TFU_CORE_REPORT_HTML_STYLE_H

#include <stddef.h>

/* A line each. */
extern const char *const tfu_html_style[];
extern const size_t tfu_html_style_count;

#endif
