/* SPDX-License-Identifier: MIT
 *
 * words.h - distinct words, numbered from 0 in the order in which they came: of groups, of values
 * of a column, of names of examples.
 */
#ifndef TFU_CORE_DATA_WORDS_H
#define TFU_CORE_DATA_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct tfu_words {
    const char **word; /* borrowed from who added them */
    int64_t count;
    size_t capacity;
    int32_t *slot; /* by hash: a number, or -1 */
    size_t slots;  /* a power of two, or 0 */
};

#define TFU_WORDS_INIT                                                                             \
    {                                                                                              \
        .word = NULL                                                                               \
    }

void tfu_words_free(struct tfu_words *w);
/* The number of `word`, which is added where it is not there; -1: memory ran out, or there are
 * 2^31. Not copied: it has to live as long as `w`. */
int64_t tfu_words_add(struct tfu_words *w, const char *word);
/* The number of `word`; -1: it is not there. [any thread] */
int64_t tfu_words_find(const struct tfu_words *w, const char *word);

#endif
