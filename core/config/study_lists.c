/* SPDX-License-Identifier: MIT */
#include "core/config/study_lists.h"

#include <string.h>

#include "core/config/include.h"
#include "core/config/merge.h"

/* A section of a file that is being filled. */
struct filling {
    struct tfu_load *load;
    const char *section;
    bool flat; /* its items have their name and keys themselves, not below what they are */
    const char *profile;
    const struct tfu_include *file;
};

/* ---- one item */

/* The mapping that has its keys: an analysis as a whole, what a table is. NULL: a text has none,
 * and those of `names` are what it names. */
static struct tfu_node *body_of(const struct filling *f, struct tfu_node *item)
{
    struct tfu_node *body = f->flat || item->kind != TFU_NODE_MAPPING ? item : item->first;
    if (!body || body->kind != TFU_NODE_MAPPING)
        return NULL;
    return f->flat || strcmp(body->key, "names") != 0 ? body : NULL;
}

/* What an analysis without a name is called: as what it does. */
static const char *default_name(const struct tfu_node *item)
{
    const struct tfu_node *k = item->first;
    while (k && (strcmp(k->key, "for_each") == 0 || strcmp(k->key, "where") == 0))
        k = k->next;
    return k ? k->key : NULL;
}

/* NULL: it has none. `figure: NAME` and `analysis: NAME` are called as the analysis. */
static const char *name_of(const struct filling *f, struct tfu_node *item)
{
    const struct tfu_node *body = body_of(f, item), *name = tfu_node_at(body, "name");
    if (name)
        return name->kind == TFU_NODE_SCALAR ? name->text : NULL;
    if (body)
        return f->flat ? default_name(body) : NULL;
    const struct tfu_node *k = item->kind == TFU_NODE_MAPPING ? item->first : NULL;
    const bool named = k && k->kind == TFU_NODE_SCALAR &&
                       (strcmp(k->key, "figure") == 0 || strcmp(k->key, "analysis") == 0);
    return named ? k->text : NULL;
}

/* Nothing of `list` is called so; `with_keys`: of those that have keys. */
static void refuse_name(const struct filling *f, const struct tfu_node *list, bool with_keys,
                        struct tfu_mark m, const char *what, const char *name)
{
    struct tfu_load *l = f->load;
    const char **names = tfu_load_array(l, list->count + 1, sizeof *names);
    struct tfu_text advice = TFU_TEXT_INIT;
    size_t count = 0;
    for (struct tfu_node *i = list->first; names && i; i = i->next)
        if ((!with_keys || body_of(f, i)) && (names[count] = name_of(f, i)))
            count++;
    if (count)
        tfu_text_put_advice(&advice, name, names, count);
    tfu_diagnostics_add(l->diagnostics, m, "%s: no item of `%s` is called '%s'%s", what, f->section,
                        name, tfu_text_get(&advice));
    l->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
}

/* ---- keys over single items: {NAME: {KEY: VALUE}} */

/* The first of this name that has keys; NULL: there is none. */
static struct tfu_node *find_body(const struct filling *f, const struct tfu_node *list,
                                  const char *name)
{
    for (struct tfu_node *item = list->first; item; item = item->next) {
        const char *is = body_of(f, item) ? name_of(f, item) : NULL;
        if (is && strcmp(is, name) == 0)
            return body_of(f, item);
    }
    return NULL;
}

/* All of the item's keys are those of `keys`, if these replace it. */
static void lay_over(const struct filling *f, const char *path, struct tfu_node *body,
                     struct tfu_node *keys)
{
    if (keys->replaces) {
        *keys->replaces = true;
        body->first = body->last = NULL;
        body->count = 0;
    }
    tfu_merge(f->load, path, body, keys);
}

static void change_items(const struct filling *f, const struct tfu_node *list,
                         struct tfu_node *changes)
{
    for (struct tfu_node *c = changes->first; c; c = c->next) {
        const char *path = tfu_load_printf(f->load, "%s.%s", f->section, c->key);
        struct tfu_node *body = find_body(f, list, c->key);
        if (!path)
            return;
        if (!body)
            refuse_name(f, list, true, c->key_mark, path, c->key);
        else if (c->kind != TFU_NODE_MAPPING)
            tfu_diagnostics_add(f->load->diagnostics, c->mark,
                                "%s: expected keys that are laid over the item, got %s", path,
                                tfu_node_describe(f->load, c));
        else
            lay_over(f, path, body, c);
    }
}

/* ---- items of another file: {include: FILE, only: [NAME], KEY: VALUE} */

static bool fill_list(const struct filling *f, struct tfu_node *list);

/* The list of this section in the file, as it is for somebody who reads that; NULL after a
 * finding. */
static struct tfu_node *open_list(const struct filling *f, const struct tfu_node *name)
{
    struct tfu_load *l = f->load;
    struct tfu_include file;
    if (name->kind != TFU_NODE_SCALAR || tfu_node_is_null(name) || !name->text[0]) {
        tfu_diagnostics_add(l->diagnostics, name->mark,
                            "include: expected the name of a file, got %s",
                            tfu_node_describe(l, name));
        return NULL;
    }
    struct tfu_node *root = tfu_include_open(l, f->file, name, &file);
    if (!root)
        return NULL;
    const struct tfu_node *profiles = tfu_node_at(root, "profiles");
    const struct tfu_node *profile =
        f->profile ? tfu_node_get(profiles, f->profile, strlen(f->profile)) : NULL;
    struct tfu_node *over = tfu_node_at(profile, f->section);
    struct tfu_node *laid = over ? tfu_node_new(l, TFU_NODE_MAPPING, over->mark) : NULL;
    if (laid) {
        tfu_node_append(laid, over);
        tfu_merge(l, "", root, laid);
    }
    struct tfu_node *list = tfu_node_at(root, f->section);
    if (!list || list->kind != TFU_NODE_SEQUENCE) {
        tfu_diagnostics_add(l->diagnostics, name->mark, "include: '%s' has no list `%s`", file.path,
                            f->section);
        return NULL;
    }
    struct filling inner = *f;
    inner.file = &file;
    return fill_list(&inner, list) ? list : NULL;
}

