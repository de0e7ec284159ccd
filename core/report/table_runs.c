/* SPDX-License-Identifier: MIT
 *
 * A list of runs as a table: a line each, with its state, axes and numbers.
 */
#include <string.h>

#include "core/report/build_parts.h"
#include "core/report/build_runs.h"
#include "core/report/table_number.h"
#include "core/report/value_title.h"

struct column {
    const char *name, *title;               /* in the words of the study file, and of `names` */
    size_t axis;                            /* TFU_REPORT_NONE: a number */
    const struct tfu_report_series *series; /* of a number */
};

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "listing runs", 0);
}

static enum tfu_status add_number(struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                                  const char *name, struct column *c, struct tfu_error *e)
{
    struct tfu_report_value value;
    tfu_report_value_read(&value, name);
    value.column = name;
    *c = (struct column){.name = name, .axis = TFU_REPORT_NONE};
    c->title = tfu_report_value_title(b, name, ask->chosen, e);
    return !c->title ? e->status : tfu_report_series_get(&b->numbers, &value, &c->series, e);
}

/* What is asked for, or all axes and the common metrics. */
static enum tfu_status find_columns(struct tfu_report_builder *b, const struct tfu_report_ask *ask,
                                    struct column **out, size_t *count, struct tfu_error *e)
{
    const struct tfu_report_cases *c = b->cases;
    const char **common = NULL;
    size_t n = 0;
    enum tfu_status st = ask->shown_count ? TFU_OK : tfu_report_common_series(b, &common, &n, e);
    struct column *column =
        tfu_arena_array(c->arena, c->axes + ask->shown_count + n + 1, sizeof *column);
    *count = 0;
    *out = column;
    if (st != TFU_OK || !column)
        return st == TFU_OK ? no_memory(e) : st;
    for (size_t i = 0; st == TFU_OK && i < ask->shown_count; i++) {
        struct tfu_report_value value;
        size_t a = 0;
        if (tfu_report_value_read(&value, ask->shown[i])) {
            st = add_number(b, ask, ask->shown[i], &column[(*count)++], e);
            continue;
        }
        while (a < c->axes && strcmp(c->axis[a].name, ask->shown[i]) != 0)
            a++;
        if (a < c->axes)
            column[(*count)++] =
                (struct column){.name = ask->shown[i], .title = c->axis[a].word, .axis = a};
    }
    for (size_t a = 0; !ask->shown_count && a < c->axes; a++)
        column[(*count)++] =
            (struct column){.name = c->axis[a].name, .title = c->axis[a].word, .axis = a};
    for (size_t i = 0; st == TFU_OK && i < n; i++)
        st = add_number(b, ask, common[i], &column[(*count)++], e);
    return st;
}

static enum tfu_status put_line(struct tfu_report_builder *b, const struct column *column,
                                size_t columns, size_t item, struct tfu_report_cell *cell,
                                struct tfu_error *e)
{
    const struct tfu_report_case *c = &b->cases->item[item];
    static const struct tfu_report_axes none = {.count = 0};
    cell[0].text = c->name;
    cell[1].text = c->why ? tfu_arena_printf(&b->out->arena, "%s: %s", c->state, c->why) : c->state;
    if (!cell[1].text)
        return no_memory(e);
    for (size_t i = 0; i < columns; i++) {
        struct tfu_report_cell *x = &cell[i + 2];
        const char *hole;
        if (column[i].axis != TFU_REPORT_NONE) {
            const struct tfu_report_axis *a = &b->cases->axis[column[i].axis];
            const size_t v = a->of[item];
            x->text = v == TFU_REPORT_NONE ? "\xE2\x80\x93" : a->value_word[v];
            x->key = v != TFU_REPORT_NONE && a->value_word[v] != a->value[v] ? a->value[v] : NULL;
            continue;
        }
        const enum tfu_status st = tfu_report_number_make(&b->numbers, column[i].series, &none,
                                                          &item, 1, -1, &x->number, &hole, e);
        if (st != TFU_OK)
            return st;
    }
    return TFU_OK;
}

enum tfu_status tfu_report_runs_build(struct tfu_report_builder *b,
                                      const struct tfu_report_ask *ask, struct tfu_error *e)
{
    struct column *column;
    size_t columns;
    enum tfu_status st = find_columns(b, ask, &column, &columns, e);
    struct tfu_report_table *t = tfu_arena_alloc(&b->out->arena, sizeof *t);
    const size_t wide = columns + 2;
    struct tfu_report_cell *cell =
        tfu_arena_array(&b->out->arena, (ask->count + 1) * wide, sizeof *cell);
    if (st != TFU_OK || !t || !cell)
        return st == TFU_OK ? no_memory(e) : st;
    cell[0].text = b->cases->sweep ? "case" : "run";
    cell[1].text = "state";
    for (size_t i = 0; i < columns; i++) {
        cell[i + 2].text = column[i].title;
        cell[i + 2].key = column[i].title != column[i].name ? column[i].name : NULL;
    }
    size_t line = 1, done = 0;
    for (size_t i = 0; st == TFU_OK && i < b->cases->count; i++) {
        if (!ask->chosen[i])
            continue;
        done += b->cases->item[i].done;
        st = put_line(b, column, columns, i, &cell[line++ * wide], e);
    }
    *t = (struct tfu_report_table){.name = ask->name,
                                   .rows = line,
                                   .columns = wide,
                                   .head_rows = 1,
                                   .head_columns = 1,
                                   .cell = cell};
    t->caption = tfu_arena_printf(&b->out->arena, "%s%s%zu runs, %zu done.", ask->caption,
                                  ask->caption[0] ? " " : "", line - 1, done);
    if (st == TFU_OK && !t->caption)
        st = no_memory(e);
    return st == TFU_OK
               ? tfu_report_add(b, &(struct tfu_report_block){.kind = TFU_REPORT_TABLE, .table = t},
                                e)
               : st;
}
