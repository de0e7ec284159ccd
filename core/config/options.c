/* SPDX-License-Identifier: MIT */
#include "core/config/options.h"

#include <string.h>

#include "core/config/value.h"

const struct tfu_option *tfu_options_get(const struct tfu_options_table *t, size_t index)
{
    return (const void *)((const char *)t->option + index * t->stride);
}

/* One behind the other. Asked for each option of each plugin: without printf(). */
static char *join(struct tfu_load *l, const char *a, const char *b, const char *c)
{
    const size_t i = strlen(a), j = strlen(b), k = strlen(c);
    char *s = tfu_load_alloc(l, i + j + k + 1);
    if (!s)
        return NULL;
    memcpy(s, a, i);
    memcpy(s + i, b, j);
    memcpy(s + i + j, c, k);
    return s;
}

char *tfu_options_path(struct tfu_load *l, const char *path, const char *key)
{
    return join(l, path, path[0] ? "." : "", key);
}

/* ---- known keys and values */

static void read_option(struct tfu_load *l, const struct tfu_options_section *s,
                        const struct tfu_option *o, const struct tfu_node *n, struct tfu_mark m,
                        void *field)
{
    const struct tfu_node *value = tfu_node_at(n, o->name);
    tfu_value_default(l, o, field);
    /* most options of most plugins: nothing is to be said of them */
    if (!value && o->type != TFU_INNER && !(o->flags & TFU_OPT_REQUIRED))
        return;
    const char *path = tfu_options_path(l, s->path, o->name);
    if (!path)
        return;
    if (o->type == TFU_INNER && (value || !(o->flags & TFU_OPT_REQUIRED)))
        s->read_inner(l, path, s->kind, o, value, n ? tfu_node_key_mark(n) : m, field);
    else if (value)
        tfu_value_read(l, path, o, value, field);
    else if (o->flags & TFU_OPT_REQUIRED)
        tfu_diagnostics_add(l->diagnostics, n ? tfu_node_key_mark(n) : m, "%s is missing: %s (%s)",
                            path, o->help, tfu_value_expected(l, o));
}

/* ---- unknown keys */

/* Is `name` an option (length of the option's name equals), or the mapping that holds some? */
enum match { MATCH_NONE, MATCH_OPTION, MATCH_GROUP };

static enum match match_name(const struct tfu_options_section *s, const char *name)
{
    const size_t length = strlen(name);
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->table[t].count; i++) {
            const char *option = tfu_options_get(&s->table[t], i)->name;
            if (option[0] != name[0] || strncmp(option, name, length) != 0)
                continue;
            if (option[length] == '\0')
                return MATCH_OPTION;
            if (option[length] == '.')
                return MATCH_GROUP;
        }
    return MATCH_NONE;
}

static bool is_other(const struct tfu_options_section *s, const char *name)
{
    for (size_t i = 0; i < s->other_count; i++)
        if (strcmp(s->other[i], name) == 0)
            return true;
    return false;
}

/* The keys that may stand at one level of a section. */
struct names {
    const char **item;
    size_t count;
};

static void add_name(struct names *n, const char *name)
{
    for (size_t i = 0; i < n->count; i++)
        if (strcmp(n->item[i], name) == 0)
            return;
    n->item[n->count++] = name;
}

/* Those below `prefix`, "" or "schedule.". */
static struct names collect_names(struct tfu_load *l, const struct tfu_options_section *s,
                                  const char *prefix)
{
    size_t room = s->other_count;
    for (size_t t = 0; t < s->table_count; t++)
        room += s->table[t].count;
    struct names n = {.item = tfu_load_array(l, room + 1, sizeof *n.item)};
    if (!n.item)
        return n;
    for (size_t i = 0; i < s->other_count && !prefix[0]; i++)
        add_name(&n, s->other[i]);
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->table[t].count; i++) {
            const char *option = tfu_options_get(&s->table[t], i)->name;
            if (strncmp(option, prefix, strlen(prefix)) != 0)
                continue;
            const char *rest = option + strlen(prefix);
            const char *name = tfu_load_printf(l, "%.*s", (int)strcspn(rest, "."), rest);
            if (name)
                add_name(&n, name);
        }
    return n;
}

/* "; did you mean 'lr'?", or all the names there are. */
static const char *advice(struct tfu_load *l, const struct names *n, const char *key)
{
    if (strchr(key, '.'))
        return "; a key with dots is written as mappings, one in the other";
    const char *nearest = tfu_text_nearest(key, n->item, n->count), *s;
    if (nearest) {
        s = tfu_load_printf(l, "; did you mean '%s'?", nearest);
        return s ? s : "";
    }
    s = n->count ? "; known here: " : "; there is nothing to set here";
    for (size_t i = 0; i < n->count && s; i++)
        s = tfu_load_printf(l, "%s%s%s", s, i ? ", " : "", n->item[i]);
    return s ? s : "";
}

