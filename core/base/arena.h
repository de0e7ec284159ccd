/* SPDX-License-Identifier: MIT
 *
 * arena.h - many small allocations that end together: a parsed configuration, a graph.
 */
#ifndef TFU_CORE_BASE_ARENA_H
#define TFU_CORE_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include <transfuse/abi.h>

struct tfu_arena_block;
struct tfu_arena {
    struct tfu_arena_block *blocks;
    size_t used;  /* bytes handed out, for limits */
    size_t limit; /* 0: none; beyond it allocations fail */
};

void tfu_arena_init(struct tfu_arena *a, size_t limit);
/* Zeroed, aligned for any type; NULL when out of memory. */
void *tfu_arena_alloc(struct tfu_arena *a, size_t bytes) TFU_NODISCARD;
/* count * size with overflow checked. */
void *tfu_arena_array(struct tfu_arena *a, size_t count, size_t size) TFU_NODISCARD;
char *tfu_arena_strdup(struct tfu_arena *a, const char *s) TFU_NODISCARD;
char *tfu_arena_strndup(struct tfu_arena *a, const char *s, size_t n) TFU_NODISCARD;
char *tfu_arena_printf(struct tfu_arena *a, const char *fmt, ...) TFU_PRINTF(2, 3) TFU_NODISCARD;
char *tfu_arena_printf_v(struct tfu_arena *a, const char *fmt, va_list args) TFU_NODISCARD;
/* Frees everything; the arena can be used again. */
void tfu_arena_free(struct tfu_arena *a);

#endif
