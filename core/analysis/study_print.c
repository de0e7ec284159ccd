/* SPDX-License-Identifier: MIT
 *
 * A study file as it resolves.
 */
#include <string.h>

#include "core/analysis/study_file.h"
#include "core/config/options.h"
#include "core/config/print.h"

/* {runs: "/runs/a/3fa2", label: "start=random"}, or the network alone */
static void put_network(struct tfu_text *out, const struct tfu_analysis_networks *n,
                        const char *spec)
{
    const char *label = NULL;
    for (size_t i = 0; i < n->names && !label; i++)
        label = strcmp(n->name[i].spec, spec) == 0 ? n->name[i].name : NULL;
    tfu_text_puts(out, label ? "{runs: " : "");
    tfu_value_print_text(out, spec);
    if (!label)
        return;
    tfu_text_puts(out, ", label: ");
    tfu_value_print_text(out, label);
    tfu_text_puts(out, "}");
}

static void put_list(struct tfu_text *out, const struct tfu_analysis_networks *n,
                     const char *const *item, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tfu_text_puts(out, i ? ", " : "[");
        put_network(out, n, item[i]);
    }
    tfu_text_puts(out, count ? "]\n" : "[]\n");
}

static void put_networks(struct tfu_text *out, const struct tfu_study_item *item)
{
    const struct tfu_analysis_networks *n = &item->networks;
    if (item->analysis->takes == TFU_ANALYSIS_TAKES_LIST) {
        tfu_text_puts(out, "      of: ");
        put_list(out, n, n->of, n->count);
    } else if (item->analysis->takes == TFU_ANALYSIS_TAKES_LINES) {
        tfu_text_puts(out, "      lines:\n");
        for (size_t i = 0; i < n->lines; i++) {
            tfu_text_puts(out, "        - name: ");
            tfu_value_print_text(out, n->line[i].name);
            tfu_text_puts(out, "\n          a: ");
            put_list(out, n, n->line[i].a, n->line[i].pairs);
            tfu_text_puts(out, "          b: ");
            put_list(out, n, n->line[i].b, n->line[i].pairs);
        }
    } else {
        static const char *const key[] = {"a", "b"};
        for (size_t i = 0; i < TFU_COUNT(key); i++) {
            tfu_text_printf(out, "      %s: ", key[i]);
            put_network(out, n, n->of[i]);
            tfu_text_puts(out, "\n");
        }
    }
}

/* In one line, whatever a name has. */
static void put_comment(struct tfu_text *out, const char *name, const char *what, const char *why)
{
    struct tfu_text line = TFU_TEXT_INIT;
    tfu_text_printf(&line, "%s: %s%s", name, what, why);
    tfu_text_puts(out, "  # ");
    for (const char *c = tfu_text_get(&line); *c; c++)
        tfu_text_append(out, *c == '\n' || *c == '\r' ? " " : c, 1);
    tfu_text_puts(out, "\n");
    out->failed |= line.failed;
    tfu_text_free(&line);
}

/* What is not in the file that is printed. */
static void put_gaps(struct tfu_text *out, const struct tfu_study_item *item)
{
    const struct tfu_study_gaps *g = &item->gaps;
    if (g->nothing)
        put_comment(out, item->name, "", g->nothing);
    else if (g->empty)
        put_comment(out, item->name, "too few of its cases are done", "");
    for (size_t i = 0; i < g->count; i++) {
        const bool left_out = i >= g->count - g->left_out;
        const char *what = left_out            ? "left out on the command line: "
                           : g->gap[i].stopped ? "stopped by halving: "
                                               : "not done: ";
        put_comment(out, item->name, what, g->gap[i].name);
    }
}

