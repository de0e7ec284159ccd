/* SPDX-License-Identifier: MIT */
#include "core/config/build.h"

#include <string.h>

#include "core/config/build_transforms.h"
#include "core/config/defaults.h"
#include "core/config/inherit.h"
#include "core/config/path.h"
#include "core/config/schema.h"
#include "core/config/tasks.h"
#include "core/config/versus.h"

enum { LIST_MAX = 256 }; /* of rules, of metrics */
enum { INNER_MAX = 8 };  /* plugins in plugins */

struct builder {
    struct tfu_load *load;
    struct tfu_experiment *x;
};

static void report(const struct builder *b, struct tfu_mark m, const char *text)
{
    tfu_diagnostics_add(b->load->diagnostics, m, "%s", text);
}

/* A section that has to be a mapping; NULL after a finding. */
static const struct tfu_node *get_section(const struct builder *b, const struct tfu_node *parent,
                                          const char *path, const char *key, const char *example)
{
    const struct tfu_node *n = tfu_node_at(parent, key);
    if (!n)
        tfu_diagnostics_add(b->load->diagnostics,
                            parent->key ? parent->key_mark : tfu_load_mark(b->load),
                            "section '%s' is missing; write something like %s", path, example);
    else if (n->kind != TFU_NODE_MAPPING)
        tfu_diagnostics_add(b->load->diagnostics, n->mark,
                            "%s: expected a mapping such as %s, got %s", path, example,
                            tfu_node_describe(b->load, n));
    return n && n->kind == TFU_NODE_MAPPING ? n : NULL;
}

/* ---- plugins */

/* The name in `plugin:`; NULL after a finding. */
static const char *read_plugin_name(const struct builder *b, const char *path,
                                    const struct tfu_node *n)
{
    const struct tfu_node *name = tfu_node_at(n, "plugin");
    if (!name) {
        tfu_diagnostics_add(b->load->diagnostics, tfu_node_key_mark(n),
                            "%s.plugin is missing: the plugin's name", path);
        return NULL;
    }
    if (name->kind != TFU_NODE_SCALAR || tfu_node_is_null(name) || !name->text[0]) {
        tfu_diagnostics_add(b->load->diagnostics, name->mark,
                            "%s.plugin: expected the name of a plugin, got %s", path,
                            tfu_node_describe(b->load, name));
        return NULL;
    }
    return name->text;
}

static void find_plugin(const struct builder *b, const char *path, enum tfu_kind kind,
                        struct tfu_plugin_choice *choice)
{
    struct tfu_load *l = b->load;
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
static bool check_names(const struct builder *b, const char *path,
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
        tfu_diagnostics_add(b->load->diagnostics, choice->mark,
                            "%s.plugin: %s has an option '%s', but that key is the program's "
                            "own here; the plugin has to call it something else",
                            path, choice->plugin->name, name);
    }
    return ok;
}

static void read_inner(struct tfu_load *l, const char *path, enum tfu_kind kind,
                       const struct tfu_option *o, const struct tfu_node *n, struct tfu_mark m,
                       const struct tfu_inner **field);

/* A key beside the plugin's own options and those of the host's table; "plugin": there is none. Of
 * a dataset it is `transforms`; check.c says of a metric of one network why it has no `against`. */
static const char *other_key(enum tfu_kind kind, const struct tfu_options_table *host,
                             const struct tfu_node *n)
{
    if (kind == TFU_KIND_DATASET)
        return "transforms";
    return kind == TFU_KIND_METRIC && !host && tfu_node_at(n, "against") ? "against" : "plugin";
}

/* Reads a mapping with `plugin:` (NULL: the plugin `standard` with its defaults). `host` has the
 * keys that are the host's; NULL: none are. A metric has them where it compares. */
static void read_choice(const struct builder *b, const char *path, enum tfu_kind kind,
                        const char *standard, const struct tfu_options_table *host,
                        const struct tfu_node *n, struct tfu_plugin_choice *choice)
{
    struct tfu_load *l = b->load;
    choice->mark = tfu_load_mark(l);
    choice->name = standard;
    if (n) {
        choice->name = read_plugin_name(b, path, n);
        const struct tfu_node *name = tfu_node_at(n, "plugin");
        choice->mark = name ? name->mark : n->mark;
    }
    if (choice->name)
        find_plugin(b, path, kind, choice);

    const struct tfu_plugin *p = choice->plugin;
    if (kind == TFU_KIND_METRIC && p && !tfu_versus_is_for(p))
        host = NULL;
    const char *const other[] = {"plugin", other_key(kind, host, n)};
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
    const bool known = p && check_names(b, path, &own, host, choice);
    if (known)
        table[count++] = own;
    tfu_options_read(l,
                     &(struct tfu_options_section){.path = path,
                                                   .owner = p ? p->name : NULL,
                                                   .table = table,
                                                   .table_count = count,
                                                   .other = other,
                                                   .other_count = TFU_COUNT(other),
                                                   .read_inner = read_inner,
                                                   .kind = kind,
                                                   .open = !known},
                     n, choice->mark);
}

