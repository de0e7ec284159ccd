/* SPDX-License-Identifier: MIT */
#include "core/report/section_published.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/path.h"
#include "core/config/options.h"
#include "core/report/published.h"
#include "core/report/section_declared.h"
#include "core/report/table_grid.h"

struct published_keys {
    const char *file, *table;
};
static const struct tfu_option published_options[] = {
    TFU_OPT_PATH(struct published_keys, file, NULL, TFU_OPT_REQUIRED,
                 "YAML with numbers that were published"),
    TFU_OPT_STRING(struct published_keys, table, NULL, TFU_OPT_REQUIRED, "which of its tables"),
};

/* Are the axes known, by which an entry has its place? */
static bool are_known(const struct tfu_section_reader *r)
{
    return !r->wrong && (r->cases->sweep || !r->cases->blind);
}

void tfu_section_published_read(struct tfu_section_reader *r, const char *path,
                                const struct tfu_node *n, struct tfu_report_ask *ask)
{
    const struct tfu_node *p = tfu_node_at(n, "published");
    const char *below = tfu_load_printf(r->load, "%s.published", path);
    struct published_keys keys = {.file = NULL};
    /* null: none, where the file that is changed has some */
    if (!p || tfu_node_is_null(p) || !below)
        return;
    if (p->kind != TFU_NODE_MAPPING) {
        tfu_diagnostics_add(r->load->diagnostics, p->mark,
                            "%s: expected a mapping as {file: published.yaml, table: table_1}, got "
                            "%s",
                            below, tfu_node_describe(r->load, p));
        return;
    }
    const struct tfu_options_table table = TFU_OPTIONS_TABLE(published_options, &keys);
    const size_t before = tfu_diagnostics_count(r->load->diagnostics);
    tfu_options_read(
        r->load, &(struct tfu_options_section){.path = below, .table = &table, .table_count = 1}, p,
        p->mark);
    struct tfu_published *published = tfu_load_alloc(r->load, sizeof *published);
    ask->published = published;
    if (!published || tfu_diagnostics_count(r->load->diagnostics) > before)
        return;
    *published = (struct tfu_published){.file = keys.file, .table = keys.table};
    /* said before anything is trained */
    if (access(keys.file, R_OK) != 0)
        tfu_diagnostics_add(r->load->diagnostics, tfu_node_at(p, "file")->mark,
                            "%s.file: '%s' cannot be read: %s", below, keys.file, strerror(errno));
    else if (are_known(r))
        tfu_published_read(r, published);
}

/* ---- where they belong */

static bool has_value(const struct tfu_report_axis *axis, const char *text)
{
    size_t v = 0;
    while (v < axis->count && !tfu_report_same_value(axis->value[v], text))
        v++;
    return v < axis->count;
}

/* A value that neither the cases nor what a profile took away have, but nearly: a file may have
 * more numbers than a study, so that this is no error. */
static void note_near(struct tfu_section_reader *r, const struct tfu_published_entry *x)
{
    const struct tfu_report_cases *c = r->cases;
    for (const struct tfu_node *k = x->node->first; k; k = k->next) {
        size_t a = 0;
        while (a < c->axes && strcmp(c->axis[a].name, k->key) != 0)
            a++;
        if (a == c->axes || !k->text || has_value(&c->axis[a], k->text) ||
            tfu_section_declares(r, k->text))
            continue;
        const char *near = tfu_text_nearest(k->text, c->axis[a].value, c->axis[a].count);
        if (near)
            tfu_diagnostics_note(r->load->diagnostics,
                                 "%s:%d: no value of the axis '%s' is called '%s', so that this "
                                 "published number has no place; did you mean '%s'?",
                                 tfu_path_last(k->mark.source), k->mark.line, k->key, k->text,
                                 near);
    }
}

void tfu_section_published_check(struct tfu_section_reader *r, const struct tfu_report_ask *ask)
{
    struct tfu_published_cells c = {.cases = r->cases, .ask = ask};
    const struct tfu_published_entry **of;
    struct tfu_report_group *row, *column;
    struct tfu_error e = TFU_ERROR_INIT;
    const bool *placed;
    if (!ask->published || !are_known(r))
        return;
    enum tfu_status st =
        tfu_report_group(r->cases, ask->chosen, &ask->rows, &row, &c.rows, NULL, &e);
    if (st == TFU_OK)
        st = tfu_report_group(r->cases, ask->chosen, &ask->columns, &column, &c.columns, NULL, &e);
    if (st == TFU_OK && c.rows && c.columns > TFU_REPORT_CELLS_MAX / ask->values / c.rows)
        return; /* such a table is refused */
    if (st == TFU_OK) {
        c.row = row;
        c.column = column;
        st = tfu_published_place(&c, &of, &placed, r->load->diagnostics, &e);
    }
    r->load->out_of_memory |= st == TFU_ENOMEM;
    /* a report has a note of each below the table */
    for (size_t i = 0; st == TFU_OK && r->cases->blind && i < ask->published->count; i++)
        if (!placed[i])
            note_near(r, &ask->published->entry[i]);
}
