/* SPDX-License-Identifier: MIT */
#include "core/config/parse.h"

#include <string.h>
#include <yaml.h>

#include "core/config/syntax.h"

struct anchor {
    const char *name;
    const struct tfu_node *node; /* NULL while it is being read */
};

struct reader {
    struct tfu_load *load;
    struct tfu_mark origin;
    const char *text;
    size_t length;
    yaml_parser_t parser;
    struct anchor anchor[TFU_LOAD_ANCHORS];
    size_t anchor_count;
};

static struct tfu_mark place(const struct reader *r, yaml_mark_t m)
{
    struct tfu_mark mark = r->origin;
    mark.line += (int)m.line;
    mark.column = (int)m.column + (m.line ? 1 : r->origin.column);
    return mark;
}

static void report_syntax(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR || !p->problem)
        r->load->out_of_memory = true;
    else
        tfu_syntax_report(r->load, r->text, r->length, r->origin,
                          &(struct tfu_syntax_problem){.problem = p->problem,
                                                       .place = place(r, p->problem_mark),
                                                       .context = p->context ? p->context : "",
                                                       .begin = place(r, p->context_mark)});
}

static bool next_event(struct reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->parser, event))
        return true;
    report_syntax(r);
    return false;
}

/* ---- nodes; NULL and false: stop, it has been said why */

static struct tfu_node *read_node(struct reader *r, yaml_event_t *event, int depth);

static struct anchor *find_anchor(struct reader *r, const char *name)
{
    /* a name may be used again; the newest counts */
    for (size_t i = r->anchor_count; i > 0; i--)
        if (strcmp(r->anchor[i - 1].name, name) == 0)
            return &r->anchor[i - 1];
    return NULL;
}

static bool add_anchor(struct reader *r, const char *name, struct tfu_mark m, struct anchor **out)
{
    *out = NULL;
    if (!name)
        return true;
    if (r->anchor_count == TFU_LOAD_ANCHORS) {
        tfu_diagnostics_add(r->load->diagnostics, m, "more than %d anchors", TFU_LOAD_ANCHORS);
        return false;
    }
    *out = &r->anchor[r->anchor_count];
    **out = (struct anchor){.name = tfu_load_printf(r->load, "%s", name)};
    if (!(*out)->name)
        return false;
    r->anchor_count++;
    return true;
}

static struct tfu_node *read_alias(struct reader *r, const char *name, struct tfu_mark m)
{
    const struct anchor *a = find_anchor(r, name);
    if (a && a->node)
        return tfu_node_copy(r->load, a->node);
    if (a)
        tfu_diagnostics_add(r->load->diagnostics, m,
                            "alias '*%s' is inside the value that it names", name);
    else
        tfu_diagnostics_add(r->load->diagnostics, m,
                            "alias '*%s' has no anchor '&%s' above it; a text that begins with * "
                            "has to be in quotes",
                            name, name);
    return NULL;
}

static struct tfu_node *read_scalar(struct reader *r, const yaml_event_t *event, struct tfu_mark m)
{
    const char *value = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    if (memchr(value, '\0', length))
        tfu_diagnostics_add(r->load->diagnostics, m, "the text has a NUL character in it");
    struct tfu_node *n = tfu_node_new(r->load, TFU_NODE_SCALAR, m);
    if (!n)
        return NULL;
    n->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    n->text = tfu_load_printf(r->load, "%.*s", (int)length, value);
    return n->text ? n : NULL;
}

static bool read_sequence(struct reader *r, struct tfu_node *n, int depth)
{
    for (;;) {
        yaml_event_t event;
        if (!next_event(r, &event))
            return false;
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return true;
        }
        struct tfu_node *item = read_node(r, &event, depth);
        if (!item)
            return false;
        tfu_node_append(n, item);
    }
}