/* A plugin that is the option of another: the one in the mapping `n`, else the option's default. */
static void read_inner(struct tfu_load *l, const char *path, enum tfu_kind kind,
                       const struct tfu_option *o, const struct tfu_node *n, struct tfu_mark m,
                       const struct tfu_inner **field)
{
    const struct builder b = {.load = l};
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
    read_choice(&b, path, kind, o->sdef, NULL, n, &inner->choice);
    l->inner_depth--;
    if (!n)
        inner->choice.mark = m;
    *field = inner;
}

void tfu_build_choice(struct tfu_load *l, const char *path, enum tfu_kind kind,
                      const struct tfu_options_table *host, const struct tfu_node *n,
                      struct tfu_plugin_choice *choice)
{
    const struct builder b = {.load = l};
    read_choice(&b, path, kind, NULL, host, n, choice);
}

/* The items of a list of plugin mappings, each through `read`; their number. */
static size_t read_list(const struct builder *b, const char *path, const struct tfu_node *list,
                        void (*read)(const struct builder *b, const char *path,
                                     const struct tfu_node *n, size_t index))
{
    size_t i = 0;
    for (const struct tfu_node *n = list->first; n; n = n->next, i++) {
        char *item = tfu_load_printf(b->load, "%s.%zu", path, i);
        if (!item)
            return i;
        if (n->kind == TFU_NODE_MAPPING)
            read(b, item, n, i);
        else
            tfu_diagnostics_add(b->load->diagnostics, n->mark,
                                "%s: expected a mapping such as {plugin: NAME}, got %s", item,
                                tfu_node_describe(b->load, n));
    }
    return i;
}

static bool check_list(const struct builder *b, const char *path, const struct tfu_node *n)
{
    if (n->kind == TFU_NODE_SEQUENCE && n->count <= LIST_MAX)
        return true;
    if (n->kind == TFU_NODE_SEQUENCE)
        tfu_diagnostics_add(b->load->diagnostics, n->mark, "%s: more than %d items", path,
                            LIST_MAX);
    else
        tfu_diagnostics_add(b->load->diagnostics, n->mark,
                            "%s: expected a list of mappings such as [{plugin: NAME}], got %s",
                            path, tfu_node_describe(b->load, n));
    return false;
}

/* ---- sections */

static void read_rule(const struct builder *b, const char *path, const struct tfu_node *n, size_t i)
{
    struct tfu_init_rule *rule = &b->x->init[i];
    const struct tfu_options_table host = tfu_schema_rule(rule);
    read_choice(b, path, TFU_KIND_INIT, TFU_DEFAULT_INIT, &host, n, &rule->choice);
}

static void read_init(const struct builder *b, const struct tfu_node *root)
{
    const struct tfu_node *n = tfu_node_at(root, "init");
    if (n && !check_list(b, "init", n))
        return;
    const size_t count = n ? n->count : 1;
    b->x->init = tfu_load_array(b->load, count + 1, sizeof *b->x->init);
    if (!b->x->init)
        return;
    b->x->init_count = count;
    if (n && count == 0)
        report(b, n->mark, "init: an empty list fills no parameter; leave it out for the default");
    if (n)
        read_list(b, "init", n, read_rule);
    else
        read_rule(b, "init", NULL, 0);
}

/* One that compares networks is kept apart from those that score one. */
static void read_metric(const struct builder *b, const char *path, const struct tfu_node *n,
                        size_t i)
{
    struct tfu_experiment *x = b->x;
    struct tfu_versus *w = &x->versus[x->versus_count];
    const struct tfu_options_table host = tfu_schema_versus(w);
    read_choice(b, path, TFU_KIND_METRIC, NULL, &host, n, &w->choice);
    if (w->choice.plugin && tfu_versus_is_for(w->choice.plugin)) {
        w->place = i;
        x->versus_count++;
        tfu_versus_resolve(b->load, path, n, w);
    } else {
        x->metric[x->metric_count++] = w->choice;
        *w = (struct tfu_versus){.place = 0};
    }
}

