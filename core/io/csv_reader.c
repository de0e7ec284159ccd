/* SPDX-License-Identifier: MIT */
#include "core/io/csv_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void tfu_csv_reader_free(struct tfu_csv_reader *r)
{
    free(r->text);
    free(r->field);
    r->text = NULL;
    r->field = NULL;
    r->capacity = r->room = r->count = 0;
}

static enum tfu_status bad(const struct tfu_csv_reader *r, const char *what, struct tfu_error *e)
{
    return tfu_error_at(e, TFU_ECORRUPT, r->path, (int)(r->line % INT32_MAX), 1, "%s", what);
}

static enum tfu_status put(struct tfu_csv_reader *r, int c, struct tfu_error *e)
{
    if (r->length == r->capacity) {
        const size_t capacity = r->capacity ? 2 * r->capacity : 256;
        char *more = realloc(r->text, capacity);
        if (!more)
            return tfu_error_memory(e, "reading a table", capacity);
        r->text = more;
        r->capacity = capacity;
    }
    r->text[r->length++] = (char)c;
    return TFU_OK;
}

/* The bytes of a line, quotes and all, without its end. */
static enum tfu_status read_line(struct tfu_csv_reader *r, bool *more, struct tfu_error *e)
{
    bool quoted = false;
    int64_t bytes = 0, ends = 1, opened = 0;
    int c;
    *more = false;
    r->length = 0;
    r->line++;
    while ((c = getc_unlocked(r->file)) != EOF) {
        bytes++;
        if (c == '\n' && !quoted)
            break;
        ends += c == '\n';
        if (c == '"' && !quoted)
            opened = ends - 1;
        if (c == '"')
            quoted = !quoted;
        if (c == '\0')
            return bad(r, "there is a byte of 0, which no table has", e);
        if (r->length > TFU_CSV_LINE_MAX)
            return bad(r, "the line is longer than a mebibyte; this is no table of ours", e);
        const enum tfu_status st = put(r, c, e);
        if (st != TFU_OK)
            return st;
    }
    if (c == EOF && ferror(r->file))
        return tfu_error_errno(e, errno, "cannot read", r->path);
    if (c == EOF && (!r->finished || r->length == 0))
        return TFU_OK;
    if (c == EOF && quoted) {
        r->line += opened;
        return bad(r, "a quote begins in this line that nothing closes", e);
    }
    if (r->length && r->text[r->length - 1] == '\r')
        r->length--;
    r->bytes += bytes;
    r->line += ends - 1;
    *more = true;
    return put(r, '\0', e);
}

static enum tfu_status add_field(struct tfu_csv_reader *r, char *begin, struct tfu_error *e)
{
    if (r->count == r->room) {
        const size_t room = r->room ? 2 * r->room : 16;
        char **more = realloc(r->field, room * sizeof *more);
        if (!more)
            return tfu_error_memory(e, "reading a table", room * sizeof *more);
        r->field = more;
        r->room = room;
    }
    r->field[r->count++] = begin;
    return TFU_OK;
}

/* Takes quotes off in place; false: something stands behind the closing one, or none closes. */
static bool unquote(char **from)
{
    char *to = *from;
    const char *in = *from + 1;
    for (;; in++) {
        if (*in == '\0')
            return false;
        if (*in == '"' && *++in != '"')
            break;
        *to++ = *in;
    }
    *from = (char *)in;
    *to = '\0';
    return *in == ',' || *in == '\0';
}

static enum tfu_status split(struct tfu_csv_reader *r, struct tfu_error *e)
{
    char *at = r->text;
    r->count = 0;
    for (;;) {
        char *begin = at;
        const enum tfu_status st = add_field(r, begin, e);
        if (st != TFU_OK)
            return st;
        bool last;
        if (*at == '"') {
            if (!unquote(&at))
                return bad(r, "a quote does not end where its field does", e);
            last = *at == '\0';
        } else {
            at += strcspn(at, ",");
            last = *at == '\0';
            *at = '\0';
        }
        if (last)
            return TFU_OK;
        at++;
    }
}

enum tfu_status tfu_csv_reader_next(struct tfu_csv_reader *r, bool *more, struct tfu_error *e)
{
    const enum tfu_status st = read_line(r, more, e);
    return st == TFU_OK && *more ? split(r, e) : st;
}

int tfu_csv_reader_column(const struct tfu_csv_reader *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->field[i], name) == 0)
            return (int)i;
    return -1;
}
