/* SPDX-License-Identifier: MIT */
#include "core/report/figure_heat_map.h"

#include <math.h>

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "drawing a figure", 0);
}

/* The values that the chosen cases have, of all that the axis has: where is each? */
static size_t list_columns(const struct tfu_report_drawn *f, size_t *place)
{
    const struct tfu_report_cases *c = f->b->cases;
    const struct tfu_report_axis *a = &c->axis[f->ask->x_axis];
    size_t count = 0;
    for (size_t v = 0; v < a->count; v++)
        place[v] = TFU_REPORT_NONE;
    for (size_t i = 0; i < c->count; i++)
        if (f->ask->chosen[i] && a->of[i] != TFU_REPORT_NONE)
            place[a->of[i]] = 0;
    for (size_t v = 0; v < a->count; v++)
        if (place[v] != TFU_REPORT_NONE)
            place[v] = count++;
    return count;
}

/* What its rows are by: "arch, start". */
static const char *rows_label(struct tfu_report_drawn *f, struct tfu_error *e)
{
    struct tfu_text text = TFU_TEXT_INIT;
    for (size_t i = 0; i < f->ask->columns.count; i++)
        tfu_text_printf(&text, "%s%s", i ? ", " : "",
                        f->b->cases->axis[f->ask->columns.item[i]].word);
    return tfu_report_keep(f->b, &text, e);
}

enum tfu_status tfu_report_heat_map(struct tfu_report_drawn *f, struct tfu_figure_panel *panel,
                                    struct tfu_error *e)
{
    struct tfu_arena *arena = &f->b->out->arena;
    const struct tfu_report_axis *a = &f->b->cases->axis[f->ask->x_axis];
    struct tfu_figure_matrix *m = &panel->matrix;
    const size_t rows = panel->series_count;
    size_t *place = tfu_arena_array(arena, a->count + 1, sizeof *place);
    const char **column = tfu_arena_array(arena, a->count + 1, sizeof *column);
    const char **column_key = tfu_arena_array(arena, a->count + 1, sizeof *column_key);
    const char **row = tfu_arena_array(arena, rows + 1, sizeof *row);
    const char **row_key = tfu_arena_array(arena, rows + 1, sizeof *row_key);
    if (!place || !column || !column_key || !row || !row_key)
        return no_memory(e);
    const size_t columns = list_columns(f, place), cells = rows * columns;
    double *value = tfu_arena_array(arena, cells + 1, sizeof *value);
    if (!value)
        return no_memory(e);
    for (size_t i = 0; i < cells; i++)
        value[i] = NAN;
    for (size_t v = 0; v < a->count; v++)
        if (place[v] != TFU_REPORT_NONE) {
            column[place[v]] = a->value_word[v];
            column_key[place[v]] = a->value[v];
        }
    for (size_t i = 0; i < rows; i++) {
        const struct tfu_figure_series *s = &panel->series[i];
        row[i] = s->label;
        row_key[i] = s->key;
        for (size_t k = 0; k < s->count; k++)
            value[i * columns + place[(size_t)s->point[k].x]] = s->point[k].y;
    }
    *m = (struct tfu_figure_matrix){.row = row,
                                    .column = column,
                                    .row_key = row_key,
                                    .column_key = column_key,
                                    .rows = rows,
                                    .columns = columns,
                                    .value = value,
                                    .label = panel->y_label};
    panel->series = NULL;
    panel->series_count = 0;
    panel->y_label = rows_label(f, e);
    return panel->y_label ? TFU_OK : no_memory(e);
}
