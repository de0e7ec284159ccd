/* SPDX-License-Identifier: MIT */
#include "core/config/loading.h"

#include <stdarg.h>

void *tfu_load_alloc(struct tfu_load *l, size_t bytes)
{
    return tfu_load_array(l, 1, bytes);
}

void *tfu_load_array(struct tfu_load *l, size_t count, size_t size)
{
    void *p = tfu_arena_array(l->arena, count, size);
    if (!p)
        l->out_of_memory = true;
    return p;
}

char *tfu_load_printf(struct tfu_load *l, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *s = tfu_arena_printf_v(l->arena, fmt, args);
    va_end(args);
    if (!s)
        l->out_of_memory = true;
    return s;
}

struct tfu_mark tfu_load_mark(const struct tfu_load *l)
{
    return (struct tfu_mark){.source = l->path};
}
