/* SPDX-License-Identifier: MIT
 *
 * The resolved configuration as YAML: for people (with where each value is from), for the run
 * folder, and for the hash that names a run. Other readers of YAML see the same types: texts that
 * would read as numbers or booleans are quoted, numbers have a point.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/utf8.h"
#include "core/config/inherit.h"
#include "core/config/load.h"
#include "core/config/node.h"
#include "core/config/print.h"
#include "core/config/schema.h"

struct printer {
    struct tfu_text *out;
    const struct tfu_config *config;
    bool origin;
    /* Not NULL: for a run's identity. What cannot change results is left out; plugins have their
     * own names, and files their contents. */
    const struct tfu_config_contents *identity;
    bool known; /* the files of this section are those of a fingerprint: not looked at again */
    int indent;
    bool item;         /* the next line begins an item of a list: "- " */
    const char *split; /* whose keys are being printed, or NULL */
};

/* ---- lines */

static void begin_key(struct printer *p, const char *key, size_t length)
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

static void begin_line(struct printer *p, const char *key)
{
    begin_key(p, key, strlen(key));
}

static void print_origin(struct printer *p, const char *from, const struct tfu_node *n)
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
static void end_line(struct printer *p, const struct tfu_node *n)
{
    if (p->origin)
        print_origin(p, "", n);
    tfu_text_puts(p->out, "\n");
}

/* The same for the option `name` of a split, which may have its value from data.train. */
static void end_split_line(struct printer *p, const char *name, const struct tfu_node *n)
{
    const struct tfu_node *data = tfu_node_at(p->config->root, "data");
    const struct tfu_node *train = n ? NULL : tfu_inherit_find(data, p->split, name);
    if (p->origin)
        print_origin(p, train ? "data.train, " : "", train ? train : n);
    tfu_text_puts(p->out, "\n");
}

static void open_section(struct printer *p, const char *key, size_t length)
{
    begin_key(p, key, length);
    tfu_text_puts(p->out, "\n");
    p->indent += 2;
}

static void close_section(struct printer *p)
{
    p->indent -= 2;
}

static void print_plugin(struct printer *p, const char *key, const struct tfu_plugin_choice *c,
                         const struct tfu_node *section);

/* A file is what it holds, wherever it lies; one that cannot be read has but its path. */
static void print_contents(const struct printer *p, const char *path)
{
    char hex[TFU_HASH_HEX];
    struct tfu_error unread = TFU_ERROR_INIT;
    if (path[0] && tfu_digests_file(p->identity->digests, path, hex, &unread) == TFU_OK)
        tfu_text_printf(p->out, "sha256 %s", hex);
    else
        tfu_value_print_text(p->out, path);
    p->out->failed |= unread.status == TFU_ENOMEM;
}

/* Of a split: short forms are not printed: they are among the transforms. */
static bool is_short_form(const char *name)
{
    return strcmp(name, "resize") == 0 || strncmp(name, "normalise.", strlen("normalise.")) == 0;
}

/* Does option number `i` say anything in the text that is printed? In an identity defaults do not:
 * an option that a later version adds must not make another run of every run that there is. */
static bool is_printed(const struct printer *p, const struct tfu_options_table *t, size_t i)
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

static void print_option(struct printer *p, const struct tfu_options_table *t, size_t index,
                         const char *key, const struct tfu_node *section)
{
    const struct tfu_option *o = tfu_options_get(t, index);
    const char *field = (const char *)t->config + o->offset;
    if (!is_printed(p, t, index))
        return;
    if (o->type == TFU_INNER) {
        const struct tfu_inner *inner = *(const struct tfu_inner *const *)field;
        if (inner)
            print_plugin(p, key, &inner->choice, tfu_node_at(section, o->name));
        return;
    }
    begin_line(p, key);
    tfu_text_puts(p->out, " ");
    if (p->identity && o->type == TFU_PATH)
        print_contents(p, *(const char *const *)field);
    else
        tfu_value_print(p->out, o, field);
    if (p->split)
        end_split_line(p, o->name, tfu_node_at(section, o->name));
    else
        end_line(p, tfu_node_at(section, o->name));
}

