/* SPDX-License-Identifier: MIT
 *
 * csv_words.h - different words, each kept once and numbered from 0 in the order in which they
 * came.
 */
#ifndef TFU_PLUGINS_DATASET_CSV_WORDS_H
#define TFU_PLUGINS_DATASET_CSV_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv_words {
    char *text; /* the words, each with its NUL */
    size_t used, room;
    uint32_t *start; /* of each word in `text` */
    uint32_t count, start_room;
    uint32_t *slot; /* a hash table of word numbers + 1 */
    uint32_t slots; /* a power of 2, or 0 */
};

/* The number of a word, which is added when it is new; false: out of memory. */
bool csv_words_add(struct csv_words *w, const char *word, uint32_t *number);
/* The number of a word, or -1. */
int64_t csv_words_find(const struct csv_words *w, const char *word);
const char *csv_words_get(const struct csv_words *w, uint32_t number);
/* No more are added or looked for: gives back what that needed. */
void csv_words_finish(struct csv_words *w);
size_t csv_words_bytes(const struct csv_words *w);
void csv_words_free(struct csv_words *w);

#endif
