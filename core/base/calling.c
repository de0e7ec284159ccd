/* SPDX-License-Identifier: MIT */
#include "core/base/calling.h"

/* Volatile: a signal handler of the same thread reads it. */
static _Thread_local const struct tfu_calling *volatile current;

const struct tfu_calling *tfu_calling_begin(const struct tfu_calling *call)
{
    const struct tfu_calling *outer = current;
    current = call;
    return outer;
}

const struct tfu_calling *tfu_calling_enter(struct tfu_calling *call, const char *kind,
                                            const char *plugin, const char *function)
{
    *call = (struct tfu_calling){.kind = kind, .plugin = plugin, .function = function};
    return tfu_calling_begin(call);
}

void tfu_calling_end(const struct tfu_calling *outer)
{
    current = outer;
}

const struct tfu_calling *tfu_calling_now(void)
{
    return current;
}

/* ---- in words */

struct line {
    char *at, *end;
};

static void put(struct line *l, const char *text)
{
    while (*text && l->at < l->end)
        *l->at++ = *text++;
    *l->at = '\0';
}

static void put_quoted(struct line *l, const char *before, const char *name)
{
    put(l, before);
    put(l, " '");
    put(l, name);
    put(l, "'");
}

void tfu_calling_text(const struct tfu_calling *call, const char *did, char *text, size_t size)
{
    struct line l = {.at = text, .end = text + size - 1};
    put(&l, call->function ? call->kind : "the plugin");
    put(&l, call->function ? " plugin" : " file");
    if (call->plugin[0])
        put_quoted(&l, "", call->plugin);
    put(&l, " ");
    put(&l, did);
    put(&l, call->function ? " in " : " while it was ");
    put(&l, call->function ? call->function : call->kind);
    if (call->function)
        put(&l, "()");
    if (call->kernel)
        put_quoted(&l, " of kernel", call->kernel);
    if (call->where)
        put_quoted(&l, call->kernel ? " for" : " of", call->where);
}