static bool has_prefix(const struct tfu_options_table *t, size_t index, const char *prefix,
                       size_t length)
{
    return strncmp(tfu_options_get(t, index)->name, prefix, length) == 0;
}

/* The options whose names begin with the first `length` bytes of `prefix`; `section` is the mapping
 * that the whole table was read from. */
static void print_level(struct printer *p, const struct tfu_options_table *t, const char *prefix,
                        size_t length, const struct tfu_node *section)
{
    for (size_t i = 0; i < t->count; i++) {
        if (!has_prefix(t, i, prefix, length))
            continue;
        const char *name = tfu_options_get(t, i)->name, *dot = strchr(name + length, '.');
        if (!dot) {
            print_option(p, t, i, name + length, section);
            continue;
        }
        const size_t below = (size_t)(dot + 1 - name);
        bool seen = false, any = false;
        for (size_t j = 0; j < t->count; j++)
            if (has_prefix(t, j, name, below)) {
                seen = seen || j < i;
                any = any || is_printed(p, t, j);
            }
        if (seen || !any)
            continue;
        open_section(p, name + length, below - length - 1);
        print_level(p, t, name, below, section);
        close_section(p);
    }
}

static void print_table(struct printer *p, struct tfu_options_table t,
                        const struct tfu_node *section)
{
    print_level(p, &t, "", 0, section);
}

/* One option of the root's table. */
static void print_root(struct printer *p, const char *key)
{
    struct tfu_experiment x = p->config->experiment;
    x.output = x.output_absolute; /* it is read again in other files and folders */
    const struct tfu_options_table t = tfu_schema_root(&x);
    for (size_t i = 0; i < t.count; i++)
        if (strcmp(tfu_options_get(&t, i)->name, key) == 0)
            print_option(p, &t, i, key, p->config->root);
}

/* ---- sections */

static void print_choice(struct printer *p, const struct tfu_plugin_choice *c,
                         const struct tfu_node *section)
{
    begin_line(p, "plugin");
    tfu_text_puts(p->out, " ");
    tfu_value_print_text(p->out, p->identity ? c->plugin->name : c->name);
    end_line(p, tfu_node_at(section, "plugin"));
    print_table(p, tfu_options_of_plugin(c), section);
}

/* A section that is one plugin. */
static void print_plugin(struct printer *p, const char *key, const struct tfu_plugin_choice *c,
                         const struct tfu_node *section)
{
    open_section(p, key, strlen(key));
    print_choice(p, c, section);
    close_section(p);
}

static void print_init(struct printer *p, const struct tfu_experiment *x,
                       const struct tfu_node *list)
{
    const struct tfu_node *section = list ? list->first : NULL;
    open_section(p, "init", 4);
    p->indent += 2;
    for (size_t i = 0; i < x->init_count; i++) {
        p->item = true;
        print_choice(p, &x->init[i].choice, section);
        print_table(p, tfu_schema_rule(&x->init[i]), section);
        section = section ? section->next : NULL;
    }
    p->indent -= 2;
    close_section(p);
}

/* What a metric compares with is what the state holds, as far as that is known. */
static void print_versus(struct printer *p, const struct tfu_versus *w, const char *contents,
                         const struct tfu_node *section)
{
    struct tfu_versus host = *w;
    print_choice(p, &w->choice, section);
    if (contents) {
        begin_line(p, "against");
        tfu_text_printf(p->out, " sha256 %s", contents);
        end_line(p, section);
        host.against = "";
    }
    print_table(p, tfu_schema_versus(&host), section);
}