/* `<<: *base` or `<<: [*a, *b]`: keys that the mapping lacks, of an earlier one first. */
static void merge_keys(struct tfu_load *l, struct tfu_node *n, struct tfu_node *from)
{
    if (from->kind == TFU_NODE_SEQUENCE) {
        for (struct tfu_node *item = from->first, *next; item; item = next) {
            next = item->next;
            if (item->kind == TFU_NODE_SEQUENCE)
                tfu_diagnostics_add(l->diagnostics, item->mark, "'<<' merges mappings, not a list");
            else
                merge_keys(l, n, item);
        }
        return;
    }
    if (from->kind == TFU_NODE_SCALAR) {
        tfu_diagnostics_add(l->diagnostics, from->mark, "'<<' merges mappings, not %s",
                            tfu_node_describe(l, from));
        return;
    }
    for (struct tfu_node *child = from->first, *next; child; child = next) {
        next = child->next;
        if (!tfu_node_get(n, child->key, strlen(child->key)))
            tfu_node_append(n, child);
    }
}

/* Puts `value` under its key, unless the key cannot be. */
static bool add_key(struct reader *r, struct tfu_node *n, const struct tfu_node *key,
                    struct tfu_node *value)
{
    struct tfu_diagnostics *d = r->load->diagnostics;
    if (key->kind != TFU_NODE_SCALAR) {
        tfu_diagnostics_add(d, key->mark, "a key is a word, not %s",
                            tfu_node_describe(r->load, key));
        return true;
    }
    const struct tfu_node *before = tfu_node_get(n, key->text, strlen(key->text));
    if (before) {
        tfu_diagnostics_add(d, key->mark, "key '%s' is there twice, first in line %d; remove one",
                            key->text, before->key_mark.line);
        return true;
    }
    if (n->count == TFU_LOAD_KEYS) {
        tfu_diagnostics_add(d, key->mark, "more than %d keys in a mapping", TFU_LOAD_KEYS);
        return false;
    }
    value->key = key->text;
    value->key_mark = key->mark;
    tfu_node_append(n, value);
    return true;
}

static bool read_mapping(struct reader *r, struct tfu_node *n, int depth)
{
    for (;;) {
        yaml_event_t event;
        if (!next_event(r, &event))
            return false;
        if (event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            break;
        }
        const struct tfu_node *key = read_node(r, &event, depth);
        if (!key || !next_event(r, &event))
            return false;
        struct tfu_node *value = read_node(r, &event, depth);
        if (!value || !add_key(r, n, key, value))
            return false;
    }
    struct tfu_node *merge = tfu_node_get(n, "<<", 2);
    if (merge) {
        tfu_node_remove(n, merge);
        merge_keys(r->load, n, merge);
    }
    return true;
}

static bool check_depth(const struct reader *r, int depth, struct tfu_mark m)
{
    if (depth < TFU_LOAD_DEPTH)
        return true;
    tfu_diagnostics_add(r->load->diagnostics, m, "nested more than %d levels deep", TFU_LOAD_DEPTH);
    return false;
}

/* A list or a mapping, whose start event is `event`. */
static struct tfu_node *read_collection(struct reader *r, yaml_event_t *event, int depth,
                                        struct tfu_mark m)
{
    const bool sequence = event->type == YAML_SEQUENCE_START_EVENT;
    struct tfu_node *n =
        check_depth(r, depth, m)
            ? tfu_node_new(r->load, sequence ? TFU_NODE_SEQUENCE : TFU_NODE_MAPPING, m)
            : NULL;
    if (n && !(sequence ? read_sequence(r, n, depth + 1) : read_mapping(r, n, depth + 1)))
        return NULL;
    return n;
}

/* The tag and the anchor of a start event, as libyaml keeps them. */
static void find_properties(const yaml_event_t *event, const char **tag, const char **anchor)
{
    const yaml_char_t *t = NULL, *a = NULL;
    if (event->type == YAML_SCALAR_EVENT) {
        t = event->data.scalar.tag;
        a = event->data.scalar.anchor;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        t = event->data.sequence_start.tag;
        a = event->data.sequence_start.anchor;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        t = event->data.mapping_start.tag;
        a = event->data.mapping_start.anchor;
    } else if (event->type == YAML_ALIAS_EVENT) {
        a = event->data.alias.anchor;
    }
    *tag = (const char *)t;
    *anchor = (const char *)a;
}

