/* SPDX-License-Identifier: MIT */
#include "csv_labels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_classes.h"
#include "csv_nearest.h"
#include "csv_policies.h"

static enum tfu_status no_memory(struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the labels of a table");
}

int64_t csv_labels_find(const struct csv_labels *l, const char *name)
{
    for (size_t k = 0; k < l->settings->labels.count; k++)
        if (strcmp(l->settings->labels.item[k], name) == 0)
            return (int64_t)k;
    return -1;
}

/* ---- beginning */

static int32_t choose_kind(const struct csv_settings *s, const struct csv_binary *b)
{
    if (!s->labels.count && !s->label_list)
        return CSV_AUTO;
    if (s->kind != CSV_AUTO)
        return s->kind;
    if (s->label_list || (s->labels.count > 1 && b->comparison == CSV_NONE))
        return CSV_LABELS;
    return CSV_CLASS;
}

static enum tfu_status check_kind(const struct csv_labels *l, struct tfu_dataset_host *h)
{
    const struct csv_settings *s = l->settings;
    if (l->kind == CSV_AUTO && s->kind != CSV_AUTO)
        return h->fail(h, TFU_EINVAL,
                       "kind says what labels are, but there are no labels; name "
                       "their columns by `labels`");
    if (s->label_list && !s->labels.count)
        return h->fail(h, TFU_EINVAL,
                       "labels is missing: which of those in the column '%s' are wanted",
                       s->label_list);
    if (s->label_list && l->kind != CSV_LABELS)
        return h->fail(h, TFU_EINVAL, "label_list is for `kind: labels`");
    if (l->kind == CSV_CLASS && s->labels.count > 1)
        return h->fail(h, TFU_EINVAL, "labels has %llu columns, but a class is in one",
                       (unsigned long long)s->labels.count);
    if (l->binary.comparison != CSV_NONE && l->kind != CSV_CLASS)
        return h->fail(h, TFU_EINVAL, "binary is for `kind: class`, one column of grades");
    for (uint64_t k = 0; k < s->labels.count; k++)
        if (csv_labels_find(l, s->labels.item[k]) != (int64_t)k)
            return h->fail(h, TFU_EINVAL, "labels: '%s' is there twice", s->labels.item[k]);
    return TFU_OK;
}

static enum tfu_status find_fields(struct csv_labels *l, const struct csv_reader *r,
                                   struct tfu_dataset_host *h)
{
    const struct csv_settings *s = l->settings;
    uint32_t number;
    l->policy = calloc(l->columns + 1, sizeof *l->policy);
    if (!l->policy)
        return no_memory(h);
    if (s->label_list) {
        for (size_t k = 0; k < l->columns; k++)
            if (!csv_words_add(&l->words, s->labels.item[k], &number))
                return no_memory(h);
        return csv_reader_column(r, s->label_list, "label_list", &l->list, h);
    }
    l->field = calloc(l->columns + 1, sizeof *l->field);
    enum tfu_status st = l->field ? TFU_OK : no_memory(h);
    for (size_t k = 0; st == TFU_OK && k < l->columns; k++)
        st = csv_reader_column(r, s->labels.item[k], "labels", &l->field[k], h);
    return st;
}

enum tfu_status csv_labels_begin(struct csv_labels *l, const struct csv_settings *s,
                                 const struct csv_reader *r, struct tfu_dataset_host *h)
{
    *l = (struct csv_labels){.settings = s};
    enum tfu_status st = csv_values_make(&l->values, &s->values, h);
    if (st == TFU_OK)
        st = csv_binary_make(&l->binary, s->config->binary, h);
    l->kind = choose_kind(s, &l->binary);
    l->columns = l->kind == CSV_AUTO ? 0 : s->labels.count;
    if (st == TFU_OK)
        st = check_kind(l, h);
    if (st == TFU_OK)
        st = find_fields(l, r, h);
    return st == TFU_OK ? csv_policies_read(l, h) : st;
}

/* ---- rows */