/* Few metrics have any of these keys: what is left out is not printed. */
static void print_scored(struct printer *p, struct tfu_scored *keys, const struct tfu_node *section)
{
    const struct tfu_options_table t = tfu_schema_scored(keys);
    for (size_t i = 0; i < t.count; i++) {
        const struct tfu_option *o = tfu_options_get(&t, i);
        if (!tfu_options_is_default(o, (const char *)keys + o->offset))
            print_option(p, &t, i, o->name, section);
    }
}

static void print_metrics(struct printer *p, const struct tfu_experiment *x,
                          const struct tfu_node *list)
{
    const size_t count = x->metric_count + x->versus_count;
    const char *const *against = p->identity ? p->identity->against : NULL;
    if (count == 0) {
        begin_line(p, "metrics");
        tfu_text_puts(p->out, " []");
        end_line(p, list);
        return;
    }
    const struct tfu_node *section = list->first;
    open_section(p, "metrics", 7);
    p->indent += 2;
    for (size_t i = 0, w = 0; i < count; i++, section = section->next) {
        p->item = true;
        if (w < x->versus_count && x->versus[w].place == i) {
            print_versus(p, &x->versus[w], against ? against[w] : NULL, section);
            w++;
        } else {
            print_choice(p, &x->metric[i - w], section);
            print_scored(p, &x->scored[i - w], section);
        }
    }
    p->indent -= 2;
    close_section(p);
}

static void print_transforms(struct printer *p, const struct tfu_data_split *d)
{
    if (d->transform_count == 0 && !p->identity) {
        begin_line(p, "transforms");
        tfu_text_puts(p->out, " []");
        end_split_line(
            p, "transforms",
            tfu_node_at(tfu_node_at(tfu_node_at(p->config->root, "data"), p->split), "transforms"));
    }
    if (d->transform_count == 0)
        return;
    open_section(p, "transforms", strlen("transforms"));
    p->indent += 2;
    const char *split = p->split;
    p->split = NULL; /* each line knows by itself where it is from */
    for (size_t i = 0; i < d->transform_count; i++) {
        p->item = true;
        print_choice(p, &d->transform[i], d->transform_node[i]);
    }
    p->split = split;
    p->indent -= 2;
    close_section(p);
}

/* ---- data */

static void print_part(struct printer *p, const char *key, const struct tfu_cut_part *part,
                       const struct tfu_node *section)
{
    if (!part->kind)
        return;
    begin_line(p, key);
    tfu_text_puts(p->out, " ");
    if (part->kind == TFU_CUT_SHARE)
        tfu_value_print_number(p->out, part->share);
    else if (part->kind == TFU_CUT_VALUES)
        tfu_value_print(p->out, &(struct tfu_option){.type = TFU_STRING_LIST}, &part->values);
    else if (p->identity)
        print_contents(p, part->file);
    else
        tfu_value_print_text(p->out, part->file);
    end_line(p, tfu_node_at(section, key));
}

static void print_cut(struct printer *p, const struct tfu_data_cut *cut,
                      const struct tfu_node *section)
{
    if (!cut->present)
        return;
    open_section(p, "split", strlen("split"));
    print_part(p, "valid", &cut->part[TFU_CUT_VALID], section);
    print_part(p, "test", &cut->part[TFU_CUT_TEST], section);
    print_table(p, tfu_schema_cut((struct tfu_data_cut *)cut), section);
    close_section(p);
}

/* One with its defaults is as one that is not named, and in an identity says nothing. */
static bool has_say(const struct printer *p, const struct tfu_plugin_choice *c)
{
    const struct tfu_options_table t = tfu_options_of_plugin(c);
    bool any = !p->identity;
    for (size_t i = 0; i < t.count; i++)
        any = any || is_printed(p, &t, i);
    return any;
}

/* Each file has one reader, wherever that stands in the list: in an identity they are in the order
 * of their names. The number of the one at `place`. */
