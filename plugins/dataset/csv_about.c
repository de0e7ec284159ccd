/* SPDX-License-Identifier: MIT */
#include "csv_about.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_ages.h"
#include "csv_values.h"

static enum tfu_status no_memory(struct tfu_dataset_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the columns of a table");
}

/* ---- groups */

/* \d, \w and \s, which most people write, in words that POSIX knows. NULL: out of memory. */
static char *spell_out(const char *pattern)
{
    static const struct {
        char letter;
        const char *set;
    } classes[] = {{'d', "[0-9]"}, {'w', "[A-Za-z0-9_]"}, {'s', "[[:space:]]"}};
    char *out = malloc(strlen(pattern) * 8 + 1), *to = out;
    for (const char *p = pattern; out && *p; p++) {
        const char *set = NULL;
        for (size_t k = 0; *p == '\\' && k < TFU_COUNT(classes); k++)
            set = p[1] == classes[k].letter ? classes[k].set : set;
        if (set) {
            memcpy(to, set, strlen(set));
            to += strlen(set);
            p++;
        } else {
            *to++ = *p;
            if (*p == '\\' && p[1])
                *to++ = *++p;
        }
    }
    if (out)
        *to = '\0';
    return out;
}

static enum tfu_status compile(struct csv_about *a, const char *pattern, struct tfu_dataset_host *h)
{
    char *text = spell_out(pattern);
    if (!text)
        return no_memory(h);
    const int code = regcomp(&a->pattern, text, REG_EXTENDED);
    free(text);
    if (code == REG_ESPACE)
        return no_memory(h);
    if (code != 0) {
        char why[128];
        regerror(code, &a->pattern, why, sizeof why);
        return h->fail(h, TFU_EINVAL, "group: '%s' is no regular expression: %s", pattern, why);
    }
    a->grouping = CSV_PATTERN;
    if (a->pattern.re_nsub == 0)
        return h->fail(h, TFU_EINVAL,
                       "group: '%s' has no part in parentheses, which would be the group", pattern);
    return TFU_OK;
}

/* A column, "COLUMN=PATTERN", or a pattern for the image's name. */
static enum tfu_status begin_groups(struct csv_about *a, const struct csv_reader *r, size_t image,
                                    struct tfu_dataset_host *h)
{
    const char *group = a->settings->group;
    if (!group)
        return TFU_OK;
    a->group_field = image;
    const int64_t column = csv_reader_find(r, group);
    if (column >= 0) {
        a->group_field = (size_t)column;
        a->grouping = CSV_COLUMN;
        return TFU_OK;
    }
    const char *equals = strchr(group, '=');
    for (size_t i = 0; equals && i < r->columns; i++)
        if (strlen(r->column[i]) == (size_t)(equals - group) &&
            strncmp(r->column[i], group, (size_t)(equals - group)) == 0) {
            a->group_field = i;
            return compile(a, equals + 1, h);
        }
    if (strchr(group, '('))
        return compile(a, group, h);
    return csv_reader_column(r, group, "group", &a->group_field, h);
}

static enum tfu_status read_group(struct csv_about *a, const struct csv_reader *r, uint32_t *group,
                                  struct tfu_dataset_host *h)
{
    char *text = csv_reader_trimmed(r, a->group_field), *end = NULL, kept = '\0';
    regmatch_t part[2];
    *group = CSV_NO_GROUP;
    if (a->grouping == CSV_ALONE || (a->grouping == CSV_COLUMN && csv_is_blank(text)))
        return TFU_OK;
    if (a->grouping == CSV_PATTERN) {
        if (regexec(&a->pattern, text, 2, part, 0) != 0 || part[1].rm_so < 0)
            return h->fail(h, TFU_EINVAL,
                           "%s:%lld: '%.300s' does not say whom the image is of: group '%s' does "
                           "not match; without groups it is `group: none`",
                           r->path, (long long)r->row, text, a->settings->group);
        end = text + part[1].rm_eo;
        kept = *end;
        *end = '\0';
        text += part[1].rm_so;
    }
    const bool added = csv_words_add(&a->groups, text, group);
    if (end)
        *end = kept;
    return added ? TFU_OK : no_memory(h);
}

