/* SPDX-License-Identifier: MIT */
#include "core/report/published.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/path.h"
#include "core/config/options.h"

static const char *const roots[] = {"source", "tables", NULL};

/* A number as others gave it. */
struct entry {
    double number, spread;
    int32_t how;
    const char *source, *value;
};

enum { READ, RECALLED };
static const char *const ways[] = {[READ] = "read", [RECALLED] = "recalled", NULL};

static const struct tfu_option entry_options[] = {
    {.name = "number",
     .help = "what was published",
     .type = TFU_FLOAT,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(struct entry, number),
     .fmin = -INFINITY,
     .fmax = INFINITY},
    {.name = "spread",
     .help = "what stands behind its +-",
     .type = TFU_FLOAT,
     .offset = offsetof(struct entry, spread),
     .fdef = -1,
     .fmin = -1,
     .fmax = INFINITY},
    {.name = "how",
     .help = "was it read at its source, or is it from memory?",
     .type = TFU_ENUM,
     .flags = TFU_OPT_REQUIRED,
     .offset = offsetof(struct entry, how),
     .choices = ways},
    TFU_OPT_STRING(struct entry, source, "", 0, "where; by default the file's"),
    TFU_OPT_STRING(struct entry, value, "", 0, "which of the table's numbers, as test/auc"),
};

/* ---- matching */

struct matching {
    struct tfu_report_builder *b;
    const struct tfu_report_ask *ask;
    const struct tfu_report_group *row, *column;
    size_t rows, columns;
    struct tfu_report_number *number;
    struct tfu_load *load;
    double scale;
    bool read, recalled;
    const char *source;
    const char *of[8]; /* where single numbers are from */
    size_t sources;
    const struct tfu_node **by; /* of each number: the entry that it has */
    struct tfu_text unmatched;  /* entries that have no place, a line each */
};

static bool is_option(const char *key)
{
    for (size_t i = 0; i < TFU_COUNT(entry_options); i++)
        if (strcmp(entry_options[i].name, key) == 0)
            return true;
    return false;
}

/* The name of the group's value on the axis `key`; NULL: it is none of its axes. */
static const char *value_on(const struct matching *m, const struct tfu_report_axes *by,
                            const struct tfu_report_group *g, const char *key)
{
    for (size_t i = 0; i < by->count; i++) {
        const struct tfu_report_axis *a = &m->b->cases->axis[by->item[i]];
        if (strcmp(a->name, key) == 0)
            return g->value[i] == TFU_REPORT_NONE ? "" : a->value[g->value[i]];
    }
    return NULL;
}

static bool fits(const struct matching *m, const struct tfu_node *n,
                 const struct tfu_report_group *row, const struct tfu_report_group *column)
{
    for (const struct tfu_node *k = n->first; k; k = k->next) {
        if (is_option(k->key))
            continue;
        const char *value = value_on(m, &m->ask->rows, row, k->key);
        if (!value)
            value = value_on(m, &m->ask->columns, column, k->key);
        if (!value || !k->text || !tfu_report_same_value(value, k->text))
            return false;
    }
    return true;
}

/* Keys that are neither a word of an entry nor an axis. */
static bool check_keys(struct matching *m, const char *path, const struct tfu_node *n)
{
    const struct tfu_report_cases *c = m->b->cases;
    const char **names = tfu_load_array(m->load, c->axes + TFU_COUNT(entry_options), sizeof *names);
    size_t count = 0;
    bool ok = names != NULL;
    for (size_t a = 0; names && a < c->axes; a++)
        names[count++] = c->axis[a].name;
    for (size_t i = 0; names && i < TFU_COUNT(entry_options); i++)
        names[count++] = entry_options[i].name;
    for (const struct tfu_node *k = n->first; names && k; k = k->next) {
        struct tfu_text advice = TFU_TEXT_INIT;
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known |= strcmp(names[i], k->key) == 0;
        if (known)
            continue;
        tfu_text_put_advice(&advice, k->key, names, count);
        tfu_diagnostics_add(m->load->diagnostics, k->key_mark,
                            "%s.%s: neither an axis of the study nor a key of an entry%s", path,
                            k->key, tfu_text_get(&advice));
        m->load->out_of_memory |= advice.failed;
        tfu_text_free(&advice);
        ok = false;
    }
    return ok;
}

/* "published.yaml:9, start=randm: no place in this table; did you mean 'random'?" A file of numbers
 * may have more than a study, which is no error. */
