/* SPDX-License-Identifier: MIT */
#include "csv_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_nearest.h"

enum { FIELDS_MAX = 1 << 16 };

/* ---- fields */

static enum tfu_status bad(const struct csv_reader *r, int64_t line, const char *what,
                           struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ECORRUPT, "%s:%lld: %s", r->path, (long long)line, what);
}

static enum tfu_status add_field(struct csv_reader *r, char *text, struct tfu_dataset_host *h)
{
    if (r->fields == FIELDS_MAX)
        return bad(r, r->row, "the line has more than 65536 fields", h);
    if (r->fields == r->room) {
        const size_t room = 2 * r->room + 16;
        char **larger = realloc(r->field, room * sizeof *larger);
        if (!larger)
            return h->fail(h, TFU_ENOMEM, "out of memory for the table '%s'", r->path);
        r->field = larger;
        r->room = room;
    }
    r->field[r->fields++] = text;
    return TFU_OK;
}

/* A field in quotes, of which two stand for one; leaves `at` behind the last. */
static enum tfu_status unquote(struct csv_reader *r, struct tfu_dataset_host *h)
{
    const int64_t begun = r->line;
    char *from = r->at + 1, *to = r->at;
    for (;; from++) {
        if (from == r->end)
            return bad(r, begun, "a quote is opened here and never closed", h);
        if (*from == '"' && from[1] != '"')
            break;
        from += *from == '"';
        r->line += *from == '\n';
        *to++ = *from;
    }
    r->at = from + 1;
    const char next = *r->at;
    if (r->at != r->end && next != r->delimiter && next != '\n' && next != '\r')
        return bad(r, r->line,
                   "there is more behind the closing quote of a field; a quote within quotes is "
                   "written twice",
                   h);
    *to = '\0'; /* on the last quote, or before it */
    return TFU_OK;
}

static enum tfu_status plain(struct csv_reader *r, struct tfu_dataset_host *h)
{
    char *at = r->at;
    while (at != r->end && *at != r->delimiter && *at != '\n' && *at != '\r' && *at != '"')
        at++;
    r->at = at;
    if (at != r->end && *at == '"')
        return bad(r, r->line,
                   "there is a quote inside a field that does not begin with one; such a field is "
                   "written in quotes, and the quote in it twice",
                   h);
    return TFU_OK;
}

/* Ends the field at `at`; is it the line's last? */
static enum tfu_status end_field(struct csv_reader *r, bool *last, struct tfu_dataset_host *h)
{
    char *at = r->at;
    *last = at == r->end || *at != r->delimiter;
    if (at == r->end)
        return TFU_OK;
    if (*at == '\r' && at + 1 != r->end && at[1] != '\n')
        return bad(r, r->line,
                   "a carriage return stands alone; lines end with a line feed, or with both", h);
    r->at = at + (*at == '\r' && at + 1 != r->end ? 2 : 1);
    r->line += *last;
    *at = '\0';
    return TFU_OK;
}

