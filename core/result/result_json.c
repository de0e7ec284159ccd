/* SPDX-License-Identifier: MIT */
#include "core/result/result_json.h"

#include <math.h>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/result/figure_json.h"

static json_t *cell_value(const struct tfu_cell *c)
{
    switch (c->kind) {
    case TFU_CELL_TEXT:
        return json_string(c->text);
    case TFU_CELL_WHOLE:
        return json_integer((json_int_t)c->whole);
    case TFU_CELL_NUMBER:
        return tfu_json_number(c->number);
    case TFU_CELL_EMPTY:
        break;
    }
    return json_null();
}

/* The interval of a cell that has one, under the name of its column with _low and _high. */
static bool put_interval(json_t *row, const char *name, const struct tfu_cell *c)
{
    struct tfu_text key = TFU_TEXT_INIT;
    if (c->kind != TFU_CELL_NUMBER || isnan(c->low) || isnan(c->high))
        return true;
    tfu_text_printf(&key, "%s_low", name);
    bool ok =
        !key.failed && json_object_set_new(row, tfu_text_get(&key), tfu_json_number(c->low)) == 0;
    tfu_text_free(&key);
    tfu_text_printf(&key, "%s_high", name);
    ok = ok && !key.failed &&
         json_object_set_new(row, tfu_text_get(&key), tfu_json_number(c->high)) == 0;
    tfu_text_free(&key);
    return ok;
}

static bool put_row(json_t *rows, const struct tfu_result_table *t, size_t first)
{
    json_t *row = json_object(), *why = NULL;
    bool ok = row != NULL;
    for (size_t k = 0; ok && k < t->columns; k++) {
        const struct tfu_cell *c = &t->cell[first + k];
        ok = json_object_set_new(row, t->column[k].name, cell_value(c)) == 0;
        ok = ok && put_interval(row, t->column[k].name, c);
        if (!ok || !c->why)
            continue;
        why = why ? why : json_object();
        ok = why && json_object_set_new(why, t->column[k].name, json_string(c->why)) == 0;
    }
    if (why)
        ok = json_object_set_new(row, "why", why) == 0 && ok;
    return json_array_append_new(rows, row) == 0 && ok;
}

static bool put_table(json_t *tables, const struct tfu_result_table *t)
{
    json_t *rows = json_array();
    bool ok = rows != NULL;
    for (size_t i = 0; ok && i + t->columns <= t->count; i += t->columns)
        ok = put_row(rows, t, i);
    return json_object_set_new(tables, t->name, rows) == 0 && ok;
}

static bool put_part(const struct tfu_result *r, const struct tfu_result_part *p, json_t *text,
                     json_t *tables, json_t *figures)
{
    if (p->line && p->line[0])
        return json_array_append_new(text, json_string(p->line)) == 0;
    if (p->table && p->table->uses & TFU_TABLE_JSON)
        return put_table(tables, p->table);
    if (p->figure)
        return json_array_append_new(figures, tfu_figure_json(p->figure, r->stem)) == 0;
    return true;
}

enum tfu_status tfu_result_json(const struct tfu_result *r, struct tfu_text *out,
                                struct tfu_error *e)
{
    json_t *text = json_array(), *tables = json_object(), *figures = json_array();
    bool ok = text && tables && figures;
    for (size_t i = 0; ok && i < r->parts; i++)
        ok = put_part(r, &r->part[i], text, tables, figures);
    json_t *root = json_pack("{s:s, s:o, s:o, s:o}", "analysis", r->analysis, "text", text,
                             "tables", tables, "figures", figures);
    if (!ok) {
        json_decref(root);
        root = NULL;
    }
    return tfu_json_write(root, out, e);
}