static void read_metrics(const struct builder *b, const struct tfu_node *root)
{
    const struct tfu_node *n = tfu_node_at(root, "metrics");
    if (!n || !check_list(b, "metrics", n))
        return;
    b->x->metric = tfu_load_array(b->load, n->count + 1, sizeof *b->x->metric);
    b->x->versus = tfu_load_array(b->load, n->count + 1, sizeof *b->x->versus);
    if (!b->x->metric || !b->x->versus)
        return;
    /* items that are no mapping count as metrics that were not found */
    const size_t count = read_list(b, "metrics", n, read_metric);
    b->x->metric_count = count - b->x->versus_count;
}

static void read_task(const struct builder *b, const struct tfu_node *root)
{
    const struct tfu_node *n =
        get_section(b, root, "task", "task", "`task: {kind: classification, classes: 10}`");
    if (!n)
        return;
    const struct tfu_options_table table = tfu_schema_task(&b->x->task);
    tfu_options_read(
        b->load, &(struct tfu_options_section){.path = "task", .table = &table, .table_count = 1},
        n, n->mark);
    if (!tfu_node_at(n, "loss"))
        b->x->task.loss = tfu_loss_number(tfu_task_words(b->x->task.kind)->losses[0]);
}

static void read_arch(const struct builder *b, const struct tfu_node *root)
{
    const struct tfu_node *n = get_section(b, root, "arch", "arch", "`arch: {plugin: cbr_tiny}`");
    if (n) {
        const struct tfu_options_table host = tfu_schema_arch(&b->x->arch_host);
        read_choice(b, "arch", TFU_KIND_ARCH, NULL, &host, n, &b->x->arch);
    }
}

static void read_backend(const struct builder *b, const struct tfu_node *root)
{
    const struct tfu_node *n = NULL;
    if (tfu_node_at(root, "backend"))
        n = get_section(b, root, "backend", "backend", "`backend: {plugin: cpu}`");
    if (n || !tfu_node_at(root, "backend"))
        read_choice(b, "backend", TFU_KIND_BACKEND, TFU_DEFAULT_BACKEND, NULL, n, &b->x->backend);
}

static void read_split(const struct builder *b, const struct tfu_node *data, const char *path,
                       struct tfu_data_split *split)
{
    const char *key = strchr(path, '.') + 1;
    if (!tfu_node_at(data, key) && split != &b->x->train_data)
        return;
    const struct tfu_node *n =
        get_section(b, data, path, key, "`{plugin: idx, images: FILE, labels: FILE}`");
    if (!n)
        return;
    const struct tfu_options_table host = tfu_schema_select(&split->select);
    split->present = 1;
    split->name = key;
    read_choice(b, path, TFU_KIND_DATASET, NULL, &host, n, &split->choice);
    tfu_inherit(data, key, &b->x->train_data.select, &split->select);
    tfu_build_transforms(b->load, data, path, split);
}

static void read_data(const struct builder *b, const struct tfu_node *root)
{
    static const char *const splits[] = {"train", "valid", "test"};
    const struct tfu_node *n =
        get_section(b, root, "data", "data", "`data: {train: {plugin: idx, ...}}`");
    if (!n)
        return;
    const struct tfu_options_table table = tfu_schema_data(&b->x->data);
    tfu_options_read(b->load,
                     &(struct tfu_options_section){.path = "data",
                                                   .table = &table,
                                                   .table_count = 1,
                                                   .other = splits,
                                                   .other_count = TFU_COUNT(splits)},
                     n, n->mark);
    read_split(b, n, "data.train", &b->x->train_data);
    read_split(b, n, "data.valid", &b->x->valid_data);
    read_split(b, n, "data.test", &b->x->test_data);
    tfu_summarise_transforms(&b->x->train_data);
    tfu_summarise_transforms(&b->x->valid_data);
    tfu_summarise_transforms(&b->x->test_data);
}

static void read_train(const struct builder *b, const struct tfu_node *root)
{
    static const char *const other[] = {"optimizer"};
    const struct tfu_node *n = get_section(
        b, root, "train", "train", "`train: {optimizer: {plugin: adam}, batch: 32, epochs: 3}`");
    if (!n)
        return;
    const struct tfu_options_table table = tfu_schema_train(&b->x->train);
    tfu_options_read(
        b->load,
        &(struct tfu_options_section){
            .path = "train", .table = &table, .table_count = 1, .other = other, .other_count = 1},
        n, n->mark);
    const struct tfu_node *optimizer =
        get_section(b, n, "train.optimizer", "optimizer", "`optimizer: {plugin: adam, lr: 1e-3}`");
    if (optimizer)
        read_choice(b, "train.optimizer", TFU_KIND_OPTIM, NULL, NULL, optimizer,
                    &b->x->train.optimizer);
}

