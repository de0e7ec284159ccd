/* SPDX-License-Identifier: MIT */
#include "core/report/words.h"

#include <string.h>

#include "core/config/hint.h"

/* May a name begin here? */
static bool begins(const char *text, const char *p)
{
    return p == text || strchr(" (\n'", p[-1]);
}

/* May it end before `p`? */
static bool ends(const char *p)
{
    return !*p || strchr(" ,;:)\n'", *p) || (*p == '.' && (!p[1] || strchr(" \n", p[1])));
}

/* The longest value of the axis that `p` begins with; TFU_REPORT_NONE: none. */
static size_t value_at(const struct tfu_report_axis *a, const char *p, size_t *length)
{
    size_t found = TFU_REPORT_NONE;
    for (size_t v = 0; v < a->count; v++) {
        const size_t n = strlen(a->value[v]);
        if (n && (found == TFU_REPORT_NONE || n > *length) && strncmp(p, a->value[v], n) == 0 &&
            ends(p + n)) {
            found = v;
            *length = n;
        }
    }
    return found;
}

/* "AXIS=VALUE" at `p`, its words into `out`; returns its length, 0: there is none. */
static size_t put_named(struct tfu_text *out, const struct tfu_report_cases *c, const char *p)
{
    for (size_t i = 0; i < c->axes; i++) {
        const struct tfu_report_axis *a = &c->axis[i];
        const size_t n = strlen(a->name);
        size_t length;
        if (strncmp(p, a->name, n) != 0 || p[n] != '=')
            continue;
        const size_t v = value_at(a, p + n + 1, &length);
        if (v == TFU_REPORT_NONE)
            continue;
        tfu_report_put_axis_value(out, a, v);
        return n + 1 + length;
    }
    return 0;
}

/* A value with words that stands for itself: "random" or "random: ...". A number may be of
 * anything. */
static size_t put_alone(struct tfu_text *out, const struct tfu_report_cases *c, const char *p)
{
    for (size_t i = 0; i < c->axes; i++) {
        const struct tfu_report_axis *a = &c->axis[i];
        size_t length;
        const size_t v = value_at(a, p, &length);
        if (v == TFU_REPORT_NONE || a->value_word[v] == a->value[v] ||
            tfu_hint_is_number(a->value[v]) || (p[length] && strncmp(p + length, ": ", 2) != 0))
            continue;
        tfu_text_puts(out, a->value_word[v]);
        return length;
    }
    return 0;
}

/* Does a text or a sentence begin here? */
static bool is_head(const char *text, const char *p)
{
    return p == text || p[-1] == '\n' || (p - text > 1 && p[-1] == ' ' && p[-2] == '.');
}

void tfu_report_words_put(struct tfu_text *out, const struct tfu_report_cases *c, const char *text)
{
    bool named = false; /* the last name ends where we are */
    for (const char *p = text; *p;) {
        const bool between = named && *p == ' '; /* two names: parts of one */
        struct tfu_text words = TFU_TEXT_INIT;
        const char *at = p + between;
        size_t n = begins(text, at) ? put_named(&words, c, at) : 0;
        named = n > 0;
        if (n)
            tfu_text_printf(out, "%s%s", between ? c->between : "", tfu_text_get(&words));
        else if (begins(text, p) && is_head(text, p) && (n = put_alone(&words, c, p)))
            tfu_text_puts(out, tfu_text_get(&words));
        else
            tfu_text_append(out, p, 1);
        p = n ? (named ? at : p) + n : p + 1;
        out->failed |= words.failed;
        tfu_text_free(&words);
    }
}
