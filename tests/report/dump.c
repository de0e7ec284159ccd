/* SPDX-License-Identifier: MIT
 *
 * dump FILE [KEY=VALUE]...: the report of a study file as JSON with all digits, for tests; or what
 * is wrong with the file, and status 2. `--measure` before it: times are measured; `--numbers`: a
 * line a number, with tabs between.
 */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/report/build.h"

static json_t *text(const char *s)
{
    return s ? json_string(s) : json_null();
}

static json_t *runs(const size_t *run, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_integer((json_int_t)run[i]));
    return list;
}

static json_t *number(const struct tfu_report_number *x)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:i, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:b, s:b, s:b, "
                     "s:o, s:b}",
                     "value", tfu_json_number(x->value), "spread", tfu_json_number(x->spread),
                     "low", tfu_json_number(x->low), "high", tfu_json_number(x->high), "digits",
                     x->digits, "unit", text(x->unit), "why", text(x->why), "asked",
                     (json_int_t)x->asked, "runs", runs(x->run, x->runs), "p",
                     tfu_json_number(x->p), "p_alone", tfu_json_number(x->p_alone), "test",
                     text(x->test), "better", (int)x->better, "worse", (int)x->worse, "best",
                     (int)x->best, "published", text(x->published), "recalled", (int)x->recalled);
}

static json_t *table(const struct tfu_report_table *t)
{
    json_t *rows = json_array(), *notes = json_array();
    for (size_t r = 0; r < t->rows; r++) {
        json_t *row = json_array();
        for (size_t c = 0; c < t->columns; c++) {
            const struct tfu_report_cell *x = &t->cell[r * t->columns + c];
            json_array_append_new(row, !x->text ? number(&x->number)
                                       : x->columns > 1
                                           ? json_pack("[s, I]", x->text, (json_int_t)x->columns)
                                           : json_string(x->text));
        }
        json_array_append_new(rows, row);
    }
    for (size_t i = 0; i < t->notes; i++)
        json_array_append_new(notes, json_string(t->note[i]));
    return json_pack("{s:s, s:s, s:I, s:I, s:o, s:o}", "name", t->name, "caption", t->caption,
                     "head_rows", (json_int_t)t->head_rows, "head_columns",
                     (json_int_t)t->head_columns, "cells", rows, "notes", notes);
}

static json_t *panel(const struct tfu_figure_panel *p)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->series_count; i++) {
        const struct tfu_figure_series *s = &p->series[i];
        json_t *points = json_array();
        for (size_t k = 0; k < s->count; k++)
            json_array_append_new(points, json_pack("[o, o, o, o]", tfu_json_number(s->point[k].x),
                                                    tfu_json_number(s->point[k].y),
                                                    tfu_json_number(s->point[k].low),
                                                    tfu_json_number(s->point[k].high)));
        json_array_append_new(list, json_pack("{s:o, s:I, s:o}", "label", text(s->label), "look",
                                              (json_int_t)s->look, "points", points));
    }
    const struct tfu_figure_matrix *m = &p->matrix;
    json_t *rows = json_array();
    for (size_t i = 0; i < m->rows; i++) {
        json_t *row = json_array();
        for (size_t k = 0; k < m->columns; k++)
            json_array_append_new(row, tfu_json_number(m->value[i * m->columns + k]));
        json_array_append_new(rows, json_pack("{s:s, s:o}", "row", m->row[i], "cells", row));
    }
    return json_pack("{s:o, s:s, s:s, s:I, s:o, s:o}", "title", text(p->title), "x", p->x_label,
                     "y", p->y_label, "categories", (json_int_t)p->category_count, "series", list,
                     "rows", rows);
}

static json_t *figure(const struct tfu_report_figure *f)
{
    json_t *panels = json_array();
    for (size_t i = 0; f->figure && i < f->figure->panel_count; i++)
        json_array_append_new(panels, panel(&f->figure->panel[i]));
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:b}", "name", f->name, "caption",
                     text(f->caption), "alternative", text(f->alternative), "panels", panels,
                     "runs", runs(f->run, f->runs), "asked", (json_int_t)f->asked, "hole",
                     text(f->hole), "files", f->stem != NULL);
}

static json_t *block(const struct tfu_report_block *b)
{
    static const char *const kind[] = {"heading", "text", "printed", "table", "figure", "hole"};
    return json_pack("{s:s, s:o}", "kind", kind[b->kind], kind[b->kind],
                     b->table    ? table(b->table)
                     : b->figure ? figure(b->figure)
                                 : text(b->text));
}