/* {plugin: svcca, mode: cca} */
static void put_plugin(struct tfu_text *out, const struct tfu_plugin_choice *c)
{
    const struct tfu_options_table t = tfu_options_of_plugin(c);
    tfu_text_puts(out, "{plugin: ");
    tfu_value_print_text(out, c->name);
    for (size_t i = 0; i < t.count; i++) {
        const struct tfu_option *o = tfu_options_get(&t, i);
        const void *field = (const char *)t.config + o->offset;
        const struct tfu_inner *inner =
            o->type == TFU_INNER ? *(const struct tfu_inner *const *)field : NULL;
        if (o->type == TFU_INNER && !inner)
            continue;
        tfu_text_printf(out, ", %s: ", o->name);
        if (inner)
            put_plugin(out, &inner->choice);
        else
            tfu_value_print(out, o, field);
    }
    tfu_text_puts(out, "}");
}

/* Is it the default that stands for nothing said? */
static bool is_unsaid(const struct tfu_option *o, const void *field)
{
    if (o->type == TFU_INT)
        return *(const int64_t *)field < o->imin;
    if (o->type == TFU_ENUM)
        return !o->choices[*(const int32_t *)field][0];
    if (o->type == TFU_STRING || o->type == TFU_PATH)
        return !(*(const char *const *)field)[0];
    return false;
}

static void put_options(struct tfu_text *out, const struct tfu_study_item *item)
{
    for (size_t i = 0; i < item->analysis->options; i++) {
        const struct tfu_option *o = &item->analysis->option[i];
        const void *field = (const char *)item->config + o->offset;
        if (is_unsaid(o, field))
            continue;
        tfu_text_printf(out, "      %s: ", o->name);
        if (o->type == TFU_INNER)
            put_plugin(out, &(*(const struct tfu_inner *const *)field)->choice);
        else
            tfu_value_print(out, o, field);
        tfu_text_puts(out, "\n");
    }
}

static void put_item(struct tfu_text *out, const struct tfu_study_item *item)
{
    tfu_text_puts(out, "  - name: ");
    tfu_value_print_text(out, item->name);
    tfu_text_printf(out, "\n    %s:\n", item->analysis->name);
    put_networks(out, item);
    put_options(out, item);
}

enum tfu_status tfu_study_file_print(const struct tfu_study_file *f,
                                     const struct tfu_string_list *only, struct tfu_text *out,
                                     struct tfu_error *e)
{
    const char *const head[][2] = {{"study", f->name}, {"output", f->output}, {"store", f->store}};
    for (size_t i = 0; i < TFU_COUNT(head); i++) {
        tfu_text_printf(out, "%s: ", head[i][0]);
        tfu_value_print_text(out, head[i][1]);
        tfu_text_puts(out, "\n");
    }
    tfu_text_puts(out, "analyses:\n");
    for (size_t i = 0; i < f->count; i++) {
        if (only && !tfu_study_file_wants(only, f->item[i].name))
            continue;
        put_gaps(out, &f->item[i]);
        if (f->item[i].gaps.empty)
            continue;
        put_item(out, &f->item[i]);
    }
    return out->failed ? tfu_error_memory(e, "printing a study file", 0) : TFU_OK;
}

enum tfu_status tfu_study_file_print_item(const struct tfu_study_file *f,
                                          const struct tfu_study_item *item, struct tfu_text *out,
                                          struct tfu_error *e)
{
    struct tfu_text whole = TFU_TEXT_INIT;
    struct tfu_text store = TFU_TEXT_INIT;
    tfu_text_printf(&store, "%s/", f->store);
    put_item(&whole, item);
    const char *rest = tfu_text_get(&whole), *found;
    while (!store.failed && (found = strstr(rest, tfu_text_get(&store)))) {
        tfu_text_append(out, rest, (size_t)(found - rest));
        rest = found + store.length;
    }
    tfu_text_puts(out, rest);
    out->failed |= whole.failed || store.failed;
    tfu_text_free(&whole);
    tfu_text_free(&store);
    return out->failed ? tfu_error_memory(e, "printing an analysis", 0) : TFU_OK;
}
