/* SPDX-License-Identifier: MIT */
#include "core/config/build.h"

#include <string.h>

#include "core/config/build_choice.h"
#include "core/config/build_cut.h"
#include "core/config/build_transforms.h"
#include "core/config/defaults.h"
#include "core/config/inherit.h"
#include "core/config/path.h"
#include "core/config/schema.h"
#include "core/config/tasks.h"
#include "core/config/versus.h"

enum { LIST_MAX = 256 }; /* of rules, of metrics */

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

/* ---- lists */

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
    tfu_build_choice(b->load, path, TFU_KIND_INIT, TFU_DEFAULT_INIT, &host, n, &rule->choice);
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
    const struct tfu_options_table host[] = {tfu_schema_versus(w),
                                             tfu_schema_scored(&x->scored[x->metric_count])};
    tfu_build_choice(b->load, path, TFU_KIND_METRIC, NULL, host, n, &w->choice);
    if (b->load->out_of_memory)
        return; /* it may not even have its defaults */
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
    b->x->scored = tfu_load_array(b->load, n->count + 1, sizeof *b->x->scored);
    b->x->versus = tfu_load_array(b->load, n->count + 1, sizeof *b->x->versus);
    if (!b->x->metric || !b->x->scored || !b->x->versus)
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
        tfu_build_choice(b->load, "arch", TFU_KIND_ARCH, NULL, &host, n, &b->x->arch);
    }
}

static void read_backend(const struct builder *b, const struct tfu_node *root)
{
    const struct tfu_node *n = NULL;
    if (tfu_node_at(root, "backend"))
        n = get_section(b, root, "backend", "backend", "`backend: {plugin: cpu}`");
    if (n || !tfu_node_at(root, "backend"))
        tfu_build_choice(b->load, "backend", TFU_KIND_BACKEND, TFU_DEFAULT_BACKEND, NULL, n,
                         &b->x->backend);
}

/* ---- data */

/* Each once: a file has one reader. */
static void read_reader(const struct builder *b, const char *path, const struct tfu_node *n,
                        size_t index)
{
    struct tfu_data_config *data = &b->x->data;
    struct tfu_plugin_choice *c = &data->reader[data->reader_count++];
    (void)index;
    tfu_build_choice(b->load, path, TFU_KIND_READER, NULL, NULL, n, c);
    for (size_t i = 0; i + 1 < data->reader_count; i++)
        if (c->plugin && data->reader[i].plugin == c->plugin)
            tfu_diagnostics_add(b->load->diagnostics, c->mark,
                                "%s.plugin: '%s' is in the list twice; give its options once", path,
                                c->plugin->name);
}

static void read_readers(const struct builder *b, const struct tfu_node *data)
{
    const struct tfu_node *n = tfu_node_at(data, "readers");
    if (!n || !check_list(b, "data.readers", n))
        return;
    b->x->data.reader = tfu_load_array(b->load, n->count + 1, sizeof *b->x->data.reader);
    if (b->x->data.reader)
        read_list(b, "data.readers", n, read_reader);
}

/* The split `key` ("test"), which stands at `path` ("data.test"). */
static void read_split(const struct builder *b, const struct tfu_node *data, const char *path,
                       const char *key, bool required, struct tfu_data_split *split)
{
    if (!required && !tfu_node_at(data, key))
        return;
    const struct tfu_node *n =
        get_section(b, data, path, key, "`{plugin: idx, images: FILE, labels: FILE}`");
    if (!n)
        return;
    const struct tfu_options_table host = tfu_schema_select(&split->select);
    split->present = 1;
    split->cache = b->x->data.cache;
    split->name = key;
    split->reader = b->x->data.reader;
    split->reader_count = b->x->data.reader_count;
    tfu_build_choice(b->load, path, TFU_KIND_DATASET, NULL, &host, n, &split->choice);
    tfu_inherit(data, key, &b->x->train_data.select, &split->select);
    tfu_build_transforms(b->load, data, path, split);
}

/* Parts of one dataset share its files, which are looked at in one way. */
static void check_part(const struct builder *b, const struct tfu_node *data, const char *path,
                       const struct tfu_data_split *split)
{
    const struct tfu_data_select *train = &b->x->train_data.select;
    const char *key = split->select.exif != train->exif                   ? "exif"
                      : split->select.on_bad_image != train->on_bad_image ? "on_bad_image"
                                                                          : NULL;
    const struct tfu_node *n = key ? tfu_node_at(tfu_node_at(data, split->name), key) : NULL;
    if (n)
        tfu_diagnostics_add(b->load->diagnostics, tfu_node_key_mark(n),
                            "%s.%s: data.split cuts the %s data out of data.train, whose files are "
                            "read in one way; say it there",
                            path, key, split->name);
}

/* The same of a split that data.split may cut out of data.train. */
static void read_part(const struct builder *b, const struct tfu_node *data, const char *path,
                      const char *key, enum tfu_cut_to part, struct tfu_data_split *split)
{
    const struct tfu_data_cut *cut = &b->x->cut;
    if (!cut->part[part].kind) {
        read_split(b, data, path, key, false, split);
        return;
    }
    split->present = 1;
    split->name = key;
    split->cache = b->x->data.cache;
    split->cut = cut;
    split->part = (int32_t)part;
    split->reader = b->x->data.reader;
    split->reader_count = b->x->data.reader_count;
    tfu_build_part(b->load, data, path, &b->x->train_data, split);
    tfu_inherit(data, key, &b->x->train_data.select, &split->select);
    check_part(b, data, path, split);
    tfu_build_transforms(b->load, data, path, split);
}

static void read_data(const struct builder *b, const struct tfu_node *root)
{
    static const char *const others[] = {"train", "valid", "test", "split", "readers", "root"};
    const struct tfu_node *n =
        get_section(b, root, "data", "data", "`data: {train: {plugin: idx, ...}}`");
    if (!n)
        return;
    const struct tfu_options_table table = tfu_schema_data(&b->x->data);
    tfu_options_read(b->load,
                     &(struct tfu_options_section){.path = "data",
                                                   .table = &table,
                                                   .table_count = 1,
                                                   .other = others,
                                                   .other_count = TFU_COUNT(others)},
                     n, n->mark);
    read_readers(b, n);
    read_split(b, n, "data.train", "train", true, &b->x->train_data);
    tfu_build_cut(b->load, n, &b->x->cut);
    b->x->cut.shared_groups = b->x->data.shared_groups;
    b->x->train_data.cut = b->x->cut.present ? &b->x->cut : NULL;
    read_part(b, n, "data.valid", "valid", TFU_CUT_VALID, &b->x->valid_data);
    read_part(b, n, "data.test", "test", TFU_CUT_TEST, &b->x->test_data);
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
        tfu_build_choice(b->load, "train.optimizer", TFU_KIND_OPTIM, NULL, NULL, optimizer,
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
