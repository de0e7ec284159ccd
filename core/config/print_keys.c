/* SPDX-License-Identifier: MIT */
#include "core/config/print_keys.h"

#include <math.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/config/inherit.h"
#include "core/config/load.h"
#include "core/config/print.h"

static void begin_key(struct tfu_printer *p, const char *key, size_t length)
{
    /* once for each line: without printf() */
    for (int i = p->item ? 2 : 0; i < p->indent; i++)
        tfu_text_append(p->out, " ", 1);
    if (p->item)
        tfu_text_append(p->out, "- ", 2);
    tfu_text_append(p->out, key, length);
    tfu_text_append(p->out, ":", 1);
    p->item = false;
}

void tfu_print_begin(struct tfu_printer *p, const char *key)
{
    begin_key(p, key, strlen(key));
}

static void print_origin(struct tfu_printer *p, const char *from, const struct tfu_node *n)
{
    from = n && n->inherited ? "data.train, " : from;
    if (!n)
        tfu_text_puts(p->out, "  # default");
    else if (strcmp(n->mark.source, TFU_LOAD_COMMAND_LINE) == 0)
        tfu_text_printf(p->out, "  # %scommand line", from);
    else
        tfu_text_printf(p->out, "  # %s%s:%d", from, n->mark.source, n->mark.line);
}

/* Ends a line whose value is from `n` (NULL: from nowhere). */
void tfu_print_end(struct tfu_printer *p, const struct tfu_node *n)
{
    if (p->origin)
        print_origin(p, "", n);
    tfu_text_puts(p->out, "\n");
}

/* The same for the option `name` of a split, which may have its value from data.train. */
void tfu_print_end_of_split(struct tfu_printer *p, const char *name, const struct tfu_node *n)
{
    const struct tfu_node *data = tfu_node_at(p->config->root, "data");
    const struct tfu_node *train = n ? NULL : tfu_inherit_find(data, p->split, name);
    if (p->origin)
        print_origin(p, train ? "data.train, " : "", train ? train : n);
    tfu_text_puts(p->out, "\n");
}

void tfu_print_open(struct tfu_printer *p, const char *key, size_t length)
{
    begin_key(p, key, length);
    tfu_text_puts(p->out, "\n");
    p->indent += 2;
}

void tfu_print_close(struct tfu_printer *p)
{
    p->indent -= 2;
}

/* A file is what it holds, wherever it lies; one that cannot be read has but its path. */
void tfu_print_contents(const struct tfu_printer *p, const char *path)
{
    char hex[TFU_HASH_HEX];
    struct tfu_error unread = TFU_ERROR_INIT;
    if (path[0] && tfu_digests_file(p->identity->digests, path, hex, &unread) == TFU_OK) {
        tfu_text_puts(p->out, "sha256 ");
        tfu_text_puts(p->out, hex);
    } else {
        tfu_value_print_text(p->out, path);
    }
    p->out->failed |= unread.status == TFU_ENOMEM;
}

/* Of a split: short forms are not printed: they are among the transforms. */
static bool is_short_form(const char *name)
{
    return strcmp(name, "resize") == 0 || strncmp(name, "normalise.", strlen("normalise.")) == 0;
}

/* Does option number `i` say anything in the text that is printed? In an identity defaults do not:
 * an option that a later version adds must not make another run of every run that there is. */
bool tfu_print_has(const struct tfu_printer *p, const struct tfu_options_table *t, size_t i)
{
    const struct tfu_option *o = tfu_options_get(t, i);
    const char *field = (const char *)t->config + o->offset;
    /* only a default can be infinite: it cannot be written, and need not be */
    if (o->type == TFU_FLOAT && !isfinite(*(const double *)field))
        return false;
    if (p->split && is_short_form(o->name))
        return false;
    if (!p->identity)
        return true;
    return !(o->flags & TFU_OPT_NO_EFFECT) && !(p->known && o->type == TFU_PATH) &&
           !tfu_options_is_default(o, field);
}

void tfu_print_option(struct tfu_printer *p, const struct tfu_options_table *t, size_t index,
                      const char *key, const struct tfu_node *section)
{
    const struct tfu_option *o = tfu_options_get(t, index);
    const char *field = (const char *)t->config + o->offset;
    if (!tfu_print_has(p, t, index))
        return;
    if (o->type == TFU_INNER) {
        const struct tfu_inner *inner = *(const struct tfu_inner *const *)field;
        if (inner)
            tfu_print_plugin(p, key, &inner->choice, tfu_node_at(section, o->name));
        return;
    }
    tfu_print_begin(p, key);
    tfu_text_puts(p->out, " ");
    if (p->identity && o->type == TFU_PATH)
        tfu_print_contents(p, *(const char *const *)field);
    else
        tfu_value_print(p->out, o, field);
    if (p->split)
        tfu_print_end_of_split(p, o->name, tfu_node_at(section, o->name));
    else
        tfu_print_end(p, tfu_node_at(section, o->name));
}

static bool has_prefix(const struct tfu_options_table *t, size_t index, const char *prefix,
                       size_t length)
{
    const char *name = tfu_options_get(t, index)->name;
    return length == 0 || (name[0] == prefix[0] && strncmp(name, prefix, length) == 0);
}

/* The options whose names begin with the first `length` bytes of `prefix`; `section` is the mapping
 * that the whole table was read from. */
static void print_level(struct tfu_printer *p, const struct tfu_options_table *t,
                        const char *prefix, size_t length, const struct tfu_node *section)
{
    for (size_t i = 0; i < t->count; i++) {
        if (!has_prefix(t, i, prefix, length))
            continue;
        const char *name = tfu_options_get(t, i)->name, *dot = strchr(name + length, '.');
        if (!dot) {
            tfu_print_option(p, t, i, name + length, section);
            continue;
        }
        const size_t below = (size_t)(dot + 1 - name);
        bool seen = false, any = false;
        for (size_t j = 0; j < t->count; j++)
            if (has_prefix(t, j, name, below)) {
                seen = seen || j < i;
                any = any || tfu_print_has(p, t, j);
            }
        if (seen || !any)
            continue;
        tfu_print_open(p, name + length, below - length - 1);
        print_level(p, t, name, below, section);
        tfu_print_close(p);
    }
}

void tfu_print_table(struct tfu_printer *p, struct tfu_options_table t,
                     const struct tfu_node *section)
{
    print_level(p, &t, "", 0, section);
}

void tfu_print_choice(struct tfu_printer *p, const struct tfu_plugin_choice *c,
                      const struct tfu_node *section)
{
    tfu_print_begin(p, "plugin");
    tfu_text_puts(p->out, " ");
    tfu_value_print_text(p->out, p->identity ? c->plugin->name : c->name);
    tfu_print_end(p, tfu_node_at(section, "plugin"));
    tfu_print_table(p, tfu_options_of_plugin(c), section);
}

/* A section that is one plugin. */
void tfu_print_plugin(struct tfu_printer *p, const char *key, const struct tfu_plugin_choice *c,
                      const struct tfu_node *section)
{
    tfu_print_open(p, key, strlen(key));
    tfu_print_choice(p, c, section);
    tfu_print_close(p);
}
