/* SPDX-License-Identifier: MIT */
#include "core/cli/describe.h"

#include <stdio.h>
#include <string.h>

#include "core/cli/option_text.h"
#include "core/config/options.h"
#include "core/config/schema.h"
#include "core/graph/graph.h"
#include "core/layer/about.h"
#include "core/plugin/registry.h"

#include <transfuse/layer.h>

/* The plugin's table, and that of the host's own keys beside it. */
struct tables {
    struct tfu_options_table table[2];
    size_t count;
};

static struct tables tables_of(const struct tfu_plugin *p)
{
    struct tables t = {
        .table = {{.option = p->options, .count = p->option_count, .stride = p->option_size}},
        .count = 1};
    if (p->kind == TFU_KIND_INIT)
        t.table[t.count++] = tfu_schema_rule(NULL);
    if (p->kind == TFU_KIND_ARCH)
        t.table[t.count++] = tfu_schema_arch(NULL);
    if (p->kind == TFU_KIND_DATASET)
        t.table[t.count++] = tfu_schema_select(NULL);
    return t;
}

/* Where a plugin of a kind stands in a configuration: lines in front of it, and what is before its
 * first and its other keys. */
struct place {
    const char *before, *first, *other;
};
static const struct place places[] = {
    [TFU_KIND_ARCH] = {"arch:\n", "  ", "  "},
    [TFU_KIND_INIT] = {"init:\n", "  - ", "    "},
    [TFU_KIND_METRIC] = {"metrics:\n", "  - ", "    "},
    [TFU_KIND_DATASET] = {"data:\n  train:\n", "    ", "    "},
    [TFU_KIND_OPTIM] = {"train:\n  optimizer:\n", "    ", "    "},
    [TFU_KIND_BACKEND] = {"backend:\n", "  ", "  "},
};

/* "slim.from" is a key in a mapping: options of one mapping follow each other. */
static void put_key(struct tfu_text *out, const char *indent, const char *name,
                    const char *previous)
{
    const char *dot = strchr(name, '.');
    if (!dot) {
        tfu_text_printf(out, "%s%s: ", indent, name);
        return;
    }
    const size_t n = (size_t)(dot - name) + 1;
    if (strncmp(name, previous, n) != 0)
        tfu_text_printf(out, "%s%.*s:\n", indent, (int)n - 1, name);
    tfu_text_printf(out, "%s  %s: ", indent, dot + 1);
}

static void put_yaml(struct tfu_text *out, const struct tfu_plugin *p, const char *written)
{
    const struct place *place = &places[p->kind];
    const struct tables t = tables_of(p);
    const char *previous = "";
    tfu_text_printf(out, "%s%splugin: %s\n", place->before, place->first, written);
    for (size_t k = 0; k < t.count; k++)
        for (size_t i = 0; i < t.table[k].count; i++) {
            const struct tfu_option *o = tfu_options_get(&t.table[k], i);
            put_key(out, place->other, o->name, previous);
            if (o->flags & TFU_OPT_REQUIRED)
                tfu_text_printf(out, "%s  # required", tfu_option_is_path(o) ? "FILE" : "VALUE");
            else
                tfu_option_put_default(out, o);
            tfu_text_puts(out, "\n");
            previous = o->name;
        }
}

/* ---- layers */

static const struct tfu_attr_info *attribute(const struct tfu_layer_ops *l, uint32_t i)
{
    return (const void *)((const char *)l->attrs + (size_t)i * l->attr_size);
}

/* A layer is not chosen in YAML but called by an architecture. */
static void put_attributes(struct tfu_text *out, const char *name, const struct tfu_layer_ops *l)
{
    tfu_text_printf(out, "\nattributes, given by an architecture in op(\"%s\", ...):\n", name);
    for (uint32_t i = 0; i < l->attr_count; i++) {
        const struct tfu_option o = tfu_option_of_attribute(attribute(l, i));
        const struct tfu_option_view v = tfu_option_view(&o);
        tfu_option_put_text(out, &v);
    }
    if (l->attr_count == 0)
        tfu_text_puts(out, "  none\n");
}

static json_t *attributes_json(const struct tfu_layer_ops *l)
{
    json_t *attributes = json_array();
    for (uint32_t i = 0; i < l->attr_count; i++) {
        const struct tfu_option o = tfu_option_of_attribute(attribute(l, i));
        const struct tfu_option_view v = tfu_option_view(&o);
        json_array_append_new(attributes, tfu_option_json(&v));
    }
    return attributes;
}

