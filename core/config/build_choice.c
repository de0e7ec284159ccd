/* SPDX-License-Identifier: MIT */
#include "core/config/build_choice.h"

#include <string.h>

#include "core/config/path.h"
#include "core/config/versus.h"
#include "core/plugin/registry.h"

enum { INNER_MAX = 8 }; /* plugins in plugins */

/* The name in `plugin:`; NULL after a finding. */
static const char *read_plugin_name(struct tfu_load *l, const char *path, const struct tfu_node *n)
{
    const struct tfu_node *name = tfu_node_at(n, "plugin");
    if (!name) {
        tfu_diagnostics_add(l->diagnostics, tfu_node_key_mark(n),
                            "%s.plugin is missing: the plugin's name", path);
        return NULL;
    }
    if (name->kind != TFU_NODE_SCALAR || tfu_node_is_null(name) || !name->text[0]) {
        tfu_diagnostics_add(l->diagnostics, name->mark,
                            "%s.plugin: expected the name of a plugin, got %s", path,
                            tfu_node_describe(l, name));
        return NULL;
    }
    return name->text;
}

static void find_plugin(struct tfu_load *l, const char *path, enum tfu_kind kind,
                        struct tfu_plugin_choice *choice)
{
    if (choice->name[0] == '~') {
        tfu_diagnostics_add(l->diagnostics, choice->mark,
                            "%s.plugin: write out the home folder: ~ is not expanded", path);
        return;
    }
    if (strchr(choice->name, '/'))
        choice->name = tfu_path_absolute(l, choice->mark, choice->name);
    if (!choice->name)
        return;
    struct tfu_error e = TFU_ERROR_INIT;
    const enum tfu_status st =
        tfu_registry_find(l->registry, kind, choice->name, NULL, &choice->plugin, &e);
    if (st == TFU_ENOMEM)
        l->out_of_memory = true;
    else if (st != TFU_OK)
        tfu_diagnostics_add(l->diagnostics, choice->mark, "%s.plugin: %s", path, e.text);
}

/* Is `name` ("limit", "limit.of") under a key that the host takes for itself? */
static bool is_taken(const struct tfu_options_table *host, enum tfu_kind kind, const char *name)
{
    const size_t n = strcspn(name, ".");
    if (n == strlen("plugin") && strncmp(name, "plugin", n) == 0)
        return true;
    if (kind == TFU_KIND_DATASET && n == strlen("transforms") &&
        strncmp(name, "transforms", n) == 0)
        return true;
    for (size_t i = 0; host && i < host->count; i++) {
        const char *key = tfu_options_get(host, i)->name;
        if (strlen(key) == n && strncmp(name, key, n) == 0)
            return true;
    }
    return false;
}

/* False after a finding. */
static bool check_names(struct tfu_load *l, const char *path,
                        const struct tfu_options_table *options,
                        const struct tfu_options_table *host,
                        const struct tfu_plugin_choice *choice)
{
    bool ok = true;
    for (size_t i = 0; i < options->count; i++) {
        const char *name = tfu_options_get(options, i)->name;
        if (!is_taken(host, (enum tfu_kind)choice->plugin->kind, name))
            continue;
        ok = false;
        tfu_diagnostics_add(l->diagnostics, choice->mark,
                            "%s.plugin: %s has an option '%s', but that key is the program's "
                            "own here; the plugin has to call it something else",
                            path, choice->plugin->name, name);
    }
    return ok;
}

/* A key beside the plugin's own options and those of the host's table; "plugin": there is none. Of
 * a dataset it is `transforms`; versus.c says of a metric of one network why it has no `against`.
 */
static const char *other_key(enum tfu_kind kind, bool scores, const struct tfu_node *n)
{
    if (kind == TFU_KIND_DATASET)
        return "transforms";
    return kind == TFU_KIND_METRIC && scores && tfu_node_at(n, "against") ? "against" : "plugin";
}

void tfu_build_choice(struct tfu_load *l, const char *path, enum tfu_kind kind,
                      const char *standard, const struct tfu_options_table *host,
                      const struct tfu_node *n, struct tfu_plugin_choice *choice)
{
    choice->mark = tfu_load_mark(l);
    choice->name = standard;
    if (n) {
        choice->name = read_plugin_name(l, path, n);
        const struct tfu_node *name = tfu_node_at(n, "plugin");
        choice->mark = name ? name->mark : n->mark;
    }
    if (choice->name)
        find_plugin(l, path, kind, choice);

    const struct tfu_plugin *p = choice->plugin;
    const bool scores = kind == TFU_KIND_METRIC && p && !tfu_versus_is_for(p);
    if (scores && host)
        host++; /* the second table */
    const char *const other[] = {"plugin", other_key(kind, scores, n)};
    void *config = tfu_load_alloc(l, p && p->config_size ? p->config_size : 1);
    if (!config)
        return;
    choice->config = config;
    struct tfu_options_table table[2] = {{.count = 0}};
    size_t count = 0;
    if (host)
        table[count++] = *host;
    const struct tfu_options_table own = {.option = p ? p->options : NULL,
                                          .count = p ? p->option_count : 0,
                                          .stride = p ? p->option_size : 0,
                                          .config = config};
    const bool known = p && check_names(l, path, &own, host, choice);
    if (known)
        table[count++] = own;
    tfu_options_read(l,
                     &(struct tfu_options_section){.path = path,
                                                   .owner = p ? p->name : NULL,
                                                   .table = table,
                                                   .table_count = count,
                                                   .other = other,
                                                   .other_count = TFU_COUNT(other),
                                                   .read_inner = tfu_build_inner,
                                                   .kind = kind,
                                                   .open = !known},
                     n, choice->mark);
}

/* A plugin that is the option of another: the one in the mapping `n`, else the option's default. */
void tfu_build_inner(struct tfu_load *l, const char *path, enum tfu_kind kind,
                     const struct tfu_option *o, const struct tfu_node *n, struct tfu_mark m,
                     const struct tfu_inner **field)
{
    const bool has_default = o->sdef && o->sdef[0];
    if (!n && !has_default)
        return;
    if (n && n->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: expected a mapping such as {plugin: %s}, got %s", path,
                            has_default ? o->sdef : "NAME", tfu_node_describe(l, n));
        return;
    }
    if (l->inner_depth == INNER_MAX) {
        tfu_diagnostics_add(l->diagnostics, m, "%s: more than %d plugins lie in each other", path,
                            INNER_MAX);
        return;
    }
    struct tfu_inner *inner = tfu_load_alloc(l, sizeof *inner);
    if (!inner)
        return;
    l->inner_depth++;
    tfu_build_choice(l, path, kind, o->sdef, NULL, n, &inner->choice);
    l->inner_depth--;
    if (!n)
        inner->choice.mark = m;
    *field = inner;
}
