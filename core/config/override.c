/* SPDX-License-Identifier: MIT */
#include "core/config/override.h"

#include <stdlib.h>
#include <string.h>

#include "core/config/drop.h"
#include "core/config/parse.h"
#include "core/config/path.h"
#include "core/config/reference.h"
#include "core/config/schema.h"
#include "core/config/study_base.h"
#include "core/config/study_lists.h"

/* One override on its way down the tree. */
struct target {
    struct tfu_load *load;
    struct tfu_mark start; /* of the override */
    const char *text;      /* all of it */
    const char *equals;    /* its first '=' */
    const char *word;      /* the component at hand, `length` bytes of the text; NULL: none yet */
    size_t length;
    struct tfu_node *value;
};

static struct tfu_mark place(const struct target *t, const char *at)
{
    struct tfu_mark m = t->start;
    m.column += (int)(at - t->text);
    return m;
}

static bool is_last(const struct target *t)
{
    return t->word + t->length == t->equals;
}

static bool is_word(const struct target *t, const char *word)
{
    return strlen(word) == t->length && strncmp(t->word, word, t->length) == 0;
}

static bool is_index(const char *word, size_t length)
{
    return length > 0 && strspn(word, "0123456789") >= length;
}

/* To the next component; false, and said why, when it is empty. */
static bool advance(struct target *t)
{
    t->word = t->word ? t->word + t->length + 1 : t->text;
    t->length = strcspn(t->word, ".=");
    if (t->length == 0)
        tfu_diagnostics_add(t->load->diagnostics, place(t, t->word),
                            "a key is missing here; write KEY=VALUE or KEY.KEY=VALUE");
    return t->length > 0;
}

/* What is before the component at hand: "train.optimizer" of train.optimizer.plugin. */
static const char *path_before(const struct target *t)
{
    return tfu_load_printf(t->load, "%.*s", (int)(t->word > t->text ? t->word - t->text - 1 : 0),
                           t->text);
}

/* The keys of the item that the word names in a list of a study file whose items have names. */
static struct tfu_node *find_named(const struct target *t, const struct tfu_node *list)
{
    const char *section = path_before(t);
    const char *name = tfu_load_printf(t->load, "%.*s", (int)t->length, t->word);
    return t->load->roots && section && name ? tfu_study_lists_find(list, section, name) : NULL;
}

/* Values of an axis were chosen, and this is none that could be meant. */
static void refuse_value(const struct target *t, const struct tfu_node *axis)
{
    const char **name = tfu_load_array(t->load, axis->count + 1, sizeof *name);
    char *word = tfu_load_printf(t->load, "%.*s", (int)t->length, t->word);
    const char *path = path_before(t);
    struct tfu_text advice = TFU_TEXT_INIT;
    size_t count = 0;
    if (!name || !word || !path)
        return;
    for (const struct tfu_node *n = axis->first; n; n = n->next)
        name[count++] = n->key;
    tfu_text_put_advice(&advice, word, name, count);
    tfu_diagnostics_add(t->load->diagnostics, place(t, t->word), "%s: it has no value '%s'%s", path,
                        word, tfu_text_get(&advice));
    t->load->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
}

/* The child that the word names, through `child` (NULL: to be made); false after a finding. */
static bool find_child(const struct target *t, const struct tfu_node *n, struct tfu_node **child)
{
    *child = NULL;
    const int before = (int)(t->word > t->text ? t->word - t->text - 1 : 0);
    if (n->kind == TFU_NODE_MAPPING) {
        *child = tfu_node_get(n, t->word, t->length);
        if (n->choice && !*child)
            refuse_value(t, n);
        return !n->choice || *child;
    }
    if (n->kind == TFU_NODE_SCALAR) {
        tfu_diagnostics_add(t->load->diagnostics, place(t, t->word),
                            "%.*s is %s: it has no key '%.*s'", before, t->text,
                            tfu_node_describe(t->load, n), (int)t->length, t->word);
        return false;
    }
    if (is_word(t, "+"))
        return true;
    if (is_index(t->word, t->length) && t->length < 9 && strtoul(t->word, NULL, 10) < n->count) {
        *child = n->first;
        for (unsigned long i = strtoul(t->word, NULL, 10); i > 0; i--)
            *child = (*child)->next;
        return true;
    }
    if (!is_last(t) && (*child = find_named(t, n)))
        return true;
    tfu_diagnostics_add(t->load->diagnostics, place(t, t->word),
                        "%.*s is a list of %zu item%s, the first is number 0: there is no '%.*s'; "
                        "%.*s.+ appends an item",
                        before, t->text, n->count, n->count == 1 ? "" : "s", (int)t->length,
                        t->word, before, t->text);
    return false;
}