static void report_unknown(struct tfu_load *l, const struct tfu_options_section *s,
                           const char *prefix, const struct tfu_node *n)
{
    const char *path = tfu_options_path(l, s->path, prefix);
    const struct names names = collect_names(l, s, prefix);
    if (!path || !names.item)
        return;
    tfu_diagnostics_add(l->diagnostics, n->key_mark, "%s%s: unknown key%s%s%s", path, n->key,
                        s->owner ? " for " : "", s->owner ? s->owner : "",
                        advice(l, &names, n->key));
}

/* Every key of `n`, the mapping at `prefix` of the section. */
static void check_keys(struct tfu_load *l, const struct tfu_options_section *s, const char *prefix,
                       const struct tfu_node *n)
{
    for (const struct tfu_node *child = n->first; child; child = child->next) {
        const char *name = join(l, prefix, child->key, "");
        if (!name)
            return;
        /* an option's name has dots where mappings nest: written as one key it is none */
        const enum match match = strchr(child->key, '.') ? MATCH_NONE : match_name(s, name);
        if (match == MATCH_OPTION || (!prefix[0] && is_other(s, child->key)))
            continue;
        if (match == MATCH_NONE) {
            if (!s->open)
                report_unknown(l, s, prefix, child);
            continue;
        }
        const char *below = join(l, name, ".", "");
        const char *path = tfu_options_path(l, s->path, name);
        if (!below || !path)
            return;
        if (child->kind == TFU_NODE_MAPPING)
            check_keys(l, s, below, child);
        else
            tfu_diagnostics_add(l->diagnostics, child->mark, "%s: expected a mapping, got %s", path,
                                tfu_node_describe(l, child));
    }
}

void tfu_options_read_known(struct tfu_load *l, const struct tfu_options_section *s,
                            const struct tfu_node *n, struct tfu_mark m)
{
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->table[t].count; i++) {
            const struct tfu_option *o = tfu_options_get(&s->table[t], i);
            read_option(l, s, o, n, m, (char *)s->table[t].config + o->offset);
        }
}

void tfu_options_read(struct tfu_load *l, const struct tfu_options_section *s,
                      const struct tfu_node *n, struct tfu_mark m)
{
    tfu_options_read_known(l, s, n, m);
    if (n)
        check_keys(l, s, "", n);
}

struct tfu_options_table tfu_options_of_plugin(const struct tfu_plugin_choice *c)
{
    return (struct tfu_options_table){.option = c->plugin->options,
                                      .count = c->plugin->option_count,
                                      .stride = c->plugin->option_size,
                                      .config = (void *)c->config};
}

static bool is_default_inner(const struct tfu_option *o, const struct tfu_inner *inner)
{
    const char *wanted = o->sdef ? o->sdef : "";
    if (!inner || strcmp(inner->choice.name, wanted) != 0)
        return !inner && !wanted[0];
    const struct tfu_options_table t = tfu_options_of_plugin(&inner->choice);
    for (size_t i = 0; i < t.count; i++) {
        const struct tfu_option *below = tfu_options_get(&t, i);
        if (!tfu_options_is_default(below, (const char *)t.config + below->offset))
            return false;
    }
    return true;
}

void *tfu_options_field(const struct tfu_plugin_choice *c, const char *name, enum tfu_type type)
{
    if (!c->plugin || !c->config)
        return NULL; /* it was not found, or there was no memory for it */
    const struct tfu_options_table t = tfu_options_of_plugin(c);
    for (size_t i = 0; i < t.count; i++) {
        const struct tfu_option *o = tfu_options_get(&t, i);
        if (strcmp(o->name, name) == 0 && o->type == (uint32_t)type)
            return (char *)t.config + o->offset;
    }
    return NULL;
}

bool tfu_options_is_default(const struct tfu_option *o, const void *field)
{
    const char *text = o->sdef ? o->sdef : "";
    if (o->flags & TFU_OPT_REQUIRED)
        return false;
    switch ((enum tfu_type)o->type) {
    case TFU_BOOL:
        return *(const int32_t *)field == (o->idef != 0);
    case TFU_INT:
        return *(const int64_t *)field == o->idef;
    case TFU_FLOAT:
        return *(const double *)field == o->fdef;
    case TFU_STRING:
    case TFU_PATH:
        return strcmp(*(const char *const *)field, text) == 0;
    case TFU_ENUM:
        return strcmp(o->choices[*(const int32_t *)field], text) == 0;
    case TFU_INT_LIST:
        return ((const struct tfu_int_list *)field)->count == 0;
    case TFU_FLOAT_LIST:
        return ((const struct tfu_float_list *)field)->count == 0;
    case TFU_STRING_LIST:
        return ((const struct tfu_string_list *)field)->count == 0;
    case TFU_INNER:
        return is_default_inner(o, *(const struct tfu_inner *const *)field);
    }
    return false;
}
