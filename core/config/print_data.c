/* SPDX-License-Identifier: MIT */
#include "core/config/print_data.h"

#include <string.h>

#include "core/config/load.h"
#include "core/config/print.h"
#include "core/config/schema.h"

static void print_transforms(struct tfu_printer *p, const struct tfu_data_split *d)
{
    if (d->transform_count == 0 && !p->identity) {
        tfu_print_begin(p, "transforms");
        tfu_text_puts(p->out, " []");
        tfu_print_end_of_split(
            p, "transforms",
            tfu_node_at(tfu_node_at(tfu_node_at(p->config->root, "data"), p->split), "transforms"));
    }
    if (d->transform_count == 0)
        return;
    tfu_print_open(p, "transforms", strlen("transforms"));
    p->indent += 2;
    const char *split = p->split;
    p->split = NULL; /* each line knows by itself where it is from */
    for (size_t i = 0; i < d->transform_count; i++) {
        p->item = true;
        tfu_print_choice(p, &d->transform[i], d->transform_node[i]);
    }
    p->split = split;
    p->indent -= 2;
    tfu_print_close(p);
}

static void print_part(struct tfu_printer *p, const char *key, const struct tfu_cut_part *part,
                       const struct tfu_node *section)
{
    if (!part->kind)
        return;
    tfu_print_begin(p, key);
    tfu_text_puts(p->out, " ");
    if (part->kind == TFU_CUT_SHARE)
        tfu_value_print_number(p->out, part->share);
    else if (part->kind == TFU_CUT_VALUES)
        tfu_value_print(p->out, &(struct tfu_option){.type = TFU_STRING_LIST}, &part->values);
    else if (p->identity)
        tfu_print_contents(p, part->file);
    else
        tfu_value_print_text(p->out, part->file);
    tfu_print_end(p, tfu_node_at(section, key));
}

static void print_cut(struct tfu_printer *p, const struct tfu_data_cut *cut,
                      const struct tfu_node *section)
{
    if (!cut->present)
        return;
    tfu_print_open(p, "split", strlen("split"));
    print_part(p, "valid", &cut->part[TFU_CUT_VALID], section);
    print_part(p, "test", &cut->part[TFU_CUT_TEST], section);
    tfu_print_table(p, tfu_schema_cut((struct tfu_data_cut *)cut), section);
    tfu_print_close(p);
}

/* One with its defaults is as one that is not named, and in an identity says nothing. */
static bool has_say(const struct tfu_printer *p, const struct tfu_plugin_choice *c)
{
    const struct tfu_options_table t = tfu_options_of_plugin(c);
    bool any = !p->identity;
    for (size_t i = 0; i < t.count; i++)
        any = any || tfu_print_has(p, &t, i);
    return any;
}

/* Each file has one reader, wherever that stands in the list: in an identity they are in the order
 * of their names. The number of the one at `place`. */
static size_t find_reader(const struct tfu_printer *p, const struct tfu_plugin_choice *reader,
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

static void print_readers(struct tfu_printer *p, const struct tfu_plugin_choice *reader,
                          size_t count, const struct tfu_node *list)
{
    size_t says = 0;
    for (size_t i = 0; i < count; i++)
        says += has_say(p, &reader[i]);
    if (says == 0)
        return;
    tfu_print_open(p, "readers", strlen("readers"));
    p->indent += 2;
    for (size_t place = 0; place < count; place++) {
        const size_t i = find_reader(p, reader, count, place);
        if (!has_say(p, &reader[i]))
            continue;
        p->item = true;
        tfu_print_choice(p, &reader[i], child_at(list, i));
    }
    p->indent -= 2;
    tfu_print_close(p);
}

/* A part of another split has the plugin and the options of that. */
static void print_source(struct tfu_printer *p, const char *key, const struct tfu_data_split *d,
                         const char *fingerprint, const struct tfu_node *section)
{
    p->known = fingerprint != NULL;
    tfu_print_choice(p, &d->choice, section);
    p->known = false;
    if (!fingerprint)
        return;
    tfu_text_printf(p->out, "%*s%s_contents: %s", p->indent, "", key, fingerprint);
    tfu_print_end(p, section);
}

static void print_split_body(struct tfu_printer *p, const char *key, const struct tfu_data_split *d,
                             const struct tfu_node *section)
{
    p->split = key;
    tfu_print_table(p, tfu_schema_select((struct tfu_data_select *)&d->select), section);
    print_transforms(p, d);
    p->split = NULL;
}

static void print_split(struct tfu_printer *p, const char *key, const struct tfu_data_split *d,
                        const char *fingerprint, const struct tfu_node *data)
{
    if (!d->present)
        return;
    tfu_print_open(p, key, strlen(key));
    if (d->part == TFU_CUT_TRAIN)
        print_source(p, key, d, fingerprint, tfu_node_at(data, key));
    print_split_body(p, key, d, tfu_node_at(data, key));
    tfu_print_close(p);
}

void tfu_print_data(struct tfu_printer *p, const struct tfu_experiment *x)
{
    static const struct tfu_config_contents unknown;
    const struct tfu_config_contents *contents = p->identity ? p->identity : &unknown;
    const struct tfu_node *data = tfu_node_at(p->config->root, "data");
    tfu_print_open(p, "data", 4);
    tfu_print_table(p, tfu_schema_data((struct tfu_data_config *)&x->data), data);
    print_cut(p, &x->cut, tfu_node_at(data, "split"));
    print_readers(p, x->data.reader, x->data.reader_count, tfu_node_at(data, "readers"));
    print_split(p, "train", &x->train_data, contents->train, data);
    print_split(p, "valid", &x->valid_data, contents->valid, data);
    print_split(p, "test", &x->test_data, contents->test, data);
    tfu_print_close(p);
}

void tfu_print_one_split(struct tfu_printer *p, const struct tfu_data_split *split)
{
    const struct tfu_node *section = tfu_node_at(tfu_node_at(p->config->root, "data"), split->name);
    if (split->cut) {
        print_cut(p, split->cut, NULL);
        tfu_text_printf(p->out, "part: %d\n", split->part);
    }
    print_source(p, split->name, split, NULL, section);
    print_split_body(p, split->name, split, section);
    print_readers(p, split->reader, split->reader_count, NULL);
}
