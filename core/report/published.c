/* SPDX-License-Identifier: MIT */
#include "core/report/published.h"

#include <math.h>
#include <string.h>

#include "core/config/document.h"
#include "core/config/options.h"

static const char *const roots[] = {"source", "tables", NULL};

static const char *const ways[] = {
    [TFU_PUBLISHED_READ] = "read", [TFU_PUBLISHED_RECALLED] = "recalled", NULL};

static const struct tfu_option entry_options[] = {
    {.name = "number",
     .help = "what was published",
     .type = TFU_FLOAT,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(struct tfu_published_entry, number),
     .fmin = -INFINITY,
     .fmax = INFINITY},
    {.name = "spread",
     .help = "what stands behind its +-",
     .type = TFU_FLOAT,
     .offset = offsetof(struct tfu_published_entry, spread),
     .fdef = -1, /* none */
     .fmin = 0,
     .fmax = INFINITY},
    {.name = "how",
     .help = "was it read at its source, or is it from memory?",
     .type = TFU_ENUM,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(struct tfu_published_entry, how),
     .choices = ways},
    TFU_OPT_STRING(struct tfu_published_entry, source, "", 0, "where; by default the file's"),
    TFU_OPT_STRING(struct tfu_published_entry, value, "", 0,
                   "which of the table's numbers, as test/auc"),
};

/* A file that is being read. */
struct reading {
    struct tfu_section_reader *section;
    struct tfu_published *out;
    struct tfu_load *load;
};

bool tfu_published_is_option(const char *key)
{
    for (size_t i = 0; i < TFU_COUNT(entry_options); i++)
        if (strcmp(entry_options[i].name, key) == 0)
            return true;
    return false;
}

/* Is what stands under the key, of which no entry knows, an axis? */
static bool is_axis(struct reading *r, const char *path, const struct tfu_node *k)
{
    struct tfu_report_cases *c = r->section->cases;
    if (!c->sweep) /* whose axes are keys of configurations */
        return tfu_report_axis_find(c, r->load, path, k->key_mark, k->key) != TFU_REPORT_NONE;
    const char **names = tfu_load_array(r->load, c->axes + TFU_COUNT(entry_options), sizeof *names);
    size_t count = 0;
    for (size_t a = 0; names && a < c->axes; a++) {
        if (strcmp(c->axis[a].name, k->key) == 0)
            return true;
        names[count++] = c->axis[a].name;
    }
    for (size_t i = 0; names && i < TFU_COUNT(entry_options); i++)
        names[count++] = entry_options[i].name;
    struct tfu_text advice = TFU_TEXT_INIT;
    if (names)
        tfu_text_put_advice(&advice, k->key, names, count);
    tfu_diagnostics_add(r->load->diagnostics, k->key_mark,
                        "%s.%s: neither an axis of the study nor a key of an entry%s", path, k->key,
                        tfu_text_get(&advice));
    r->load->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
    return false;
}

/* Is it one value? */
static bool is_value(struct reading *r, const char *path, const struct tfu_node *k)
{
    if (k->kind == TFU_NODE_SCALAR)
        return true;
    tfu_diagnostics_add(r->load->diagnostics, k->mark,
                        "%s.%s: expected one value of the axis, got %s; an entry is one number",
                        path, k->key, tfu_node_describe(r->load, k));
    return false;
}

/* ---- the file */

static void read_entry(struct reading *r, const char *path, const struct tfu_node *n,
                       struct tfu_published_entry *out)
{
    struct tfu_load *l = r->load;
    struct tfu_published_entry x = {.number = NAN};
    const char *axes[64];
    size_t count = 0;
    if (n->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: expected a mapping as {arch: resnet50, number: 0.96, how: read}, "
                            "got %s",
                            path, tfu_node_describe(l, n));
        return;
    }
    for (const struct tfu_node *k = n->first; k && count < TFU_COUNT(axes); k = k->next)
        if (!tfu_published_is_option(k->key))
            axes[count++] = k->key;
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(entry_options, &x);
    tfu_options_read(
        l,
        &(struct tfu_options_section){
            .path = path, .table = &table, .table_count = 1, .other = axes, .other_count = count},
        n, n->mark);
    bool ok = tfu_diagnostics_count(l->diagnostics) == before && !l->out_of_memory;
    for (const struct tfu_node *k = n->first; ok && k; k = k->next)
        ok = tfu_published_is_option(k->key) || (is_axis(r, path, k) && is_value(r, path, k));
    x.node = n;
    if (ok)
        *out = x;
}

