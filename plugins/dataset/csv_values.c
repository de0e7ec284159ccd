/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L /* strndup() */
#include "csv_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool csv_number(const char *text, double *number)
{
    char *end;
    if (!text[0] || strspn(text, "0123456789+-.eE") != strlen(text))
        return false;
    *number = strtod(text, &end);
    return *end == '\0' && *number - *number == 0;
}

bool csv_is_blank(const char *text)
{
    static const char *const blanks[] = {"nan", "NaN", "NA", "N/A", "None", "null", "NULL"};
    for (size_t i = 0; text[0] && i < TFU_COUNT(blanks); i++)
        if (strcmp(text, blanks[i]) == 0)
            return true;
    return text[0] == '\0';
}

/* ---- words */

static enum tfu_status read_value(struct csv_value *v, const char *text, size_t place,
                                  struct tfu_dataset_host *h)
{
    const char *equals = strrchr(text, '=');
    v->number = (double)place;
    if (equals && !csv_number(equals + 1, &v->number))
        return h->fail(h, TFU_EINVAL,
                       "values: '%s' does not end with a number; write `WORD=NUMBER`, or words "
                       "alone, which are numbered from 0",
                       text);
    v->word = strndup(text, equals ? (size_t)(equals - text) : strlen(text));
    return v->word ? TFU_OK : h->fail(h, TFU_ENOMEM, "out of memory for `values`");
}

enum tfu_status csv_values_make(struct csv_values *v, const struct tfu_string_list *list,
                                struct tfu_dataset_host *h)
{
    *v = (struct csv_values){.item = calloc(list->count + 1, sizeof *v->item)};
    if (!v->item)
        return h->fail(h, TFU_ENOMEM, "out of memory for `values`");
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && i < list->count; i++) {
        double before;
        struct csv_value *next = &v->item[v->count];
        st = read_value(next, list->item[i], i, h);
        if (st == TFU_OK && csv_values_find(v, next->word, &before))
            st = h->fail(h, TFU_EINVAL, "values: '%s' is there twice", next->word);
        v->count += next->word != NULL;
    }
    if (st != TFU_OK)
        csv_values_free(v);
    return st;
}

void csv_values_free(struct csv_values *v)
{
    for (size_t i = 0; i < v->count; i++)
        free(v->item[i].word);
    free(v->item);
    *v = (struct csv_values){0};
}

bool csv_values_find(const struct csv_values *v, const char *word, double *number)
{
    for (size_t i = 0; i < v->count; i++)
        if (strcmp(v->item[i].word, word) == 0) {
            *number = v->item[i].number;
            return true;
        }
    return false;
}

/* ---- two classes */

static const struct {
    const char *name, *rule, *names[2];
} tasks[] = {
    {"referable_dr", ">= 2", {"not referable", "referable"}},
    {"any_dr", ">= 1", {"no DR", "any DR"}},
};

/* Longer ones first. */
static const struct {
    const char *text;
    enum csv_comparison comparison;
} comparisons[] = {
    {"<=", CSV_LESS_EQUAL}, {">=", CSV_GREATER_EQUAL}, {"==", CSV_EQUAL},
    {"!=", CSV_UNEQUAL},    {"<", CSV_LESS},           {">", CSV_GREATER},
};

static enum tfu_status read_rule(struct csv_binary *b, const char *rule, struct tfu_dataset_host *h)
{
    for (size_t i = 0; i < TFU_COUNT(comparisons); i++) {
        const size_t n = strlen(comparisons[i].text);
        if (strncmp(rule, comparisons[i].text, n) != 0)
            continue;
        const char *number = rule + n + strspn(rule + n, " ");
        b->comparison = comparisons[i].comparison;
        if (csv_number(number, &b->than))
            return TFU_OK;
        break;
    }
    return h->fail(h, TFU_EINVAL,
                   "binary: '%s' is no rule such as \">= 2\" (with <, <=, >, >=, == or !=), nor "
                   "the name of one: referable_dr (>= 2), any_dr (>= 1)",
                   rule);
}

enum tfu_status csv_binary_make(struct csv_binary *b, const char *option,
                                struct tfu_dataset_host *h)
{
    *b = (struct csv_binary){.comparison = CSV_NONE};
    if (!option[0])
        return TFU_OK;
    for (size_t i = 0; i < TFU_COUNT(tasks); i++)
        if (strcmp(option, tasks[i].name) == 0) {
            b->names[0] = tasks[i].names[0];
            b->names[1] = tasks[i].names[1];
            return read_rule(b, tasks[i].rule, h);
        }
    snprintf(b->name[0], sizeof b->name[0], "not %.70s", option);
    snprintf(b->name[1], sizeof b->name[1], "%.70s", option);
    b->names[0] = b->name[0];
    b->names[1] = b->name[1];
    return read_rule(b, option, h);
}

bool csv_binary_holds(const struct csv_binary *b, double number)
{
    switch (b->comparison) {
    case CSV_NONE:
        break;
    case CSV_LESS:
        return number < b->than;
    case CSV_LESS_EQUAL:
        return number <= b->than;
    case CSV_GREATER:
        return number > b->than;
    case CSV_GREATER_EQUAL:
        return number >= b->than;
    case CSV_EQUAL:
        return number == b->than;
    case CSV_UNEQUAL:
        return number != b->than;
    }
    return false;
}