void tfu_describe_layer(const char *name, struct tfu_text *out)
{
    const struct tfu_layer_about *a = tfu_layer_about(name);
    const struct tfu_layer_ops *l = tfu_layer_find(name);
    tfu_text_printf(out, "layer %s, built in\n%s\n\n", name, a->summary);
    tfu_text_printf(out, "  in          %s\n  out         %s\n  parameters  %s\n", a->in, a->out,
                    a->parameters[0] ? a->parameters : "none");
    put_attributes(out, name, l);
}

void tfu_describe_layer_markdown(const char *name, struct tfu_text *out)
{
    const struct tfu_layer_about *a = tfu_layer_about(name);
    const struct tfu_layer_ops *l = tfu_layer_find(name);
    tfu_text_printf(out, "## %s\n\n", name);
    tfu_option_put_markdown(out, a->summary);
    tfu_text_puts(out, "\n\n* In: ");
    tfu_option_put_markdown(out, a->in);
    tfu_text_puts(out, "\n* Out: ");
    tfu_option_put_markdown(out, a->out);
    tfu_text_puts(out, "\n* Parameters: ");
    tfu_option_put_markdown(out, a->parameters[0] ? a->parameters : "none");
    tfu_text_puts(out, "\n\n");
    if (l->attr_count)
        tfu_option_put_table_head(out, "attribute");
    else
        tfu_text_puts(out, "No attributes.\n");
    for (uint32_t i = 0; i < l->attr_count; i++) {
        const struct tfu_option o = tfu_option_of_attribute(attribute(l, i));
        const struct tfu_option_view v = tfu_option_view(&o);
        tfu_option_put_table_line(out, &v);
    }
    tfu_text_puts(out, "\n");
}

json_t *tfu_describe_layer_json(const char *name)
{
    const struct tfu_layer_about *a = tfu_layer_about(name);
    return json_pack("{s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:o}", "kind", "layer", "name", name,
                     "builtin", 1, "summary", a->summary, "in", a->in, "out", a->out, "parameters",
                     a->parameters, "attributes", attributes_json(tfu_layer_find(name)));
}

/* ---- plugins */

void tfu_describe(const struct tfu_plugin *p, const char *path, const char *written,
                  struct tfu_text *out)
{
    const struct tables t = tables_of(p);
    tfu_text_printf(out, "%s %s, version %s, ABI %u.%u\n%s\n%s\n", tfu_kind_name((int)p->kind),
                    p->name, p->version, p->abi_major, p->abi_minor, p->summary, path);
    if (p->kind == TFU_KIND_LAYER) {
        put_attributes(out, p->name, p->ops);
        return;
    }
    for (size_t k = 0; k < t.count; k++) {
        tfu_text_puts(out, k ? "\noptions of the host beside it:\n" : "\noptions:\n");
        for (size_t i = 0; i < t.table[k].count; i++) {
            const struct tfu_option_view v = tfu_option_view(tfu_options_get(&t.table[k], i));
            tfu_option_put_text(out, &v);
        }
        if (t.table[k].count == 0)
            tfu_text_puts(out, "  none\n");
    }
    tfu_text_puts(out, "\nin a configuration:\n\n");
    put_yaml(out, p, written);
}

void tfu_describe_markdown(const struct tfu_plugin *p, struct tfu_text *out)
{
    tfu_text_printf(out, "### %s/%s\n\n", tfu_kind_name((int)p->kind), p->name);
    tfu_option_put_markdown(out, p->summary);
    tfu_text_puts(out, "\n\n");
    if (p->option_count)
        tfu_option_put_table_head(out, "option");
    else
        tfu_text_puts(out, "No options.\n");
    for (uint32_t i = 0; i < p->option_count; i++) {
        const struct tfu_option_view v = tfu_option_view(tfu_plugin_option(p, i));
        tfu_option_put_table_line(out, &v);
    }
    tfu_text_puts(out, "\n");
}

json_t *tfu_describe_json(const struct tfu_plugin *p, const char *path)
{
    const struct tables t = tables_of(p);
    json_t *options = json_array();
    for (size_t k = 0; k < t.count; k++)
        for (size_t i = 0; i < t.table[k].count; i++) {
            const struct tfu_option_view v = tfu_option_view(tfu_options_get(&t.table[k], i));
            json_array_append_new(options, tfu_option_json(&v));
        }
    json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "kind", tfu_kind_name((int)p->kind),
                          "name", p->name, "version", p->version, "summary", p->summary, "path",
                          path, "options", options);
    if (p->kind == TFU_KIND_LAYER)
        json_object_set_new(j, "attributes", attributes_json(p->ops));
    return j;
}
