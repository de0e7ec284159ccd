/* SPDX-License-Identifier: MIT */
#include "core/describe/plugin_text.h"

#include <stdio.h>
#include <string.h>

#include "core/config/reference.h"
#include "core/config/versus.h"
#include "core/describe/option_text.h"
#include "core/graph/graph.h"
#include "core/graph/layers.h"
#include "core/layer/about.h"
#include "core/plugin/registry.h"

#include <transfuse/layer.h>
#include <transfuse/metric.h>

/* Of a metric they are those that name the other network, or say how one network is scored. A
 * probe, which is for a study, has none. */
static struct tfu_options_table host_keys(const struct tfu_plugin *p,
                                          const struct tfu_reference_section *s)
{
    if (p->kind != TFU_KIND_METRIC || tfu_versus_is_for(p))
        return s->table;
    const bool probes = ((const struct tfu_metric_ops *)p->ops)->needs & TFU_NEEDS_TAPS;
    return probes ? (struct tfu_options_table){.count = 0} : s->more;
}

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
    struct tfu_reference_section s;
    if (tfu_reference_of_kind((int)p->kind, &s) && host_keys(p, &s).count)
        t.table[t.count++] = host_keys(p, &s);
    return t;
}

/* ---- as YAML */

/* The mappings that lead to a section, "data.SPLIT" or "init.N", and the line that chooses the
 * plugin; `indent` gets what the other keys have before them. */
static void put_place(struct tfu_text *out, const char *path, const char *written,
                      struct tfu_text *indent)
{
    const char *dash = "";
    for (size_t n; *path; path += n) {
        n = strcspn(path, ".");
        if (n == 1 && *path == 'N')
            dash = "- ";
        else if (n == 5 && strncmp(path, "SPLIT", n) == 0)
            tfu_text_printf(out, "%strain:\n", tfu_text_get(indent));
        else
            tfu_text_printf(out, "%s%.*s:\n", tfu_text_get(indent), (int)n, path);
        if (*dash)
            tfu_text_printf(out, "%s", tfu_text_get(indent));
        tfu_text_puts(indent, "  ");
        n += path[n] == '.';
    }
    tfu_text_printf(out, "%splugin: %s\n", *dash ? dash : tfu_text_get(indent), written);
}

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

/* Something of the right type for a value that has no default. */
static void put_required(struct tfu_text *out, const struct tfu_option *o)
{
    struct tfu_option least = *o;
    least.idef = o->imin;
    least.fdef = o->fmin;
    switch ((enum tfu_type)o->type) {
    case TFU_INT_LIST:
        tfu_text_printf(out, "[%lld]", (long long)o->imin);
        break;
    case TFU_FLOAT_LIST:
        tfu_text_printf(out, "[%g]", o->fmin);
        break;
    case TFU_STRING_LIST:
        tfu_text_puts(out, "[VALUE]");
        break;
    case TFU_BOOL:
    case TFU_INT:
    case TFU_FLOAT:
        tfu_option_put_default(out, &least);
        break;
    case TFU_ENUM:
        tfu_text_puts(out, o->choices[0]);
        break;
    case TFU_STRING:
    case TFU_PATH:
    case TFU_INNER:
        tfu_text_puts(out, tfu_option_is_path(o) ? "FILE" : "VALUE");
    }
    tfu_text_puts(out, "  # required");
}

static void put_yaml(struct tfu_text *out, const struct tfu_plugin *p,
                     const struct tfu_reference_section *s, const char *written)
{
    const struct tables t = tables_of(p);
    struct tfu_text indent = TFU_TEXT_INIT;
    const char *previous = "";
    put_place(out, s->path, written, &indent);
    for (size_t k = 0; k < t.count; k++)
        for (size_t i = 0; i < t.table[k].count; i++) {
            const struct tfu_option *o = tfu_options_get(&t.table[k], i);
            put_key(out, tfu_text_get(&indent), o->name, previous);
            if (o->flags & TFU_OPT_REQUIRED)
                put_required(out, o);
            else if (p->kind == TFU_KIND_METRIC && strcmp(o->name, "against") == 0)
                tfu_text_puts(out, TFU_VERSUS_INITIAL "  # required of metrics that compare");
            else
                tfu_option_put_default(out, o);
            tfu_text_puts(out, "\n");
            previous = o->name;
        }
    tfu_text_free(&indent);
}

