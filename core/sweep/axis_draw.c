/* SPDX-License-Identifier: MIT */
#include "core/sweep/axis_draw.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/random.h"

/* ---- one value */

/* In so few digits that people can read it, and reads back as the same number. */
static const char *drawn_text(struct tfu_load *l, const struct tfu_case_axis *a,
                              struct tfu_random *r)
{
    const double u = tfu_random_uniform(r);
    if (a->distribution == TFU_DISTRIBUTION_INT_UNIFORM) {
        const uint64_t span = (uint64_t)((int64_t)a->max - (int64_t)a->min) + 1;
        return tfu_load_printf(l, "%lld",
                               (long long)((int64_t)a->min + (int64_t)tfu_random_below(r, span)));
    }
    double v = a->distribution == TFU_DISTRIBUTION_LOG_UNIFORM
                   ? exp(log(a->min) + u * (log(a->max) - log(a->min)))
                   : a->min + u * (a->max - a->min);
    const char *text = tfu_load_printf(l, "%.6g", v);
    if (!text)
        return NULL;
    v = strtod(text, NULL);
    return v < a->min   ? tfu_load_printf(l, "%.17g", a->min)
           : v > a->max ? tfu_load_printf(l, "%.17g", a->max)
                        : text;
}

size_t tfu_case_axis_draw(struct tfu_load *l, struct tfu_case_axis *a, uint64_t key)
{
    struct tfu_random r;
    tfu_random_init(&r, key);
    if (!a->drawn)
        return (size_t)tfu_random_below(&r, a->count);
    const char *name = drawn_text(l, a, &r);
    const size_t same = name ? tfu_case_axis_find(a, name) : SIZE_MAX;
    const struct tfu_node *node =
        name && same == SIZE_MAX ? tfu_case_axis_number(l, a->mark, name) : NULL;
    return node ? tfu_case_axis_add(l, a, name, a->mark, node) : same;
}

/* ---- those of an axis */

void tfu_case_axis_check_range(struct tfu_load *l, const struct tfu_case_axis *a, const char *path,
                               const struct tfu_node *n)
{
    const struct tfu_node *max = tfu_node_at(n, "max"), *min = tfu_node_at(n, "min");
    if (a->max <= a->min)
        tfu_diagnostics_add(l->diagnostics, max->mark, "%s.max: %g is not above `min`, which is %g",
                            path, a->max, a->min);
    else if (a->distribution == TFU_DISTRIBUTION_LOG_UNIFORM && a->min <= 0)
        tfu_diagnostics_add(l->diagnostics, min->mark,
                            "%s.min: log_uniform needs a `min` above 0, got %g; `min` and `max` "
                            "are the values themselves, not their logarithms",
                            path, a->min);
    else if (a->distribution == TFU_DISTRIBUTION_INT_UNIFORM &&
             (a->min != floor(a->min) || a->max != floor(a->max) || fabs(a->min) > 1e15 ||
              fabs(a->max) > 1e15))
        tfu_diagnostics_add(l->diagnostics, min->mark,
                            "%s: int_uniform draws whole numbers, and %g to %g are not their ends",
                            path, a->min, a->max);
    else if (a->distribution == TFU_DISTRIBUTION_CHOICE)
        tfu_diagnostics_add(l->diagnostics, min->mark,
                            "%s: `distribution: choice` draws among `values`, not between `min` "
                            "and `max`",
                            path);
}

void tfu_case_axis_draw_between(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                                const struct tfu_node *n, int64_t draws)
{
    enum { TRIES = 1000 }; /* for one value that is not there yet */
    const uint64_t key = tfu_random_key((uint64_t)a->seed, "sweep axis", a->key ? a->key : "");
    uint64_t index = 0;
    for (int tries = 0; a->count < (size_t)draws && tries < TRIES && !l->out_of_memory; tries++) {
        const size_t before = a->count;
        tfu_case_axis_draw(l, a, tfu_random_subkey(key, index++));
        tries = a->count > before ? 0 : tries;
    }
    a->drawn = false;
    if (a->count < (size_t)draws && !l->out_of_memory)
        tfu_diagnostics_add(l->diagnostics, tfu_node_at(n, "draws")->mark,
                            "%s.draws: only %zu different values were found, %lld were asked for; "
                            "lower it",
                            path, a->count, (long long)draws);
}

void tfu_case_axis_draw_among(struct tfu_load *l, struct tfu_case_axis *a, const char *path,
                              const struct tfu_node *n, int64_t draws)
{
    if ((size_t)draws > a->count) {
        tfu_diagnostics_add(l->diagnostics, tfu_node_at(n, "draws")->mark,
                            "%s.draws: %lld of %zu values cannot be drawn", path, (long long)draws,
                            a->count);
        return;
    }
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_key((uint64_t)a->seed, "sweep axis", a->key ? a->key : ""));
    int64_t *order = tfu_load_array(l, a->count + 1, sizeof *order);
    struct tfu_case_axis_value *chosen = tfu_load_array(l, a->count + 1, sizeof *chosen);
    if (!order || !chosen)
        return;
    for (size_t i = 0; i < a->count; i++)
        order[i] = (int64_t)i;
    tfu_random_shuffle(&r, order, a->count);
    for (int64_t i = 0; i < draws; i++)
        chosen[i] = a->value[order[i]];
    a->value = chosen;
    a->room = a->count;
    a->count = (size_t)draws;
    tfu_case_axis_index(l, a);
}