/* ---- attributes */

static struct csv_attribute *add_attribute(struct csv_about *a, const char *name,
                                           enum csv_attribute_kind kind)
{
    struct csv_attribute *new = &a->attribute[a->attributes];
    new->kind = kind;
    a->name[a->attributes++] = name;
    return new;
}

static enum tfu_status add_sex_and_age(struct csv_about *a, const struct csv_reader *r,
                                       struct tfu_dataset_host *h)
{
    const struct csv_settings *s = a->settings;
    const struct csv_preset *p = s->preset;
    enum tfu_status st = TFU_OK;
    if (s->sex)
        st = csv_reader_column(r, s->sex, "sex", &add_attribute(a, "sex", CSV_SEX)->field, h);
    if (st == TFU_OK && s->age)
        return csv_reader_column(r, s->age, "age", &add_attribute(a, "age", CSV_AGE)->field, h);
    if (st == TFU_OK && p->birth && strcmp(s->config->age, "none") != 0) {
        struct csv_attribute *age = add_attribute(a, "age", CSV_BIRTH);
        st = csv_reader_column(r, p->birth, "age", &age->field, h);
        if (st == TFU_OK)
            st = csv_reader_column(r, p->date, "age", &age->date, h);
    }
    return st;
}

static enum tfu_status add_views(struct csv_about *a, const struct csv_reader *r,
                                 struct tfu_dataset_host *h)
{
    const struct tfu_string_list *view = &a->settings->view;
    enum tfu_status st = TFU_OK;
    if (view->count > TFU_COUNT(a->view_field))
        return h->fail(h, TFU_EINVAL, "view has more than %zu columns", TFU_COUNT(a->view_field));
    for (; st == TFU_OK && a->view_fields < view->count; a->view_fields++)
        st = csv_reader_column(r, view->item[a->view_fields], "view",
                               &a->view_field[a->view_fields], h);
    if (st == TFU_OK && a->view_fields)
        add_attribute(a, "view", CSV_VIEW);
    return st;
}

static enum tfu_status begin_attributes(struct csv_about *a, const struct csv_reader *r,
                                        struct tfu_dataset_host *h)
{
    const struct tfu_string_list *more = &a->settings->config->attributes;
    const size_t room = more->count + 4;
    a->name = calloc(room, sizeof *a->name);
    a->attribute = calloc(room, sizeof *a->attribute);
    if (!a->name || !a->attribute)
        return no_memory(h);
    enum tfu_status st = add_sex_and_age(a, r, h);
    if (st == TFU_OK)
        st = add_views(a, r, h);
    for (uint64_t i = 0; st == TFU_OK && i < more->count; i++) {
        for (size_t k = 0; k < a->attributes; k++)
            if (strcmp(a->name[k], more->item[i]) == 0)
                return h->fail(h, TFU_EINVAL, "attributes: there is '%s' already", more->item[i]);
        st = csv_reader_column(r, more->item[i], "attributes",
                               &add_attribute(a, more->item[i], CSV_TEXT)->field, h);
    }
    const struct tfu_int_list *bands = &a->settings->config->age_bands;
    for (uint64_t i = 0; st == TFU_OK && i < bands->count; i++)
        if (bands->item[i] <= (i ? bands->item[i - 1] : 0))
            st = h->fail(h, TFU_EINVAL,
                         "age_bands are the ages at which a band begins, ascending "
                         "and above 0");
    return st;
}

enum tfu_status csv_about_begin(struct csv_about *a, const struct csv_settings *s,
                                const struct csv_reader *r, size_t image,
                                struct tfu_dataset_host *h)
{
    *a = (struct csv_about){.settings = s};
    const enum tfu_status st = begin_attributes(a, r, h);
    return st == TFU_OK ? begin_groups(a, r, image, h) : st;
}