static enum tfu_status read_row(struct csv_reader *r, struct tfu_dataset_host *h)
{
    bool last = false;
    r->fields = 0;
    r->row = r->line;
    while (!last) {
        enum tfu_status st = add_field(r, r->at, h);
        if (st == TFU_OK)
            st = r->at != r->end && *r->at == '"' ? unquote(r, h) : plain(r, h);
        if (st == TFU_OK)
            st = end_field(r, &last, h);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

static void skip_empty_lines(struct csv_reader *r)
{
    for (;; r->line++) {
        if (r->at != r->end && *r->at == '\n')
            r->at++;
        else if (r->at != r->end && r->at[0] == '\r' && r->at[1] == '\n')
            r->at += 2;
        else
            return;
    }
}

/* ---- rows */

enum tfu_status csv_reader_next(struct csv_reader *r, bool *found, struct tfu_dataset_host *h)
{
    skip_empty_lines(r);
    *found = r->at != r->end;
    if (!*found)
        return TFU_OK;
    const enum tfu_status st = read_row(r, h);
    if (st != TFU_OK)
        return st;
    bool more = false;
    for (size_t i = r->columns; i < r->fields; i++)
        more |= r->field[i][strspn(r->field[i], " \t")] != '\0';
    if (r->fields < r->columns || more)
        return h->fail(h, TFU_ECORRUPT, "%s:%lld: the line has %zu fields, the header %zu columns",
                       r->path, (long long)r->row, r->fields, r->columns);
    return TFU_OK;
}

static char *trim(char *text)
{
    text += strspn(text, " \t\r\n");
    size_t n = strlen(text);
    while (n && strchr(" \t\r\n", text[n - 1]))
        n--;
    text[n] = '\0';
    return text;
}

char *csv_reader_trimmed(const struct csv_reader *r, size_t column)
{
    return trim(r->field[column]);
}

/* ---- header */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum tfu_status check_names(const struct csv_reader *r, struct tfu_dataset_host *h)
{
    char **sorted = malloc((r->columns + 1) * sizeof *sorted);
    if (!sorted)
        return h->fail(h, TFU_ENOMEM, "out of memory for the table '%s'", r->path);
    memcpy(sorted, r->column, r->columns * sizeof *sorted);
    qsort(sorted, r->columns, sizeof *sorted, by_text);
    enum tfu_status st = TFU_OK;
    for (size_t i = 1; st == TFU_OK && i < r->columns; i++)
        if (sorted[i][0] && strcmp(sorted[i], sorted[i - 1]) == 0)
            st = h->fail(h, TFU_EINVAL, "%s:%lld: two columns are called '%.200s'", r->path,
                         (long long)r->row, sorted[i]);
    free(sorted);
    return st;
}

static enum tfu_status read_header(struct csv_reader *r, struct tfu_dataset_host *h)
{
    skip_empty_lines(r);
    const enum tfu_status st = read_row(r, h);
    if (st != TFU_OK)
        return st;
    r->column = calloc(r->fields + 1, sizeof *r->column);
    if (!r->column)
        return h->fail(h, TFU_ENOMEM, "out of memory for the table '%s'", r->path);
    for (size_t i = 0; i < r->fields; i++) {
        r->column[i] = trim(r->field[i]);
        r->columns = r->column[i][0] ? i + 1 : r->columns;
    }
    if (r->columns == 0)
        return h->fail(h, TFU_EINVAL, "the table '%s' has no line with names of columns", r->path);
    return check_names(r, h);
}

enum tfu_status csv_reader_open(struct csv_reader *r, struct csv_text *t, const char *path,
                                char delimiter, struct tfu_dataset_host *h)
{
    *r = (struct csv_reader){
        .path = path, .at = t->bytes, .end = t->bytes + t->size, .delimiter = delimiter, .line = 1};
    const enum tfu_status st = read_header(r, h);
    if (st != TFU_OK)
        csv_reader_close(r);
    return st;
}

void csv_reader_close(struct csv_reader *r)
{
    free(r->field);
    free(r->column);
    r->field = r->column = NULL;
}

/* ---- columns */

int64_t csv_reader_find(const struct csv_reader *r, const char *name)
{
    for (size_t i = 0; i < r->columns; i++)
        if (strcmp(r->column[i], name) == 0)
            return (int64_t)i;
    return -1;
}

/* All names, as far as there is room. */
static void list_columns(const struct csv_reader *r, char *out, size_t room)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < r->columns && n < room; i++) {
        const int more = snprintf(out + n, room - n, "%s'%s'", i ? ", " : "", r->column[i]);
        if (more < 0 || (size_t)more >= room - n - 4) {
            snprintf(out + n, room - n, ", ...");
            return;
        }
        n += (size_t)more;
    }
}

enum tfu_status csv_reader_column(const struct csv_reader *r, const char *name, const char *what,
                                  size_t *index, struct tfu_dataset_host *h)
{
    char all[700];
    const int64_t found = csv_reader_find(r, name);
    if (found >= 0) {
        *index = (size_t)found;
        return TFU_OK;
    }
    list_columns(r, all, sizeof all);
    const char *nearest = csv_nearest(name, (const char *const *)r->column, r->columns);
    const char *advice = "";
    if (r->columns == 1 && r->delimiter == ',' && strpbrk(r->column[0], ";\t"))
        advice = "; is the table separated otherwise? Say so by `delimiter`";
    return h->fail(h, TFU_EINVAL,
                   "the table '%s' has no column '%.200s' (%s)%s%.200s%s%s; it has %s", r->path,
                   name, what, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                   nearest ? "'?" : "", advice, all);
}
