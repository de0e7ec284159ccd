/* SPDX-License-Identifier: MIT */
#include "core/train/cohort.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/config/scored.h"

/* ---- values */

/* A word of the attribute, and what it says. */
struct value {
    const char *word;
    double number; /* NaN: it is none */
    int64_t index; /* among the dataset's words */
};

static double number_of(const char *word)
{
    char *end;
    const double x = strtod(word, &end);
    return end > word && *end == '\0' && isfinite(x) ? x : (double)NAN;
}

/* Numbers by size, then words by their letters, then what is not known. */
static int compare(const void *a, const void *b)
{
    const struct value *x = a, *y = b;
    if (!x->word[0] || !y->word[0])
        return (x->word[0] == '\0') - (y->word[0] == '\0');
    if (isnan(x->number) != isnan(y->number))
        return isnan(x->number) ? 1 : -1;
    if (!isnan(x->number) && x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return strcmp(x->word, y->word);
}

/* ---- keys */

/* "gap" is what the difference between the values is called. */
static bool is_taken(const struct tfu_cohorts *c, const char *key)
{
    bool taken = strcmp(key, "gap") == 0;
    for (int64_t i = 0; i < c->count; i++)
        taken = taken || strcmp(c->key[i], key) == 0;
    return taken;
}

/* Adds a value under `text` made a key; where that is taken "_2" comes behind it, and so on. */
static enum tfu_status add(struct tfu_cohorts *c, const char *text, struct tfu_error *e)
{
    char *key = tfu_by_key(text, strlen(text));
    for (int turn = 2; key && is_taken(c, key); turn++) {
        const size_t size = strlen(text) + 32;
        char *base = tfu_by_key(text, strlen(text));
        free(key);
        key = base ? malloc(size) : NULL;
        if (key)
            snprintf(key, size, "%s_%d", base, turn);
        free(base);
    }
    if (!key)
        return tfu_error_memory(e, "grouping examples", 0);
    c->key[c->count++] = key;
    return TFU_OK;
}

/* ---- one value each */

/* How many examples say each of the words. */
static void count_words(const struct tfu_dataset *d, int64_t which, int64_t *count)
{
    const int64_t examples = tfu_dataset_info(d)->count;
    for (int64_t i = 0; i < examples; i++)
        count[tfu_dataset_attribute_value(d, i, which)]++;
}

static enum tfu_status too_many(const char *by, int64_t values, bool numbers, struct tfu_error *e)
{
    if (numbers)
        return tfu_error_set(e, TFU_EINVAL,
                             "attribute '%s' has %lld values, and %d is the most; give the edges "
                             "between groups of them, as `by: %s(40, 60)`",
                             by, (long long)values, TFU_COHORTS_MAX, by);
    return tfu_error_set(e, TFU_EINVAL,
                         "attribute '%s' has %lld values, and %d is the most: it tells examples "
                         "apart rather than groups of them",
                         by, (long long)values, TFU_COHORTS_MAX);
}

/* `number` gets the cohort of each word, `value` those that any example has, in order. */
static enum tfu_status by_word(struct tfu_cohorts *c, const char *by, struct value *value,
                               int64_t values, int32_t *number, struct tfu_error *e)
{
    bool numbers = true;
    for (int64_t i = 0; i < values; i++)
        numbers = numbers && (!value[i].word[0] || !isnan(value[i].number));
    if (values > TFU_COHORTS_MAX)
        return too_many(by, values, numbers, e);
    qsort(value, (size_t)values, sizeof *value, compare);
    enum tfu_status st = TFU_OK;
    for (int64_t i = 0; st == TFU_OK && i < values; i++) {
        number[value[i].index] = (int32_t)c->count;
        st = add(c, value[i].word[0] ? value[i].word : "unknown", e);
    }
    return st;
}

/* ---- ranges of numbers */

static enum tfu_status add_range(struct tfu_cohorts *c, const struct tfu_by *by, size_t i,
                                 struct tfu_error *e)
{
    char text[80];
    if (i == 0)
        snprintf(text, sizeof text, "below %g", by->edge[0]);
    else if (i == by->edges)
        snprintf(text, sizeof text, "%g up", by->edge[i - 1]);
    else
        snprintf(text, sizeof text, "%g to %g", by->edge[i - 1], by->edge[i]);
    return add(c, text, e);
}

/* The range that a number is in: an edge belongs to the one above. */
static size_t range_of(const struct tfu_by *by, double x)
{
    size_t i = 0;
    while (i < by->edges && x >= by->edge[i])
        i++;
    return i;
}

static enum tfu_status by_range(struct tfu_cohorts *c, const struct tfu_by *by,
                                const struct value *value, int64_t values, int32_t *number,
                                struct tfu_error *e)
{
    enum tfu_status st = TFU_OK;
    int32_t at[TFU_BY_EDGES_MAX + 2];
    bool used[TFU_BY_EDGES_MAX + 2] = {false};
    const size_t unknown = by->edges + 1;
    for (int64_t i = 0; i < values; i++)
        used[isnan(value[i].number) ? unknown : range_of(by, value[i].number)] = true;
    for (size_t i = 0; st == TFU_OK && i <= unknown; i++) {
        at[i] = (int32_t)c->count;
        if (used[i])
            st = i == unknown ? add(c, "unknown", e) : add_range(c, by, i, e);
    }
    for (int64_t i = 0; st == TFU_OK && i < values; i++)
        number[value[i].index] =
            at[isnan(value[i].number) ? unknown : range_of(by, value[i].number)];
    return st;
}

/* ---- all of it */

static enum tfu_status find(const struct tfu_dataset *d, const char *name, int64_t *which,
                            struct tfu_error *e)
{
    int64_t count;
    const char *const *names = tfu_dataset_attributes(d, &count);
    *which = tfu_dataset_attribute_find(d, name);
    if (*which >= 0)
        return TFU_OK;
    struct tfu_text text = TFU_TEXT_INIT;
    for (int64_t i = 0; i < count; i++)
        tfu_text_printf(&text, "%s'%s'", i == 0 ? "" : i + 1 < count ? ", " : " and ", names[i]);
    tfu_error_set(e, TFU_EINVAL, "the data have no attribute '%s'; %s%s", name,
                  count ? "they have " : "this dataset says nothing of its examples but labels",
                  tfu_text_get(&text));
    tfu_text_free(&text);
    return TFU_EINVAL;
}

static enum tfu_status group(struct tfu_cohorts *c, const struct tfu_dataset *d, int64_t which,
                             const char *name, const struct tfu_by *by, struct tfu_error *e)
{
    int64_t words, values = 0;
    const char *const *word = tfu_dataset_attribute_words(d, which, &words);
    const int64_t examples = tfu_dataset_info(d)->count;
    int64_t *count = calloc((size_t)words + 1, sizeof *count);
    int32_t *number = calloc((size_t)words + 1, sizeof *number);
    struct value *value = calloc((size_t)words + 1, sizeof *value);
    c->examples = examples;
    c->of = calloc((size_t)examples + 1, sizeof *c->of);
    c->key = calloc(TFU_COHORTS_MAX + 2, sizeof *c->key);
    c->attribute = tfu_by_key(name, strlen(name));
    enum tfu_status st = count && number && value && c->of && c->key && c->attribute
                             ? TFU_OK
                             : tfu_error_memory(e, "grouping examples", 0);
    if (st == TFU_OK)
        count_words(d, which, count);
    for (int64_t i = 0; st == TFU_OK && i < words; i++)
        if (count[i] > 0)
            value[values++] = (struct value){word[i], number_of(word[i]), i};
    if (st == TFU_OK)
        st = by->edges > 0 ? by_range(c, by, value, values, number, e)
                           : by_word(c, name, value, values, number, e);
    for (int64_t i = 0; st == TFU_OK && i < examples; i++)
        c->of[i] = number[tfu_dataset_attribute_value(d, i, which)];
    free(value);
    free(number);
    free(count);
    return st;
}

enum tfu_status tfu_cohorts_read(struct tfu_cohorts *c, const struct tfu_dataset *d, const char *by,
                                 struct tfu_error *e)
{
    struct tfu_by parsed;
    const char *why;
    int64_t which = -1;
    *c = (struct tfu_cohorts){.count = 0};
    if (!tfu_by_parse(by, &parsed, &why))
        return tfu_error_set(e, TFU_EINVAL, "'%s': %s", by, why);
    char *name = strndup(by, parsed.name_length);
    enum tfu_status st =
        name ? find(d, name, &which, e) : tfu_error_memory(e, "grouping examples", 0);
    if (st == TFU_OK)
        st = group(c, d, which, name, &parsed, e);
    free(name);
    if (st != TFU_OK)
        tfu_cohorts_free(c);
    return st;
}

void tfu_cohorts_free(struct tfu_cohorts *c)
{
    for (int64_t i = 0; i < c->count; i++)
        free(c->key[i]);
    free(c->key);
    free(c->of);
    free(c->attribute);
    *c = (struct tfu_cohorts){.count = 0};
}