static size_t find_reader(const struct printer *p, const struct tfu_plugin_choice *reader,
                          size_t count, size_t place)
{
    for (size_t i = 0; p->identity && i < count; i++) {
        size_t before = 0;
        for (size_t k = 0; k < count; k++)
            before += strcmp(reader[k].plugin->name, reader[i].plugin->name) < 0;
        if (before == place)
            return i;
    }
    return place;
}

static const struct tfu_node *child_at(const struct tfu_node *list, size_t index)
{
    const struct tfu_node *n = list ? list->first : NULL;
    while (n && index--)
        n = n->next;
    return n;
}

static void print_readers(struct printer *p, const struct tfu_plugin_choice *reader, size_t count,
                          const struct tfu_node *list)
{
    size_t says = 0;
    for (size_t i = 0; i < count; i++)
        says += has_say(p, &reader[i]);
    if (says == 0)
        return;
    open_section(p, "readers", strlen("readers"));
    p->indent += 2;
    for (size_t place = 0; place < count; place++) {
        const size_t i = find_reader(p, reader, count, place);
        if (!has_say(p, &reader[i]))
            continue;
        p->item = true;
        print_choice(p, &reader[i], child_at(list, i));
    }
    p->indent -= 2;
    close_section(p);
}

/* A part of another split has the plugin and the options of that. */
static void print_source(struct printer *p, const char *key, const struct tfu_data_split *d,
                         const char *fingerprint, const struct tfu_node *section)
{
    p->known = fingerprint != NULL;
    print_choice(p, &d->choice, section);
    p->known = false;
    if (!fingerprint)
        return;
    tfu_text_printf(p->out, "%*s%s_contents: %s", p->indent, "", key, fingerprint);
    end_line(p, section);
}

static void print_split_body(struct printer *p, const char *key, const struct tfu_data_split *d,
                             const struct tfu_node *section)
{
    p->split = key;
    print_table(p, tfu_schema_select((struct tfu_data_select *)&d->select), section);
    print_transforms(p, d);
    p->split = NULL;
}

static void print_split(struct printer *p, const char *key, const struct tfu_data_split *d,
                        const char *fingerprint, const struct tfu_node *data)
{
    if (!d->present)
        return;
    open_section(p, key, strlen(key));
    if (d->part == TFU_CUT_TRAIN)
        print_source(p, key, d, fingerprint, tfu_node_at(data, key));
    print_split_body(p, key, d, tfu_node_at(data, key));
    close_section(p);
}

/* A name, or a list of names with commas between. */
static void print_names(struct tfu_text *out, const char *names)
{
    if (!strchr(names, ',')) {
        tfu_value_print_text(out, names);
        return;
    }
    tfu_text_puts(out, "[");
    for (const char *s = names; *s;) {
        s += strspn(s, ", ");
        const size_t n = strcspn(s, ",");
        struct tfu_text name = TFU_TEXT_INIT;
        tfu_text_append(&name, s, n);
        tfu_text_puts(out, s == names ? "" : ", ");
        tfu_value_print_text(out, tfu_text_get(&name));
        out->failed |= name.failed;
        tfu_text_free(&name);
        s += n;
    }
    tfu_text_puts(out, "]");
}

static void print_algorithms(struct printer *p, const struct tfu_experiment *x,
                             const struct tfu_node *section)
{
    if (x->algorithm_count == 0) {
        begin_line(p, "algorithm");
        tfu_text_puts(p->out, " {}");
        end_line(p, section);
        return;
    }
    open_section(p, "algorithm", 9);
    for (size_t i = 0; i < x->algorithm_count; i++) {
        const char *op = x->algorithm[i].op;
        tfu_text_printf(p->out, "%*s", p->indent, "");
        tfu_value_print_text(p->out, op);
        tfu_text_puts(p->out, ": ");
        print_names(p->out, x->algorithm[i].algorithm);
        end_line(p, tfu_node_get(section, op, strlen(op)));
    }
    close_section(p);
}

