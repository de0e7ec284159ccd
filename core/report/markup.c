/* SPDX-License-Identifier: MIT */
#include "core/report/markup.h"

#include <string.h>

#include "core/base/utf8.h"

/* ---- letters */

enum { REPLACEMENT = 0xFFFD };

static void put_letters(struct tfu_text *out, const struct tfu_markup *m, const char *s, size_t n,
                        bool in_code)
{
    for (size_t i = 0, size; i < n; i += size) {
        uint32_t code;
        size = tfu_utf8_decode(s + i, n - i, &code);
        if (size == 0) {
            size = 1;
            m->letter(out, REPLACEMENT, "\xEF\xBF\xBD", 3, in_code);
        } else if (!tfu_utf8_printable(code)) {
            m->letter(out, ' ', " ", 1, in_code);
        } else {
            m->letter(out, code, s + i, size, in_code);
        }
    }
}

static void put_line(struct tfu_text *out, const struct tfu_markup *m, const char *s, size_t n)
{
    while (n > 0) {
        const char *open = memchr(s, '`', n);
        const char *close = open ? memchr(open + 1, '`', n - (size_t)(open + 1 - s)) : NULL;
        if (!close) {
            put_letters(out, m, s, n, false);
            return;
        }
        put_letters(out, m, s, (size_t)(open - s), false);
        tfu_text_puts(out, m->code_open);
        put_letters(out, m, open + 1, (size_t)(close - open - 1), true);
        tfu_text_puts(out, m->code_close);
        n -= (size_t)(close + 1 - s);
        s = close + 1;
    }
}

void tfu_markup_line(struct tfu_text *out, const struct tfu_markup *m, const char *text)
{
    put_line(out, m, text, strlen(text));
}

void tfu_markup_plain(struct tfu_text *out, const struct tfu_markup *m, const char *text)
{
    put_letters(out, m, text, strlen(text), false);
}

/* ---- paragraphs and lists */

static bool is_item(const char *line, size_t n)
{
    return n >= 2 && line[0] == '-' && line[1] == ' ';
}

/* A line without the blanks around it. */
static const char *trimmed(const char *line, size_t *n)
{
    while (*n > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        --*n;
    }
    while (*n > 0 && (line[*n - 1] == ' ' || line[*n - 1] == '\t' || line[*n - 1] == '\r'))
        --*n;
    return line;
}

struct prose {
    struct tfu_text *out;
    const struct tfu_markup *markup;
    bool in_list;
    struct tfu_text open; /* of the paragraph or item so far */
};

static void end_piece(struct prose *p)
{
    const struct tfu_markup *m = p->markup;
    if (p->open.length > 0) {
        tfu_text_puts(p->out, p->in_list ? m->item_open : m->paragraph_open);
        tfu_markup_line(p->out, m, tfu_text_get(&p->open));
        tfu_text_puts(p->out, p->in_list ? m->item_close : m->paragraph_close);
    }
    p->out->failed |= p->open.failed;
    tfu_text_free(&p->open);
    p->open = (struct tfu_text)TFU_TEXT_INIT;
}

static void end_list(struct prose *p)
{
    end_piece(p);
    if (p->in_list)
        tfu_text_puts(p->out, p->markup->list_close);
    p->in_list = false;
}

static void put_piece_line(struct prose *p, const char *line, size_t n)
{
    const char *inner = trimmed(line, &n);
    if (n == 0) {
        end_list(p);
        return;
    }
    if (is_item(inner, n)) {
        end_piece(p);
        if (!p->in_list)
            tfu_text_puts(p->out, p->markup->list_open);
        p->in_list = true;
        inner += 2;
        n -= 2;
    }
    if (p->open.length > 0)
        tfu_text_puts(&p->open, " ");
    tfu_text_append(&p->open, inner, n);
}

void tfu_markup_prose(struct tfu_text *out, const struct tfu_markup *m, const char *text)
{
    struct prose p = {.out = out, .markup = m, .open = TFU_TEXT_INIT};
    while (*text) {
        const size_t n = strcspn(text, "\n");
        put_piece_line(&p, text, n);
        text += n + (text[n] == '\n');
    }
    end_list(&p);
}

/* ---- the formats */

static void html_letter(struct tfu_text *out, uint32_t code, const char *bytes, size_t n,
                        bool in_code)
{
    (void)in_code;
    switch (code) {
    case '&':
        tfu_text_puts(out, "&amp;");
        break;
    case '<':
        tfu_text_puts(out, "&lt;");
        break;
    case '>':
        tfu_text_puts(out, "&gt;");
        break;
    case '"':
        tfu_text_puts(out, "&quot;");
        break;
    case '\'':
        tfu_text_puts(out, "&#39;");
        break;
    default:
        tfu_text_append(out, bytes, n);
    }
}

const struct tfu_markup tfu_markup_html = {
    .letter = html_letter,
    .code_open = "<code>",
    .code_close = "</code>",
    .paragraph_open = "<p>",
    .paragraph_close = "</p>\n",
    .list_open = "<ul>\n",
    .list_close = "</ul>\n",
    .item_open = "<li>",
    .item_close = "</li>\n",
};

