/* SPDX-License-Identifier: MIT */
#include "core/data/groups.h"

#include <stdlib.h>
#include <string.h>

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "reading groups", 0);
}

/* ---- groups */

void tfu_example_groups_free(struct tfu_example_groups *g)
{
    free(g->of);
    free(g->name);
    *g = (struct tfu_example_groups){.count = 0};
}

/* The number of each example's word, -1 where it has none. */
static enum tfu_status read_words(struct tfu_example_groups *g, struct tfu_words *words,
                                  const struct tfu_source *s, struct tfu_error *e)
{
    for (int64_t i = 0; i < s->info.count; i++) {
        const char *word = tfu_source_group(s, i);
        g->of[i] = -1;
        if (!word || !word[0])
            continue;
        const int64_t number = tfu_words_add(words, word);
        if (number < 0)
            return no_memory(e);
        g->of[i] = (int32_t)number;
    }
    return TFU_OK;
}

enum tfu_status tfu_example_groups_read(struct tfu_example_groups *g, const struct tfu_source *s,
                                        struct tfu_error *e)
{
    const int64_t count = s->info.count;
    struct tfu_words words = TFU_WORDS_INIT;
    *g = (struct tfu_example_groups){.count = 0};
    if (!s->ops->group)
        return TFU_OK;
    if (count >= INT32_MAX)
        return tfu_error_set(e, TFU_EINVAL, "dataset '%s' has groups of %lld examples, too many",
                             tfu_source_plugin(s), (long long)count);
    g->of = malloc((size_t)count * sizeof *g->of);
    enum tfu_status st = g->of ? read_words(g, &words, s, e) : no_memory(e);
    g->named = words.count;
    g->count = words.count;
    for (int64_t i = 0; st == TFU_OK && words.count && i < count; i++)
        if (g->of[i] < 0)
            g->of[i] = (int32_t)g->count++;
    if (st == TFU_OK && g->count) {
        g->name = calloc((size_t)g->count, sizeof *g->name);
        st = g->name ? TFU_OK : no_memory(e);
    }
    if (st == TFU_OK && words.count)
        memcpy(g->name, words.word, (size_t)words.count * sizeof *g->name);
    tfu_words_free(&words);
    if (st != TFU_OK || !g->count)
        tfu_example_groups_free(g);
    return st;
}

/* Numbers those groups of `all` that are new, with a name or without; `number` is -1 for such. */
static void number_some(struct tfu_example_groups *g, const struct tfu_example_groups *all,
                        const int64_t *index, int64_t count, bool named, int32_t *number)
{
    for (int64_t i = 0; i < count; i++) {
        const int32_t group = all->of[index[i]];
        if (number[group] >= 0 || (all->name[group] != NULL) != named)
            continue;
        g->name[g->count] = all->name[group];
        number[group] = (int32_t)g->count++;
    }
}

enum tfu_status tfu_example_groups_take(struct tfu_example_groups *g,
                                        const struct tfu_example_groups *all, const int64_t *index,
                                        int64_t count, struct tfu_error *e)
{
    *g = (struct tfu_example_groups){.count = 0};
    if (!all->count)
        return TFU_OK;
    const int64_t most = count < all->count ? count : all->count;
    int32_t *number = malloc((size_t)all->count * sizeof *number);
    g->of = malloc(((size_t)count + 1) * sizeof *g->of);
    g->name = malloc(((size_t)most + 1) * sizeof *g->name);
    if (!number || !g->of || !g->name) {
        free(number);
        tfu_example_groups_free(g);
        return no_memory(e);
    }
    for (int64_t i = 0; i < all->count; i++)
        number[i] = -1;
    number_some(g, all, index, count, true, number);
    g->named = g->count;
    number_some(g, all, index, count, false, number);
    for (int64_t i = 0; i < count; i++)
        g->of[i] = number[all->of[index[i]]];
    free(number);
    return TFU_OK;
}

/* ---- attributes */

void tfu_attributes_free(struct tfu_attributes *a)
{
    for (int64_t k = 0; a->item && k < a->count; k++) {
        free(a->item[k].value);
        tfu_words_free(&a->item[k].words);
    }
    free(a->item);
    *a = (struct tfu_attributes){.count = 0};
}

static enum tfu_status read_column(struct tfu_attribute *a, const struct tfu_source *s,
                                   int64_t which, struct tfu_error *e)
{
    a->value = malloc((size_t)s->info.count * sizeof *a->value);
    if (!a->value)
        return no_memory(e);
    for (int64_t i = 0; i < s->info.count; i++) {
        const char *word = tfu_source_attribute(s, i, which);
        const int64_t number = tfu_words_add(&a->words, word ? word : "");
        if (number < 0)
            return no_memory(e);
        a->value[i] = (int32_t)number;
    }
    return TFU_OK;
}

enum tfu_status tfu_attributes_read(struct tfu_attributes *a, const struct tfu_source *s,
                                    struct tfu_error *e)
{
    *a = (struct tfu_attributes){.count = s->info.attributes, .name = s->info.attribute_names};
    a->item = calloc((size_t)a->count + 1, sizeof *a->item);
    enum tfu_status st = a->item ? TFU_OK : no_memory(e);
    for (int64_t k = 0; st == TFU_OK && k < a->count; k++)
        st = read_column(&a->item[k], s, k, e);
    if (st != TFU_OK)
        tfu_attributes_free(a);
    return st;
}

int64_t tfu_attributes_find(const struct tfu_attributes *a, const char *name)
{
    for (int64_t k = 0; k < a->count; k++)
        if (strcmp(a->name[k], name) == 0)
            return k;
    return -1;
}
