/* SPDX-License-Identifier: MIT
 *
 * The section `runs`: what cases need, and in which order.
 */
#include <string.h>

#include "core/config/options.h"
#include "core/config/study_base.h"
#include "core/sweep/spec.h"

/* Keys of a template that are not the experiment's. */
static const char *const own_keys[] = {"base", "axes", NULL};

struct scan {
    struct tfu_run_template *run;
};

static void seen(void *arg, const struct tfu_reference *r, const struct tfu_node *scalar)
{
    const struct scan *s = arg;
    (void)scalar;
    if (r->kind == TFU_REFER_AXIS)
        s->run->uses[r->index] = true;
    else if (r->kind != TFU_REFER_NOTHING)
        s->run->needs[r->index] = true;
}

static void check_keys(struct tfu_load *l, const struct tfu_run_template *t, const char *path)
{
    for (size_t i = 0; i < t->set.count; i++)
        if (!tfu_assignment_is_key(t->set.item[i].path))
            tfu_diagnostics_add(l->diagnostics, t->set.item[i].mark,
                                "%s.%s: '%s' is no key of an experiment", path, t->set.item[i].path,
                                t->set.item[i].path);
}

/* Its own base, or that of the cases. */
static void find_base(struct tfu_load *l, const struct tfu_spec *s, struct tfu_run_template *t,
                      const char *path)
{
    struct tfu_node *base = tfu_node_at(t->node, "base");
    t->base = s->base;
    if (!base)
        return;
    const char *below = tfu_load_printf(l, "%s.base", path);
    struct tfu_node *mapping = tfu_study_base_mapping(l, base);
    if (below && mapping)
        tfu_spec_read_base(l, &t->base, mapping, below);
}

static void read_template(struct tfu_load *l, struct tfu_spec *s, struct tfu_run_template *t,
                          const struct tfu_node *n)
{
    const char *path = tfu_load_printf(l, "runs.%s", n->key);
    const char *axes = path ? tfu_load_printf(l, "%s.axes", path) : NULL;
    t->name = n->key;
    t->mark = n->key_mark;
    t->node = n;
    t->uses = tfu_load_array(l, s->all_axes + 1, sizeof *t->uses);
    t->needs = tfu_load_array(l, s->runs + 1, sizeof *t->needs);
    if (!axes || !t->uses || !t->needs)
        return;
    if (n->kind != TFU_NODE_MAPPING || !n->first) {
        tfu_diagnostics_add(
            l->diagnostics, n->mark,
            "%s: expected the keys of an experiment, such as {base: "
            "source.yaml, arch: \"${arch}\"}, got %s",
            path, n->kind == TFU_NODE_MAPPING ? "an empty mapping" : tfu_node_describe(l, n));
        return;
    }
    if (strpbrk(n->key, ".@}") || !n->key[0])
        tfu_diagnostics_add(l->diagnostics, n->key_mark,
                            "%s: a name that is referred to as ${NAME.final} has no . @ or }",
                            path);
    for (size_t i = 0; i < s->axes; i++)
        if (strcmp(s->axis[i].name, n->key) == 0)
            tfu_diagnostics_add(l->diagnostics, n->key_mark,
                                "%s: an axis of the cases is called '%s', too; give one of them "
                                "another name",
                                path, n->key);
    t->lays = tfu_spec_read_axis_list(l, s, axes, tfu_node_at(n, "axes"));
    find_base(l, s, t, path);
    tfu_assignments_add_all(l, &t->set, n, own_keys);
    check_keys(l, t, path);
    struct scan scan = {.run = t};
    for (size_t i = 0; i < t->set.count; i++)
        tfu_refer_scan(l, &s->names, t->set.item[i].value, seen, &scan);
    if (t->base.root)
        tfu_refer_scan(l, &s->names, t->base.root, seen, &scan);
    for (size_t a = 0; t->lays && a < s->axes; a++) {
        t->uses[a] |= t->lays[a];
        for (size_t v = 0; t->lays[a] && v < s->axis[a].count; v++)
            for (size_t k = 0; k < s->axis[a].value[v].set.count; k++)
                tfu_refer_scan(l, &s->names, s->axis[a].value[v].set.item[k].value, seen, &scan);
    }
}

/* A run that needs others is one for each value of their axes, too. Goes along `from`; a circle is
 * a finding, told once. */
static bool close_axes(struct tfu_load *l, struct tfu_spec *s, size_t t, unsigned char *state,
                       struct tfu_text *way)
{
    enum { UNKNOWN, ON_THE_WAY, DONE };
    struct tfu_run_template *run = &s->run[t];
    const size_t length = way->length;
    if (state[t] == DONE || !run->needs || !run->uses)
        return true;
    tfu_text_printf(way, "%s%s", way->length ? " needs " : "", run->name);
    if (state[t] == ON_THE_WAY) {
        tfu_diagnostics_add(l->diagnostics, run->mark,
                            "runs.%s: the runs need each other in a circle: %s", run->name,
                            tfu_text_get(way));
        return false;
    }
    state[t] = ON_THE_WAY;
    bool ok = true;
    for (size_t i = 0; ok && i < s->runs; i++) {
        if (!run->needs[i])
            continue;
        ok = close_axes(l, s, i, state, way);
        for (size_t a = 0; ok && a < s->all_axes; a++)
            run->uses[a] |= s->run[i].uses && s->run[i].uses[a];
    }
    state[t] = DONE;
    if (way->data)
        way->data[way->length = length] = '\0';
    return ok;
}

void tfu_spec_read_runs(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root)
{
    const struct tfu_node *runs = tfu_node_at(root, "runs");
    struct tfu_text way = TFU_TEXT_INIT;
    if (!runs)
        return;
    if (runs->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(l->diagnostics, runs->mark,
                            "runs: expected a mapping of names, such as {source: {base: "
                            "source.yaml}}, got %s",
                            tfu_node_describe(l, runs));
        return;
    }
    s->run = tfu_load_array(l, runs->count + 1, sizeof *s->run);
    s->runs = s->run ? runs->count : 0;
    size_t i = 0;
    for (const struct tfu_node *n = runs->first; n && s->run && !l->out_of_memory; n = n->next)
        read_template(l, s, &s->run[i++], n);
    unsigned char *state = tfu_load_array(l, s->runs + 1, sizeof *state);
    for (i = 0; state && i < s->runs && !l->out_of_memory; i++)
        if (!close_axes(l, s, i, state, &way))
            break;
    l->out_of_memory |= way.failed;
    tfu_text_free(&way);
}
