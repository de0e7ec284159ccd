/* SPDX-License-Identifier: MIT */
#include "core/result/label.h"

#include <string.h>

#include "core/base/utf8.h"

/* Bytes of the character that a clean text goes on with. */
static size_t character(const char *s)
{
    size_t n = 1;
    while (((unsigned char)s[n] & 0xc0) == 0x80)
        n++;
    return n;
}

static const char *skip(const char *s, size_t characters)
{
    while (characters-- > 0)
        s += character(s);
    return s;
}

size_t tfu_label_length(const char *s)
{
    size_t n = 0;
    for (size_t left = strlen(s); left > 0; n++) {
        uint32_t code;
        const size_t bytes = tfu_utf8_decode(s, left, &code);
        s += bytes ? bytes : 1;
        left -= bytes ? bytes : 1;
    }
    return n;
}

static void clean_all(struct tfu_text *out, const char *s)
{
    for (size_t left = strlen(s); left > 0;) {
        uint32_t code;
        const size_t n = tfu_utf8_decode(s, left, &code);
        if (n == 0)
            tfu_text_puts(out, "?");
        else if (!tfu_utf8_printable(code))
            tfu_text_puts(out, " ");
        else
            tfu_text_append(out, s, n);
        s += n ? n : 1;
        left -= n ? n : 1;
    }
}

void tfu_label_clean(struct tfu_text *out, const char *s, size_t most)
{
    const size_t length = tfu_label_length(s);
    struct tfu_text all = TFU_TEXT_INIT;
    clean_all(&all, s);
    out->failed |= all.failed;
    const char *text = tfu_text_get(&all);
    if (length <= most) {
        tfu_text_puts(out, text);
    } else if (most > 0 && !all.failed) {
        const size_t head = most / 2, tail = most - 1 - head;
        tfu_text_append(out, text, (size_t)(skip(text, head) - text));
        tfu_text_puts(out, "…");
        tfu_text_puts(out, skip(text, length - tail));
    }
    tfu_text_free(&all);
}

void tfu_label_quote(struct tfu_text *out, const char *clean)
{
    tfu_text_puts(out, "'");
    for (; *clean; clean++)
        if (*clean == '\'')
            tfu_text_puts(out, "'.quote.'");
        else
            tfu_text_append(out, clean, 1);
    tfu_text_puts(out, "'");
}

void tfu_label_quote_tic(struct tfu_text *out, const char *clean)
{
    struct tfu_text doubled = TFU_TEXT_INIT;
    for (; *clean; clean++)
        tfu_text_append(&doubled, *clean == '%' ? "%%" : clean, *clean == '%' ? 2 : 1);
    tfu_label_quote(out, tfu_text_get(&doubled));
    out->failed |= doubled.failed;
    tfu_text_free(&doubled);
}

size_t tfu_label_wrap(const char *clean, size_t width, const char **next)
{
    const char *end = clean, *blank = NULL;
    size_t n = 0;
    for (; *end && n < width; end += character(end), n++)
        if (*end == ' ' && end > clean)
            blank = end;
    if (*end && *end != ' ' && blank)
        end = blank;
    *next = end;
    while (end > clean && end[-1] == ' ')
        end--;
    while (**next == ' ')
        ++*next;
    return (size_t)(end - clean);
}
