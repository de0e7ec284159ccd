/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L /* strdup() */
#include "csv_classes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES_MAX = 10000 };

static enum tfu_status no_memory(struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the classes of a table");
}

enum tfu_status csv_classes_read(struct csv_labels *l, const struct csv_reader *r, uint32_t *word,
                                 struct tfu_dataset_host *h)
{
    const uint32_t before = l->words.count;
    if (!csv_words_add(&l->words, csv_reader_trimmed(r, l->field[0]), word))
        return no_memory(h);
    if (l->words.count == before)
        return TFU_OK;
    if (l->words.count > 2 * CLASSES_MAX)
        return h->fail(h, TFU_EINVAL,
                       "%s:%lld: the column '%s' has more than %d different values; is it one of "
                       "classes?",
                       r->path, (long long)r->row, l->settings->labels.item[0], 2 * CLASSES_MAX);
    if (before == l->word_room) {
        const size_t room = 2 * l->word_room + 16;
        int64_t *larger = realloc(l->word_line, room * sizeof *larger);
        if (!larger)
            return no_memory(h);
        l->word_line = larger;
        l->word_room = room;
    }
    l->word_line[before] = r->row;
    return TFU_OK;
}

/* What a word is a number for, if it is. */
static bool number_of(const struct csv_labels *l, const char *word, double *number)
{
    return csv_values_find(&l->values, word, number) || csv_number(word, number);
}

static enum tfu_status bad_word(const struct csv_labels *l, uint32_t i, const char *why,
                                struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_EINVAL, "%s:%lld: '%s' is '%.200s', %s", l->settings->table,
                   (long long)l->word_line[i], l->settings->labels.item[0],
                   csv_words_get(&l->words, i), why);
}

/* ---- numbers */

static enum tfu_status take_number(struct csv_labels *l, uint32_t i, double number,
                                   struct tfu_dataset_host *h)
{
    if (l->binary.comparison != CSV_NONE)
        number = csv_binary_holds(&l->binary, number);
    if (number == -1) /* as tables write what they do not know */
        return TFU_OK;
    if (number < 0 || number != floor(number))
        return bad_word(l, i,
                        "which is no class: those are 0, 1, 2 and so on; numbers to be "
                        "estimated are `kind: numbers`",
                        h);
    if (number >= CLASSES_MAX)
        return bad_word(l, i,
                        "but there are at most 10000 classes; numbers to be estimated are "
                        "`kind: numbers`",
                        h);
    l->word_class[i] = (float)number;
    l->classes = (int64_t)number >= l->classes ? (int64_t)number + 1 : l->classes;
    return TFU_OK;
}

static enum tfu_status take_numbers(struct csv_labels *l, struct tfu_dataset_host *h)
{
    enum tfu_status st = TFU_OK;
    for (uint32_t i = 0; st == TFU_OK && i < l->words.count; i++) {
        const char *word = csv_words_get(&l->words, i);
        double number;
        if (number_of(l, word, &number))
            st = take_number(l, i, number, h);
        else if (!csv_is_blank(word))
            st = bad_word(l, i,
                          l->values.count ? "which `values` does not have"
                                          : "which is no number, where others of the column are",
                          h);
    }
    return st;
}

/* ---- words */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum tfu_status take_words(struct csv_labels *l, struct tfu_dataset_host *h)
{
    l->class_name = calloc((size_t)l->words.count + 1, sizeof *l->class_name);
    if (!l->class_name)
        return no_memory(h);
    for (uint32_t i = 0; i < l->words.count; i++) {
        const char *word = csv_words_get(&l->words, i);
        if (csv_is_blank(word))
            continue;
        l->class_name[l->classes] = strdup(word);
        if (!l->class_name[l->classes])
            return no_memory(h);
        l->classes++;
    }
    qsort(l->class_name, (size_t)l->classes, sizeof *l->class_name, by_text);
    for (int64_t k = 0; k < l->classes; k++)
        l->word_class[csv_words_find(&l->words, l->class_name[k])] = (float)k;
    return TFU_OK;
}

/* ---- names */

/* What class `k` is called: by its rule, by `values`, or as it is. */
static const char *name_of(const struct csv_labels *l, int64_t k, char *text, size_t room)
{
    if (l->binary.comparison != CSV_NONE)
        return l->binary.names[k];
    for (size_t i = 0; i < l->values.count; i++)
        if (l->values.item[i].number == (double)k)
            return l->values.item[i].word;
    snprintf(text, room, "%lld", (long long)k);
    return text;
}

static enum tfu_status name_classes(struct csv_labels *l, struct tfu_dataset_host *h)
{
    char text[32];
    l->class_name = calloc((size_t)l->classes + 1, sizeof *l->class_name);
    if (!l->class_name)
        return no_memory(h);
    for (int64_t k = 0; k < l->classes; k++) {
        l->class_name[k] = strdup(name_of(l, k, text, sizeof text));
        if (!l->class_name[k])
            return no_memory(h);
    }
    return TFU_OK;
}

/* ---- */

static bool all_are_words(const struct csv_labels *l)
{
    double number;
    for (uint32_t i = 0; i < l->words.count; i++)
        if (number_of(l, csv_words_get(&l->words, i), &number))
            return false;
    return true;
}

/* Classes that the configuration has, also where no example is of them. */
static int64_t least_classes(const struct csv_labels *l)
{
    double least = l->binary.comparison != CSV_NONE ? 2 : 0;
    for (size_t i = 0; i < l->values.count && l->binary.comparison == CSV_NONE; i++)
        if (l->values.item[i].number + 1 > least && l->values.item[i].number < CLASSES_MAX)
            least = l->values.item[i].number + 1;
    return (int64_t)least;
}

enum tfu_status csv_classes_end(struct csv_labels *l, struct tfu_dataset_host *h)
{
    l->word_class = calloc((size_t)l->words.count + 1, sizeof *l->word_class);
    if (!l->word_class)
        return no_memory(h);
    for (uint32_t i = 0; i < l->words.count; i++)
        l->word_class[i] = NAN;
    const bool words = l->values.count == 0 && l->binary.comparison == CSV_NONE && all_are_words(l);
    enum tfu_status st = words ? take_words(l, h) : take_numbers(l, h);
    if (st == TFU_OK && !words) {
        const int64_t least = least_classes(l);
        l->classes = l->classes > least ? l->classes : least;
        if (l->values.count || l->binary.comparison != CSV_NONE)
            st = name_classes(l, h);
    }
    if (st == TFU_OK && l->classes == 0)
        st = h->fail(h, TFU_EINVAL, "the column '%s' of '%s' says nothing of any image",
                     l->settings->labels.item[0], l->settings->table);
    csv_words_finish(&l->words);
    return st;
}
