/* SPDX-License-Identifier: MIT */
#include "core/cli/describe.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

#include "core/config/options.h"
#include "core/config/schema.h"
#include "core/plugin/registry.h"

#include <transfuse/layer.h>

static const char *const type_names[] = {[TFU_BOOL] = "boolean",
                                         [TFU_INT] = "whole number",
                                         [TFU_FLOAT] = "number",
                                         [TFU_STRING] = "text",
                                         [TFU_ENUM] = "choice",
                                         [TFU_PATH] = "path",
                                         [TFU_INT_LIST] = "list of whole numbers",
                                         [TFU_FLOAT_LIST] = "list of numbers",
                                         [TFU_STRING_LIST] = "list of texts",
                                         [TFU_INNER] = "plugin"};

static const char *type_name(const struct tfu_option *o)
{
    return o->type >= TFU_BOOL && o->type <= TFU_INNER ? type_names[o->type] : "unknown";
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
    if (p->kind == TFU_KIND_INIT)
        t.table[t.count++] = tfu_schema_rule(NULL);
    if (p->kind == TFU_KIND_ARCH)
        t.table[t.count++] = tfu_schema_arch(NULL);
    if (p->kind == TFU_KIND_DATASET)
        t.table[t.count++] = tfu_schema_select(NULL);
    return t;
}

static void put_number(struct tfu_text *out, double v)
{
    char s[TFU_NUMBER_SIZE];
    tfu_text_puts(out, tfu_number_text(v, s));
}

/* A default as YAML. */
static void put_default(struct tfu_text *out, const struct tfu_option *o)
{
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
        tfu_text_puts(out, o->idef ? "true" : "false");
        break;
    case TFU_INT:
        tfu_text_printf(out, "%lld", (long long)o->idef);
        break;
    case TFU_FLOAT:
        put_number(out, o->fdef);
        break;
    case TFU_ENUM:
        tfu_text_puts(out, o->sdef ? o->sdef : "");
        break;
    case TFU_STRING:
    case TFU_PATH:
        tfu_text_printf(out, "\"%s\"", o->sdef ? o->sdef : "");
        break;
    case TFU_INT_LIST:
    case TFU_FLOAT_LIST:
    case TFU_STRING_LIST:
        tfu_text_puts(out, "[]");
        break;
    case TFU_INNER:
        if (o->sdef && o->sdef[0])
            tfu_text_printf(out, "{plugin: %s}", o->sdef);
        else
            tfu_text_puts(out, "none");
        break;
    }
}

static void put_bounds(struct tfu_text *out, double min, double max)
{
    const bool low = min > -DBL_MAX, high = max < DBL_MAX;
    if (low) {
        tfu_text_puts(out, high ? " from " : " of at least ");
        put_number(out, min);
    }
    if (high) {
        tfu_text_puts(out, low ? " to " : " of at most ");
        put_number(out, max);
    }
}

static void put_range(struct tfu_text *out, const struct tfu_option *o)
{
    switch ((enum tfu_type)o->type) {
    case TFU_INT:
    case TFU_INT_LIST:
        if (o->imin == INT64_MIN && o->imax == INT64_MAX)
            return;
        if (o->imax == INT64_MAX)
            tfu_text_printf(out, " of at least %lld", (long long)o->imin);
        else
            tfu_text_printf(out, " from %lld to %lld", (long long)o->imin, (long long)o->imax);
        break;
    case TFU_FLOAT:
    case TFU_FLOAT_LIST:
        put_bounds(out, o->fmin, o->fmax);
        break;
    case TFU_ENUM:
        for (size_t i = 0; o->choices[i]; i++)
            tfu_text_printf(out, "%s%s", i ? " | " : ": ", o->choices[i]);
        break;
    default:
        break;
    }
}

static void put_option(struct tfu_text *out, const struct tfu_option *o)
{
    tfu_text_printf(out, "  %s: %s", o->name, type_name(o));
    put_range(out, o);
    if (o->flags & TFU_OPT_REQUIRED) {
        tfu_text_puts(out, "; required");
    } else {
        tfu_text_puts(out, "; default ");
        put_default(out, o);
    }
    tfu_text_printf(out, "\n      %s\n", o->help);
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
                tfu_text_printf(out, "%s  # required",
                                strcmp(type_name(o), "path") == 0 ? "FILE" : "VALUE");
            else
                put_default(out, o);
            tfu_text_puts(out, "\n");
            previous = o->name;
        }
}

