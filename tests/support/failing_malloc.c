/* SPDX-License-Identifier: MIT */
#include "tests/support/failing_malloc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* allocations until the one that fails, that one included; 0: none will; -1: it has failed */
static atomic_long remaining;

/* Do only allocations of the thread that armed count? */
static atomic_bool one_thread;
static _Thread_local bool armed_here;

static atomic_size_t largest;

void failing_malloc_arm(size_t n)
{
    atomic_store(&remaining, (long)n);
}

void failing_malloc_arm_here(size_t n)
{
    armed_here = true;
    atomic_store(&one_thread, true);
    failing_malloc_arm(n);
}

bool failing_malloc_disarm(void)
{
    armed_here = false;
    atomic_store(&one_thread, false);
    return atomic_exchange(&remaining, 0) < 0;
}

bool failing_malloc_next(void)
{
    long now = atomic_load(&remaining);
    if (atomic_load(&one_thread) && !armed_here)
        return false;
    while (now > 0) {
        const long next = now == 1 ? -1 : now - 1;
        if (atomic_compare_exchange_weak(&remaining, &now, next))
            return next < 0;
    }
    return false;
}

size_t failing_malloc_largest(void)
{
    return atomic_exchange(&largest, 0);
}

static bool fails(size_t bytes)
{
    size_t now = atomic_load(&largest);
    while (now < bytes && !atomic_compare_exchange_weak(&largest, &now, bytes))
        continue;
    return failing_malloc_next();
}

/* the linker's names: __wrap_x is called for x, __real_x is x itself */
void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t align, size_t n);
int __real_posix_memalign(void **p, size_t align, size_t n);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t align, size_t n);
int __wrap_posix_memalign(void **p, size_t align, size_t n);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

void *__wrap_malloc(size_t n)
{
    return fails(n) ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t n)
{
    return fails(n && count > SIZE_MAX / n ? SIZE_MAX : count * n) ? NULL : __real_calloc(count, n);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails(n) ? NULL : __real_realloc(p, n);
}

void *__wrap_aligned_alloc(size_t align, size_t n)
{
    return fails(n) ? NULL : __real_aligned_alloc(align, n);
}

int __wrap_posix_memalign(void **p, size_t align, size_t n)
{
    return fails(n) ? ENOMEM : __real_posix_memalign(p, align, n);
}

char *__wrap_strdup(const char *s)
{
    return failing_malloc_next() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
    return failing_malloc_next() ? NULL : __real_strndup(s, n);
}
