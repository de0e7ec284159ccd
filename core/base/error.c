/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"

#include <stdio.h>
#include <string.h>

static enum tfu_status set_at(struct tfu_error *e, enum tfu_status st, const char *source, int line,
                              int column, const char *fmt, va_list args)
{
    if (!e || e->status != TFU_OK)
        return st;
    e->status = st;
    e->line = line;
    e->column = column;
    snprintf(e->source, sizeof e->source, "%s", source ? source : "");
    vsnprintf(e->text, sizeof e->text, fmt, args);
    return st;
}

enum tfu_status tfu_error_set_v(struct tfu_error *e, enum tfu_status st, const char *fmt,
                                va_list args)
{
    return set_at(e, st, NULL, 0, 0, fmt, args);
}

enum tfu_status tfu_error_set(struct tfu_error *e, enum tfu_status st, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    set_at(e, st, NULL, 0, 0, fmt, args);
    va_end(args);
    return st;
}

enum tfu_status tfu_error_at(struct tfu_error *e, enum tfu_status st, const char *source, int line,
                             int column, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    set_at(e, st, source, line, column, fmt, args);
    va_end(args);
    return st;
}

enum tfu_status tfu_error_prefix(struct tfu_error *e, const char *fmt, ...)
{
    if (!e)
        return TFU_OK;
    char prefix[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(prefix, sizeof prefix, fmt, args);
    va_end(args);
    const size_t room = sizeof e->text - 1;
    size_t n = strlen(prefix), old = strlen(e->text);
    if (n + 2 > room)
        n = room - 2;
    if (old > room - n - 2)
        old = room - n - 2;
    memmove(e->text + n + 2, e->text, old);
    e->text[n + 2 + old] = '\0';
    memcpy(e->text, prefix, n);
    memcpy(e->text + n, ": ", 2);
    return e->status;
}

enum tfu_status tfu_error_memory(struct tfu_error *e, const char *what, size_t bytes)
{
    if (bytes)
        return tfu_error_set(e, TFU_ENOMEM, "out of memory while %s: %zu bytes asked for", what,
                             bytes);
    return tfu_error_set(e, TFU_ENOMEM, "out of memory while %s", what);
}

enum tfu_status tfu_error_errno(struct tfu_error *e, int number, const char *action,
                                const char *path)
{
    char text[128];
    /* the XSI and the GNU strerror_r differ; this one is thread-safe in both C libraries we meet */
    snprintf(text, sizeof text, "%s", strerror(number));
    return tfu_error_set(e, TFU_EIO, "%s '%s': %s", action, path, text);
}

const char *tfu_status_text(enum tfu_status st)
{
    switch (st) {
#define STATUS_CASE(name, number, text)                                                            \
    case name:                                                                                     \
        return text;
        TFU_STATUS_LIST(STATUS_CASE)
#undef STATUS_CASE
    }
    return "unknown status";
}