static enum tfu_status make_room(struct csv_labels *l, struct tfu_dataset_host *h)
{
    if (l->examples < l->room)
        return TFU_OK;
    const size_t room = l->room + l->room / 2 + 1024;
    void **array = l->kind == CSV_LABELS    ? (void **)&l->state
                   : l->kind == CSV_NUMBERS ? (void **)&l->number
                                            : (void **)&l->word;
    const size_t size = l->kind == CSV_LABELS ? l->columns : l->columns * sizeof(float);
    void *larger = realloc(*array, room * size);
    if (!larger)
        return no_memory(h);
    *array = larger;
    l->room = room;
    return TFU_OK;
}

static enum tfu_status read_state(const struct csv_labels *l, const struct csv_reader *r,
                                  size_t column, uint8_t *state, struct tfu_dataset_host *h)
{
    const char *text = csv_reader_trimmed(r, l->field[column]);
    double number;
    if (!csv_values_find(&l->values, text, &number)) {
        if (csv_is_blank(text)) {
            *state = CSV_BLANK;
            return TFU_OK;
        }
        if (!csv_number(text, &number))
            number = 2;
    }
    if (number != 0 && number != 1 && number != -1)
        return h->fail(h, TFU_EINVAL,
                       "%s:%lld: the label '%s' is '%.200s'; it is 1, 0, -1 (uncertain) or blank; "
                       "other words are given a meaning by `values: [\"WORD=1\", ...]`",
                       r->path, (long long)r->row, l->settings->labels.item[column], text);
    *state = number == 1 ? CSV_POSITIVE : number == 0 ? CSV_NEGATIVE : CSV_UNCERTAIN;
    return TFU_OK;
}

/* The next word of "a|b", or of "['a', 'b']", without blanks around it; NULL at the end. Changes
 * the text. */
static char *next_word(char **at, bool quoted)
{
    char *word = *at, *end = NULL;
    if (quoted) {
        word += strcspn(word, "'\"");
        const char quote[] = {*word, '\0'};
        if (!*word)
            return NULL;
        word++;
        end = word + strcspn(word, quote);
    } else {
        word += strspn(word, "| \t");
        if (!*word)
            return NULL;
        end = word + strcspn(word, "|");
    }
    *at = *end ? end + 1 : end;
    *end = '\0';
    word += strspn(word, " \t\r\n");
    for (end = word + strlen(word); end > word && strchr(" \t\r\n", end[-1]);)
        *--end = '\0';
    return word;
}

static enum tfu_status read_list(struct csv_labels *l, const struct csv_reader *r, uint8_t *state,
                                 struct tfu_dataset_host *h)
{
    char *text = csv_reader_trimmed(r, l->list);
    const bool blank = csv_is_blank(text);
    memset(state, blank ? CSV_BLANK : CSV_NEGATIVE, l->columns);
    const bool quoted = text[0] == '[';
    for (char *word; !blank && (word = next_word(&text, quoted));) {
        uint32_t number;
        if (!csv_words_add(&l->words, word, &number))
            return no_memory(h);
        if (number < l->columns)
            state[number] = CSV_POSITIVE;
    }
    return TFU_OK;
}

static enum tfu_status read_states(struct csv_labels *l, const struct csv_reader *r, uint8_t *state,
                                   struct tfu_dataset_host *h)
{
    if (!l->field)
        return read_list(l, r, state, h);
    enum tfu_status st = TFU_OK;
    for (size_t k = 0; st == TFU_OK && k < l->columns; k++)
        st = read_state(l, r, k, &state[k], h);
    return st;
}

static enum tfu_status read_numbers(const struct csv_labels *l, const struct csv_reader *r,
                                    float *to, struct tfu_dataset_host *h)
{
    for (size_t k = 0; k < l->columns; k++) {
        const char *text = csv_reader_trimmed(r, l->field[k]);
        double number = NAN;
        if (!csv_values_find(&l->values, text, &number) && !csv_is_blank(text) &&
            !csv_number(text, &number))
            return h->fail(h, TFU_EINVAL, "%s:%lld: '%s' is '%.200s', which is no number", r->path,
                           (long long)r->row, l->settings->labels.item[k], text);
        to[k] = (float)number;
    }
    return TFU_OK;
}

