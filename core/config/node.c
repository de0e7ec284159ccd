/* SPDX-License-Identifier: MIT */
#include "core/config/node.h"

#include <string.h>

#include "core/base/utf8.h"

struct tfu_node *tfu_node_new(struct tfu_load *l, enum tfu_node_kind kind, struct tfu_mark m)
{
    if (l->nodes == TFU_LOAD_NODES) {
        tfu_diagnostics_add(l->diagnostics, m,
                            "the configuration has more than %d values, those that aliases repeat "
                            "among them",
                            TFU_LOAD_NODES);
        return NULL;
    }
    struct tfu_node *n = tfu_load_alloc(l, sizeof *n);
    if (!n)
        return NULL;
    l->nodes++;
    n->kind = kind;
    n->mark = m;
    return n;
}

struct tfu_node *tfu_node_copy(struct tfu_load *l, const struct tfu_node *n)
{
    struct tfu_node *copy = tfu_node_new(l, n->kind, n->mark);
    if (!copy)
        return NULL;
    copy->quoted = n->quoted;
    copy->text = n->text;
    copy->replaces = n->replaces;
    copy->changes = n->changes;
    copy->choice = n->choice;
    for (const struct tfu_node *child = n->first; child; child = child->next) {
        struct tfu_node *c = tfu_node_copy(l, child);
        if (!c)
            return NULL;
        c->key = child->key;
        c->key_mark = child->key_mark;
        tfu_node_append(copy, c);
    }
    return copy;
}

void tfu_node_append(struct tfu_node *parent, struct tfu_node *child)
{
    child->next = NULL;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->count++;
}

/* The link that points to `child`. */
static struct tfu_node **find_link(struct tfu_node *parent, const struct tfu_node *child)
{
    struct tfu_node **link = &parent->first;
    while (*link != child)
        link = &(*link)->next;
    return link;
}

void tfu_node_replace(struct tfu_node *parent, struct tfu_node *old, struct tfu_node *by)
{
    *find_link(parent, old) = by;
    by->next = old->next;
    by->key = old->key;
    by->key_mark = old->key_mark;
    if (parent->last == old)
        parent->last = by;
}

void tfu_node_remove(struct tfu_node *parent, struct tfu_node *child)
{
    *find_link(parent, child) = child->next;
    if (parent->last == child) {
        parent->last = parent->first;
        while (parent->last && parent->last->next)
            parent->last = parent->last->next;
    }
    parent->count--;
}

struct tfu_node *tfu_node_get(const struct tfu_node *n, const char *key, size_t length)
{
    if (!n || n->kind != TFU_NODE_MAPPING)
        return NULL;
    for (struct tfu_node *child = n->first; child; child = child->next)
        if ((length == 0 || child->key[0] == key[0]) && strncmp(child->key, key, length) == 0 &&
            child->key[length] == '\0')
            return child;
    return NULL;
}

struct tfu_node *tfu_node_at(const struct tfu_node *n, const char *path)
{
    if (!n || n->kind != TFU_NODE_MAPPING)
        return NULL;
    const char *dot = strchr(path, '.');
    if (!dot)
        return tfu_node_get(n, path, strlen(path));
    return tfu_node_at(tfu_node_get(n, path, (size_t)(dot - path)), dot + 1);
}

bool tfu_node_is_null(const struct tfu_node *n)
{
    if (n->kind != TFU_NODE_SCALAR || n->quoted)
        return false;
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    for (size_t i = 0; i < TFU_COUNT(nulls); i++)
        if (strcmp(n->text, nulls[i]) == 0)
            return true;
    return false;
}

const char *tfu_node_describe(struct tfu_load *l, const struct tfu_node *n)
{
    enum { SHOWN = 60 };
    if (n->kind == TFU_NODE_SEQUENCE)
        return "a list";
    if (n->kind == TFU_NODE_MAPPING)
        return "a mapping";
    if (tfu_node_is_null(n))
        return "no value";
    size_t length = strlen(n->text), shown = 0;
    uint32_t code;
    while (shown < length && shown < SHOWN) {
        const size_t bytes = tfu_utf8_decode(n->text + shown, length - shown, &code);
        shown += bytes ? bytes : 1;
    }
    const char quote = n->quoted ? '"' : '\'';
    const char *s = tfu_load_printf(l, "%c%.*s%s%c", quote, (int)shown, n->text,
                                    shown < length ? "..." : "", quote);
    return s ? s : "";
}

void tfu_node_put(struct tfu_text *out, const struct tfu_node *n)
{
    if (n->kind == TFU_NODE_SCALAR) {
        for (const char *s = n->text; *s; s++)
            tfu_text_append(out, *s == '\n' || *s == '\r' ? " " : s, 1);
        if (!n->text[0])
            tfu_text_puts(out, "\"\"");
        return;
    }
    const bool list = n->kind == TFU_NODE_SEQUENCE;
    tfu_text_puts(out, list ? "[" : "{");
    for (const struct tfu_node *child = n->first; child; child = child->next) {
        tfu_text_printf(out, "%s%s%s", child == n->first ? "" : ", ", list ? "" : child->key,
                        list ? "" : ": ");
        tfu_node_put(out, child);
    }
    tfu_text_puts(out, list ? "]" : "}");
}

struct tfu_mark tfu_node_key_mark(const struct tfu_node *n)
{
    return n->key ? n->key_mark : n->mark;
}
