/* SPDX-License-Identifier: MIT */
#include "core/base/utf8.h"

size_t tfu_utf8_decode(const char *s, size_t n, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)s;
    *code = 0;
    if (n == 0)
        return 0;
    const size_t length = p[0] < 0x80                   ? 1
                          : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
                          : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
                          : p[0] >= 0xf0 && p[0] < 0xf5 ? 4
                                                        : 0;
    if (length == 0 || length > n)
        return 0;
    uint32_t value = length == 1 ? p[0] : p[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (p[i] & 0x3f);
    }
    /* overlong forms, surrogates, beyond Unicode */
    if ((length == 3 && value < 0x800) || (length == 4 && value < 0x10000) ||
        (value >= 0xd800 && value < 0xe000) || value > 0x10ffff)
        return 0;
    *code = value;
    return length;
}

size_t tfu_utf8_line_end(const char *s, size_t n)
{
    uint32_t code;
    const size_t length = tfu_utf8_decode(s, n, &code);
    if (code == '\r')
        return n > 1 && s[1] == '\n' ? 2 : 1;
    return code == '\n' || code == 0x85 || code == 0x2028 || code == 0x2029 ? length : 0;
}

int tfu_utf8_width(const char *s)
{
    int n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

bool tfu_utf8_printable(uint32_t code)
{
    return (code >= 0x20 && code < 0x7f) ||
           (code >= 0xa0 && code < 0xfffe && code != 0x2028 && code != 0x2029 && code != 0xfeff) ||
           code >= 0x10000;
}

const char *tfu_utf8_line(const char *text, size_t length, int line, size_t *n)
{
    const char *p = text, *end = text + length;
    for (int i = 1; i < line && p < end; i++) {
        size_t skip = 0;
        while (p < end && (skip = tfu_utf8_line_end(p, (size_t)(end - p))) == 0)
            p++;
        p += skip;
    }
    *n = 0;
    while (p + *n < end && tfu_utf8_line_end(p + *n, (size_t)(end - p) - *n) == 0)
        ++*n;
    return p;
}
