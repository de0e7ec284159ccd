/* SPDX-License-Identifier: MIT */
#include "dicom_set.h"

#include <string.h>

#define ITEM         DICOM_TAG(0xfffe, 0xe000)
#define ITEM_END     DICOM_TAG(0xfffe, 0xe00d)
#define SEQUENCE_END DICOM_TAG(0xfffe, 0xe0dd)
#define UNDEFINED    UINT32_C(0xffffffff)

enum { DEPTH_MAX = 16, HEADER = 8 };

/* ---- numbers */

static uint32_t number(const struct dicom_set *s, size_t at, size_t bytes)
{
    uint32_t v = 0;
    for (size_t i = 0; i < bytes; i++)
        v = v << 8 | s->bytes[s->is_little ? at + bytes - 1 - i : at + i];
    return v;
}

static uint32_t tag_at(const struct dicom_set *s, size_t at)
{
    return number(s, at, 2) << 16 | number(s, at + 2, 2);
}

static struct dicom_set part(const struct dicom_set *s, size_t at, size_t size)
{
    struct dicom_set p = *s;
    p.bytes += at;
    p.size = size;
    return p;
}

/* ---- elements */

static int has_long_length(const char *vr)
{
    static const char *const those[] = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ",
                                        "SV", "UC", "UN", "UR", "UT", "UV"};
    for (size_t i = 0; i < sizeof those / sizeof *those; i++)
        if (strcmp(vr, those[i]) == 0)
            return 1;
    return 0;
}

/* Tag, kind and length; `*at` is behind them. */
static int read_header(const struct dicom_set *s, size_t *at, struct dicom_element *e,
                       uint32_t *length)
{
    if (*at > s->size || s->size - *at < HEADER)
        return 0;
    *e = (struct dicom_element){.tag = tag_at(s, *at), .value = *s};
    if (!s->is_explicit || e->tag >> 16 == 0xfffe) {
        *length = number(s, *at + 4, 4);
        *at += HEADER;
        return 1;
    }
    memcpy(e->vr, s->bytes + *at + 4, 2);
    *length = number(s, *at + 6, 2);
    *at += HEADER;
    if (!has_long_length(e->vr))
        return 1;
    if (s->size - *at < 4)
        return 0;
    *length = number(s, *at, 4);
    *at += 4;
    return 1;
}

/* What is to be looked at of a set, and how much of it is left. */
struct walk {
    size_t left;       /* elements */
    size_t damaged_at; /* the first place, from the beginning of the outermost set */
    const unsigned char *first;
};

static int skip_items(const struct dicom_set *s, size_t *at, struct walk *w, int depth);

static int damaged(struct walk *w, const struct dicom_set *s, size_t at)
{
    if (!w->damaged_at)
        w->damaged_at = (size_t)(s->bytes - w->first) + at;
    return 0;
}

/* Behind the element at `*at`, which is `e`. */
static int skip_element(const struct dicom_set *s, size_t *at, struct dicom_element *e,
                        struct walk *w, int depth)
{
    const size_t begins = *at;
    uint32_t length;
    if (w->left-- == 0 || !read_header(s, at, e, &length))
        return damaged(w, s, begins);
    if (length != UNDEFINED) {
        if (length > s->size - *at)
            return damaged(w, s, begins);
        e->value = part(s, *at, length);
        *at += length;
        return 1;
    }
    const size_t first = *at;
    struct dicom_set inner = *s;
    if (strcmp(e->vr, "UN") == 0) /* what was not known when it was written is as without kinds */
        inner.is_explicit = 0, inner.is_little = 1;
    if (depth >= DEPTH_MAX || !skip_items(&inner, at, w, depth + 1))
        return damaged(w, s, begins);
    e->is_undefined = 1;
    e->value = part(&inner, first, *at - HEADER - first);
    return 1;
}

/* Behind the delimiter that ends the items at `*at`. */
static int skip_items(const struct dicom_set *s, size_t *at, struct walk *w, int depth)
{
    for (;;) {
        struct dicom_element e;
        const size_t begins = *at;
        uint32_t length;
        if (w->left-- == 0 || !read_header(s, at, &e, &length))
            return damaged(w, s, begins);
        if (e.tag == SEQUENCE_END)
            return 1;
        if (e.tag != ITEM || (length != UNDEFINED && length > s->size - *at))
            return damaged(w, s, begins);
        if (length != UNDEFINED) {
            *at += length;
            continue;
        }
        while (s->size - *at < HEADER || tag_at(s, *at) != ITEM_END)
            if (!skip_element(s, at, &e, w, depth))
                return 0;
        *at += HEADER;
    }
}