/* ---- rows */

enum csv_view csv_about_view(const struct csv_about *a, const struct csv_reader *r)
{
    enum csv_view v = CSV_UNKNOWN;
    for (size_t i = 0; v == CSV_UNKNOWN && i < a->view_fields; i++)
        v = csv_view_of(csv_reader_trimmed(r, a->view_field[i]));
    return v;
}

static const char *read_age(struct csv_about *a, const struct csv_attribute *t,
                            const struct csv_reader *r, char out[32])
{
    const char *text = csv_reader_trimmed(r, t->field);
    double years;
    const bool is = t->kind == CSV_AGE
                        ? csv_age_read(text, &years)
                        : csv_age_since(text, csv_reader_trimmed(r, t->date), &years);
    a->odd_ages += !is && !csv_is_blank(text);
    if (!is)
        return "";
    csv_age_text(a->settings->config, years, out);
    return out;
}

static const char *read_attribute(struct csv_about *a, const struct csv_attribute *t,
                                  const struct csv_reader *r, enum csv_view view, char out[32])
{
    switch (t->kind) {
    case CSV_TEXT:
        break;
    case CSV_SEX:
        return csv_sex(csv_reader_trimmed(r, t->field));
    case CSV_AGE:
    case CSV_BIRTH:
        return read_age(a, t, r, out);
    case CSV_VIEW:
        return csv_view_name(view);
    }
    const char *text = csv_reader_trimmed(r, t->field);
    return csv_is_blank(text) ? "" : text;
}

static enum tfu_status make_room(struct csv_about *a, struct tfu_dataset_host *h)
{
    if (a->examples < a->room)
        return TFU_OK;
    const size_t room = a->room + a->room / 2 + 1024;
    uint32_t *value = realloc(a->value, (room * a->attributes + 1) * sizeof *value);
    if (value)
        a->value = value;
    uint32_t *group = value ? realloc(a->group, room * sizeof *group) : NULL;
    if (!group)
        return no_memory(h);
    a->group = group;
    a->room = room;
    return TFU_OK;
}

enum tfu_status csv_about_add(struct csv_about *a, const struct csv_reader *r, enum csv_view view,
                              struct tfu_dataset_host *h)
{
    char text[32];
    enum tfu_status st = make_room(a, h);
    if (st == TFU_OK)
        st = read_group(a, r, &a->group[a->examples], h);
    for (size_t k = 0; st == TFU_OK && k < a->attributes; k++)
        if (!csv_words_add(&a->words, read_attribute(a, &a->attribute[k], r, view, text),
                           &a->value[a->examples * a->attributes + k]))
            st = no_memory(h);
    a->examples += st == TFU_OK;
    return st;
}

void csv_about_end(struct csv_about *a, struct tfu_dataset_host *h)
{
    if (a->odd_ages)
        h->warn(h, "%lld ages in '%s' are no ages and count as unknown", (long long)a->odd_ages,
                a->settings->table);
    csv_words_finish(&a->words);
    csv_words_finish(&a->groups);
}

void csv_about_free(struct csv_about *a)
{
    if (a->grouping == CSV_PATTERN)
        regfree(&a->pattern);
    free(a->name);
    free(a->attribute);
    free(a->value);
    free(a->group);
    csv_words_free(&a->words);
    csv_words_free(&a->groups);
    *a = (struct csv_about){0};
}

/* ---- use */

const char *csv_about_group(const struct csv_about *a, size_t example)
{
    return a->group[example] == CSV_NO_GROUP ? NULL : csv_words_get(&a->groups, a->group[example]);
}

const char *csv_about_attribute(const struct csv_about *a, size_t example, size_t which)
{
    return csv_words_get(&a->words, a->value[example * a->attributes + which]);
}

size_t csv_about_bytes(const struct csv_about *a)
{
    return a->room * (a->attributes + 1) * sizeof(uint32_t) + csv_words_bytes(&a->words) +
           csv_words_bytes(&a->groups);
}
