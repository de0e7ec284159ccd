/* SPDX-License-Identifier: MIT */
#include "core/report/svg_inline.h"

#include <string.h>

#include "core/report/markup.h"

struct reader {
    const char *at, *end;
    struct tfu_text *out;
    const struct tfu_svg_words *words;
    bool said; /* the words are there */
};

static enum tfu_status refuse(struct tfu_error *e, const char *what)
{
    return tfu_error_set(e, TFU_ECORRUPT, "the drawing holds %s; draw it again by its script",
                         what);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool starts(const char *s, const char *end, const char *word)
{
    const size_t n = strlen(word);
    return (size_t)(end - s) >= n && memcmp(s, word, n) == 0;
}

static bool equals(const char *s, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(s, word, n) == 0;
}

/* ---- attributes */

/* A value, its "url(#...)" with the prefix. */
static void put_value(struct reader *r, const char *s, size_t n)
{
    const char *end = s + n;
    for (; s < end; s++) {
        if (starts(s, end, "url(#")) {
            tfu_text_printf(r->out, "url(#%s-", r->words->prefix);
            s += 4;
        } else {
            tfu_text_append(r->out, s, 1);
        }
    }
}

static enum tfu_status put_attribute(struct reader *r, const char *name, size_t name_n,
                                     const char *value, size_t n, char quote, struct tfu_error *e)
{
    const bool refers = equals(name, name_n, "xlink:href") || equals(name, name_n, "href");
    if (name_n > 2 && name[0] == 'o' && name[1] == 'n')
        return refuse(e, "a script");
    if (name_n >= 5 && memcmp(name, "xmlns", 5) == 0)
        return TFU_OK; /* a page has them by itself */
    if (equals(name, name_n, "id") && starts(value, value + n, "gnuplot_"))
        return TFU_OK; /* nothing refers to these, and two panels have the same ones */
    if (refers && !starts(value, value + n, "#") && !starts(value, value + n, "data:image/"))
        return refuse(e, "a file of elsewhere");
    tfu_text_puts(r->out, " ");
    tfu_text_append(r->out, name, name_n);
    tfu_text_printf(r->out, "=%c", quote);
    if (equals(name, name_n, "id"))
        tfu_text_printf(r->out, "%s-", r->words->prefix);
    if (refers && value[0] == '#') {
        tfu_text_printf(r->out, "#%s-", r->words->prefix);
        value++;
        n--;
    }
    put_value(r, value, n);
    tfu_text_append(r->out, &quote, 1);
    return TFU_OK;
}

/* Up to and without the end of the tag. */
static enum tfu_status put_attributes(struct reader *r, struct tfu_error *e)
{
    for (;;) {
        while (r->at < r->end && is_blank(*r->at))
            r->at++;
        if (r->at >= r->end)
            return refuse(e, "half of a tag");
        if (*r->at == '>' || *r->at == '/')
            return TFU_OK;
        const char *name = r->at;
        while (r->at < r->end && *r->at != '=' && *r->at != '>' && !is_blank(*r->at))
            r->at++;
        const size_t name_n = (size_t)(r->at - name);
        while (r->at < r->end && (*r->at == '=' || is_blank(*r->at)))
            r->at++;
        const char quote = r->at < r->end ? *r->at : '\0';
        if (quote != '"' && quote != '\'')
            return refuse(e, "an attribute without quotes");
        const char *value = ++r->at;
        const char *close = memchr(value, quote, (size_t)(r->end - value));
        if (!close)
            return refuse(e, "half of a tag");
        r->at = close + 1;
        const enum tfu_status st =
            put_attribute(r, name, name_n, value, (size_t)(close - value), quote, e);
        if (st != TFU_OK)
            return st;
    }
}

/* ---- tags */

static void put_words(struct reader *r)
{
    const struct tfu_svg_words *w = r->words;
    tfu_text_printf(r->out, "<title id=\"%s-title\">", w->prefix);
    tfu_markup_plain(r->out, &tfu_markup_html, w->title);
    tfu_text_printf(r->out, "</title><desc id=\"%s-desc\">", w->prefix);
    tfu_markup_plain(r->out, &tfu_markup_html, w->description);
    tfu_text_puts(r->out, "</desc>");
    r->said = true;
}

/* Over an element that holds text alone. */
static enum tfu_status skip_element(struct reader *r, const char *closing, struct tfu_error *e)
{
    while (r->at < r->end && !starts(r->at, r->end, closing))
        r->at++;
    if (r->at >= r->end)
        return refuse(e, "half of a tag");
    r->at += strlen(closing);
    return TFU_OK;
}

static enum tfu_status put_opening(struct reader *r, struct tfu_error *e)
{
    const char *name = r->at + 1;
    const char *s = name;
    while (s < r->end && !is_blank(*s) && *s != '>' && *s != '/')
        s++;
    const size_t n = (size_t)(s - name);
    static const char *const refused[] = {"script", "foreignObject", "iframe", "style", "a"};
    for (size_t i = 0; i < TFU_COUNT(refused); i++)
        if (equals(name, n, refused[i]))
            return refuse(e, "a script, a style or a link");
    /* gnuplot says that it made it; we say what it shows */
    if (equals(name, n, "title"))
        return skip_element(r, "</title>", e);
    if (equals(name, n, "desc"))
        return skip_element(r, "</desc>", e);
    const bool root = !r->said;
    if (root && !equals(name, n, "svg"))
        return refuse(e, "something else than an SVG");
    tfu_text_append(r->out, r->at, n + 1);
    r->at = s;
    if (root)
        tfu_text_printf(r->out, " role=\"img\" aria-labelledby=\"%s-title %s-desc\"",
                        r->words->prefix, r->words->prefix);
    const enum tfu_status st = put_attributes(r, e);
    if (st == TFU_OK && root) {
        tfu_text_puts(r->out, ">");
        r->at += r->at < r->end && *r->at == '>';
        put_words(r);
    }
    return st;
}

static enum tfu_status put_tag(struct reader *r, struct tfu_error *e)
{
    if (starts(r->at, r->end, "<!--"))
        return skip_element(r, "-->", e);
    if (starts(r->at, r->end, "<?"))
        return skip_element(r, "?>", e);
    if (starts(r->at, r->end, "<!"))
        return refuse(e, "a declaration");
    if (!starts(r->at, r->end, "</"))
        return put_opening(r, e);
    return TFU_OK;
}

enum tfu_status tfu_svg_put_inline(struct tfu_text *out, const char *svg, size_t n,
                                   const struct tfu_svg_words *words, struct tfu_error *e)
{
    struct reader r = {.at = svg, .end = svg + n, .out = out, .words = words};
    const size_t before = out->length;
    enum tfu_status st = TFU_OK;
    while (st == TFU_OK && r.at < r.end) {
        const char *tag = memchr(r.at, '<', (size_t)(r.end - r.at));
        const size_t plain = tag ? (size_t)(tag - r.at) : (size_t)(r.end - r.at);
        if (r.said)
            tfu_text_append(out, r.at, plain);
        r.at += plain;
        if (!tag)
            break;
        st = put_tag(&r, e);
        /* a closing tag, and the end of an opening one, are plain */
        if (st == TFU_OK && r.at == tag) {
            tfu_text_append(out, r.at, 1);
            r.at++;
        }
    }
    if (st == TFU_OK && !r.said)
        st = refuse(e, "no drawing");
    if (st != TFU_OK && !out->failed) {
        out->length = before;
        if (out->data)
            out->data[before] = '\0';
    }
    return st;
}
