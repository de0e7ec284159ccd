/* SPDX-License-Identifier: MIT */
#include "core/report/report_json.h"

#include "core/base/json.h"

static json_t *runs_json(const size_t *run, size_t runs)
{
    json_t *list = json_array();
    for (size_t i = 0; i < runs; i++)
        json_array_append_new(list, json_integer((json_int_t)run[i] + 1));
    return list;
}

static json_t *texts_json(const char *const *text, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, tfu_json_text(text[i]));
    return list;
}

/* ---- tables */

static json_t *number_json(const struct tfu_report_number *n)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:I, s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:o, s:o}",
        "value", tfu_json_number(n->value), "unit", tfu_json_text(n->unit), "sd",
        tfu_json_number(n->spread), "low", tfu_json_number(n->low), "high",
        tfu_json_number(n->high), "why", tfu_json_text(n->why), "missed", (int)n->missed, "asked",
        (json_int_t)n->asked, "runs", runs_json(n->run, n->runs), "p", tfu_json_number(n->p),
        "p_alone", tfu_json_number(n->p_alone), "test", tfu_json_text(n->test), "better",
        (int)n->better, "worse", (int)n->worse, "best", (int)n->best, "published",
        tfu_json_text(n->published), "published_how",
        tfu_json_text(!n->published ? NULL
                      : n->recalled ? "recalled"
                                    : "read"));
}

static json_t *cell_json(const struct tfu_report_cell *c)
{
    json_t *cell =
        c->text ? json_pack("{s:o}", "text", tfu_json_text(c->text)) : number_json(&c->number);
    if (cell && c->key)
        json_object_set_new(cell, "key", tfu_json_text(c->key));
    if (cell && c->columns > 1)
        json_object_set_new(cell, "columns", json_integer((json_int_t)c->columns));
    return cell;
}

static json_t *table_json(const struct tfu_report_table *t)
{
    json_t *rows = json_array();
    for (size_t r = 0; r < t->rows; r++) {
        json_t *row = json_array();
        for (size_t c = 0; c < t->columns; c++)
            json_array_append_new(row, cell_json(&t->cell[r * t->columns + c]));
        json_array_append_new(rows, row);
    }
    return json_pack("{s:s, s:o, s:o, s:I, s:I, s:o, s:o, s:o}", "kind", "table", "name",
                     tfu_json_text(t->name), "caption", tfu_json_text(t->caption), "head_rows",
                     (json_int_t)t->head_rows, "head_columns", (json_int_t)t->head_columns,
                     "head_axes", texts_json(t->head_axis, t->head_axis ? t->head_rows : 0), "rows",
                     rows, "notes", texts_json(t->note, t->notes));
}

/* ---- figures */

static json_t *figure_json(const struct tfu_report_figure *f, const struct tfu_report_picture *d)
{
    json_t *files = json_array();
    for (size_t i = 0; i < TFU_FIGURE_FILES; i++)
        if (d->has[i])
            json_array_append_new(files,
                                  json_sprintf("%s.%s", d->base, tfu_figure_endings[i].ending));
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "kind", "figure", "name",
                     tfu_json_text(f->name), "caption", tfu_json_text(f->caption), "alternative",
                     tfu_json_text(f->alternative), "hole", tfu_json_text(f->hole), "asked",
                     (json_int_t)f->asked, "runs", runs_json(f->run, f->runs), "files", files);
}

/* ---- all of it */

static json_t *block_json(const struct tfu_report_block *b, const struct tfu_report_picture *d)
{
    switch (b->kind) {
    case TFU_REPORT_HEADING:
        return json_pack("{s:s, s:i, s:o}", "kind", "heading", "level", b->level, "text",
                         tfu_json_text(b->text));
    case TFU_REPORT_TEXT:
        return json_pack("{s:s, s:o}", "kind", "text", "text", tfu_json_text(b->text));
    case TFU_REPORT_PRINTED:
        return json_pack("{s:s, s:o}", "kind", "printed", "text", tfu_json_text(b->text));
    case TFU_REPORT_TABLE:
        return table_json(b->table);
    case TFU_REPORT_FIGURE:
        return figure_json(b->figure, d);
    case TFU_REPORT_HOLE:
        break;
    }
    return json_pack("{s:s, s:o}", "kind", "missing", "text", tfu_json_text(b->text));
}

static json_t *run_json(const struct tfu_report *r, const struct tfu_report_run *run)
{
    json_t *values = json_object();
    for (size_t k = 0; k < r->columns; k++)
        json_object_set_new(values, r->column[k],
                            tfu_json_text(run->column ? run->column[k] : NULL));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "label", tfu_json_text(run->label), "run",
                     tfu_json_text(run->path), "state", tfu_json_text(run->state), "why",
                     tfu_json_text(run->why), "values", values);
}

enum tfu_status tfu_report_json(struct tfu_text *out, const struct tfu_report_page *page,
                                struct tfu_error *e)
{
    const struct tfu_report *r = page->report;
    json_t *blocks = json_array(), *runs = json_array();
    for (size_t i = 0; i < r->blocks; i++)
        json_array_append_new(blocks, block_json(&r->block[i], &page->drawing[i]));
    for (size_t i = 0; i < r->runs; i++)
        json_array_append_new(runs, run_json(r, &r->run[i]));
    json_t *root =
        json_pack("{s:o, s:o, s:I, s:o, s:o, s:o}", "title", tfu_json_text(r->title), "study",
                  tfu_json_text(r->study), "done", (json_int_t)r->done, "blocks", blocks, "runs",
                  runs, "commands", texts_json(r->command, r->commands));
    /* what memory ran out for is not in it: a report is whole or none */
    if (json_array_size(blocks) != r->blocks || json_array_size(runs) != r->runs) {
        json_decref(root);
        root = NULL;
    }
    return tfu_json_write(root, out, e);
}
