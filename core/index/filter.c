/* SPDX-License-Identifier: MIT */
#include "core/index/filter.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool tfu_filter_is(const char *word)
{
    return strpbrk(word, "=<>") != NULL;
}

/* ---- reading */

static bool take_sign(const char *at, enum tfu_filter_sign *sign, size_t *length)
{
    static const struct {
        const char *text;
        enum tfu_filter_sign sign;
    } signs[] = {{"!=", TFU_FILTER_UNEQUAL},  {"<=", TFU_FILTER_AT_MOST},
                 {">=", TFU_FILTER_AT_LEAST}, {"==", TFU_FILTER_EQUAL},
                 {"=", TFU_FILTER_EQUAL},     {"<", TFU_FILTER_LESS},
                 {">", TFU_FILTER_MORE}};
    for (size_t i = 0; i < TFU_COUNT(signs); i++)
        if (strncmp(at, signs[i].text, strlen(signs[i].text)) == 0) {
            *sign = signs[i].sign;
            *length = strlen(signs[i].text);
            return true;
        }
    return false;
}

/* 2026-03-01, 2026-03-01T14:00:00; or so long before now: 90s, 30m, 12h, 2d, 3w. */
static bool read_time(const char *text, int64_t now, double *out)
{
    static const struct {
        char letter;
        double seconds;
    } unit[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    struct tm utc = {.tm_isdst = 0};
    const char *end = strptime(text, "%Y-%m-%d", &utc);
    if (end && (*end == 'T' || *end == ' '))
        end = strptime(end + 1, "%H:%M:%S", &utc);
    if (end && *end == 'Z')
        end++;
    if (end && !*end) {
        *out = (double)timegm(&utc);
        return true;
    }
    char *rest;
    const double v = strtod(text, &rest);
    for (size_t i = 0; rest != text && v >= 0 && i < TFU_COUNT(unit); i++)
        if (rest[0] == unit[i].letter && !rest[1]) {
            *out = (double)now - v * unit[i].seconds;
            return true;
        }
    return false;
}

static bool read_number(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && !isnan(*out);
}

/* Commas outside of brackets part the values: "a,b", but not "[1, 2]". */
static bool split(struct tfu_index_filter *f, const char *text, struct tfu_arena *arena)
{
    f->value = tfu_arena_array(arena, strlen(text) + 1, sizeof *f->value);
    if (!f->value)
        return false;
    int depth = 0;
    for (const char *begin = text, *at = text;; at++) {
        depth += *at == '[' || *at == '{';
        depth -= *at == ']' || *at == '}';
        if (*at && (*at != ',' || depth > 0))
            continue;
        f->value[f->values] = tfu_arena_strndup(arena, begin, (size_t)(at - begin));
        if (!f->value[f->values++])
            return false;
        if (!*at)
            return true;
        begin = at + 1;
    }
}

static bool is_time(const char *key)
{
    return strcmp(key, "started") == 0 || strcmp(key, "updated") == 0;
}

static enum tfu_status read_bound(struct tfu_index_filter *f, const char *text, int64_t now,
                                  struct tfu_error *e)
{
    if (is_time(f->key))
        return read_time(text, now, &f->bound)
                   ? TFU_OK
                   : tfu_error_set(e, TFU_EINVAL,
                                   "%s: '%s' is no time; write 90s, 30m, 12h, 2d or 3w for so long "
                                   "ago, or a day as 2026-03-01",
                                   f->text, text);
    return read_number(text, &f->bound)
               ? TFU_OK
               : tfu_error_set(e, TFU_EINVAL, "%s: '%s' is no number, which < and > compare with",
                               f->text, text);
}

enum tfu_status tfu_filter_parse(struct tfu_index_filter *out, const char *word, int64_t now,
                                 struct tfu_arena *arena, struct tfu_error *e)
{
    struct tfu_index_filter *f = out;
    const size_t n = strcspn(word, "=<>!");
    size_t length = 0;
    *f = (struct tfu_index_filter){.text = word, .bound = NAN};
    if (!take_sign(word + n, &f->sign, &length) || n == 0)
        return tfu_error_set(
            e, TFU_EINVAL,
            "'%s' is no filter: write KEY=VALUE, or != < <= > >= in the place of =", word);
    f->key = tfu_arena_strndup(arena, word, n);
    const char *text = tfu_arena_strdup(arena, word + n + length);
    if (!f->key || !text)
        return tfu_error_memory(e, "reading a filter", 0);
    f->whole = text;
    const bool since = strcmp(f->key, "since") == 0, before = strcmp(f->key, "before") == 0;
    if ((since || before) && f->sign != TFU_FILTER_EQUAL)
        return tfu_error_set(e, TFU_EINVAL, "%s: `%s` goes with = alone, as in %s=2d", word, f->key,
                             f->key);
    if (since || before) {
        f->key = "updated";
        f->sign = since ? TFU_FILTER_AT_LEAST : TFU_FILTER_LESS;
    }
    if (f->sign == TFU_FILTER_EQUAL || f->sign == TFU_FILTER_UNEQUAL)
        return split(f, text, arena) ? TFU_OK : tfu_error_memory(e, "reading a filter", 0);
    f->value = tfu_arena_alloc(arena, sizeof *f->value);
    if (!f->value)
        return tfu_error_memory(e, "reading a filter", 0);
    f->value[f->values++] = text;
    return read_bound(f, text, now, e);
}

/* ---- comparing */

static bool is_digits(const char *text)
{
    return text[0] && !text[strspn(text, "0123456789")];
}

/* Whole numbers that a double does not tell apart are not the same, nor are those that are too
 * large for one. */
static bool is_one(const char *is, double number, const char *value)
{
    double v;
    if (!isnan(number) && is_digits(is) && is_digits(value))
        return strcmp(is + strspn(is, "0"), value + strspn(value, "0")) == 0;
    if ((isfinite(number) || (isinf(number) && !is[0])) && read_number(value, &v))
        return number >= v && number <= v;
    return strpbrk(value, "*?") ? tfu_text_glob(value, is) : tfu_text_same_but_blanks(is, value);
}

/* "a,b" is a run of two sweeps. */
static bool is_one_of_list(const char *is, const char *value)
{
    for (const char *at = is; *at;) {
        char item[256];
        const size_t n = strcspn(at, ",");
        snprintf(item, sizeof item, "%.*s", (int)(n < sizeof item ? n : sizeof item - 1), at);
        if (is_one(item, NAN, value))
            return true;
        at += n + (at[n] == ',');
    }
    return false;
}

static bool equals(const struct tfu_index_filter *f, const struct tfu_index_run *run,
                   const struct tfu_index_value *v)
{
    const bool is_sweep = strcmp(f->key, "sweep") == 0, is_name = strcmp(f->key, "name") == 0;
    if (v->there && f->values > 1 && v->text && strcmp(v->text, f->whole) == 0)
        return true; /* the name of a value may have commas */
    for (size_t i = 0; v->there && i < f->values; i++) {
        const char *is = is_name && strchr(f->value[i], '/') ? run->path : v->text;
        if (!is)
            is = ""; /* a number that is not defined is no number */
        if (is_sweep ? is_one_of_list(is, f->value[i]) : is_one(is, v->number, f->value[i]))
            return true;
    }
    return false;
}

bool tfu_filter_fits(const struct tfu_index_filter *f, const struct tfu_index_run *run,
                     const struct tfu_index_value *v)
{
    switch (f->sign) {
    case TFU_FILTER_EQUAL:
        return equals(f, run, v);
    case TFU_FILTER_UNEQUAL:
        return !equals(f, run, v);
    case TFU_FILTER_LESS:
        return v->number < f->bound;
    case TFU_FILTER_AT_MOST:
        return v->number <= f->bound;
    case TFU_FILTER_MORE:
        return v->number > f->bound;
    case TFU_FILTER_AT_LEAST:
        return v->number >= f->bound;
    }
    return false;
}

static bool is_pattern(const char *value)
{
    return strpbrk(value, "*?") != NULL;
}

static enum tfu_status check_state(const struct tfu_index_filter *f, struct tfu_error *e)
{
    const char *names[TFU_INDEX_STATES];
    for (enum tfu_index_state s = TFU_INDEX_DONE; s < TFU_INDEX_STATES; s++)
        names[s] = tfu_index_state_name(s);
    for (size_t i = 0; i < f->values; i++) {
        bool found = is_pattern(f->value[i]);
        for (size_t s = 0; s < TFU_INDEX_STATES; s++)
            found |= strcmp(f->value[i], names[s]) == 0;
        if (found)
            continue;
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_text_put_advice(&text, f->value[i], names, TFU_INDEX_STATES);
        tfu_error_set(e, TFU_EINVAL, "%s: '%s' is no state of a run%s", f->text, f->value[i],
                      tfu_text_get(&text));
        tfu_text_free(&text);
        return TFU_EINVAL;
    }
    return TFU_OK;
}

static enum tfu_status check_sweep(struct tfu_index *x, const struct tfu_index_filter *f,
                                   struct tfu_error *e)
{
    struct tfu_arena arena;
    const char **name;
    size_t count;
    tfu_arena_init(&arena, 0);
    enum tfu_status st = tfu_index_sweep_names(x, &arena, &name, &count, e);
    for (size_t i = 0; st == TFU_OK && i < f->values; i++) {
        bool found = is_pattern(f->value[i]);
        for (size_t k = 0; k < count; k++)
            found |= strcmp(f->value[i], name[k]) == 0;
        if (found)
            continue;
        struct tfu_text text = TFU_TEXT_INIT;
        tfu_text_put_advice(&text, f->value[i], name, count);
        st = tfu_error_set(e, TFU_ENOTFOUND, "%s: the store '%s' has no sweep of that name%s",
                           f->text, tfu_index_store(x), tfu_text_get(&text));
        tfu_text_free(&text);
    }
    tfu_arena_free(&arena);
    return st;
}

static enum tfu_status check(struct tfu_index *x, const struct tfu_index_filter *f,
                             const struct tfu_index_column *c, struct tfu_error *e)
{
    const bool equal = f->sign == TFU_FILTER_EQUAL || f->sign == TFU_FILTER_UNEQUAL;
    if (equal && strcmp(f->key, "state") == 0)
        return check_state(f, e);
    if (equal && strcmp(f->key, "sweep") == 0)
        return check_sweep(x, f, e);
    if (equal && c->kind == TFU_INDEX_TIME)
        return tfu_error_set(e, TFU_EINVAL, "%s: compare a time by < or >, or write since=2d",
                             f->text);
    double v;
    for (size_t i = 0; equal && c->kind == TFU_INDEX_NUMBER && i < f->values; i++)
        if (!read_number(f->value[i], &v))
            return tfu_error_set(e, TFU_EINVAL, "%s: '%s' is no number, and '%s' is one", f->text,
                                 f->value[i], f->key);
    bool any = equal || c->kind != TFU_INDEX_TEXT || tfu_index_count(x) == 0;
    for (size_t i = 0; !any && i < tfu_index_count(x); i++)
        any = !isnan(c->value[i].number);
    return any ? TFU_OK
               : tfu_error_set(e, TFU_EINVAL, "%s: no run has a number under '%s', to compare with",
                               f->text, f->key);
}

/* Does it name what the run has? */
static bool names(const struct tfu_index_filter *f, const struct tfu_index_run *run,
                  const struct tfu_index_value *v)
{
    return f->sign == TFU_FILTER_UNEQUAL ? equals(f, run, v) : tfu_filter_fits(f, run, v);
}

/* The column `prefix` KEY `suffix`; NULL: there is none. */
static enum tfu_status find_column(struct tfu_index *x, const char *prefix, const char *key,
                                   const char *suffix, const struct tfu_index_column **out,
                                   struct tfu_error *e)
{
    struct tfu_error why = TFU_ERROR_INIT;
    struct tfu_text text = TFU_TEXT_INIT;
    *out = NULL;
    tfu_text_printf(&text, "%s%s%s", prefix, key, suffix);
    enum tfu_status st = text.failed ? tfu_error_memory(&why, "reading a filter", 0)
                                     : tfu_index_column(x, tfu_text_get(&text), out, &why);
    tfu_text_free(&text);
    return st == TFU_OK || st == TFU_ENOTFOUND ? TFU_OK : tfu_error_set(e, st, "%s", why.text);
}

/* `arch` is the plugin, and may be an axis of a sweep whose values are called otherwise: which is
 * meant, where both could be? */
static enum tfu_status check_axis(struct tfu_index *x, const struct tfu_index_filter *f,
                                  const struct tfu_index_column *own, const bool *keep,
                                  struct tfu_error *e)
{
    const struct tfu_index_column *axis, *plugin = NULL;
    size_t of_own = 0, of_axis = 0, apart = 0;
    if (own->is_axis)
        return TFU_OK;
    enum tfu_status st = find_column(x, TFU_INDEX_AXIS, f->key, "", &axis, e);
    for (size_t i = 0; axis && i < tfu_index_count(x); i++) {
        const struct tfu_index_run *run = tfu_index_run(x, i);
        const bool has = names(f, run, &own->value[i]);
        const bool has_on_axis = axis->value[i].there && names(f, run, &axis->value[i]);
        of_own += keep[i] && has;
        of_axis += keep[i] && has_on_axis;
        apart += keep[i] && axis->value[i].there && has != has_on_axis;
    }
    if (st != TFU_OK || of_axis == 0 || apart == 0)
        return st;
    st = find_column(x, "", f->key, ".plugin", &plugin, e);
    if (st != TFU_OK || (of_own && !plugin))
        return st;
    const char *rest = f->text + strcspn(f->text, "=<>!");
    return plugin ? tfu_error_set(e, TFU_EINVAL,
                                  "%s: by the plugin these are %zu runs, and %zu by the axis '%s' "
                                  "of a sweep; write %s.plugin%s or " TFU_INDEX_AXIS "%s%s",
                                  f->text, of_own, of_axis, f->key, f->key, rest, f->key, rest)
                  : tfu_error_set(
                        e, TFU_EINVAL,
                        "%s: no run has that but by the axis '%s' of a sweep; write " TFU_INDEX_AXIS
                        "%s%s",
                        f->text, f->key, f->key, rest);
}

enum tfu_status tfu_filter_apply(struct tfu_index *x, const struct tfu_index_filter *f, bool *keep,
                                 struct tfu_error *e)
{
    const struct tfu_index_column *c;
    enum tfu_status st = tfu_index_column(x, f->key, &c, e);
    if (st == TFU_OK)
        st = check(x, f, c, e);
    if (st == TFU_OK)
        st = check_axis(x, f, c, keep, e);
    for (size_t i = 0; st == TFU_OK && i < tfu_index_count(x); i++)
        keep[i] = keep[i] && tfu_filter_fits(f, tfu_index_run(x, i), &c->value[i]);
    return st;
}