static const char replace_tag[] = "!replace";

static void report_tag(struct reader *r, const char *tag, struct tfu_mark m)
{
    if (strcmp(tag, replace_tag) == 0) {
        tfu_diagnostics_add(r->load->diagnostics, m,
                            "'%s' is for mappings; a list or a single value replaces what is there "
                            "in any case",
                            tag);
        return;
    }
    static const char standard[] = "tag:yaml.org,2002:"; /* what !! stands for */
    const size_t n = sizeof standard - 1;
    const bool is_standard = strncmp(tag, standard, n) == 0;
    tfu_diagnostics_add(r->load->diagnostics, m,
                        "tag '%s%s' is not understood: types come from the keys; a text that "
                        "begins with ! has to be in quotes",
                        is_standard ? "!!" : "", is_standard ? tag + n : tag);
}

/* The node that `event` begins; deletes the event. */
static struct tfu_node *read_node(struct reader *r, yaml_event_t *event, int depth)
{
    const struct tfu_mark m = place(r, event->start_mark);
    const char *tag, *name;
    find_properties(event, &tag, &name);
    struct tfu_node *n = NULL;
    struct anchor *anchor = NULL;
    const bool replaces =
        tag && strcmp(tag, replace_tag) == 0 && event->type == YAML_MAPPING_START_EVENT;
    if (tag && !replaces)
        report_tag(r, tag, m);
    if (event->type == YAML_ALIAS_EVENT)
        n = read_alias(r, name, m);
    else if (!add_anchor(r, name, m, &anchor))
        n = NULL;
    else if (event->type == YAML_SCALAR_EVENT)
        n = read_scalar(r, event, m);
    else
        n = read_collection(r, event, depth, m);
    if (n && replaces && !(n->replaces = tfu_load_alloc(r->load, sizeof *n->replaces)))
        n = NULL;
    if (anchor)
        anchor->node = n;
    yaml_event_delete(event);
    return n;
}

/* ---- the document */

/* What stands where a second document may: the end, or a finding. */
static bool check_end(struct reader *r)
{
    yaml_event_t event;
    if (!next_event(r, &event)) /* end of the document */
        return false;
    yaml_event_delete(&event);
    if (!next_event(r, &event))
        return false;
    const bool more = event.type != YAML_STREAM_END_EVENT;
    if (more)
        tfu_diagnostics_add(r->load->diagnostics, place(r, event.start_mark),
                            "a second document begins here; a configuration is one document");
    yaml_event_delete(&event);
    return !more;
}

/* A text without a document is one that says nothing. */
static struct tfu_node *empty(struct reader *r)
{
    struct tfu_node *n = tfu_node_new(r->load, TFU_NODE_SCALAR, r->origin);
    if (n)
        n->text = "";
    return n;
}

static struct tfu_node *read_document(struct reader *r)
{
    yaml_event_t event;
    do { /* start of the stream, start of the document */
        if (!next_event(r, &event))
            return NULL;
        const yaml_event_type_t type = event.type;
        if (type == YAML_STREAM_END_EVENT) {
            yaml_event_delete(&event);
            return empty(r);
        }
        if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT)
            break;
        yaml_event_delete(&event);
    } while (true);
    struct tfu_node *root = read_node(r, &event, 0);
    return root && check_end(r) ? root : NULL;
}

struct tfu_node *tfu_parse_yaml(struct tfu_load *l, const char *text, size_t length,
                                struct tfu_mark origin)
{
    /* libyaml takes a byte order mark for content when it is told the encoding */
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    struct reader r = {.load = l, .origin = origin, .text = text, .length = length};
    if (!tfu_syntax_check(l, text, length, origin))
        return NULL;
    if (!yaml_parser_initialize(&r.parser)) {
        l->out_of_memory = true;
        return NULL;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
    struct tfu_node *root = read_document(&r);
    yaml_parser_delete(&r.parser);
    return root;
}