/* A layer is not chosen in YAML but called by an architecture. */
static void put_attributes(struct tfu_text *out, const struct tfu_plugin *p)
{
    const struct tfu_layer_ops *l = p->ops;
    tfu_text_printf(out, "\nattributes, given by an architecture in op(\"%s\", ...):\n", p->name);
    for (uint32_t i = 0; i < l->attr_count; i++) {
        const struct tfu_attr_info *a =
            (const struct tfu_attr_info *)((const char *)l->attrs + (size_t)i * l->attr_size);
        tfu_text_printf(out, "  %s: %s", a->name, a->type == TFU_INT ? "whole number" : "number");
        put_bounds(out, a->min, a->max);
        if (a->flags & TFU_OPT_REQUIRED) {
            tfu_text_puts(out, "; required");
        } else {
            tfu_text_puts(out, "; default ");
            put_number(out, a->def);
        }
        tfu_text_printf(out, "\n      %s\n", a->help ? a->help : "");
    }
}

void tfu_describe(const struct tfu_plugin *p, const char *path, const char *written,
                  struct tfu_text *out)
{
    const struct tables t = tables_of(p);
    tfu_text_printf(out, "%s %s, version %s, ABI %u.%u\n%s\n%s\n", tfu_kind_name((int)p->kind),
                    p->name, p->version, p->abi_major, p->abi_minor, p->summary, path);
    if (p->kind == TFU_KIND_LAYER) {
        put_attributes(out, p);
        return;
    }
    for (size_t k = 0; k < t.count; k++) {
        tfu_text_puts(out, k ? "\noptions of the host beside it:\n" : "\noptions:\n");
        for (size_t i = 0; i < t.table[k].count; i++)
            put_option(out, tfu_options_get(&t.table[k], i));
        if (t.table[k].count == 0)
            tfu_text_puts(out, "  none\n");
    }
    tfu_text_puts(out, "\nin a configuration:\n\n");
    put_yaml(out, p, written);
}

static json_t *option_json(const struct tfu_option *o)
{
    json_t *j = json_pack("{s:s, s:s, s:s, s:b}", "name", o->name, "type", type_name(o), "help",
                          o->help, "required", (o->flags & TFU_OPT_REQUIRED) != 0);
    const bool whole = o->type == TFU_INT || o->type == TFU_INT_LIST;
    const bool real = o->type == TFU_FLOAT || o->type == TFU_FLOAT_LIST;
    if (whole || real) {
        json_object_set_new(j, "min", whole ? json_integer(o->imin) : json_real(o->fmin));
        json_object_set_new(j, "max", whole ? json_integer(o->imax) : json_real(o->fmax));
    }
    if (o->type == TFU_ENUM) {
        json_t *choices = json_array();
        for (size_t i = 0; o->choices[i]; i++)
            json_array_append_new(choices, json_string(o->choices[i]));
        json_object_set_new(j, "choices", choices);
    }
    if (o->flags & TFU_OPT_REQUIRED)
        return j;
    json_t *value = NULL;
    if (o->type == TFU_BOOL)
        value = json_boolean(o->idef);
    else if (o->type == TFU_INT)
        value = json_integer(o->idef);
    else if (o->type == TFU_FLOAT)
        value = json_real(o->fdef);
    else if (o->type >= TFU_INT_LIST)
        value = json_array();
    else
        value = json_string(o->sdef ? o->sdef : "");
    json_object_set_new(j, "default", value);
    return j;
}

json_t *tfu_describe_json(const struct tfu_plugin *p, const char *path)
{
    const struct tables t = tables_of(p);
    json_t *options = json_array();
    for (size_t k = 0; k < t.count; k++)
        for (size_t i = 0; i < t.table[k].count; i++)
            json_array_append_new(options, option_json(tfu_options_get(&t.table[k], i)));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "kind", tfu_kind_name((int)p->kind), "name",
                     p->name, "version", p->version, "summary", p->summary, "path", path, "options",
                     options);
}
