/* SPDX-License-Identifier: MIT */
#include "core/report/report_csv.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/io/csv.h"
#include "core/report/number_text.h"
#include "core/report/table_heads.h"

/* ---- a stream in memory */

struct stream {
    char *bytes;
    size_t n;
    struct tfu_csv csv;
};

static enum tfu_status stream_open(struct stream *s, struct tfu_error *e)
{
    *s = (struct stream){.bytes = NULL};
    s->csv.file = open_memstream(&s->bytes, &s->n);
    return s->csv.file ? TFU_OK : tfu_error_memory(e, "writing a table", 0);
}

static enum tfu_status stream_close(struct stream *s, struct tfu_text *out, struct tfu_error *e)
{
    const bool failed = ferror(s->csv.file) != 0;
    const bool whole = fclose(s->csv.file) == 0 && !failed;
    if (whole)
        tfu_text_append(out, s->bytes, s->n);
    free(s->bytes);
    return whole && !out->failed ? TFU_OK : tfu_error_memory(e, "writing a table", 0);
}

/* ---- a table */

/* The fewest digits that read back as the same number. */
static void put_double(struct tfu_csv *csv, double value)
{
    char text[TFU_NUMBER_SIZE];
    tfu_csv_text(csv, isnan(value) ? "" : tfu_number_text(value, text));
}

static void put_text(struct tfu_csv *csv, const char *text)
{
    tfu_csv_text(csv, text ? text : "");
}

/* Has one of the heads a name besides what the study file calls it? Then there is a field for it.
 */
static bool row_has_names(const struct tfu_report_table *t, size_t head_row)
{
    for (size_t c = t->head_columns; c < t->columns; c++)
        if (tfu_report_cell_at(t, head_row, c)->key)
            return true;
    return false;
}

static bool column_has_names(const struct tfu_report_table *t, size_t head_column)
{
    for (size_t r = t->head_rows; r < t->rows; r++)
        if (tfu_report_cell_at(t, r, head_column)->key)
            return true;
    return false;
}

/* "row", "row_2" for number i + 1 of the word, "row_name" behind it. */
static void put_field(struct tfu_csv *csv, const char *word, size_t i, bool names)
{
    struct tfu_text name = TFU_TEXT_INIT;
    tfu_text_puts(&name, word);
    if (i > 0)
        tfu_text_printf(&name, "_%zu", i + 1);
    tfu_csv_text(csv, tfu_text_get(&name));
    tfu_text_puts(&name, "_name");
    if (names)
        tfu_csv_text(csv, tfu_text_get(&name));
    tfu_text_free(&name);
}

static void put_head(struct tfu_csv *csv, const struct tfu_report_cell *head, bool names)
{
    tfu_csv_text(csv, tfu_report_cell_key(head));
    if (names)
        tfu_csv_text(csv, head->text);
}

static void put_table_head(struct tfu_csv *csv, const struct tfu_report_table *t)
{
    static const char *const fields[] = {
        "value",   "unit", "sd",      "low",  "high",      "runs",          "asked", "p",
        "p_alone", "test", "verdict", "best", "published", "published_how", "text",  "reason"};
    for (size_t c = 0; c < t->head_columns; c++) {
        const char *corner =
            t->head_rows ? tfu_report_cell_key(tfu_report_head_over(t, t->head_rows - 1, c)) : "";
        put_field(csv, corner[0] ? corner : "row", corner[0] ? 0 : c, column_has_names(t, c));
    }
    for (size_t r = 0; r < t->head_rows; r++)
        put_field(csv, "column", r, row_has_names(t, r));
    for (size_t i = 0; i < TFU_COUNT(fields); i++)
        tfu_csv_text(csv, fields[i]);
    tfu_csv_end_line(csv);
}

static void put_number(struct tfu_csv *csv, const struct tfu_report_number *n)
{
    put_double(csv, n->value);
    put_text(csv, n->unit);
    put_double(csv, n->spread);
    put_double(csv, n->low);
    put_double(csv, n->high);
    tfu_csv_int(csv, (int64_t)n->runs);
    tfu_csv_int(csv, (int64_t)n->asked);
    put_double(csv, n->p);
    put_double(csv, n->p_alone);
    put_text(csv, n->test);
    put_text(csv, n->better ? "better" : n->worse ? "worse" : NULL);
    put_text(csv, n->best ? "best" : NULL);
    put_text(csv, n->published);
    put_text(csv, !n->published ? NULL : n->recalled ? "recalled" : "read");
    put_text(csv, n->missed ? tfu_report_number_hole(n) : NULL);
    put_text(csv, n->why);
}

static void put_words(struct tfu_csv *csv, const char *text)
{
    enum { BEFORE = 14 };
    for (size_t i = 0; i < BEFORE; i++)
        put_text(csv, NULL);
    put_text(csv, text);
    put_text(csv, NULL);
}

enum tfu_status tfu_report_table_csv(struct tfu_text *out, const struct tfu_report_table *t,
                                     struct tfu_error *e)
{
    struct stream s;
    const enum tfu_status st = stream_open(&s, e);
    if (st != TFU_OK)
        return st;
    put_table_head(&s.csv, t);
    for (size_t r = t->head_rows; r < t->rows; r++)
        for (size_t c = t->head_columns, width; c < t->columns; c += width) {
            const struct tfu_report_cell *cell = tfu_report_cell_at(t, r, c);
            width = tfu_report_cell_width(t, r, c);
            for (size_t k = 0; k < t->head_columns; k++)
                put_head(&s.csv, tfu_report_head_beside(t, r, k), column_has_names(t, k));
            for (size_t k = 0; k < t->head_rows; k++)
                put_head(&s.csv, tfu_report_head_over(t, k, c), row_has_names(t, k));
            if (cell->text)
                put_words(&s.csv, tfu_report_cell_key(cell));
            else
                put_number(&s.csv, &cell->number);
            tfu_csv_end_line(&s.csv);
        }
    return stream_close(&s, out, e);
}

/* ---- runs */

enum tfu_status tfu_report_runs_csv(struct tfu_text *out, const struct tfu_report *r,
                                    struct tfu_error *e)
{
    static const char *const fields[] = {"number", "label", "run", "state", "why"};
    struct stream s;
    const enum tfu_status st = stream_open(&s, e);
    if (st != TFU_OK)
        return st;
    for (size_t i = 0; i < TFU_COUNT(fields); i++)
        tfu_csv_text(&s.csv, fields[i]);
    for (size_t k = 0; k < r->columns; k++)
        put_text(&s.csv, r->column[k]);
    tfu_csv_end_line(&s.csv);
    for (size_t i = 0; i < r->runs; i++) {
        const struct tfu_report_run *run = &r->run[i];
        tfu_csv_int(&s.csv, (int64_t)i + 1);
        put_text(&s.csv, run->label);
        put_text(&s.csv, run->path);
        put_text(&s.csv, run->state);
        put_text(&s.csv, run->why);
        for (size_t k = 0; k < r->columns; k++)
            put_text(&s.csv, run->column ? run->column[k] : NULL);
        tfu_csv_end_line(&s.csv);
    }
    return stream_close(&s, out, e);
}
