/* SPDX-License-Identifier: MIT */
#include "core/config/scored_check.h"

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