int dicom_set_next(const struct dicom_set *s, size_t *at, struct dicom_element *out)
{
    struct walk w = {.left = DICOM_ITEM_MAX, .first = s->bytes};
    return skip_element(s, at, out, &w, 0);
}

int dicom_set_is_whole(const struct dicom_set *s, uint32_t last, size_t *damaged_at)
{
    struct walk w = {.left = DICOM_ITEM_MAX, .first = s->bytes};
    struct dicom_element e = {.tag = 0};
    for (size_t at = 0; at < s->size && e.tag < last;)
        if (!skip_element(s, &at, &e, &w, 0)) {
            *damaged_at = w.damaged_at;
            return 0;
        }
    return 1;
}

int dicom_set_find(const struct dicom_set *s, uint32_t tag, struct dicom_element *out)
{
    for (size_t at = 0; at < s->size;) {
        if (!dicom_set_next(s, &at, out))
            return 0;
        if (out->tag == tag)
            return 1;
    }
    return 0;
}

int dicom_set_next_item(const struct dicom_element *sequence, size_t *at, struct dicom_set *out)
{
    const struct dicom_set *s = &sequence->value;
    if (s->size - *at < HEADER)
        return 0;
    const uint32_t tag = tag_at(s, *at), length = number(s, *at + 4, 4);
    struct walk w = {.left = DICOM_ITEM_MAX, .first = s->bytes};
    struct dicom_element e;
    *at += HEADER;
    if (tag != ITEM || (length != UNDEFINED && length > s->size - *at))
        return 0;
    const size_t first = *at;
    if (length != UNDEFINED)
        *at += length;
    else
        while (s->size - *at < HEADER || tag_at(s, *at) != ITEM_END)
            if (!skip_element(s, at, &e, &w, 1))
                return 0;
    *out = part(s, first, *at - first);
    if (length == UNDEFINED)
        *at += HEADER;
    return 1;
}

int dicom_set_item(const struct dicom_element *sequence, size_t i, struct dicom_set *out)
{
    size_t at = 0;
    while (dicom_set_next_item(sequence, &at, out))
        if (i-- == 0)
            return 1;
    return 0;
}

/* ---- values */

uint32_t dicom_element_short(const struct dicom_element *e, size_t i)
{
    return e->value.size / 2 > i ? number(&e->value, 2 * i, 2) : 0;
}

void dicom_element_text(const struct dicom_element *e, char *out, size_t size)
{
    const char *from = (const char *)e->value.bytes;
    size_t n = e->value.size;
    while (n > 0 && (from[n - 1] == ' ' || from[n - 1] == '\0'))
        n--;
    while (n > 0 && *from == ' ')
        from++, n--;
    n = n < size - 1 ? n : size - 1;
    memcpy(out, from, n);
    out[n] = '\0';
}

/* A number as text, without regard to the locale: digits and the power of ten that they have. */
static int parse(const char *s, size_t n, double *out)
{
    double v = 0, scale = 1;
    long power = 0, digits = 0;
    size_t i = 0;
    while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\0'))
        n--;
    while (i < n && s[i] == ' ')
        i++;
    const int is_negative = i < n && s[i] == '-';
    i += i < n && (s[i] == '-' || s[i] == '+');
    for (int point = 0; i < n && ((s[i] >= '0' && s[i] <= '9') || (s[i] == '.' && !point)); i++) {
        if (s[i] == '.') {
            point = 1;
            continue;
        }
        v = v * 10 + (s[i] - '0');
        power -= point;
        digits++;
    }
    if (digits == 0 || digits > 64)
        return 0;
    if (i < n && (s[i] == 'e' || s[i] == 'E')) {
        long e = 0;
        const int is_small = ++i < n && s[i] == '-';
        i += i < n && (s[i] == '-' || s[i] == '+');
        for (; i < n && s[i] >= '0' && s[i] <= '9' && e < 1000; i++)
            e = e * 10 + (s[i] - '0');
        power += is_small ? -e : e;
    }
    if (i != n || power > 64 || power < -64)
        return 0;
    for (long k = power < 0 ? -power : power; k > 0; k--)
        scale *= 10;
    v = power < 0 ? v / scale : v * scale;
    *out = is_negative ? -v : v;
    return 1;
}

int dicom_element_decimal(const struct dicom_element *e, size_t i, double *out)
{
    const char *s = (const char *)e->value.bytes;
    size_t n = e->value.size;
    for (; i > 0; i--) {
        const char *next = memchr(s, '\\', n);
        if (!next)
            return 0;
        n -= (size_t)(next + 1 - s);
        s = next + 1;
    }
    const char *end = memchr(s, '\\', n);
    return parse(s, end ? (size_t)(end - s) : n, out);
}
