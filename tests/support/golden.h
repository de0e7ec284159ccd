/* SPDX-License-Identifier: MIT
 *
 * golden.h - folders of YAML, each file with what is expected of it beside it: NAME.yaml, overrides
 * in NAME.args (one a line), and the text in NAME.err or NAME.out. Works outside of a test too.
 */
#ifndef TFU_TESTS_SUPPORT_GOLDEN_H
#define TFU_TESTS_SUPPORT_GOLDEN_H

#include <limits.h>
#include <stddef.h>

#include "core/base/text.h"

enum { GOLDEN_FILES = 300, GOLDEN_OVERRIDES = 20 };

/* The whole of a file; "" when there is none. */
void golden_read(const char *path, char *text, size_t size);
/* "NAME.yaml" with another ending. */
void golden_beside(const char *path, const char *ending, char out[PATH_MAX]);

struct golden_overrides {
    char text[4096];
    const char *item[GOLDEN_OVERRIDES];
    size_t count;
};
/* Those of the file NAME.yaml. */
void golden_read_overrides(const char *path, struct golden_overrides *o);

/* Puts `word` for a folder, which differs from machine to machine. */
void golden_hide(struct tfu_text *text, const char *folder, const char *word);

struct golden_folder {
    const char *path; /* from the top of the source */
    char item[GOLDEN_FILES][256];
    int count;
};
/* Fills it with the names of its files, sorted. Ends the program where there are none. */
void golden_list(struct golden_folder *f);
/* Makes it the current folder. */
void golden_enter(const struct golden_folder *f);

#endif