static void add_child(const struct target *t, struct tfu_node *n, struct tfu_node *child)
{
    if (n->kind == TFU_NODE_MAPPING) {
        child->key = tfu_load_printf(t->load, "%.*s", (int)t->length, t->word);
        child->key_mark = place(t, t->word);
        if (!child->key)
            return;
    }
    tfu_node_append(n, child);
}

/* Drops what belongs to the plugin that `plugin`, a child of `n`, names. */
static void drop_options(const struct target *t, struct tfu_node *n, const struct tfu_node *plugin)
{
    const char *path = path_before(t);
    for (struct tfu_node *child = n->first, *next; child; child = next) {
        next = child->next;
        if (child != plugin && strcmp(child->mark.source, TFU_LOAD_COMMAND_LINE) != 0 &&
            !tfu_schema_is_host_key(t->text, child->key)) {
            tfu_node_remove(n, child);
            if (path)
                tfu_drop_option(t->load, path, plugin, n, child);
        }
    }
}

/* Does the value choose among those of an axis of a study file? */
static bool is_choice(const struct target *t, const struct tfu_node *old)
{
    const char *section = path_before(t);
    return t->load->roots && section && strcmp(section, "cases") == 0 &&
           old->kind == TFU_NODE_MAPPING && t->value->kind != TFU_NODE_MAPPING;
}

static void set_value(const struct target *t, struct tfu_node *n, struct tfu_node *old)
{
    if (!old) {
        add_child(t, n, t->value);
        return;
    }
    if (is_choice(t, old)) {
        t->value->key = old->key;
        t->value->key_mark = place(t, t->word);
        old->choice = t->value;
        return;
    }
    if (n->kind == TFU_NODE_MAPPING && is_word(t, "plugin") && old->kind == TFU_NODE_SCALAR &&
        t->value->kind == TFU_NODE_SCALAR && strcmp(old->text, t->value->text) != 0)
        drop_options(t, n, old);
    const char *path =
        tfu_load_printf(t->load, "%.*s", (int)(t->word + t->length - t->text), t->text);
    if (t->value->replaces)
        *t->value->replaces = true;
    if (path)
        tfu_drop_section(t->load, path, old, t->value);
    tfu_node_replace(n, old, t->value);
    t->value->key_mark = place(t, t->word);
}

/* What the next component is looked for in: a number, of an axis, is one of its chosen values. */
static struct tfu_node *enter(const struct target *t, struct tfu_node *n)
{
    const char *next = t->word + t->length + 1;
    const size_t length = strcspn(next, ".=");
    const bool number = is_index(next, length) || (length == 1 && *next == '+');
    return n->choice && number && !tfu_node_get(n, next, length) ? n->choice : n;
}

/* What the next component goes into, where there is nothing: a list for +, else a mapping. */
static struct tfu_node *new_parent(const struct target *t)
{
    const char *next = t->word + t->length + 1;
    const size_t length = strcspn(next, ".=");
    if (is_index(next, length)) {
        tfu_diagnostics_add(t->load->diagnostics, place(t, next),
                            "%.*s is not set, so it has no item %.*s; give the whole list",
                            (int)(next - 1 - t->text), t->text, (int)length, next);
        return NULL;
    }
    return tfu_node_new(t->load, length == 1 && *next == '+' ? TFU_NODE_SEQUENCE : TFU_NODE_MAPPING,
                        place(t, t->word));
}

