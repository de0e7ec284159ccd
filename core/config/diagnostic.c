/* SPDX-License-Identifier: MIT */
#include "core/config/diagnostic.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/utf8.h"

/* nobody reads more, and a hostile file must not fill the memory with them */
enum { ENTRIES_MAX = 100 };
/* columns of a source line that are shown, and how many of them before the caret */
enum { EXCERPT_WIDTH = 100, EXCERPT_BEFORE = 60 };

struct source {
    struct source *next;
    const char *name, *text;
    size_t length;
    const struct source *from; /* the file that includes this one; NULL: none */
    int from_line;
    int rank;
};

struct entry {
    struct entry *next;
    const struct source *source;
    int line, column;
    const char *text;
};

struct note {
    struct note *next;
    const char *text;
    bool written;
};

struct tfu_diagnostics {
    struct tfu_arena arena;
    struct note *notes;     /* oldest first */
    struct source *sources; /* newest first */
    struct entry *entries;  /* sorted */
    size_t count;           /* of all that were added, kept or not */
    bool failed;
};

enum tfu_status tfu_diagnostics_new(struct tfu_diagnostics **out, struct tfu_error *e)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return tfu_error_memory(e, "reading a configuration", 0);
    tfu_arena_init(&(*out)->arena, 0);
    return TFU_OK;
}

void tfu_diagnostics_free(struct tfu_diagnostics *d)
{
    if (!d)
        return;
    tfu_arena_free(&d->arena);
    free(d);
}

static struct source *find_source(const struct tfu_diagnostics *d, const char *name)
{
    struct source *s = d->sources;
    while (s && strcmp(s->name, name) != 0)
        s = s->next;
    return s;
}

/* The source of that name, known or new. */
static struct source *intern_source(struct tfu_diagnostics *d, const char *name)
{
    struct source *s = find_source(d, name);
    if (s)
        return s;
    s = tfu_arena_alloc(&d->arena, sizeof *s);
    if (s)
        s->name = tfu_arena_strdup(&d->arena, name);
    if (!s || !s->name) {
        d->failed = true;
        return NULL;
    }
    s->rank = d->sources ? d->sources->rank + 1 : 0;
    s->next = d->sources;
    d->sources = s;
    return s;
}

void tfu_diagnostics_source(struct tfu_diagnostics *d, const char *name, const char *text,
                            size_t length, struct tfu_mark from)
{
    struct source *s = intern_source(d, name);
    if (!s || s->text)
        return;
    s->text = tfu_arena_strndup(&d->arena, text, length);
    s->length = length;
    if (!s->text)
        d->failed = true;
    if (from.source) {
        s->from = find_source(d, from.source);
        s->from_line = from.line;
    }
}

const char *tfu_diagnostics_source_text(const struct tfu_diagnostics *d, const char *name,
                                        size_t *length)
{
    const struct source *s = find_source(d, name);
    *length = s ? s->length : 0;
    return s ? s->text : NULL;
}

static bool comes_before(const struct entry *a, const struct entry *b)
{
    if (a->source->rank != b->source->rank)
        return a->source->rank < b->source->rank;
    if (a->line != b->line)
        return a->line < b->line;
    return a->column < b->column;
}

/* Has the same been said of the same place? What several splits share is read for each. */
static bool is_there(const struct tfu_diagnostics *d, const struct entry *entry)
{
    for (const struct entry *i = d->entries; i; i = i->next)
        if (i->line == entry->line && i->column == entry->column && i->source == entry->source &&
            strcmp(i->text, entry->text) == 0)
            return true;
    return false;
}

void tfu_diagnostics_add(struct tfu_diagnostics *d, struct tfu_mark m, const char *fmt, ...)
{
    if (d->count++ >= ENTRIES_MAX)
        return;
    struct entry *entry = tfu_arena_alloc(&d->arena, sizeof *entry);
    if (!entry) {
        d->failed = true;
        return;
    }
    entry->source = intern_source(d, m.source);
    entry->line = m.line;
    entry->column = m.column;
    va_list args;
    va_start(args, fmt);
    entry->text = tfu_arena_printf_v(&d->arena, fmt, args);
    va_end(args);
    if (!entry->source || !entry->text) {
        d->failed = true;
        return;
    }
    if (is_there(d, entry)) {
        d->count--;
        return;
    }
    struct entry **at = &d->entries;
    while (*at && !comes_before(entry, *at))
        at = &(*at)->next;
    entry->next = *at;
    *at = entry;
}

bool tfu_diagnostics_has(const struct tfu_diagnostics *d, struct tfu_mark m)
{
    for (const struct entry *x = d->entries; x; x = x->next)
        if (x->line == m.line && x->column == m.column && strcmp(x->source->name, m.source) == 0)
            return true;
    return false;
}

void tfu_diagnostics_note(struct tfu_diagnostics *d, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *text = tfu_arena_printf_v(&d->arena, fmt, args);
    va_end(args);
    struct note **last = &d->notes, *n = tfu_arena_alloc(&d->arena, sizeof *n);
    if (!text || !n) {
        d->failed = true;
        return;
    }
    for (; *last; last = &(*last)->next)
        if (strcmp((*last)->text, text) == 0)
            return;
    *n = (struct note){.text = text};
    *last = n;
}

