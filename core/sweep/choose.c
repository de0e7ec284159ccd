/* SPDX-License-Identifier: MIT */
#include "core/sweep/choose.h"

#include <string.h>

#include "core/sweep/work.h"

static const char run_key[] = "run";

size_t tfu_sweep_axis_find(const struct tfu_sweep *s, struct tfu_load *l, const char *path,
                           struct tfu_mark m, const char *name)
{
    const size_t a = tfu_axes_find(l, path, m, name, s->priv->spec.axis, s->priv->spec.all_axes);
    if (a == SIZE_MAX || !s->tune || s->tune->axis != a)
        return a;
    tfu_diagnostics_add(
        l->diagnostics, m,
        "%s: which value a case has on '%s' is chosen by `tune` when its candidates "
        "are done; cases are not told apart by it",
        path, name);
    return SIZE_MAX;
}

static bool is_in(const char *key, const char *const *list)
{
    while (*list && strcmp(*list, key) != 0)
        list++;
    return *list != NULL;
}

/* The axes of `n` alone; NULL: memory ran out. */
static struct tfu_node *without(struct tfu_load *l, const struct tfu_node *n,
                                const char *const *skip)
{
    struct tfu_node *copy = tfu_node_copy(l, n);
    for (const struct tfu_node *k = n->first; copy && k; k = k->next)
        if (is_in(k->key, skip))
            tfu_node_remove(copy, tfu_node_get(copy, k->key, strlen(k->key)));
    return copy;
}

static bool has_tuned_axis(const struct tfu_sweep *s, struct tfu_load *l, const char *path,
                           const struct tfu_node *n)
{
    const char *name = s->tune ? s->axis[s->tune->axis].name : NULL;
    const struct tfu_node *child = name ? tfu_node_get(n, name, strlen(name)) : NULL;
    if (child)
        tfu_sweep_axis_find(s, l, path, child->key_mark, name);
    return child != NULL;
}

/* ---- runs of the section `runs` */

const char *tfu_sweep_run_name(const struct tfu_sweep *s, size_t index)
{
    const uint32_t run = s->priv->work[index].run;
    return run == TFU_WORK_CASE ? NULL : s->priv->spec.run[run].name;
}

static void choose_run(struct tfu_load *l, const char *path, const struct tfu_node *n,
                       const struct tfu_spec *spec, bool *wanted)
{
    if (n->kind != TFU_NODE_SCALAR || tfu_node_is_null(n)) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s.run: expected a name of the section `runs`, got %s", path,
                            tfu_node_describe(l, n));
        return;
    }
    for (size_t i = 0; i < spec->runs; i++)
        if (strcmp(spec->run[i].name, n->text) == 0) {
            wanted[i] = true;
            return;
        }
    struct tfu_text advice = TFU_TEXT_INIT;
    const char **names = tfu_load_array(l, spec->runs + 1, sizeof *names);
    for (size_t i = 0; names && i < spec->runs; i++)
        names[i] = spec->run[i].name;
    if (names && spec->runs)
        tfu_text_put_advice(&advice, n->text, names, spec->runs);
    tfu_diagnostics_add(l->diagnostics, n->mark, "%s.run: the section `runs` has no '%s'%s", path,
                        n->text, tfu_text_get(&advice));
    l->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
}

/* By template; NULL: memory ran out. */
static bool *choose_runs(struct tfu_load *l, const char *path, const struct tfu_node *n,
                         const struct tfu_spec *spec)
{
    bool *wanted = tfu_load_array(l, spec->runs + 1, sizeof *wanted);
    const bool list = n->kind == TFU_NODE_SEQUENCE && n->first;
    for (const struct tfu_node *i = list ? n->first : n; i && wanted; i = list ? i->next : NULL)
        choose_run(l, path, i, spec, wanted);
    return wanted;
}

/* ---- chosen */

static void put(const struct tfu_sweep *s, const struct tfu_case_selection *by, const bool *runs,
                struct tfu_sweep_choice *out)
{
    const size_t first = runs ? 0 : s->support, end = runs ? s->support : s->count;
    for (size_t i = first; i < end; i++) {
        const struct tfu_work_item *w = &s->priv->work[i];
        if (runs && (w->run == TFU_WORK_CASE || !runs[w->run]))
            continue;
        out->chosen[i] = tfu_case_selection_has(by, w->value);
        out->count += out->chosen[i];
    }
}

void tfu_sweep_choose(const struct tfu_sweep *s, struct tfu_load *l, const char *path,
                      const struct tfu_node *n, const char *const *skip,
                      struct tfu_sweep_choice *out)
{
    const struct tfu_spec *spec = &s->priv->spec;
    struct tfu_case_selection by = {.count = 0};
    const struct tfu_node *run =
        tfu_spec_find_axis(spec, run_key) == SIZE_MAX ? tfu_node_at(n, run_key) : NULL;
    const char *const own[] = {run ? run_key : NULL, NULL};
    const struct tfu_node *axes = without(l, n, skip);
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    *out = (struct tfu_sweep_choice){.chosen = tfu_load_array(l, s->count + 1, sizeof(bool))};
    axes = axes ? without(l, axes, own) : NULL;
    if (!axes || !out->chosen || has_tuned_axis(s, l, path, axes))
        return;
    const bool *runs = run ? choose_runs(l, path, run, spec) : NULL;
    if (axes->first)
        tfu_case_selection_read(l, &by, path, axes, spec->axis, spec->all_axes);
    if (l->out_of_memory || tfu_diagnostics_count(l->diagnostics) > before)
        return;
    for (size_t a = 0; a < spec->axes; a++)
        out->narrowed |= spec->axis[a].narrowed;
    for (size_t i = 0; i < by.count; i++)
        out->narrowed |= spec->axis[by.by[i].axis].drawn;
    put(s, &by, runs, out);
}
