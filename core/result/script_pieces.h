/* SPDX-License-Identifier: MIT
 *
 * script_pieces.h - the pieces of a script that the kinds of figure share.
 */
#ifndef TFU_CORE_RESULT_SCRIPT_PIECES_H
#define TFU_CORE_RESULT_SCRIPT_PIECES_H

#include "core/base/text.h"
#include "core/result/layout.h"

/* A position as "0.1234,0.5678" of the screen. */
void tfu_script_at(struct tfu_text *out, const struct tfu_layout *l, double x, double y);
/* Cleaned, cut and quoted. */
void tfu_script_text(struct tfu_text *out, const char *text, size_t most);

/* Names as tics at 0, 1, ...; axis 'x' or 'y', of which y goes down. */
void tfu_script_names(struct tfu_text *out, char axis, const char *const *name, size_t count,
                      const struct tfu_layout_panel *at);

/* The plot of an empty panel: its axes, and that there is nothing. */
void tfu_script_nothing(struct tfu_text *out);

#endif