static bool is_name(const struct tfu_node *n)
{
    return n->kind == TFU_NODE_SCALAR && !tfu_node_is_null(n) && n->text[0];
}

static const char *refuse_name(const struct builder *b, const char *op, const struct tfu_node *n)
{
    tfu_diagnostics_add(b->load->diagnostics, n->mark,
                        "algorithm.%s: expected the name of an algorithm, `not NAME`, or a list of "
                        "these, got %s",
                        op, tfu_node_describe(b->load, n));
    return NULL;
}

/* "winograd4, any" of a list; NULL after a finding. */
static const char *join_names(const struct builder *b, const struct tfu_node *list)
{
    const char *names = "";
    bool ok = true;
    for (const struct tfu_node *n = list->first; n && names; n = n->next) {
        const bool good = is_name(n) && !strchr(n->text, ',');
        if (good)
            names = tfu_load_printf(b->load, "%s%s%s", names, names[0] ? ", " : "", n->text);
        else
            refuse_name(b, list->key, n);
        ok = ok && good;
    }
    return ok ? names : NULL;
}

/* `algorithm: {conv2d: im2col}`: which operations and kernels there are is known to the network. */
static void read_algorithms(const struct builder *b, const struct tfu_node *root)
{
    const struct tfu_node *n = tfu_node_at(root, "algorithm");
    if (n)
        n = get_section(b, root, "algorithm", "algorithm", "`algorithm: {conv2d: im2col}`");
    if (!n)
        return;
    b->x->algorithm = tfu_load_array(b->load, n->count + 1, sizeof *b->x->algorithm);
    if (!b->x->algorithm)
        return;
    for (const struct tfu_node *child = n->first; child; child = child->next) {
        const char *names = child->text;
        if (child->kind == TFU_NODE_SEQUENCE && child->count)
            names = join_names(b, child);
        else if (child->kind != TFU_NODE_SCALAR || !is_name(child))
            names = refuse_name(b, child->key, child);
        if (!names)
            continue;
        const size_t i = b->x->algorithm_count++;
        b->x->algorithm[i].op = child->key;
        b->x->algorithm[i].algorithm = names;
    }
}

/* "configs/demo.yaml" -> "demo" */
static const char *stem(struct tfu_load *l)
{
    const char *slash = strrchr(l->path, '/');
    const char *file = slash ? slash + 1 : l->path;
    const char *dot = strrchr(file, '.');
    return tfu_load_printf(l, "%.*s", (int)(dot && dot > file ? dot - file : (long)strlen(file)),
                           file);
}

/* What a file says is relative to it, as other paths are; what the command line says, and the
 * default, to the current folder. */
static void find_output(const struct builder *b, const struct tfu_node *root)
{
    const struct tfu_node *n = tfu_node_at(root, "output");
    const struct tfu_mark from = n ? n->mark : (struct tfu_mark){.source = TFU_LOAD_COMMAND_LINE};
    if (!b->x->output[0])
        return; /* is a finding elsewhere, as is a wrong type */
    b->x->output_absolute = tfu_path_absolute(b->load, from, b->x->output);
    if (n && tfu_path_is_file(from.source))
        b->x->output = tfu_path_beside(b->load, from.source, b->x->output);
}

void tfu_build_experiment(struct tfu_load *l, const struct tfu_node *root, struct tfu_experiment *x)
{
    static const char *const sections[] = {"task",  "arch",    "init",    "data",
                                           "train", "metrics", "backend", "algorithm"};
    const struct builder b = {.load = l, .x = x};
    const struct tfu_options_table table = tfu_schema_root(x);
    tfu_options_read(l,
                     &(struct tfu_options_section){.path = "",
                                                   .table = &table,
                                                   .table_count = 1,
                                                   .other = sections,
                                                   .other_count = TFU_COUNT(sections)},
                     root, tfu_load_mark(l));
    if (!tfu_node_at(root, "name"))
        x->name = stem(l);
    else
        x->nameless = 0;
    find_output(&b, root);
    read_task(&b, root);
    read_arch(&b, root);
    read_init(&b, root);
    read_data(&b, root);
    read_train(&b, root);
    read_metrics(&b, root);
    read_backend(&b, root);
    read_algorithms(&b, root);
}
