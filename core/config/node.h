/* SPDX-License-Identifier: MIT
 *
 * node.h - YAML as a tree with places. Nodes live in the configuration's arena and are never
 * shared: what an alias stands for is copied, so that an override changes one place only.
 */
#ifndef TFU_CORE_CONFIG_NODE_H
#define TFU_CORE_CONFIG_NODE_H

#include "core/config/loading.h"

enum tfu_node_kind { TFU_NODE_SCALAR, TFU_NODE_SEQUENCE, TFU_NODE_MAPPING };

struct tfu_node {
    enum tfu_node_kind kind;
    bool quoted; /* SCALAR: in quotes, or a block of text */
    struct tfu_mark mark;
    const char *text;              /* SCALAR */
    struct tfu_node *first, *last; /* children of the others, `count` of them */
    size_t count;
    struct tfu_node *next; /* in the parent */
    bool inherited;        /* of another split: it stands in data.train */
    bool *replaces;        /* MAPPING: `!replace`: nothing is left of what it is laid over; becomes
                              true where there was something, for copies as well. NULL: not marked */
    bool changes;          /* in a list: no item, but keys for items before it, by their names */
    struct tfu_node *choice; /* of an axis of a study file: those of its values that a profile or
                                the command line chose; NULL: all */
    const char *key;         /* in a mapping */
    struct tfu_mark key_mark;
};

/* NULL when memory ran out, or when there are TFU_LOAD_NODES already, which is then a finding. */
struct tfu_node *tfu_node_new(struct tfu_load *l, enum tfu_node_kind kind,
                              struct tfu_mark m) TFU_NODISCARD;
/* With everything below it; key and place in the parent stay behind. NULL as above. */
struct tfu_node *tfu_node_copy(struct tfu_load *l, const struct tfu_node *n) TFU_NODISCARD;
void tfu_node_append(struct tfu_node *parent, struct tfu_node *child);
/* Puts `by` in the place of the child `old`, under its key. */
void tfu_node_replace(struct tfu_node *parent, struct tfu_node *old, struct tfu_node *by);
void tfu_node_remove(struct tfu_node *parent, struct tfu_node *child);

/* The value of a key; NULL when there is none, or `n` is NULL or no mapping. */
struct tfu_node *tfu_node_get(const struct tfu_node *n, const char *key, size_t length);
/* The same for a path of keys with dots between. */
struct tfu_node *tfu_node_at(const struct tfu_node *n, const char *path);
/* No value at all: nothing, ~ or null, and not in quotes. */
bool tfu_node_is_null(const struct tfu_node *n);
/* What it is, for messages: a list, a mapping, no value, 'plain text', "text in quotes"
 * (shortened). */
const char *tfu_node_describe(struct tfu_load *l, const struct tfu_node *n);
/* In one line, as YAML would have it but for quotes: [1, 2], {plugin: random}. */
void tfu_node_put(struct tfu_text *out, const struct tfu_node *n);
/* Where its key is, or where it is itself when it has none. */
struct tfu_mark tfu_node_key_mark(const struct tfu_node *n);

#endif
