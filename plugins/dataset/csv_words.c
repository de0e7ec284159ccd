/* SPDX-License-Identifier: MIT */
#include "csv_words.h"

#include <stdlib.h>
#include <string.h>

#include "csv_hash.h"

static uint32_t find_slot(const struct csv_words *w, const char *word)
{
    const uint32_t mask = w->slots - 1;
    uint32_t i = (uint32_t)csv_hash(CSV_HASH_BEGIN, word, strlen(word)) & mask;
    while (w->slot[i] && strcmp(csv_words_get(w, w->slot[i] - 1), word) != 0)
        i = (i + 1) & mask;
    return i;
}

/* Room for one slot more, at most half of them taken. */
static bool grow_slots(struct csv_words *w)
{
    if (w->count < w->slots / 2)
        return true;
    struct csv_words larger = *w;
    larger.slots = w->slots ? 2 * w->slots : 64;
    larger.slot = calloc(larger.slots, sizeof *larger.slot);
    if (!larger.slot)
        return false;
    for (uint32_t i = 0; i < w->count; i++)
        larger.slot[find_slot(&larger, csv_words_get(w, i))] = i + 1;
    free(w->slot);
    *w = larger;
    return true;
}

static bool grow_text(struct csv_words *w, size_t size)
{
    if (w->used + size > UINT32_MAX || w->count == UINT32_MAX / 4)
        return false;
    if (w->used + size > w->room) {
        const size_t room = w->room + w->room / 2 + size + 256;
        char *larger = realloc(w->text, room);
        if (!larger)
            return false;
        w->text = larger;
        w->room = room;
    }
    if (w->count == w->start_room) {
        const uint32_t room = w->start_room + w->start_room / 2 + 64;
        uint32_t *larger = realloc(w->start, room * sizeof *larger);
        if (!larger)
            return false;
        w->start = larger;
        w->start_room = room;
    }
    return true;
}

bool csv_words_add(struct csv_words *w, const char *word, uint32_t *number)
{
    const size_t size = strlen(word) + 1;
    if (!grow_slots(w) || !grow_text(w, size))
        return false;
    const uint32_t i = find_slot(w, word);
    if (!w->slot[i]) {
        memcpy(w->text + w->used, word, size);
        w->start[w->count++] = (uint32_t)w->used;
        w->used += size;
        w->slot[i] = w->count;
    }
    *number = w->slot[i] - 1;
    return true;
}

int64_t csv_words_find(const struct csv_words *w, const char *word)
{
    return w->slots ? (int64_t)w->slot[find_slot(w, word)] - 1 : -1;
}

const char *csv_words_get(const struct csv_words *w, uint32_t number)
{
    return w->text + w->start[number];
}

void csv_words_finish(struct csv_words *w)
{
    free(w->slot);
    w->slot = NULL;
    w->slots = 0;
    char *text = w->used ? realloc(w->text, w->used) : NULL;
    uint32_t *start = w->count ? realloc(w->start, w->count * sizeof *start) : NULL;
    if (text) {
        w->text = text;
        w->room = w->used;
    }
    if (start) {
        w->start = start;
        w->start_room = w->count;
    }
}

size_t csv_words_bytes(const struct csv_words *w)
{
    return w->room + (w->start_room + w->slots) * sizeof(uint32_t);
}

void csv_words_free(struct csv_words *w)
{
    free(w->text);
    free(w->start);
    free(w->slot);
    *w = (struct csv_words){0};
}