/* Within a piece of code nothing has to be escaped but the bar, which ends a cell. */
static void markdown_letter(struct tfu_text *out, uint32_t code, const char *bytes, size_t n,
                            bool in_code)
{
    const bool special = code < 128 && strchr("\\`*_[]<>#|~$", (int)code) != NULL;
    if (code == '|' || (special && !in_code))
        tfu_text_puts(out, "\\");
    if (code == '&' && !in_code)
        tfu_text_puts(out, "&amp;");
    else
        tfu_text_append(out, bytes, n);
}

const struct tfu_markup tfu_markup_markdown = {
    .letter = markdown_letter,
    .code_open = "`",
    .code_close = "`",
    .paragraph_open = "",
    .paragraph_close = "\n\n",
    .list_open = "",
    .list_close = "\n",
    .item_open = "- ",
    .item_close = "\n",
};

/* Letters that pdflatex has no glyph for by themselves. */
static const struct {
    uint32_t code;
    const char *text;
} latex_letters[] = {
    {'\\', "\\textbackslash{}"},
    {'{', "\\{"},
    {'}', "\\}"},
    {'$', "\\$"},
    {'&', "\\&"},
    {'#', "\\#"},
    {'%', "\\%"},
    {'_', "\\_"},
    {'^', "\\textasciicircum{}"},
    {'~', "\\textasciitilde{}"},
    {'<', "\\textless{}"},
    {'>', "\\textgreater{}"},
    {'|', "\\textbar{}"},
    {'"', "\\textquotedbl{}"},
    {'\'', "\\textquotesingle{}"},
    {'`', "\\textasciigrave{}"},
    {'[', "{[}"},
    {']', "{]}"},
    {0xA0, "~"},
    {0xB0, "\\textdegree{}"},
    {0xB1, "\\ensuremath{\\pm}"},
    {0xB2, "\\textsuperscript{2}"},
    {0xB3, "\\textsuperscript{3}"},
    {0xB5, "\\ensuremath{\\mu}"},
    {0xB7, "\\ensuremath{\\cdot}"},
    {0xBC, "\\textonequarter{}"},
    {0xBD, "\\textonehalf{}"},
    {0xBE, "\\textthreequarters{}"},
    {0xD7, "\\ensuremath{\\times}"},
    {0x3B1, "\\ensuremath{\\alpha}"},
    {0x3B2, "\\ensuremath{\\beta}"},
    {0x3BB, "\\ensuremath{\\lambda}"},
    {0x3BC, "\\ensuremath{\\mu}"},
    {0x3C1, "\\ensuremath{\\rho}"},
    {0x3C3, "\\ensuremath{\\sigma}"},
    {0x2013, "--"},
    {0x2014, "---"},
    {0x2018, "`"},
    {0x2019, "'"},
    {0x201C, "``"},
    {0x201D, "''"},
    {0x2026, "\\ldots{}"},
    {0x2192, "\\ensuremath{\\rightarrow}"},
    {0x2212, "\\ensuremath{-}"},
    {0x2248, "\\ensuremath{\\approx}"},
    {0x25B2, "\\ensuremath{\\uparrow}"},
    {0x25BC, "\\ensuremath{\\downarrow}"},
    {0x2260, "\\ensuremath{\\neq}"},
    {0x2264, "\\ensuremath{\\leq}"},
    {0x2265, "\\ensuremath{\\geq}"},
};

/* What the T1 encoding of the document has. */
static bool latex_has(uint32_t code)
{
    return code < 128 || (code >= 0xC0 && code <= 0xFF && code != 0xD7 && code != 0xF7);
}

/* Others are said by their number under pdflatex, and printed by XeLaTeX and LuaLaTeX. */
static void latex_letter(struct tfu_text *out, uint32_t code, const char *bytes, size_t n,
                         bool in_code)
{
    for (size_t i = 0; i < TFU_COUNT(latex_letters); i++) {
        if (latex_letters[i].code != code)
            continue;
        tfu_text_puts(out, latex_letters[i].text);
        return;
    }
    if (!latex_has(code)) {
        tfu_text_printf(out, "\\otherletter{U+%04X}{", (unsigned)code);
        tfu_text_append(out, bytes, n);
        tfu_text_puts(out, "}");
    } else if (code == '-' && in_code) {
        tfu_text_puts(out, "-{}"); /* two of them are no dash */
    } else {
        tfu_text_append(out, bytes, n);
    }
}

const struct tfu_markup tfu_markup_latex = {
    .letter = latex_letter,
    .code_open = "\\texttt{",
    .code_close = "}",
    .paragraph_open = "",
    .paragraph_close = "\n\n",
    .list_open = "\\begin{itemize}\n",
    .list_close = "\\end{itemize}\n\n",
    .item_open = "\\item ",
    .item_close = "\n",
};
