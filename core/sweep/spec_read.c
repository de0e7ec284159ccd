/* SPDX-License-Identifier: MIT
 *
 * A study file's sections of runs, one after the other, and what they must agree on.
 */
#include "core/sweep/spec.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/options.h"
#include "core/config/path.h"
#include "core/config/study.h"

enum { CASES_MAX = 100000 };

static const struct tfu_option file_options[] = {
    {.name = "study",
     .help = "what it is called; by default as the file",
     .type = TFU_STRING,
     .offset = offsetof(struct tfu_spec, name)},
    TFU_OPT_PATH(struct tfu_spec, store, "", TFU_OPT_NO_EFFECT,
                 "the folder of runs; by default the `output` of the base"),
    TFU_OPT_INT(struct tfu_spec, max_cases, CASES_MAX, 1, 10000000,
                "more cases than these are taken for a mistake"),
};

static void check_name(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root)
{
    const struct tfu_node *n = tfu_node_at(root, "study");
    if (!s->name)
        return;
    if (!s->name[0])
        s->name = tfu_study_stem(l, l->path);
    if (s->name && !tfu_study_is_name(s->name))
        tfu_diagnostics_add(l->diagnostics, n ? n->mark : tfu_load_mark(l),
                            "study: '%s' cannot be the name of a file (" TFU_STUDY_NAME_RULE
                            "); say what it is called: `study: NAME`",
                            s->name);
}

/* Where `output` of the base is, from where it is said; "runs" in the current folder by default. */
static void find_store(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root)
{
    const struct tfu_node *own = tfu_node_at(root, "store");
    const struct tfu_node *output = tfu_node_at(s->base.root, "output");
    const struct tfu_mark here = {.source = TFU_LOAD_COMMAND_LINE};
    s->store_mark = own ? own->mark : output ? output->mark : tfu_load_mark(l);
    if (!s->store || s->store[0])
        return;
    const bool said = output && output->kind == TFU_NODE_SCALAR && output->text[0];
    s->store = tfu_path_absolute(l, said ? output->mark : here, said ? output->text : "runs");
}

/* What strings may refer to: known before any of them is read. */
static void name_all(struct tfu_load *l, struct tfu_spec *s, const struct tfu_node *root)
{
    const struct tfu_node *runs = tfu_node_at(root, "runs");
    const size_t count = runs && runs->kind == TFU_NODE_MAPPING ? runs->count : 0;
    const char **axis = tfu_load_array(l, s->axes + 1, sizeof *axis);
    const char **run = tfu_load_array(l, count + 1, sizeof *run);
    if (!axis || !run)
        return;
    for (size_t i = 0; i < s->axes; i++)
        axis[i] = s->axis[i].name;
    size_t k = 0;
    for (const struct tfu_node *n = count ? runs->first : NULL; n; n = n->next)
        run[k++] = n->key;
    s->names = (struct tfu_refer_names){.axis = axis, .axes = s->axes, .run = run, .runs = count};
}

/* The keys that an axis sets by any of its values, by name and each once. */
struct keys {
    const char **path;
    size_t count;
};

static int compare_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static struct keys keys_of(struct tfu_load *l, const struct tfu_case_axis *a)
{
    size_t total = 0;
    for (size_t v = 0; v < a->count; v++)
        total += a->value[v].set.count;
    struct keys keys = {.path = tfu_load_array(l, total + 1, sizeof *keys.path)};
    if (!keys.path)
        return keys;
    for (size_t v = 0, n = 0; v < a->count; v++)
        for (size_t k = 0; k < a->value[v].set.count; k++)
            keys.path[n++] = a->value[v].set.item[k].path;
    qsort(keys.path, total, sizeof *keys.path, compare_text);
    for (size_t i = 0; i < total; i++)
        if (i == 0 || strcmp(keys.path[i], keys.path[keys.count - 1]) != 0)
            keys.path[keys.count++] = keys.path[i];
    return keys;
}

/* The first that is in both; NULL: none is. */
static const char *common_key(const struct keys *a, const struct keys *b)
{
    size_t i = 0, k = 0;
    while (i < a->count && k < b->count) {
        const int order = strcmp(a->path[i], b->path[k]);
        if (order == 0)
            return a->path[i];
        i += order < 0;
        k += order > 0;
    }
    return NULL;
}

/* Two axes that set one key: which of them wins would be a matter of their order. */
static void check_pairs(struct tfu_load *l, const struct tfu_spec *s)
{
    struct keys *keys = tfu_load_array(l, s->all_axes + 1, sizeof *keys);
    for (size_t b = 0; keys && b < s->all_axes && !l->out_of_memory; b++) {
        keys[b] = keys_of(l, &s->axis[b]);
        for (size_t a = 0; a < b; a++) {
            const char *path = common_key(&keys[a], &keys[b]);
            if (path && strcmp(s->axis[a].name, s->axis[b].name) != 0)
                tfu_diagnostics_add(l->diagnostics, s->axis[b].mark,
                                    "the axes '%s' and '%s' both set %s; let one of them",
                                    s->axis[a].name, s->axis[b].name, path);
        }
    }
}

static void seen_nothing(void *arg, const struct tfu_reference *r, const struct tfu_node *scalar)
{
    (void)arg;
    (void)r;
    (void)scalar;
}

/* Is everything there that the values of axes and the base refer to? */
static void check_references(struct tfu_load *l, struct tfu_spec *s)
{
    if (s->base.root)
        tfu_refer_scan(l, &s->names, s->base.root, seen_nothing, NULL);
    for (size_t a = 0; a < s->all_axes; a++)
        for (size_t v = 0; v < s->axis[a].count && !s->axis[a].drawn; v++)
            for (size_t k = 0; k < s->axis[a].value[v].set.count; k++)
                tfu_refer_scan(l, &s->names, s->axis[a].value[v].set.item[k].value, seen_nothing,
                               NULL);
}

void tfu_spec_read(struct tfu_load *l, struct tfu_spec *s, struct tfu_node *root)
{
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(file_options, s);
    s->before = tfu_diagnostics_count(l->diagnostics);
    tfu_study_read_keys(l, &table, root);
    check_name(l, s, root);
    struct tfu_node *base = tfu_node_at(root, "base");
    if (base)
        tfu_spec_read_base(l, &s->base, base, "base");
    else
        tfu_diagnostics_add(l->diagnostics, tfu_load_mark(l),
                            "base is missing: the experiment that cases are made of, as a file or "
                            "as its keys");
    find_store(l, s, root);
    tfu_slurm_options_read(l, tfu_node_at(root, "launch"), &s->slurm);
    tfu_spec_read_axes(l, s, root);
    if (l->out_of_memory)
        return;
    name_all(l, s, root);
    tfu_spec_read_tune(l, s, root);
    tfu_spec_multiply(l, s, root);
    tfu_spec_read_runs(l, s, root);
    if (l->out_of_memory)
        return;
    check_pairs(l, s);
    check_references(l, s);
}