void tfu_diagnostics_write_notes(struct tfu_diagnostics *d, struct tfu_log *log)
{
    for (struct note *n = d->notes; n; n = n->next) {
        if (log && !n->written)
            tfu_log_write(log, TFU_LOG_WARNING, "%s", n->text);
        n->written = true;
    }
}

bool tfu_diagnostics_get(const struct tfu_diagnostics *d, size_t index, struct tfu_mark *m,
                         const char **text)
{
    const struct entry *entry = d->entries;
    while (entry && index-- > 0)
        entry = entry->next;
    if (!entry)
        return false;
    *m = (struct tfu_mark){
        .source = entry->source->name, .line = entry->line, .column = entry->column};
    *text = entry->text;
    return true;
}

void tfu_diagnostics_note_all(struct tfu_diagnostics *d, const struct tfu_diagnostics *from)
{
    for (const struct note *n = from->notes; n; n = n->next)
        tfu_diagnostics_note(d, "%s", n->text);
}

void tfu_diagnostics_put_sources(const struct tfu_diagnostics *d, struct tfu_text *out)
{
    for (const struct source *s = d->sources; s; s = s->next)
        if (s->text) {
            tfu_text_printf(out, "%s: %zu\n", s->name, s->length);
            tfu_text_append(out, s->text, s->length);
        }
}

void tfu_diagnostics_put_texts(const struct tfu_diagnostics *d, const char *except,
                               struct tfu_text *out)
{
    for (const struct source *s = d->sources; s; s = s->next)
        if (s->text && strcmp(s->name, except) != 0) {
            tfu_text_printf(out, "%zu\n", s->length);
            tfu_text_append(out, s->text, s->length);
        }
}

size_t tfu_diagnostics_count(const struct tfu_diagnostics *d)
{
    return d->count;
}

bool tfu_diagnostics_failed(const struct tfu_diagnostics *d)
{
    return d->failed;
}

/* The next character as it may go to a terminal; returns its bytes in `s`. */
static size_t print_character(struct tfu_text *out, const char *s, size_t n)
{
    uint32_t code;
    const size_t length = tfu_utf8_decode(s, n, &code);
    if (length && tfu_utf8_printable(code))
        tfu_text_append(out, s, length);
    else
        tfu_text_puts(out, code == '\t' ? " " : "?");
    return length ? length : 1;
}

/* The source line without its indentation, a window of it when it is long, and the caret. */
static void print_excerpt(struct tfu_text *out, const struct source *s, int line, int column)
{
    size_t n, i = 0;
    const char *p = tfu_utf8_line(s->text, s->length, line, &n);
    int here = 1; /* column of p[i] */
    while (i < n && here < column && (p[i] == ' ' || p[i] == '\t')) {
        i++;
        here++;
    }
    if (i == n)
        return;
    tfu_text_puts(out, "    ");
    int caret = 4 + column - here;
    if (column - here > EXCERPT_WIDTH - 10) {
        uint32_t code;
        for (; i < n && here < column - EXCERPT_BEFORE; here++) {
            const size_t length = tfu_utf8_decode(p + i, n - i, &code);
            i += length ? length : 1;
        }
        tfu_text_puts(out, "...");
        caret = 4 + 3 + column - here;
    }
    for (int shown = 0; i < n && shown < EXCERPT_WIDTH; shown++)
        i += print_character(out, p + i, n - i);
    tfu_text_printf(out, "%s\n%*s^\n", i < n ? "..." : "", caret, "");
}

/* The text, later lines of it indented. */
static void print_message(struct tfu_text *out, const char *text)
{
    for (size_t n = strlen(text); n > 0;) {
        size_t used = 1;
        if (*text == '\n')
            tfu_text_puts(out, "\n    ");
        else
            used = print_character(out, text, n);
        text += used;
        n -= used;
    }
    tfu_text_puts(out, "\n");
}

static void print_includes(struct tfu_text *out, const struct source *s)
{
    tfu_text_puts(out, "    included from ");
    for (; s->from; s = s->from)
        tfu_text_printf(out, "%s:%d%s", s->from->name, s->from_line, s->from->from ? ", " : "\n");
}

void tfu_diagnostics_print(const struct tfu_diagnostics *d, struct tfu_text *out)
{
    const struct source *source = NULL;
    size_t shown = 0;
    for (const struct entry *entry = d->entries; entry; entry = entry->next, shown++) {
        const struct source *s = entry->source;
        if (entry->line)
            tfu_text_printf(out, "%s:%d:%d: error: ", s->name, entry->line, entry->column);
        else
            tfu_text_printf(out, "%s: error: ", s->name);
        print_message(out, entry->text);
        if (entry->line && s->text)
            print_excerpt(out, s, entry->line, entry->column);
        if (s != source && s->from)
            print_includes(out, s);
        source = s;
    }
    if (shown < d->count)
        tfu_text_printf(out, "and %zu more\n", d->count - shown);
}