static void apply(struct target *t, struct tfu_node *root)
{
    struct tfu_node *child;
    for (struct tfu_node *n = root; advance(t) && find_child(t, n, &child); n = enter(t, child)) {
        if (is_last(t)) {
            set_value(t, n, child);
            return;
        }
        if (child && !tfu_node_is_null(child))
            continue;
        struct tfu_node *parent = new_parent(t);
        if (!parent)
            return;
        if (child)
            tfu_node_replace(n, child, parent);
        else
            add_child(t, n, parent);
        child = parent;
    }
}

static struct tfu_node *parse_value(const struct target *t)
{
    const char *text = t->equals + 1;
    const struct tfu_mark m = place(t, text);
    if (*text)
        return tfu_parse_yaml(t->load, text, strlen(text), m);
    struct tfu_node *n = tfu_node_new(t->load, TFU_NODE_SCALAR, m);
    if (n) {
        n->text = "";
        n->quoted = true;
    }
    return n;
}

static bool is_root(const struct tfu_load *l, const char *word, size_t length)
{
    if (!l->roots)
        return tfu_reference_is_root(word, length);
    for (const char *const *root = l->roots; *root; root++)
        if (strlen(*root) == length && strncmp(*root, word, length) == 0)
            return true;
    return false;
}

/* Does it look like a path with an = in it, of a file that is not there? Only in a configuration:
 * options of a lone plugin have keys of their own. */
static bool is_stray_path(const struct target *t)
{
    return tfu_path_is_file(t->load->path) && !is_root(t->load, t->text, strcspn(t->text, ".=")) &&
           tfu_path_is_likely(t->equals + 1);
}

static void apply_one(struct tfu_load *l, struct tfu_node *root, const char *text, int number)
{
    struct target t = {
        .load = l,
        .start = {.source = TFU_LOAD_COMMAND_LINE, .line = number, .column = 1},
        .text = text,
        .equals = strchr(text, '='),
    };
    if (!t.equals)
        tfu_diagnostics_add(l->diagnostics, t.start, "'%s' is not KEY=VALUE", text);
    else if (strpbrk(text, "\r\n"))
        tfu_diagnostics_add(l->diagnostics, t.start, "an override is one line");
    else if (strncmp(text, "include=", 8) == 0 || strncmp(text, "include.", 8) == 0)
        tfu_diagnostics_add(l->diagnostics, t.start,
                            "include works in files only; files are put together before overrides");
    else if (is_stray_path(&t))
        tfu_diagnostics_add(l->diagnostics, t.start,
                            "%.*s: unknown key; there is no file '%s' either: write ./%s if one "
                            "is meant",
                            (int)strcspn(text, ".="), text, text, text);
    else if ((t.value = parse_value(&t)))
        apply(&t, root);
}

void tfu_override_apply(struct tfu_load *l, struct tfu_node *root, const char *const *overrides,
                        size_t count)
{
    struct tfu_text lines = TFU_TEXT_INIT;
    if (count == 0) /* what they are is said once, and a document may be read without them first */
        return;
    for (size_t i = 0; i < count; i++) {
        for (const char *p = overrides[i]; *p; p++)
            tfu_text_append(&lines, *p == '\n' || *p == '\r' ? " " : p, 1);
        tfu_text_puts(&lines, "\n");
    }
    l->out_of_memory |= lines.failed;
    tfu_diagnostics_source(l->diagnostics, TFU_LOAD_COMMAND_LINE, tfu_text_get(&lines),
                           lines.length, (struct tfu_mark){.source = NULL});
    tfu_text_free(&lines);
    for (size_t i = 0; i < count; i++) {
        apply_one(l, root, overrides[i], (int)i + 1);
        if (l->roots) /* a study file: keys may be laid over a file that was named here */
            tfu_study_spread_base(l, root);
    }
}

void tfu_override_set(struct tfu_load *l, struct tfu_node *root, const char *path,
                      struct tfu_mark m, struct tfu_node *value)
{
    struct target t = {
        .load = l, .start = m, .text = path, .equals = path + strlen(path), .value = value};
    apply(&t, root);
}