static void note_unmatched(struct matching *m, const struct tfu_node *n, const struct entry *x)
{
    const struct tfu_report_cases *c = m->b->cases;
    struct tfu_text advice = TFU_TEXT_INIT;
    tfu_text_printf(&m->unmatched, "%s:%d", tfu_path_last(n->mark.source), n->mark.line);
    for (const struct tfu_node *k = n->first; k; k = k->next) {
        if (is_option(k->key) || !k->text)
            continue;
        tfu_text_printf(&m->unmatched, " %s=%s", k->key, k->text);
        for (size_t a = 0; a < c->axes; a++) {
            bool known = strcmp(c->axis[a].name, k->key) != 0;
            for (size_t v = 0; v < c->axis[a].count && !known; v++)
                known = tfu_report_same_value(c->axis[a].value[v], k->text);
            if (!known)
                tfu_text_put_advice(&advice, k->text, c->axis[a].value, c->axis[a].count);
        }
    }
    if (x->value[0])
        tfu_text_printf(&m->unmatched, " %s", x->value);
    tfu_text_printf(&m->unmatched, ": this published number has no place in the table%s\n",
                    tfu_text_get(&advice));
    m->load->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
}

static void add_source(struct matching *m, const char *source)
{
    for (size_t i = 0; i < m->sources; i++)
        if (strcmp(m->of[i], source) == 0)
            return;
    if (source[0] && m->sources < TFU_COUNT(m->of))
        m->of[m->sources++] = source;
}

/* "0.964 ± 0.0005" */
static const char *text_of(const struct matching *m, const struct entry *x)
{
    struct tfu_arena *arena = &m->b->out->arena;
    return x->spread < 0 ? tfu_arena_printf(arena, "%.10g", x->number * m->scale)
                         : tfu_arena_printf(arena, "%.10g \xC2\xB1 %.10g", x->number * m->scale,
                                            x->spread * m->scale);
}

static void put_entry(struct matching *m, const char *path, const struct tfu_node *n,
                      const struct entry *x)
{
    const size_t values = m->ask->values;
    bool any = false;
    for (size_t r = 0; r < m->rows; r++)
        for (size_t c = 0; c < m->columns; c++) {
            if (!fits(m, n, &m->row[r], &m->column[c]))
                continue;
            for (size_t v = 0; v < values; v++) {
                const size_t at = (r * m->columns + c) * values + v;
                struct tfu_report_number *number = &m->number[at];
                if (x->value[0] ? strcmp(x->value, m->ask->value[v].text) != 0 : v > 0)
                    continue;
                any = true;
                if (m->by[at]) {
                    tfu_diagnostics_add(m->load->diagnostics, n->mark,
                                        "%s: the entry of line %d is of the same cell of the table "
                                        "'%s'; leave one of them out",
                                        path, m->by[at]->mark.line, m->ask->name);
                    return;
                }
                m->by[at] = n;
                number->published = text_of(m, x);
                number->recalled = x->how == RECALLED;
                m->load->out_of_memory |= !number->published;
            }
        }
    if (any)
        add_source(m, x->source);
    m->read |= any && x->how == READ;
    m->recalled |= any && x->how == RECALLED;
    if (!any)
        note_unmatched(m, n, x);
}

/* ---- the file */

static void read_entry(struct matching *m, const char *path, const struct tfu_node *n)
{
    struct tfu_load *l = m->load;
    struct entry x = {.number = NAN};
    const char *axes[64];
    size_t count = 0;
    if (n->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(l->diagnostics, n->mark,
                            "%s: expected a mapping as {arch: resnet50, number: 0.96, how: read}, "
                            "got %s",
                            path, tfu_node_describe(l, n));
        return;
    }
    for (const struct tfu_node *k = n->first; k && count < TFU_COUNT(axes); k = k->next)
        if (!is_option(k->key))
            axes[count++] = k->key;
    const size_t before = tfu_diagnostics_count(l->diagnostics);
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(entry_options, &x);
    tfu_options_read(
        l,
        &(struct tfu_options_section){
            .path = path, .table = &table, .table_count = 1, .other = axes, .other_count = count},
        n, n->mark);
    if (tfu_diagnostics_count(l->diagnostics) == before && !l->out_of_memory &&
        check_keys(m, path, n))
        put_entry(m, path, n, &x);
}