static void print_sections(struct printer *p)
{
    const struct tfu_experiment *x = &p->config->experiment;
    const struct tfu_node *root = p->config->root, *data = tfu_node_at(root, "data"),
                          *train = tfu_node_at(root, "train");
    open_section(p, "task", 4);
    print_table(p, tfu_schema_task((struct tfu_task_config *)&x->task), tfu_node_at(root, "task"));
    close_section(p);
    open_section(p, "arch", 4);
    print_choice(p, &x->arch, tfu_node_at(root, "arch"));
    print_table(p, tfu_schema_arch((struct tfu_arch_config *)&x->arch_host),
                tfu_node_at(root, "arch"));
    close_section(p);
    print_init(p, x, tfu_node_at(root, "init"));
    static const struct tfu_config_contents unknown;
    const struct tfu_config_contents *contents = p->identity ? p->identity : &unknown;
    open_section(p, "data", 4);
    print_table(p, tfu_schema_data((struct tfu_data_config *)&x->data), data);
    print_cut(p, &x->cut, tfu_node_at(data, "split"));
    print_readers(p, x->data.reader, x->data.reader_count, tfu_node_at(data, "readers"));
    print_split(p, "train", &x->train_data, contents->train, data);
    print_split(p, "valid", &x->valid_data, contents->valid, data);
    print_split(p, "test", &x->test_data, contents->test, data);
    close_section(p);
    open_section(p, "train", 5);
    print_plugin(p, "optimizer", &x->train.optimizer, tfu_node_at(train, "optimizer"));
    print_table(p, tfu_schema_train((struct tfu_train_config *)&x->train), train);
    close_section(p);
    print_metrics(p, x, tfu_node_at(root, "metrics"));
    print_plugin(p, "backend", &x->backend, tfu_node_at(root, "backend"));
    print_algorithms(p, x, tfu_node_at(root, "algorithm"));
}

static enum tfu_status finish(const struct tfu_text *out, struct tfu_error *e)
{
    return out->failed ? tfu_error_memory(e, "printing a configuration", 0) : TFU_OK;
}

enum tfu_status tfu_config_print(const struct tfu_config *c, bool origin, struct tfu_text *out,
                                 struct tfu_error *e)
{
    struct printer p = {.out = out, .config = c, .origin = origin};
    print_root(&p, "seed");
    print_root(&p, "name");
    print_sections(&p);
    print_root(&p, "deterministic");
    print_root(&p, "timings");
    print_root(&p, "output");
    print_root(&p, "threads");
    return finish(out, e);
}

enum tfu_status tfu_config_print_split(const struct tfu_config *c,
                                       const struct tfu_data_split *split, struct tfu_text *out,
                                       struct tfu_error *e)
{
    struct printer p = {.out = out, .config = c};
    const struct tfu_node *section = tfu_node_at(tfu_node_at(c->root, "data"), split->name);
    if (split->cut) {
        print_cut(&p, split->cut, NULL);
        tfu_text_printf(out, "part: %d\n", split->part);
    }
    print_source(&p, split->name, split, NULL, section);
    print_split_body(&p, split->name, split, section);
    print_readers(&p, split->reader, split->reader_count, NULL);
    return finish(out, e);
}

enum tfu_status tfu_config_identity(const struct tfu_config *c,
                                    const struct tfu_config_contents *contents,
                                    struct tfu_text *out, struct tfu_error *e)
{
    const struct tfu_experiment *x = &c->experiment;
    struct printer p = {.out = out, .config = c, .identity = contents};
    print_root(&p, "seed");
    print_sections(&p);
    if (!x->deterministic || x->timings[0])
        print_root(&p, "deterministic");
    /* what is measured is added to the file: it decides nothing that can be had again */
    if (x->deterministic && x->timings[0])
        print_root(&p, "timings");
    return finish(out, e);
}