/* ---- layers */

/* A layer is not chosen in YAML but called by an architecture. */
static void put_attributes(struct tfu_text *out, const char *name, const struct tfu_kind_row *row,
                           const void *ops)
{
    struct tfu_option o;
    tfu_text_printf(out, "\nattributes, given by an architecture in op(\"%s\", ...):\n", name);
    for (uint32_t i = 0; row->attribute(ops, i, &o); i++) {
        const struct tfu_option_view v = tfu_option_view(&o);
        tfu_option_put_text(out, &v);
    }
    if (!row->attribute(ops, 0, &o))
        tfu_text_puts(out, "  none\n");
}

static json_t *attributes_json(const struct tfu_kind_row *row, const void *ops)
{
    json_t *attributes = json_array();
    struct tfu_option o;
    for (uint32_t i = 0; row->attribute(ops, i, &o); i++) {
        const struct tfu_option_view v = tfu_option_view(&o);
        json_array_append_new(attributes, tfu_option_json(&v));
    }
    return attributes;
}

/* Of the layers of the core, which have tables like those of plugins. */
static const struct tfu_kind_row *layer_row(void)
{
    return tfu_kind_row(TFU_KIND_LAYER);
}

void tfu_describe_layer(const char *name, struct tfu_text *out)
{
    const struct tfu_layer_about *a = tfu_layer_about(name);
    tfu_text_printf(out, "layer %s, built in\n%s\n\n", name, a->summary);
    tfu_text_printf(out, "  in          %s\n  out         %s\n  parameters  %s\n", a->in, a->out,
                    a->parameters[0] ? a->parameters : "none");
    put_attributes(out, name, layer_row(), tfu_layer_find(name));
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
    struct tfu_option o;
    if (layer_row()->attribute(l, 0, &o))
        tfu_option_put_table_head(out, "attribute");
    else
        tfu_text_puts(out, "No attributes.\n");
    for (uint32_t i = 0; layer_row()->attribute(l, i, &o); i++) {
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
                     a->parameters, "attributes",
                     attributes_json(layer_row(), tfu_layer_find(name)));
}

/* ---- plugins */

static void put_options(struct tfu_text *out, const struct tfu_plugin *p)
{
    const struct tables t = tables_of(p);
    for (size_t k = 0; k < t.count; k++) {
        tfu_text_puts(out, k ? "\noptions of the host beside it:\n" : "\noptions:\n");
        for (size_t i = 0; i < t.table[k].count; i++) {
            const struct tfu_option_view v = tfu_option_view(tfu_options_get(&t.table[k], i));
            tfu_option_put_text(out, &v);
        }
        if (t.table[k].count == 0)
            tfu_text_puts(out, "  none\n");
    }
}

void tfu_describe(const struct tfu_plugin *p, const char *path, const char *written,
                  struct tfu_text *out)
{
    const struct tfu_kind_row *row = tfu_kind_row((int)p->kind);
    struct tfu_reference_section section;
    tfu_text_printf(out, "%s %s, version %s, ABI %u.%u\n%s\n%s\n", row->name, p->name, p->version,
                    p->abi_major, p->abi_minor, p->summary, path);
    if (row->attribute)
        put_attributes(out, p->name, row, p->ops);
    else
        put_options(out, p);
    if (tfu_reference_of_kind((int)p->kind, &section)) {
        tfu_text_puts(out, "\nin a configuration:\n\n");
        put_yaml(out, p, &section, written);
    }
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
    const struct tfu_kind_row *row = tfu_kind_row((int)p->kind);
    if (row->attribute)
        json_object_set_new(j, "attributes", attributes_json(row, p->ops));
    return j;
}
