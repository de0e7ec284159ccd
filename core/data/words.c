/* SPDX-License-Identifier: MIT */
#include "core/data/words.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/checksum.h"

void tfu_words_free(struct tfu_words *w)
{
    free(w->word);
    free(w->slot);
    *w = (struct tfu_words)TFU_WORDS_INIT;
}

/* Its high bits are brought down. */
static size_t hash(const char *word)
{
    const uint64_t h = tfu_fnv1a(TFU_FNV1A_BEGIN, word, strlen(word));
    return (size_t)(h ^ h >> 29);
}

/* Where `word` is, or would go. */
static size_t find_slot(const struct tfu_words *w, const char *word)
{
    size_t k = hash(word) & (w->slots - 1);
    while (w->slot[k] >= 0 && strcmp(w->word[w->slot[k]], word) != 0)
        k = (k + 1) & (w->slots - 1);
    return k;
}

int64_t tfu_words_find(const struct tfu_words *w, const char *word)
{
    return w->slots ? w->slot[find_slot(w, word)] : -1;
}

/* Room for twice as many; half of the slots stay empty. */
static bool grow(struct tfu_words *w)
{
    const size_t capacity = w->capacity ? 2 * w->capacity : 16, slots = 2 * capacity;
    const char **word = realloc(w->word, capacity * sizeof *word);
    if (!word)
        return false;
    w->word = word;
    int32_t *slot = malloc(slots * sizeof *slot);
    if (!slot)
        return false;
    free(w->slot);
    for (size_t k = 0; k < slots; k++)
        slot[k] = -1;
    w->capacity = capacity;
    w->slot = slot;
    w->slots = slots;
    for (int64_t i = 0; i < w->count; i++)
        w->slot[find_slot(w, w->word[i])] = (int32_t)i;
    return true;
}

int64_t tfu_words_add(struct tfu_words *w, const char *word)
{
    const int64_t known = tfu_words_find(w, word);
    if (known >= 0)
        return known;
    if (w->count == INT32_MAX || ((size_t)w->count == w->capacity && !grow(w)))
        return -1;
    w->slot[find_slot(w, word)] = (int32_t)w->count;
    w->word[w->count] = word;
    return w->count++;
}
