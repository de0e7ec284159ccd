/* SPDX-License-Identifier: MIT
 *
 * The section `cases`: axes, or a list of cases.
 */
#include <string.h>

#include "core/sweep/spec.h"

static void read_axis(struct tfu_load *l, struct tfu_spec *s, const char *name,
                      const struct tfu_node *n)
{
    const struct tfu_node *declared = n->choice ? n : tfu_node_get(s->declared, name, strlen(name));
    const char *path = tfu_load_printf(l, "cases.%s", name);
    struct tfu_case_axis *a = path ? tfu_spec_push_axis(l, s) : NULL;
    if (a)
        tfu_case_axis_read(l, a, path, name, n->choice ? n->choice : n, declared, NULL);
}

/* `cases.train.optimizer.lr=[1e-3]` of the command line: there each dot makes a mapping, which
 * begins where its key does. One that is written begins behind its key. */
static bool is_path(const struct tfu_node *n)
{
    return n->kind == TFU_NODE_MAPPING && n->first &&
           strcmp(n->key_mark.source, TFU_LOAD_COMMAND_LINE) == 0 &&
           strcmp(n->mark.source, TFU_LOAD_COMMAND_LINE) == 0 && n->mark.line == n->key_mark.line &&
           n->mark.column <= n->key_mark.column;
}

/* Calls found() for `n`, or for what lies below it, by the name that an axis has in the file. */
static void each_axis(struct tfu_load *l, const char *name, const struct tfu_node *n,
                      void (*found)(void *arg, const char *name, const struct tfu_node *n,
                                    bool path),
                      void *arg, bool path)
{
    if (!is_path(n)) {
        found(arg, name, n, path);
        return;
    }
    for (const struct tfu_node *child = n->first; child; child = child->next) {
        const char *below = tfu_load_printf(l, "%s.%s", name, child->key);
        if (below)
            each_axis(l, below, child, found, arg, true);
    }
}

struct cases {
    struct tfu_load *load;
    struct tfu_spec *spec;
    const struct tfu_node *cases;
    const char *name;            /* that is looked for, */
    const struct tfu_node *over; /* and what the command line says of it */
};

static void find_over(void *arg, const char *name, const struct tfu_node *n, bool path)
{
    struct cases *c = arg;
    if (path && strcmp(name, c->name) == 0)
        c->over = n;
}

/* An axis of the file stays in its place there. */
static void read_one(void *arg, const char *name, const struct tfu_node *n, bool path)
{
    struct cases *c = arg;
    if (path && tfu_node_get(c->cases, name, strlen(name)))
        return;
    c->name = name;
    c->over = NULL;
    for (const struct tfu_node *o = c->cases->first; o && !path; o = o->next)
        each_axis(c->load, o->key, o, find_over, c, false);
    read_axis(c->load, c->spec, name, c->over ? c->over : n);
}

static void read_cases(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *cases)
{
    struct cases c = {.load = l, .spec = s, .cases = cases};
    for (const struct tfu_node *n = cases->first; n && !l->out_of_memory; n = n->next)
        each_axis(l, n->key, n, read_one, &c, false);
}

/* The list of `add`, or of `cases` where that is one; NULL after a finding. */
static const struct tfu_node *get_list(struct tfu_load *l, const struct tfu_node *root,
                                       const char *key)
{
    const struct tfu_node *n = tfu_node_at(root, key);
    if (n && n->kind != TFU_NODE_SEQUENCE) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: expected a list of cases, such as [{arch: cbr_tiny, seed: 0}], "
                            "got %s",
                            key, tfu_node_describe(l, n));
        return NULL;
    }
    return n;
}

void tfu_spec_read_axes(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root)
{
    const struct tfu_node *cases = tfu_node_at(root, "cases"), *add = get_list(l, root, "add");
    const bool list = cases && cases->kind == TFU_NODE_SEQUENCE;
    if (!cases)
        tfu_diagnostics_add(l->diagnostics, tfu_load_mark(l),
                            "cases is missing: the axes of the sweep, as in {arch: [resnet50, "
                            "cbr_tiny], seed: 0..4}");
    else if (cases->kind == TFU_NODE_SCALAR || !cases->first)
        tfu_diagnostics_add(l->diagnostics, cases->mark,
                            "cases: expected axes, as in {arch: [resnet50, cbr_tiny], seed: "
                            "0..4}, or a list of cases, got %s",
                            cases->kind == TFU_NODE_SCALAR    ? tfu_node_describe(l, cases)
                            : cases->kind == TFU_NODE_MAPPING ? "an empty mapping"
                                                              : "an empty list");
    else if (!list)
        read_cases(l, s, cases);
    if (list)
        tfu_spec_name_added(l, s, cases, "cases");
    if (add)
        tfu_spec_name_added(l, s, add, "add");
}
