/* SPDX-License-Identifier: MIT */
#include "core/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct tfu_text *t, size_t more)
{
    if (t->failed || more >= SIZE_MAX / 2 - t->length) {
        t->failed = true;
        return false;
    }
    const size_t need = t->length + more + 1;
    if (need <= t->capacity)
        return true;
    const size_t capacity = need * 2 > 64 ? need * 2 : 64;
    char *data = realloc(t->data, capacity);
    if (!data) {
        t->failed = true;
        return false;
    }
    t->data = data;
    t->capacity = capacity;
    return true;
}

void tfu_text_append(struct tfu_text *t, const char *bytes, size_t n)
{
    if (!reserve(t, n))
        return;
    memcpy(t->data + t->length, bytes, n);
    t->length += n;
    t->data[t->length] = '\0';
}

void tfu_text_puts(struct tfu_text *t, const char *s)
{
    tfu_text_append(t, s, strlen(s));
}

void tfu_text_printf_v(struct tfu_text *t, const char *fmt, va_list args)
{
    char most[256]; /* printf() is slow: what fits is made once */
    va_list again;
    va_copy(again, args);
    const int n = vsnprintf(most, sizeof most, fmt, again);
    va_end(again);
    if (n < 0 || !reserve(t, (size_t)n)) {
        t->failed = true;
        return;
    }
    if ((size_t)n < sizeof most)
        memcpy(t->data + t->length, most, (size_t)n + 1);
    else
        vsnprintf(t->data + t->length, (size_t)n + 1, fmt, args);
    t->length += (size_t)n;
}

void tfu_text_printf(struct tfu_text *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    tfu_text_printf_v(t, fmt, args);
    va_end(args);
}

const char *tfu_number_text(double v, char text[TFU_NUMBER_SIZE])
{
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, TFU_NUMBER_SIZE, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    return text;
}

bool tfu_text_same_but_blanks(const char *a, const char *b)
{
    while (*a && *b) {
        a += strspn(a, " ");
        b += strspn(b, " ");
        if (*a != *b)
            return false;
        a += *a != '\0';
        b += *b != '\0';
    }
    return !*a && !*b;
}

const char *tfu_text_get(const struct tfu_text *t)
{
    return t->data ? t->data : "";
}

void tfu_text_free(struct tfu_text *t)
{
    free(t->data);
    *t = (struct tfu_text)TFU_TEXT_INIT;
}

enum { WORD_MAX = 64 };

/* Edits (insert, delete, replace, swap of neighbours) from `a` to `b`; WORD_MAX when one is longer
 * than WORD_MAX. Damerau 1964, in its restricted form. */
static size_t edit_distance(const char *a, const char *b)
{
    const size_t n = strlen(a), m = strlen(b);
    if (n > WORD_MAX || m > WORD_MAX)
        return WORD_MAX;
    size_t row[3][WORD_MAX + 1];
    size_t *before = row[0], *above = row[1], *here = row[2];
    for (size_t j = 0; j <= m; j++)
        above[j] = j;
    for (size_t i = 1; i <= n; i++) {
        here[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (here[j - 1] + 1 < best)
                best = here[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            here[j] = best;
        }
        size_t *oldest = before;
        before = above;
        above = here;
        here = oldest;
    }
    return above[m];
}

const char *tfu_text_nearest(const char *word, const char *const *candidate, size_t count)
{
    /* a third of the word may be wrong, and never more than three letters */
    size_t limit = strlen(word) / 3 + 1;
    if (limit > 3)
        limit = 3;
    const char *nearest = NULL;
    size_t best = limit + 1;
    for (size_t i = 0; i < count; i++) {
        const size_t d = edit_distance(word, candidate[i]);
        if (d < best && d < strlen(candidate[i])) {
            best = d;
            nearest = candidate[i];
        }
    }
    return nearest;
}

void tfu_text_put_advice(struct tfu_text *t, const char *word, const char *const *candidate,
                         size_t count)
{
    const char *nearest = tfu_text_nearest(word, candidate, count);
    if (nearest)
        tfu_text_printf(t, "; did you mean '%s'?", nearest);
    else if (count == 0)
        tfu_text_puts(t, "; it has none");
    for (size_t i = 0; !nearest && i < count; i++)
        tfu_text_printf(t, "%s%s", i ? ", " : "; it has ", candidate[i]);
}

bool tfu_text_glob(const char *pattern, const char *s)
{
    const char *star = NULL, *retry = NULL;
    while (*s) {
        if (*pattern == '*') {
            star = pattern++;
            retry = s;
        } else if (*pattern == '?' || *pattern == *s) {
            pattern++;
            s++;
        } else if (star) {
            pattern = star + 1;
            s = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool tfu_text_glob_any(const char *const *pattern, size_t count, const char *s)
{
    for (size_t i = 0; i < count; i++)
        if (tfu_text_glob(pattern[i], s))
            return true;
    return false;
}

void tfu_text_dims(struct tfu_text *t, size_t rank, const int64_t *dim)
{
    tfu_text_puts(t, "[");
    for (size_t i = 0; i < rank; i++)
        tfu_text_printf(t, "%s%lld", i ? ", " : "", (long long)dim[i]);
    tfu_text_puts(t, "]");
}