static int print(const struct tfu_report *r)
{
    json_t *blocks = json_array(), *list = json_array(), *commands = json_array();
    json_t *columns = json_array();
    for (size_t i = 0; i < r->blocks; i++)
        json_array_append_new(blocks, block(&r->block[i]));
    for (size_t i = 0; i < r->columns; i++)
        json_array_append_new(columns, json_string(r->column[i]));
    for (size_t i = 0; i < r->runs; i++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:o}", "label", r->run[i].label,
                                              "path", text(r->run[i].path), "state",
                                              r->run[i].state, "why", text(r->run[i].why)));
    for (size_t i = 0; i < r->commands; i++)
        json_array_append_new(commands, json_string(r->command[i]));
    json_t *root =
        json_pack("{s:s, s:I, s:o, s:o, s:o, s:o}", "study", r->study, "done", (json_int_t)r->done,
                  "blocks", blocks, "columns", columns, "runs", list, "commands", commands);
    const int failed =
        !root || json_dumpf(root, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) != 0;
    puts("");
    json_decref(root);
    return failed;
}

/* ---- numbers alone, a line each, with tabs between */

static void put(double v)
{
    printf("\t%.17g", v);
}

static const char *head_at(const struct tfu_report_table *t, size_t row, size_t column)
{
    while (column > t->head_columns && !t->cell[row * t->columns + column].text[0])
        column--; /* it stretches over several */
    return t->cell[row * t->columns + column].text;
}

static void put_numbers(const struct tfu_report_table *t)
{
    for (size_t r = t->head_rows; r < t->rows; r++)
        for (size_t c = t->head_columns; c < t->columns; c++) {
            const struct tfu_report_number *x = &t->cell[r * t->columns + c].number;
            if (t->cell[r * t->columns + c].text)
                continue;
            printf("%s\t", t->name);
            for (size_t i = 0; i < t->head_columns; i++)
                printf("%s%s", i ? " " : "", t->cell[r * t->columns + i].text);
            printf("\t");
            for (size_t i = 0; i < t->head_rows; i++)
                printf("%s%s", i ? " " : "", head_at(t, i, c));
            put(x->value);
            put(x->spread);
            put(x->low);
            put(x->high);
            printf("\t%zu\t%zu", x->runs, x->asked);
            put(x->p_alone);
            put(x->p);
            puts("");
        }
}

static void put_points(const struct tfu_report_figure *f)
{
    for (size_t i = 0; f->figure && i < f->figure->panel_count; i++) {
        const struct tfu_figure_panel *p = &f->figure->panel[i];
        for (size_t k = 0; k < p->series_count; k++)
            for (size_t n = 0; n < p->series[k].count; n++) {
                const struct tfu_figure_point *x = &p->series[k].point[n];
                printf("%s\t%s\t%s\t%g", f->name, p->title ? p->title : "",
                       p->series[k].label ? p->series[k].label : "", x->x);
                put(x->y);
                put(x->low);
                put(x->high);
                puts("");
            }
    }
}

static int print_numbers(const struct tfu_report *r)
{
    for (size_t i = 0; i < r->blocks; i++)
        if (r->block[i].table)
            put_numbers(r->block[i].table);
        else if (r->block[i].figure)
            put_points(r->block[i].figure);
    return 0;
}

int main(int argc, char **argv)
{
    struct tfu_error e = TFU_ERROR_INIT;
    struct tfu_registry *registry = NULL;
    struct tfu_diagnostics *d = NULL;
    struct tfu_text said = TFU_TEXT_INIT;
    struct tfu_report r;
    const bool measure = argc > 1 && strcmp(argv[1], "--measure") == 0;
    const bool numbers = argc > 1 && strcmp(argv[1], "--numbers") == 0;
    const int first = 1 + (measure || numbers);
    if (argc <= first)
        return 2;
    enum tfu_status st = tfu_registry_new(&registry, getenv("TRANSFUSE_PLUGIN_PATH"), &e);
    if (st == TFU_OK)
        st = tfu_diagnostics_new(&d, &e);
    const struct tfu_document document = {.path = argv[first],
                                          .override = (const char *const *)argv + first + 1,
                                          .override_count = (size_t)(argc - first - 1),
                                          .registry = registry};
    if (st == TFU_OK)
        st = tfu_report_build(&r, &document, &(struct tfu_report_options){.measure = measure}, d,
                              &e);
    int status = 2;
    if (st == TFU_OK) {
        status = numbers ? print_numbers(&r) : print(&r);
        tfu_report_free(&r);
    } else if (d) {
        tfu_diagnostics_print(d, &said);
        fprintf(stderr, "%s%s\n", tfu_text_get(&said), e.text);
    }
    tfu_text_free(&said);
    tfu_diagnostics_free(d);
    tfu_registry_free(registry);
    return status;
}
