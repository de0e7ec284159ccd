/* SPDX-License-Identifier: MIT */
#include "core/config/scored_check.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/scored.h"
#include "core/config/versus.h"

/* The mapping of metric number `i`. */
static const struct tfu_node *item(const struct tfu_node *root, const struct tfu_experiment *x,
                                   size_t i)
{
    const struct tfu_node *list = tfu_node_at(root, "metrics");
    const struct tfu_node *n = list ? list->first : NULL;
    for (size_t left = tfu_versus_metric_place(x, i); n && left > 0; left--)
        n = n->next;
    return n;
}

static struct tfu_mark place_of(const struct tfu_node *root, const struct tfu_experiment *x,
                                size_t i, const char *key)
{
    const struct tfu_node *n = tfu_node_at(item(root, x, i), key);
    return n ? n->mark : x->metric[i].mark;
}

static void check_twins(struct tfu_load *l, const struct tfu_node *root,
                        const struct tfu_experiment *x, size_t i)
{
    const char *name = tfu_scored_name(x, i);
    for (size_t j = 0; j < i; j++) {
        if (!x->metric[j].plugin || strcmp(tfu_scored_name(x, j), name) != 0)
            continue;
        if (x->metric[i].plugin == x->metric[j].plugin)
            tfu_diagnostics_add(l->diagnostics, x->metric[i].mark,
                                "metrics.%zu: '%s' is there twice, first as metrics.%zu; remove "
                                "one, or give one a `name`",
                                tfu_versus_metric_place(x, i), name, tfu_versus_metric_place(x, j));
        else
            tfu_diagnostics_add(l->diagnostics, place_of(root, x, i, "name"),
                                "metrics.%zu: its numbers would be called '%s', as those of "
                                "metrics.%zu are; give it a `name` of its own",
                                tfu_versus_metric_place(x, i), name, tfu_versus_metric_place(x, j));
        return;
    }
}

/* An item of `by`, and its attribute as a part of keys. */
struct by_item {
    const char *text, *key;
    uint64_t place;
};

static int compare_items(const void *a, const void *b)
{
    const struct by_item *x = a, *y = b;
    const int order = strcmp(x->key, y->key);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* Those that name an attribute, by their keys; how many there are. */
static uint64_t list_items(struct tfu_load *l, const struct tfu_string_list *by,
                           struct by_item *item)
{
    uint64_t count = 0;
    for (uint64_t k = 0; k < by->count; k++) {
        struct tfu_by parsed;
        const char *why;
        tfu_by_parse(by->item[k], &parsed, &why);
        if (parsed.name_length == 0)
            continue;
        char *key = tfu_by_key(by->item[k], parsed.name_length);
        const char *kept = key ? tfu_arena_strdup(l->arena, key) : NULL;
        free(key);
        l->out_of_memory = l->out_of_memory || !kept;
        if (kept)
            item[count++] = (struct by_item){by->item[k], kept, k};
    }
    qsort(item, count, sizeof *item, compare_items);
    return count;
}

/* The same attribute with other edges, too, has its numbers called "auc.by.age". */
static void check_by_twins(struct tfu_load *l, const struct tfu_node *root,
                           const struct tfu_experiment *x, size_t i)
{
    const struct tfu_string_list *by = &x->scored[i].by;
    struct by_item *item = by->count > 1 ? tfu_load_array(l, by->count, sizeof *item) : NULL;
    const uint64_t count = item ? list_items(l, by, item) : 0;
    for (uint64_t k = 1; k < count; k++)
        if (strcmp(item[k].key, item[k - 1].key) == 0)
            tfu_diagnostics_add(l->diagnostics, place_of(root, x, i, "by"),
                                "metrics.%zu.by: the numbers of '%s' and of '%s' would both be "
                                "called '%s.by.%s'; leave one out, or give it to a metric of "
                                "another `name`",
                                tfu_versus_metric_place(x, i), item[k - 1].text, item[k].text,
                                tfu_scored_name(x, i), item[k].key);
}

static void check_by(struct tfu_load *l, const struct tfu_node *root,
                     const struct tfu_experiment *x, size_t i)
{
    const struct tfu_string_list *by = &x->scored[i].by;
    for (uint64_t k = 0; k < by->count; k++) {
        struct tfu_by parsed;
        const char *why;
        if (!tfu_by_parse(by->item[k], &parsed, &why))
            tfu_diagnostics_add(l->diagnostics, place_of(root, x, i, "by"),
                                "metrics.%zu.by: '%s': %s; write `by: sex`, or age(40, 60)",
                                tfu_versus_metric_place(x, i), by->item[k], why);
    }
    check_by_twins(l, root, x, i);
}

void tfu_scored_check(struct tfu_load *l, const struct tfu_node *root,
                      const struct tfu_experiment *x)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    for (size_t i = 0; i < x->metric_count; i++) {
        if (!x->metric[i].plugin || !x->scored[i].name)
            continue;
        const char *name = x->scored[i].name;
        if (name[strspn(name, allowed)])
            tfu_diagnostics_add(l->diagnostics, place_of(root, x, i, "name"),
                                "metrics.%zu.name: '%s' is not made of lower case letters, digits "
                                "and underscores",
                                tfu_versus_metric_place(x, i), name);
        check_twins(l, root, x, i);
        check_by(l, root, x, i);
    }
}
