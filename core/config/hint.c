/* SPDX-License-Identifier: MIT */
#include "core/config/hint.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t span_digits(const char *s)
{
    return strspn(s, "0123456789");
}

bool tfu_hint_is_integer(const char *s)
{
    s += *s == '+' || *s == '-';
    const size_t n = span_digits(s);
    return n > 0 && s[n] == '\0';
}

bool tfu_hint_is_number(const char *s)
{
    s += *s == '+' || *s == '-';
    const size_t before = span_digits(s);
    s += before;
    size_t after = 0;
    if (*s == '.') {
        after = span_digits(s + 1);
        s += 1 + after;
    }
    if (before + after == 0)
        return false;
    if (*s == 'e' || *s == 'E') {
        s++;
        return tfu_hint_is_integer(s);
    }
    return *s == '\0';
}

static bool is_only_quoted(const struct tfu_node *n, bool (*is)(const char *s))
{
    return n->kind == TFU_NODE_SCALAR && n->quoted && is(n->text);
}

/* "; write 1000" for 1_000; NULL when it is no number without its underscores. */
static const char *grouped_hint(struct tfu_load *l, const char *s)
{
    char digits[32];
    size_t n = 0;
    for (; *s && n < sizeof digits - 1; s++)
        if (*s != '_')
            digits[n++] = *s;
    digits[n] = '\0';
    return *s == '\0' && tfu_hint_is_number(digits) ? tfu_load_printf(l, "; write %s", digits)
                                                    : NULL;
}

/* "; write 15" for 0o17, 0xF and 0b1111; NULL when it is not in another base. */
static const char *base_hint(struct tfu_load *l, const char *s)
{
    const bool negative = *s == '-';
    s += *s == '+' || *s == '-';
    const char *letter = s[0] == '0' && s[1] ? strchr("xXoObB", s[1]) : NULL;
    if (!letter)
        return NULL;
    char *end;
    errno = 0;
    const int base = strchr("xX", *letter) ? 16 : strchr("oO", *letter) ? 8 : 2;
    const long long v = strtoll(s + 2, &end, base);
    if (!isxdigit((unsigned char)s[2]) || *end || errno)
        return "; write it in decimal";
    return tfu_load_printf(l, "; write %s%lld", negative ? "-" : "", v);
}

/* inf, -.inf, NaN */
static bool is_not_finite(const char *s)
{
    s += *s == '+' || *s == '-';
    s += *s == '.';
    return strcasecmp(s, "inf") == 0 || strcasecmp(s, "infinity") == 0 || strcasecmp(s, "nan") == 0;
}

const char *tfu_hint_number(struct tfu_load *l, const struct tfu_node *n, bool integer)
{
    if (n->kind != TFU_NODE_SCALAR || tfu_node_is_null(n))
        return NULL;
    if (is_only_quoted(n, integer ? tfu_hint_is_integer : tfu_hint_is_number))
        return "; in quotes it is a text: write it without them";
    if (n->quoted)
        return NULL;
    const char *hint = strchr(n->text, '_') ? grouped_hint(l, n->text) : NULL;
    if (!hint)
        hint = base_hint(l, n->text);
    if (hint)
        return hint;
    if (strchr(n->text, ':'))
        return "; write it as one decimal number: nothing is counted in sixties here";
    if (strchr(n->text, ','))
        return integer ? "; write the digits without commas" : "; write a point, not a comma";
    if (is_not_finite(n->text))
        return "; numbers have to be finite";
    if (!integer || !tfu_hint_is_number(n->text))
        return NULL;
    const double value = strtod(n->text, NULL);
    if (value == floor(value) && fabs(value) < 1e15)
        return tfu_load_printf(l, "; write %.0f", value);
    return NULL;
}

const char *tfu_hint_boolean(const char *s)
{
    static const char *const yes[] = {"true", "yes", "on", "y", "t", "1"}, *const no[] = {
                                                                               "false", "no", "off",
                                                                               "n",     "f",  "0"};
    for (size_t i = 0; i < TFU_COUNT(yes); i++) {
        if (strcasecmp(s, yes[i]) == 0)
            return "; write true";
        if (strcasecmp(s, no[i]) == 0)
            return "; write false";
    }
    return NULL;
}