enum tfu_status csv_labels_add(struct csv_labels *l, const struct csv_reader *r,
                               struct tfu_dataset_host *h)
{
    enum tfu_status st = l->columns ? make_room(l, h) : TFU_OK;
    const size_t at = l->examples * l->columns;
    if (st == TFU_OK && l->kind == CSV_LABELS)
        st = read_states(l, r, l->state + at, h);
    else if (st == TFU_OK && l->kind == CSV_NUMBERS)
        st = read_numbers(l, r, l->number + at, h);
    else if (st == TFU_OK && l->kind == CSV_CLASS)
        st = csv_classes_read(l, r, &l->word[at], h);
    l->examples += st == TFU_OK;
    return st;
}

enum tfu_status csv_labels_repeat(struct csv_labels *l, size_t example, int64_t its_line,
                                  const struct csv_reader *r, struct tfu_dataset_host *h)
{
    if (!l->columns)
        return TFU_OK;
    /* behind the others, to be compared and left */
    const size_t examples = l->examples;
    const enum tfu_status st = csv_labels_add(l, r, h);
    if (st != TFU_OK)
        return st;
    l->examples = examples;
    const size_t a = example * l->columns, b = examples * l->columns;
    bool same = true;
    for (size_t k = 0; k < l->columns; k++)
        same &= l->kind == CSV_LABELS    ? l->state[a + k] == l->state[b + k]
                : l->kind == CSV_NUMBERS ? memcmp(&l->number[a + k], &l->number[b + k], 4) == 0
                                         : l->word[a] == l->word[b];
    return same ? TFU_OK
                : h->fail(h, TFU_EINVAL,
                          "%s:%lld: the labels of the image are others than those in line %lld",
                          r->path, (long long)r->row, (long long)its_line);
}

/* ---- the end */

/* A label that no list has is more likely misspelt than without an example. */
static void warn_of_absent(const struct csv_labels *l, struct tfu_dataset_host *h)
{
    const char **other = calloc(l->words.count + 1, sizeof *other);
    for (uint32_t i = (uint32_t)l->columns; other && i < l->words.count; i++)
        other[i - l->columns] = csv_words_get(&l->words, i);
    for (size_t k = 0; other && k < l->columns; k++) {
        int64_t count[CSV_STATES];
        csv_labels_count(l, k, count);
        if (count[CSV_POSITIVE])
            continue;
        const char *name = l->settings->labels.item[k];
        const char *nearest = csv_nearest(name, other, l->words.count - l->columns);
        h->warn(h, "no row of '%s' has the label '%s'%s%s%s", l->settings->table, name,
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    }
    free(other);
}

enum tfu_status csv_labels_end(struct csv_labels *l, struct tfu_dataset_host *h)
{
    if (l->kind == CSV_CLASS)
        return csv_classes_end(l, h);
    if (l->kind == CSV_LABELS && !l->field)
        warn_of_absent(l, h);
    csv_words_free(&l->words);
    return TFU_OK;
}

void csv_labels_free(struct csv_labels *l)
{
    for (int64_t k = 0; l->class_name && k < l->classes; k++)
        free(l->class_name[k]);
    free(l->class_name);
    csv_values_free(&l->values);
    csv_words_free(&l->words);
    free(l->field);
    free(l->state);
    free(l->policy);
    free(l->word);
    free(l->word_line);
    free(l->word_class);
    free(l->number);
    *l = (struct csv_labels){0};
}

/* ---- use */

void csv_labels_get(const struct csv_labels *l, size_t example, const char *name, float *to)
{
    for (size_t k = 0; k < l->columns; k++) {
        const size_t at = example * l->columns + k;
        to[k] = l->kind == CSV_LABELS  ? csv_policies_number(l, l->state[at], k, name)
                : l->kind == CSV_CLASS ? l->word_class[l->word[at]]
                                       : l->number[at];
    }
}

void csv_labels_count(const struct csv_labels *l, size_t column, int64_t count[CSV_STATES])
{
    memset(count, 0, CSV_STATES * sizeof *count);
    for (size_t i = 0; i < l->examples; i++)
        count[l->state[i * l->columns + column]]++;
}

size_t csv_labels_bytes(const struct csv_labels *l)
{
    const size_t each = l->kind == CSV_LABELS ? l->columns : l->columns * sizeof(float);
    return l->room * each + csv_words_bytes(&l->words);
}
