/* SPDX-License-Identifier: MIT */
#include "core/config/syntax.h"

#include <string.h>

#include "core/base/utf8.h"

bool tfu_syntax_check(struct tfu_load *l, const char *text, size_t length, struct tfu_mark origin)
{
    struct tfu_diagnostics *d = l->diagnostics;
    struct tfu_mark m = origin;
    if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0)) {
        tfu_diagnostics_add(d, (struct tfu_mark){.source = m.source},
                            "the file is UTF-16; save it as UTF-8");
        return false;
    }
    for (size_t i = 0, bytes; i < length; i += bytes) {
        uint32_t code;
        bytes = tfu_utf8_line_end(text + i, length - i);
        if (bytes) {
            m.line++;
            m.column = 1;
            continue;
        }
        bytes = tfu_utf8_decode(text + i, length - i, &code);
        const bool byte_order_mark = i == 0 && code == 0xfeff;
        if (bytes && (tfu_utf8_printable(code) || code == '\t' || byte_order_mark)) {
            m.column++;
            continue;
        }
        if (!bytes)
            tfu_diagnostics_add(d, m, "byte 0x%02x is not UTF-8; save the file as UTF-8",
                                (unsigned)(unsigned char)text[i]);
        else if (code == 0)
            tfu_diagnostics_add(d, m, "a NUL byte; is this a text?");
        else
            tfu_diagnostics_add(d, m,
                                "character U+%04X cannot stand in YAML; write \"\\u%04X\" in "
                                "double quotes if it is meant",
                                code, code);
        return false;
    }
    return true;
}

/* Is the line of the problem, number `line` of the text, indented by a tab? */
static bool is_indented_by_tab(const char *text, size_t length, int line)
{
    size_t n, i = 0;
    const char *s = tfu_utf8_line(text, length, line, &n);
    while (i < n && s[i] == ' ')
        i++;
    return i < n && s[i] == '\t';
}

/* Behind the last character that is not white. */
static struct tfu_mark end_of_text(const char *text, size_t length, struct tfu_mark origin)
{
    struct tfu_mark m = origin;
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        length--;
    for (size_t i = 0, bytes; i < length; i += bytes) {
        uint32_t code;
        bytes = tfu_utf8_line_end(text + i, length - i);
        m.column = bytes ? 1 : m.column + 1;
        m.line += bytes > 0;
        if (!bytes)
            bytes = tfu_utf8_decode(text + i, length - i, &code);
    }
    return m;
}

/* What libyaml says that can be said better. */
struct problem {
    const char *problem, *advice;
    bool begun; /* the place to look at is where the thing begins */
};

static const struct problem *find_problem(const char *problem)
{
    static const struct problem table[] = {
        {"mapping values are not allowed in this context",
         "; is the line indented as its neighbours, and is a text with ': ' in quotes?", false},
        {"could not find expected ':'", "; a key is followed by ': ' and its value", true},
        {"found character that cannot start any token",
         "; a text that begins with this character has to be in quotes", false},
        {"did not find expected key", "; are the keys of the mapping indented alike?", false},
        {"did not find expected '-' indicator", "; are the items of the list indented alike?",
         false},
        {"did not find expected ',' or '}'", "; is a brace, a comma or a quote missing?", false},
        {"did not find expected ',' or ']'", "; is a bracket, a comma or a quote missing?", false},
        {"found unexpected end of stream", "; the quote that begins here is not closed", true},
        {"found unknown escape character", "; use single quotes, or \\\\ for a backslash", false},
    };
    static const struct problem other = {NULL, "", false};
    for (size_t i = 0; i < TFU_COUNT(table); i++)
        if (strcmp(problem, table[i].problem) == 0)
            return &table[i];
    return &other;
}

void tfu_syntax_report(struct tfu_load *l, const char *text, size_t length, struct tfu_mark origin,
                       const struct tfu_syntax_problem *p)
{
    const struct problem *known = find_problem(p->problem);
    const struct tfu_mark end = end_of_text(text, length, origin);
    struct tfu_mark m = known->begun ? p->begin : p->place;
    if (m.line > end.line)
        m = end;
    const char *context = "", *advice = known->advice;
    if (strncmp(p->context, "while parsing", 13) == 0)
        context = tfu_load_printf(l, " %s that begins in line %d", p->context, p->begin.line);
    if (is_indented_by_tab(text, length, m.line - origin.line + 1))
        advice = "; the line is indented by a tab: use spaces";
    tfu_diagnostics_add(l->diagnostics, m, "not YAML: %s%s%s", p->problem, context ? context : "",
                        advice);
}
