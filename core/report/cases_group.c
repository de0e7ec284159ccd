/* SPDX-License-Identifier: MIT
 *
 * Cases that are alike on some axes.
 */
#include <stdlib.h>

#include "core/report/cases.h"

bool tfu_report_axes_have(const struct tfu_report_axes *axes, size_t axis)
{
    for (size_t i = 0; i < axes->count; i++)
        if (axes->item[i] == axis)
            return true;
    return false;
}

struct keyed {
    uint64_t key; /* the values on the axes, as one number of which each is a digit */
    size_t place;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static bool key_of(const struct tfu_report_cases *c, const struct tfu_report_axes *by, size_t item,
                   uint64_t *key)
{
    *key = 0;
    for (size_t i = 0; i < by->count; i++) {
        const struct tfu_report_axis *a = &c->axis[by->item[i]];
        const size_t v = a->of[item] == TFU_REPORT_NONE ? a->count : a->of[item];
        if (__builtin_mul_overflow(*key, (uint64_t)a->count + 1, key) ||
            __builtin_add_overflow(*key, (uint64_t)v, key))
            return false;
    }
    return true;
}

static const size_t *values_of(const struct tfu_report_cases *c, const struct tfu_report_axes *by,
                               size_t item)
{
    size_t *value = tfu_arena_array(c->arena, by->count + 1, sizeof *value);
    for (size_t i = 0; value && i < by->count; i++)
        value[i] = c->axis[by->item[i]].of[item];
    return value;
}

enum tfu_status tfu_report_group(const struct tfu_report_cases *c, const bool *chosen,
                                 const struct tfu_report_axes *by, struct tfu_report_group **out,
                                 size_t *count, size_t **of_case, struct tfu_error *e)
{
    struct keyed *all = calloc(c->count + 1, sizeof *all);
    size_t *list = tfu_arena_array(c->arena, c->count + 1, sizeof *list);
    size_t *of = tfu_arena_array(c->arena, c->count + 1, sizeof *of), n = 0;
    bool ok = all && list && of, fits = true;
    *count = 0;
    for (size_t i = 0; ok && fits && i < c->count; i++) {
        of[i] = TFU_REPORT_NONE;
        if (!chosen[i])
            continue;
        fits = key_of(c, by, i, &all[n].key);
        all[n++].place = i;
    }
    if (ok)
        qsort(all, n, sizeof *all, by_key);
    size_t groups = 0;
    for (size_t i = 0; ok && i < n; i++)
        groups += i == 0 || all[i].key != all[i - 1].key;
    *out = tfu_arena_array(c->arena, groups + 1, sizeof **out);
    ok = ok && *out;
    for (size_t i = 0; ok && i < n; i++) {
        if (i == 0 || all[i].key != all[i - 1].key) {
            (*out)[*count] = (struct tfu_report_group){values_of(c, by, all[i].place), list + i, 0};
            ok = (*out)[(*count)++].value;
        }
        list[i] = all[i].place;
        of[list[i]] = *count - 1;
        (*out)[*count - 1].count++;
    }
    free(all);
    if (of_case)
        *of_case = of;
    if (!fits)
        return tfu_error_set(e, TFU_EINVAL,
                             "the axes of a table or figure have too many values together");
    return ok ? TFU_OK : tfu_error_memory(e, "making a report", 0);
}

void tfu_report_put_axis_value(struct tfu_text *out, const struct tfu_report_axis *a, size_t value)
{
    const bool has_words = a->value_word[value] != a->value[value];
    tfu_text_printf(out, "%s%s%s", has_words ? "" : a->word, has_words ? "" : "=",
                    a->value_word[value]);
}

const char *tfu_report_join(const struct tfu_report_cases *c, const char *a, const char *b)
{
    return tfu_arena_printf(c->arena, "%s%s%s", a, a[0] && b[0] ? c->between : "", b);
}

static const char *keep(const struct tfu_report_cases *c, struct tfu_text *text)
{
    const char *kept = text->failed ? NULL : tfu_arena_strdup(c->arena, tfu_text_get(text));
    tfu_text_free(text);
    return kept;
}

const char *tfu_report_group_name(const struct tfu_report_cases *c,
                                  const struct tfu_report_axes *by,
                                  const struct tfu_report_group *g, bool values_only)
{
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t i = 0; i < by->count; i++) {
        const struct tfu_report_axis *a = &c->axis[by->item[i]];
        if (g->value[i] == TFU_REPORT_NONE)
            continue;
        tfu_text_puts(&text, text.length ? c->between : "");
        if (values_only)
            tfu_text_puts(&text, a->value_word[g->value[i]]);
        else
            tfu_report_put_axis_value(&text, a, g->value[i]);
    }
    return keep(c, &text);
}

const char *tfu_report_group_key(const struct tfu_report_cases *c, const struct tfu_report_axes *by,
                                 const struct tfu_report_group *g, bool values_only)
{
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t i = 0; i < by->count; i++) {
        const struct tfu_report_axis *a = &c->axis[by->item[i]];
        if (g->value[i] != TFU_REPORT_NONE)
            tfu_text_printf(&text, "%s%s%s%s", text.length ? " " : "", values_only ? "" : a->name,
                            values_only ? "" : "=", a->value[g->value[i]]);
    }
    return keep(c, &text);
}