/* Does one of the patterns of `only`, a list or a single one, stand for the name? */
static bool is_wanted(const struct tfu_node *only, const char *name)
{
    const bool several = only->kind == TFU_NODE_SEQUENCE;
    for (const struct tfu_node *n = several ? only->first : only; n; n = several ? n->next : NULL)
        if (name && n->kind == TFU_NODE_SCALAR && tfu_text_glob(n->text, name))
            return true;
    return false;
}

/* Does each pattern stand for an item? */
static bool check_only(const struct filling *f, const struct tfu_node *only,
                       const struct tfu_node *list)
{
    const bool several = only->kind == TFU_NODE_SEQUENCE;
    bool right = !several || only->first;
    if (!right)
        tfu_diagnostics_add(
            f->load->diagnostics, only->mark,
            "only: an empty list takes nothing; name items of `%s`, or leave `only` "
            "out to take all",
            f->section);
    for (const struct tfu_node *n = several ? only->first : only; n; n = several ? n->next : NULL) {
        struct tfu_node *item = list->first;
        if (n->kind != TFU_NODE_SCALAR || tfu_node_is_null(n)) {
            tfu_diagnostics_add(f->load->diagnostics, n->mark,
                                "only: expected names of items of `%s`, got %s", f->section,
                                tfu_node_describe(f->load, n));
            right = false;
            continue;
        }
        while (item && !is_wanted(n, name_of(f, item)))
            item = item->next;
        if (!item)
            refuse_name(f, list, false, n->mark, "only", n->text);
        right &= item != NULL;
    }
    return right;
}

/* Two items of one name would be one folder; both places are said. */
static bool check_new_name(const struct filling *f, const struct tfu_node *list,
                           struct tfu_node *item, struct tfu_mark m)
{
    const char *name = body_of(f, item) ? name_of(f, item) : NULL;
    const struct tfu_node *old = name ? find_body(f, list, name) : NULL;
    if (old)
        tfu_diagnostics_add(f->load->diagnostics, m,
                            "include: '%s' of %s:%d is there already, from %s:%d; choose others by "
                            "`only`, or give it a `name` of its own here",
                            name, item->mark.source, item->mark.line, old->mark.source,
                            old->mark.line);
    return !old;
}

/* Moves what `only` wants (NULL: all) from `from` to `list`, the keys of `over` laid over each; `m`
 * is where that is said. */
static bool take_items(const struct filling *f, struct tfu_node *list, struct tfu_node *from,
                       const struct tfu_node *only, const struct tfu_node *over, struct tfu_mark m)
{
    bool laid = !over->first, right = true;
    for (struct tfu_node *item = from->first, *next; item; item = next) {
        struct tfu_node *body = body_of(f, item);
        next = item->next;
        if (only && !is_wanted(only, name_of(f, item)))
            continue;
        struct tfu_node *keys = over->first && body ? tfu_node_copy(f->load, over) : NULL;
        if (keys)
            tfu_merge(f->load, f->section, body, keys);
        laid |= keys != NULL;
        right &= check_new_name(f, list, item, m);
        tfu_node_append(list, item);
    }
    if (!laid)
        tfu_diagnostics_add(f->load->diagnostics, over->first->key_mark,
                            "%s: of the items that are included here none has keys, which this "
                            "could be laid over",
                            over->first->key);
    return right;
}

/* false after a finding. */
static bool include_items(const struct filling *f, struct tfu_node *list, struct tfu_node *item)
{
    struct tfu_node *name = tfu_node_at(item, "include"), *only = tfu_node_at(item, "only");
    struct tfu_node *from = open_list(f, name);
    if (!from || (only && !check_only(f, only, from)))
        return false;
    tfu_node_remove(item, name);
    if (only)
        tfu_node_remove(item, only);
    return take_items(f, list, from, only, item, name->mark);
}

/* ---- a list */

/* false: it lacks items, which was said. */
static bool fill_list(const struct filling *f, struct tfu_node *list)
{
    bool complete = true;
    struct tfu_node *item = list->first, *next;
    list->first = list->last = NULL;
    list->count = 0;
    for (; item; item = next) {
        next = item->next;
        if (item->changes)
            change_items(f, list, item);
        else if (tfu_node_at(item, "include"))
            complete &= include_items(f, list, item);
        else
            tfu_node_append(list, item);
    }
    return complete;
}

static const char analyses[] = "analyses", report[] = "report";

void tfu_study_lists_fill(struct tfu_load *l, struct tfu_node *root, const char *profile)
{
    static const char *const sections[] = {analyses, report};
    const struct tfu_include file = {.path = l->path};
    for (size_t i = 0; i < TFU_COUNT(sections); i++) {
        struct tfu_node *list = tfu_node_at(root, sections[i]);
        const struct filling f = {.load = l,
                                  .section = sections[i],
                                  .flat = sections[i] == analyses,
                                  .profile = profile,
                                  .file = &file};
        if (list && list->kind == TFU_NODE_SEQUENCE)
            l->incomplete |= !fill_list(&f, list);
    }
}

struct tfu_node *tfu_study_lists_find(const struct tfu_node *list, const char *section,
                                      const char *name)
{
    const struct filling f = {.section = section, .flat = strcmp(section, analyses) == 0};
    const bool known = f.flat || strcmp(section, report) == 0;
    return known ? find_body(&f, list, name) : NULL;
}