static void refuse_table(struct matching *m, const struct tfu_node *tables)
{
    const char *names[TFU_LOAD_KEYS];
    size_t count = 0;
    struct tfu_text advice = TFU_TEXT_INIT;
    for (const struct tfu_node *k = tables && tables->kind == TFU_NODE_MAPPING ? tables->first
                                                                               : NULL;
         k && count < TFU_COUNT(names); k = k->next)
        names[count++] = k->key;
    tfu_text_put_advice(&advice, m->ask->published_table, names, count);
    tfu_diagnostics_add(m->load->diagnostics, tfu_load_mark(m->load),
                        "tables: there is no '%s', which a report names%s", m->ask->published_table,
                        tfu_text_get(&advice));
    m->load->out_of_memory |= advice.failed;
    tfu_text_free(&advice);
}

struct table_keys {
    double scale;
    const char *caption;
};
static const struct tfu_option table_options[] = {
    TFU_OPT_FLOAT(struct table_keys, scale, 1, -INFINITY, INFINITY,
                  "times which the numbers are in our unit: 0.01 of percent"),
    TFU_OPT_STRING(struct table_keys, caption, "", 0, "what the table is"),
};
static const char *const table_other[] = {"numbers"};

static void read_file(void *arg, struct tfu_load *l, struct tfu_node *root)
{
    struct matching *m = arg;
    const struct tfu_node *tables = tfu_node_at(root, "tables");
    const struct tfu_node *source = tfu_node_at(root, "source");
    const char *name = m->ask->published_table;
    const struct tfu_node *table = tables && tables->kind == TFU_NODE_MAPPING
                                       ? tfu_node_get(tables, name, strlen(name))
                                       : NULL;
    struct table_keys keys = {.scale = 1};
    const char *path = tfu_load_printf(l, "tables.%s", name);
    m->load = l;
    m->source = source && source->text ? source->text : "";
    if (!table || !path) {
        refuse_table(m, tables);
        return;
    }
    const struct tfu_options_table options = TFU_OPTIONS_TABLE(table_options, &keys);
    tfu_options_read(l,
                     &(struct tfu_options_section){.path = path,
                                                   .table = &options,
                                                   .table_count = 1,
                                                   .other = table_other,
                                                   .other_count = TFU_COUNT(table_other)},
                     table, table->mark);
    m->scale = keys.scale;
    const struct tfu_node *list = tfu_node_at(table, "numbers");
    if (!list || list->kind != TFU_NODE_SEQUENCE) {
        tfu_diagnostics_add(l->diagnostics, list ? list->mark : table->mark,
                            "%s.numbers: expected a list of numbers", path);
        return;
    }
    size_t i = 0;
    for (const struct tfu_node *n = list->first; n && !l->out_of_memory; n = n->next) {
        const char *below = tfu_load_printf(l, "%s.numbers.%zu", path, i++);
        if (below)
            read_entry(m, below, n);
    }
}

enum tfu_status tfu_report_published(struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                                     const struct tfu_report_group *row, size_t rows,
                                     const struct tfu_report_group *column, size_t columns,
                                     struct tfu_report_number *number, struct tfu_text *notes,
                                     struct tfu_error *e)
{
    struct matching m = {.b = b,
                         .ask = ask,
                         .row = row,
                         .column = column,
                         .rows = rows,
                         .columns = columns,
                         .number = number,
                         .scale = 1,
                         .unmatched = TFU_TEXT_INIT};
    m.by = tfu_arena_array(b->cases->arena, rows * columns * ask->values + 1, sizeof(void *));
    if (!m.by)
        return tfu_error_memory(e, "reading published numbers", 0);
    const struct tfu_document document = {
        .path = ask->published_file, .registry = b->document->registry, .roots = roots};
    const enum tfu_status st =
        tfu_document_read(&document, &b->out->arena, read_file, &m, b->findings, e);
    if (st != TFU_OK) {
        tfu_text_free(&m.unmatched);
        return st;
    }
    tfu_text_printf(notes, "published: %s, of %s\n", ask->published_table,
                    m.source[0] ? m.source : tfu_path_last(ask->published_file));
    for (size_t i = 0; i < m.sources; i++)
        tfu_text_printf(notes, "%s%s%s", i ? ", " : "published numbers, some by way of: ", m.of[i],
                        i + 1 == m.sources ? "\n" : "");
    if (m.recalled)
        tfu_text_puts(notes, m.read ? "some published numbers are recalled, not read at their "
                                      "source: they are marked\n"
                                    : "the published numbers are recalled, not read at their "
                                      "source\n");
    tfu_text_puts(notes, tfu_text_get(&m.unmatched));
    notes->failed |= m.unmatched.failed;
    tfu_text_free(&m.unmatched);
    return TFU_OK;
}
