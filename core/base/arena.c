/* SPDX-License-Identifier: MIT */
#include "core/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tfu_arena_block {
    struct tfu_arena_block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char data[];
};

enum { BLOCK_SIZE = 16384 };

void tfu_arena_init(struct tfu_arena *a, size_t limit)
{
    *a = (struct tfu_arena){.limit = limit};
}

void *tfu_arena_alloc(struct tfu_arena *a, size_t bytes)
{
    const size_t align = alignof(max_align_t);
    if (bytes > SIZE_MAX - sizeof(struct tfu_arena_block) - align)
        return NULL;
    const size_t n = (bytes + align - 1) / align * align;
    if (a->limit && (n > a->limit || a->used > a->limit - n))
        return NULL;
    struct tfu_arena_block *b = a->blocks;
    if (!b || b->size - b->used < n) {
        const size_t size = n > BLOCK_SIZE ? n : BLOCK_SIZE;
        b = malloc(sizeof *b + size);
        if (!b)
            return NULL;
        b->size = size;
        b->used = 0;
        b->next = a->blocks;
        a->blocks = b;
    }
    void *p = b->data + b->used;
    b->used += n;
    a->used += n;
    return memset(p, 0, n);
}

void *tfu_arena_array(struct tfu_arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return tfu_arena_alloc(a, count * size);
}

char *tfu_arena_strndup(struct tfu_arena *a, const char *s, size_t n)
{
    char *copy = n < SIZE_MAX ? tfu_arena_alloc(a, n + 1) : NULL;
    if (copy)
        memcpy(copy, s, n);
    return copy;
}

char *tfu_arena_strdup(struct tfu_arena *a, const char *s)
{
    return tfu_arena_strndup(a, s, strlen(s));
}

char *tfu_arena_printf_v(struct tfu_arena *a, const char *fmt, va_list args)
{
    char most[256]; /* printf() is slow: what fits is made once */
    va_list again;
    va_copy(again, args);
    const int n = vsnprintf(most, sizeof most, fmt, again);
    va_end(again);
    char *s = n < 0 ? NULL : tfu_arena_alloc(a, (size_t)n + 1);
    if (s && (size_t)n < sizeof most)
        memcpy(s, most, (size_t)n);
    else if (s)
        vsnprintf(s, (size_t)n + 1, fmt, args);
    return s;
}

char *tfu_arena_printf(struct tfu_arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *s = tfu_arena_printf_v(a, fmt, args);
    va_end(args);
    return s;
}

void tfu_arena_free(struct tfu_arena *a)
{
    while (a->blocks) {
        struct tfu_arena_block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
    a->used = 0;
}