static void refuse_table(struct reading *r, const struct tfu_node *tables)
{
    const char *names[TFU_LOAD_KEYS];
    size_t count = 0;
    struct tfu_text advice = TFU_TEXT_INIT;
    for (const struct tfu_node *k = tables && tables->kind == TFU_NODE_MAPPING ? tables->first
                                                                               : NULL;
         k && count < TFU_COUNT(names); k = k->next)
        names[count++] = k->key;
    tfu_text_put_advice(&advice, r->out->table, names, count);
    tfu_diagnostics_add(r->load->diagnostics, tfu_load_mark(r->load),
                        "tables: there is no '%s', which a report names%s", r->out->table,
                        tfu_text_get(&advice));
    r->load->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
}

struct table_keys {
    double scale;
    const char *caption;
};
static const struct tfu_option table_options[] = {
    TFU_OPT_FLOAT(struct table_keys, scale, 1, -INFINITY, INFINITY,
                  "times which the numbers are in our unit: 0.01 of percent"),
    TFU_OPT_STRING(struct table_keys, caption, "", 0, "what the table is"),
};
static const char *const table_other[] = {"numbers"};

static void read_file(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    struct reading *r = arg;
    const struct tfu_node *tables = tfu_node_at(root, "tables");
    const struct tfu_node *source = tfu_node_at(root, "source");
    const char *name = r->out->table;
    const struct tfu_node *table = tables && tables->kind == TFU_NODE_MAPPING
                                       ? tfu_node_get(tables, name, strlen(name))
                                       : NULL;
    struct table_keys keys = {.scale = 1};
    const char *path = tfu_load_printf(l, "tables.%s", name);
    r->load = l;
    r->out->source = source && source->text ? source->text : "";
    if (!table || !path) {
        refuse_table(r, tables);
        return;
    }
    const struct tfu_options_table options = TFU_OPTIONS_TABLE(table_options, &keys);
    tfu_options_read(l,
                     &(struct tfu_options_section){.path = path,
                                                   .table = &options,
                                                   .table_count = 1,
                                                   .other = table_other,
                                                   .other_count = TFU_COUNT(table_other)},
                     table, table->mark);
    r->out->scale = keys.scale;
    if (keys.scale == 0)
        tfu_diagnostics_add(l->diagnostics, tfu_node_at(table, "scale")->mark,
                            "%s.scale: times 0 every number is 0; expected another number", path);
    const struct tfu_node *list = tfu_node_at(table, "numbers");
    if (!list || list->kind != TFU_NODE_SEQUENCE) {
        tfu_diagnostics_add(l->diagnostics, list ? list->mark : table->mark,
                            "%s.numbers: expected a list of numbers", path);
        return;
    }
    struct tfu_published_entry *entry = tfu_load_array(l, list->count + 1, sizeof *entry);
    r->out->entry = entry;
    size_t i = 0;
    for (const struct tfu_node *n = list->first; entry && n && !l->out_of_memory; n = n->next) {
        const char *below = tfu_load_printf(l, "%s.numbers.%zu", path, i++);
        if (below)
            read_entry(r, below, n, &entry[r->out->count++]);
    }
}

void tfu_published_read(struct tfu_section_reader *r, struct tfu_published *p)
{
    struct reading reading = {.section = r, .out = p};
    struct tfu_error e = TFU_ERROR_INIT;
    const struct tfu_document document = {
        .path = p->file, .registry = r->load->registry, .roots = roots};
    p->source = "";
    p->scale = 1;
    /* all else that may go wrong is a finding */
    r->load->out_of_memory |= tfu_document_read(&document, r->load->arena, read_file, &reading,
                                                r->load->diagnostics, &e) == TFU_ENOMEM;
}
