/* SPDX-License-Identifier: MIT */
#include "core/report/table_against.h"

/* The group with the same values as `of` but that one. */
static size_t partner(const struct tfu_report_axes *axes, const struct tfu_report_group *group,
                      size_t groups, size_t of, const struct tfu_report_against *against)
{
    for (size_t k = 0; k < groups; k++) {
        bool fits = true;
        for (size_t i = 0; i < axes->count && fits; i++)
            fits = group[k].value[i] ==
                   (axes->item[i] == against->axis ? against->value : group[of].value[i]);
        if (fits)
            return k;
    }
    return TFU_REPORT_NONE;
}

size_t tfu_report_cell_against(const struct tfu_report_grid *g,
                               const struct tfu_report_against *against, size_t row, size_t column)
{
    const struct tfu_report_ask *ask = g->ask;
    const bool by_row = tfu_report_axes_have(&ask->rows, against->axis);
    const size_t to_row = by_row ? partner(&ask->rows, g->row, g->rows, row, against) : row;
    const size_t to_column =
        by_row ? column : partner(&ask->columns, g->column, g->columns, column, against);
    if (to_row == TFU_REPORT_NONE || to_column == TFU_REPORT_NONE)
        return TFU_REPORT_NONE;
    const size_t at = row * g->columns + column, other = to_row * g->columns + to_column;
    return other == at || g->items[at] == 0 || g->items[other] == 0 ? TFU_REPORT_NONE : other;
}

static bool has_value(const struct tfu_report_axes *axes, const struct tfu_report_group *group,
                      const struct tfu_report_against *against)
{
    for (size_t i = 0; i < axes->count; i++)
        if (axes->item[i] == against->axis && group->value[i] == against->value)
            return true;
    return false;
}

bool tfu_report_against_is_there(const struct tfu_report_grid *g,
                                 const struct tfu_report_against *against)
{
    for (size_t r = 0; r < g->rows; r++)
        if (has_value(&g->ask->rows, &g->row[r], against))
            return true;
    for (size_t k = 0; k < g->columns; k++)
        if (has_value(&g->ask->columns, &g->column[k], against))
            return true;
    return false;
}

bool tfu_report_column_is_against(const struct tfu_report_grid *g,
                                  const struct tfu_report_against *against, size_t column)
{
    return has_value(&g->ask->columns, &g->column[column], against);
}
