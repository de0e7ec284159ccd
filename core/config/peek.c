/* SPDX-License-Identifier: MIT */
#include "core/config/peek.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/config/include.h"

struct tfu_peek {
    struct tfu_arena arena;
    const char **key, **value; /* of all that has one, in the order of the file */
    size_t count, room;
};

static void add(struct tfu_peek *p, const char *key, const char *value)
{
    if (!key || !value || p->count == p->room)
        return;
    p->key[p->count] = key;
    p->value[p->count++] = value;
}

static bool is_plain_list(const struct tfu_node *n)
{
    bool plain = n->kind == TFU_NODE_SEQUENCE;
    for (const struct tfu_node *item = n->first; plain && item; item = item->next)
        plain = item->kind == TFU_NODE_SCALAR;
    return plain;
}

/* "[16, 16]" */
static const char *list_text(struct tfu_load *l, const struct tfu_node *n)
{
    const char *text = tfu_load_printf(l, "[");
    for (const struct tfu_node *item = n->first; text && item; item = item->next)
        text = tfu_load_printf(l, "%s%s%s", text, item == n->first ? "" : ", ", item->text);
    return text ? tfu_load_printf(l, "%s]", text) : NULL;
}

static void add_values(struct tfu_load *l, struct tfu_peek *p, const char *path,
                       const struct tfu_node *n)
{
    size_t index = 0;
    if (n->kind == TFU_NODE_SCALAR) {
        add(p, path, n->text);
        return;
    }
    if (is_plain_list(n)) {
        add(p, path, list_text(l, n));
        return;
    }
    for (const struct tfu_node *child = n->first; child; child = child->next, index++) {
        const char *dot = path[0] ? "." : "";
        const char *below = child->key ? tfu_load_printf(l, "%s%s%s", path, dot, child->key)
                                       : tfu_load_printf(l, "%s%s%zu", path, dot, index);
        if (below)
            add_values(l, p, below, child);
    }
}

static enum tfu_status read(struct tfu_peek *p, const char *path, struct tfu_diagnostics *d,
                            struct tfu_error *e)
{
    struct tfu_load l = {.arena = &p->arena, .diagnostics = d, .path = path, .open = path};
    const struct tfu_node *root = tfu_include_compose(&l, NULL, 0);
    p->room = l.nodes;
    p->key = tfu_load_array(&l, p->room + 1, sizeof *p->key);
    p->value = tfu_load_array(&l, p->room + 1, sizeof *p->value);
    if (root && p->key && p->value)
        add_values(&l, p, "", root);
    if (l.out_of_memory || tfu_diagnostics_failed(d))
        return tfu_error_memory(e, "reading a configuration", 0);
    if (root && tfu_diagnostics_count(d) == 0)
        return TFU_OK;
    struct tfu_text said = TFU_TEXT_INIT;
    tfu_diagnostics_print(d, &said);
    const enum tfu_status st =
        said.failed ? tfu_error_memory(e, "reading a configuration", 0)
                    : tfu_error_set(e, TFU_EINVAL, "%.*s", (int)strcspn(tfu_text_get(&said), "\n"),
                                    tfu_text_get(&said));
    tfu_text_free(&said);
    return st;
}

enum tfu_status tfu_peek_open(struct tfu_peek **out, const char *path, struct tfu_error *e)
{
    struct tfu_diagnostics *d = NULL;
    struct tfu_peek *p = calloc(1, sizeof *p);
    *out = NULL;
    if (!p)
        return tfu_error_memory(e, "reading a configuration", 0);
    tfu_arena_init(&p->arena, 0);
    enum tfu_status st = tfu_diagnostics_new(&d, e);
    if (st == TFU_OK)
        st = read(p, path, d, e);
    tfu_diagnostics_free(d);
    if (st == TFU_OK)
        *out = p;
    else
        tfu_peek_close(p);
    return st;
}

void tfu_peek_close(struct tfu_peek *p)
{
    if (!p)
        return;
    tfu_arena_free(&p->arena);
    free(p);
}

const char *tfu_peek_value(const struct tfu_peek *p, const char *key)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->key[i], key) == 0)
            return p->value[i];
    return NULL;
}

bool tfu_peek_at(const struct tfu_peek *p, size_t i, const char **key, const char **value)
{
    if (i >= p->count)
        return false;
    *key = p->key[i];
    *value = p->value[i];
    return true;
}

const char *tfu_peek_nearest(const struct tfu_peek *p, const char *key)
{
    return tfu_text_nearest(key, p->key, p->count);
}
