/* SPDX-License-Identifier: MIT
 *
 * An arena asks malloc for a block now and then only: each of its allocations is to fail once, too.
 */
#include "core/base/arena.h"
#include "tests/support/failing_malloc.h"

void *__real_tfu_arena_alloc(struct tfu_arena *a, size_t bytes);
void *__real_tfu_arena_array(struct tfu_arena *a, size_t count, size_t size);
char *__real_tfu_arena_strdup(struct tfu_arena *a, const char *s);
char *__real_tfu_arena_strndup(struct tfu_arena *a, const char *s, size_t n);
char *__real_tfu_arena_printf_v(struct tfu_arena *a, const char *fmt, va_list args);
void *__wrap_tfu_arena_alloc(struct tfu_arena *a, size_t bytes);
void *__wrap_tfu_arena_array(struct tfu_arena *a, size_t count, size_t size);
char *__wrap_tfu_arena_strdup(struct tfu_arena *a, const char *s);
char *__wrap_tfu_arena_strndup(struct tfu_arena *a, const char *s, size_t n);
char *__wrap_tfu_arena_printf_v(struct tfu_arena *a, const char *fmt, va_list args);

void *__wrap_tfu_arena_alloc(struct tfu_arena *a, size_t bytes)
{
    return failing_malloc_next() ? NULL : __real_tfu_arena_alloc(a, bytes);
}

void *__wrap_tfu_arena_array(struct tfu_arena *a, size_t count, size_t size)
{
    return failing_malloc_next() ? NULL : __real_tfu_arena_array(a, count, size);
}

char *__wrap_tfu_arena_strdup(struct tfu_arena *a, const char *s)
{
    return failing_malloc_next() ? NULL : __real_tfu_arena_strdup(a, s);
}

char *__wrap_tfu_arena_strndup(struct tfu_arena *a, const char *s, size_t n)
{
    return failing_malloc_next() ? NULL : __real_tfu_arena_strndup(a, s, n);
}

char *__wrap_tfu_arena_printf_v(struct tfu_arena *a, const char *fmt, va_list args)
{
    return failing_malloc_next() ? NULL : __real_tfu_arena_printf_v(a, fmt, args);
}
