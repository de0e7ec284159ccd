/* SPDX-License-Identifier: MIT
 *
 * grid.h - a table of texts that is built cell by cell, row by row, and written for people, as CSV
 * or as Markdown. Numbers stand to the right, words to the left.
 */
#ifndef TFU_CORE_RESULT_GRID_H
#define TFU_CORE_RESULT_GRID_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/arena.h"
#include "core/base/text.h"

struct tfu_text_grid {
    struct tfu_arena arena;
    size_t columns;
    bool *right;
    const char **cell; /* the head first */
    size_t count, room;
    bool failed; /* memory ran out: sticky */
};

void tfu_text_grid_init(struct tfu_text_grid *g, size_t columns);
void tfu_text_grid_free(struct tfu_text_grid *g);

/* All columns first, then the cells; NULL is an empty one. Texts are copied. */
void tfu_text_grid_head(struct tfu_text_grid *g, const char *title, bool right);
void tfu_text_grid_put(struct tfu_text_grid *g, const char *text);
/* An empty cell for what is below 0: not known. */
void tfu_text_grid_whole(struct tfu_text_grid *g, int64_t value);
void tfu_text_grid_printf(struct tfu_text_grid *g, const char *fmt, ...) TFU_PRINTF(2, 3);

/* Each appends, or writes, all of it; false: memory ran out, here or before. What controls a
 * terminal is written as '?'. */
bool tfu_text_grid_text(const struct tfu_text_grid *g, struct tfu_text *out);
bool tfu_text_grid_markdown(const struct tfu_text_grid *g, struct tfu_text *out);
bool tfu_text_grid_csv(const struct tfu_text_grid *g, FILE *file);

#endif
