/* SPDX-License-Identifier: MIT
 *
 * The configuration of a case: its base, with the values of its axes laid over it.
 */
#include <string.h>

#include "core/config/compose.h"
#include "core/config/override.h"
#include "core/sweep/work.h"

/* Every run of a sweep lies in the sweep's store. */
static void set_output(const struct tfu_spec *s, struct tfu_load *l, struct tfu_node *root)
{
    struct tfu_node *output = tfu_node_new(l, TFU_NODE_SCALAR, s->store_mark);
    if (!output)
        return;
    output->text = s->store;
    output->quoted = true;
    tfu_override_set(l, root, "output", s->store_mark, output);
}

static const char *value_of(void *arg, struct tfu_load *l, const struct tfu_reference *r,
                            const struct tfu_node *scalar)
{
    const struct tfu_work_tree *t = arg;
    const struct tfu_spec *s = &t->p->spec;
    if (r->kind != TFU_REFER_AXIS)
        return t->artefact(t->arg, l, r, scalar);
    const uint32_t v = t->value[r->index];
    if (v != TFU_AXIS_NONE)
        return s->axis[r->index].value[v].name;
    tfu_diagnostics_add(l->diagnostics, scalar->mark,
                        "${%s}: there is no value on this axis, which is on some cases `only`",
                        s->axis[r->index].name);
    return NULL;
}

static struct tfu_node *make(void *arg, struct tfu_load *l)
{
    const struct tfu_work_tree *t = arg;
    const struct tfu_spec *s = &t->p->spec;
    const struct tfu_run_template *run = t->run == TFU_WORK_CASE ? NULL : &s->run[t->run];
    struct tfu_node *root = tfu_node_copy(l, run ? run->base.root : s->base.root);
    const struct tfu_assignments **list = tfu_load_array(l, s->all_axes + 1, sizeof *list);
    size_t count = 0;
    if (!root || !list)
        return NULL;
    for (size_t a = 0; a < s->all_axes; a++)
        if (t->value[a] != TFU_AXIS_NONE && (!run || run->lays[a]))
            list[count++] = &s->axis[a].value[t->value[a]].set;
    if (run)
        list[count++] = &run->set;
    tfu_assignments_apply(l, root, list, count);
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    tfu_refer_substitute(l, &s->names, root, value_of, arg);
    set_output(s, l, root);
    /* what was put for nothing is no configuration to look at */
    return tfu_diagnostics_count(l->diagnostics) == before ? root : NULL;
}

const char *tfu_work_no_artefact(void *arg, struct tfu_load *l, const struct tfu_reference *r,
                                 const struct tfu_node *scalar)
{
    (void)arg;
    (void)r;
    (void)scalar;
    return tfu_load_printf(l, "/case:unknown@final");
}

enum tfu_status tfu_work_compose(struct tfu_config **out, struct tfu_work_tree *tree,
                                 struct tfu_diagnostics *d, struct tfu_error *e)
{
    const struct tfu_spec *s = &tree->p->spec;
    const struct tfu_compose request = {
        .path = tree->run == TFU_WORK_CASE ? s->base.path : s->run[tree->run].base.path,
        .registry = tree->p->registry,
        .make = make,
        .arg = tree};
    return tfu_config_compose(out, &request, d, e);
}
