/* SPDX-License-Identifier: MIT
 *
 * Lines of comparisons as tables: means for people, and every number for programs.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/analysis/lines.h"

static const struct tfu_member *first_member(const struct tfu_lines *l)
{
    return &l->line[0].member[0];
}

/* ---- what was compared */

static void put_spread(const struct tfu_curve *l, struct tfu_text *out)
{
    if (l->member_count > 1)
        tfu_text_printf(out, "over %zu pairs of networks", l->member_count);
    else
        tfu_text_printf(out, "over %" PRId64 " draws", l->member[0].comparison.draws);
}

/* Lines may differ in it: a baseline is of one pair. */
static void describe_spread(const struct tfu_lines *l, struct tfu_text *out)
{
    if (l->line[0].member_count == 1 && l->line[0].member[0].comparison.draws == 1)
        return;
    tfu_text_puts(out, "; ± is the standard deviation ");
    put_spread(&l->line[0], out);
    for (size_t i = 1; i < l->count; i++) {
        if (l->line[i].member_count == l->line[0].member_count ||
            (l->line[i].member_count == 1 && l->line[i].member[0].comparison.draws == 1))
            continue;
        tfu_text_printf(out, ", of %s ", l->line[i].name);
        put_spread(&l->line[i], out);
    }
}

static void put_heading(const struct tfu_lines *l, const struct tfu_yardstick *y,
                        struct tfu_result *out)
{
    for (size_t i = 0; i < l->count; i++)
        for (size_t k = 0; k < l->line[i].member_count; k++) {
            const struct tfu_member *m = &l->line[i].member[k];
            if (l->line[i].single)
                tfu_result_say(out, "%s", l->line[i].name);
            else
                tfu_result_say(out, "%s: %s and %s", l->line[i].name, m->label[0], m->label[1]);
        }
    struct tfu_text text = TFU_TEXT_INIT, advice = TFU_TEXT_INIT;
    tfu_yardstick_describe(y, &first_member(l)->comparison, &text);
    describe_spread(l, &text);
    tfu_result_say(out, "%s", tfu_result_keep(out, &text));
    tfu_yardstick_advise(y, &first_member(l)->comparison, &advice);
    if (advice.length)
        tfu_result_say(out, "note: %s", tfu_text_get(&advice));
    tfu_text_free(&advice);
}

/* ---- for people */

enum { DIGITS = 4 };

static struct tfu_column *make_columns(struct tfu_result *out, const char *first, size_t more)
{
    struct tfu_column *column = tfu_result_alloc(out, more + 1, sizeof *column);
    if (column)
        column[0] = (struct tfu_column){.name = first};
    return column;
}

static enum tfu_status show_lines(const struct tfu_lines *l, const struct tfu_yardstick *y,
                                  struct tfu_result *out, struct tfu_error *e)
{
    struct tfu_column *column = make_columns(out, y->metric->plugin->name, l->count);
    if (!column)
        return tfu_error_memory(e, "comparing", 0);
    for (size_t i = 0; i < l->count; i++)
        column[i + 1] = (struct tfu_column){.name = l->line[i].name, .digits = DIGITS};
    struct tfu_result_table *t =
        tfu_result_table(out, "lines", TFU_TABLE_SHOWN, column, l->count + 1);
    for (size_t p = 0; p < first_member(l)->comparison.pair_count; p++) {
        struct tfu_text name = TFU_TEXT_INIT;
        tfu_member_pair_name(first_member(l), p, &name);
        tfu_cell_text(t, "%s", tfu_result_keep(out, &name));
        for (size_t i = 0; i < l->count; i++) {
            struct tfu_mean mean;
            const enum tfu_status st = tfu_curve_mean(&l->line[i], y, p, &mean, e);
            if (st != TFU_OK)
                return st;
            tfu_cell_mean(t, mean);
        }
    }
    return TFU_OK;
}

static enum tfu_status show_matrix(const struct tfu_curve *l, const struct tfu_yardstick *y,
                                   struct tfu_result *out, struct tfu_error *e)
{
    const struct tfu_member *m = &l->member[0];
    struct tfu_column *column = make_columns(out, l->name, m->node_count[1]);
    struct tfu_mean *mean;
    if (!column)
        return tfu_error_memory(e, "comparing", 0);
    const enum tfu_status st = tfu_curve_means(l, y, &mean, e);
    if (st != TFU_OK)
        return st;
    for (size_t k = 0; k < m->node_count[1]; k++)
        column[k + 1] = (struct tfu_column){.name = m->node[1][k], .digits = DIGITS};
    struct tfu_result_table *t =
        tfu_result_table(out, "matrix", TFU_TABLE_SHOWN, column, m->node_count[1] + 1);
    for (size_t p = 0; p < m->comparison.pair_count; p++) {
        const struct tfu_compare_pair *pair = &m->comparison.pair[p];
        if (pair->b == 0)
            tfu_cell_text(t, "%s", m->node[0][pair->a]);
        tfu_cell_estimate(t, mean[p].mean);
    }
    free(mean);
    return TFU_OK;
}

/* Why there is "n/a" in the table, once a reason. */
static enum tfu_status say_reasons(const struct tfu_lines *l, const struct tfu_yardstick *y,
                                   struct tfu_result *out, struct tfu_error *e)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct tfu_member *m = &l->line[i].member[0];
        for (size_t p = 0; p < m->comparison.pair_count; p++) {
            struct tfu_mean mean;
            const enum tfu_status st = tfu_curve_mean(&l->line[i], y, p, &mean, e);
            if (st != TFU_OK)
                return st;
            if (mean.mean.defined)
                continue;
            struct tfu_text name = TFU_TEXT_INIT;
            tfu_member_pair_name(m, p, &name);
            tfu_result_say(out, "  n/a, %s of %s: %s", tfu_result_keep(out, &name), l->line[i].name,
                           tfu_compare_reason(&m->comparison, &m->comparison.pair[p],
                                              y->metric->plugin->name));
        }
    }
    return TFU_OK;
}

enum tfu_status tfu_lines_show(const struct tfu_lines *l, const struct tfu_yardstick *y,
                               struct tfu_result *out, struct tfu_error *e)
{
    put_heading(l, y, out);
    tfu_result_say(out, "%s", "");
    enum tfu_status st = TFU_OK;
    for (size_t i = 0; st == TFU_OK && l->matrix && i < l->count; i++)
        st = show_matrix(&l->line[i], y, out, e);
    if (!l->matrix)
        st = show_lines(l, y, out, e);
    return st == TFU_OK ? say_reasons(l, y, out, e) : st;
}

/* ---- for programs */

enum tfu_status tfu_lines_put_means(const struct tfu_lines *l, const struct tfu_yardstick *y,
                                    struct tfu_result *out, struct tfu_error *e)
{
    static const struct tfu_column column[] = {
        {.name = "line"},  {.name = "baseline"}, {.name = "network_a"}, {.name = "network_b"},
        {.name = "pairs"}, {.name = "node_a"},   {.name = "node_b"},    {.name = "mean"},
        {.name = "sd"},    {.name = "low"},      {.name = "high"},      {.name = "n"}};
    struct tfu_result_table *t =
        tfu_result_table(out, "means", TFU_TABLE_JSON, column, TFU_COUNT(column));
    for (size_t i = 0; i < l->count; i++) {
        const struct tfu_member *m = &l->line[i].member[0];
        struct tfu_mean *mean;
        const enum tfu_status st = tfu_curve_means(&l->line[i], y, &mean, e);
        if (st != TFU_OK)
            return st;
        for (size_t p = 0; p < m->comparison.pair_count; p++) {
            const struct tfu_compare_pair *pair = &m->comparison.pair[p];
            tfu_cell_text(t, "%s", l->line[i].name);
            tfu_cell_whole(t, l->line[i].baseline);
            tfu_cell_text(t, "%s", m->label[0]);
            tfu_cell_text(t, "%s", m->label[1]);
            tfu_cell_whole(t, (int64_t)l->line[i].member_count);
            tfu_cell_text(t, "%s", m->node[0][pair->a]);
            tfu_cell_text(t, "%s", m->node[1][pair->b]);
            if (mean[p].mean.defined)
                tfu_cell_estimate(t, mean[p].mean);
            else
                tfu_cell_none(t, tfu_compare_reason(&m->comparison, pair, y->metric->plugin->name));
            tfu_cell_estimate(t, mean[p].sd);
            tfu_cell_bounds(t, mean[p].interval);
            tfu_cell_whole(t, (int64_t)mean[p].n);
        }
        free(mean);
    }
    return TFU_OK;
}

static void put_draw(struct tfu_result_table *t, const struct tfu_curve *l,
                     const struct tfu_member *m, const struct tfu_compare_pair *p, int64_t draw)
{
    const struct tfu_compare_draw *d = &p->draw[draw];
    /* a refusal is a line too, with no value and the reason */
    const size_t count = d->refusal ? 1 : d->count;
    for (size_t i = 0; i < count; i++) {
        tfu_cell_text(t, "%s", l->name);
        tfu_cell_text(t, "%s", m->label[0]);
        tfu_cell_text(t, "%s", m->label[1]);
        tfu_cell_text(t, "%s", m->node[0][p->a]);
        tfu_cell_text(t, "%s", m->node[1][p->b]);
        tfu_cell_whole(t, draw);
        tfu_cell_whole(t, d->rows);
        tfu_cell_whole(t, d->columns_a);
        tfu_cell_whole(t, d->columns_b);
        tfu_cell_text(t, "%s", d->refusal ? "" : d->score[i].key);
        tfu_cell_number(t, d->refusal ? (double)NAN : d->score[i].value);
        tfu_cell_text(t, "%s", d->refusal ? d->refusal : d->score[i].note ? d->score[i].note : "");
    }
}

void tfu_lines_put_values(const struct tfu_lines *l, struct tfu_result *out)
{
    static const struct tfu_column column[] = {
        {.name = "line"},      {.name = "network_a"}, {.name = "network_b"}, {.name = "node_a"},
        {.name = "node_b"},    {.name = "draw"},      {.name = "rows"},      {.name = "columns_a"},
        {.name = "columns_b"}, {.name = "key"},       {.name = "value"},     {.name = "note"}};
    struct tfu_result_table *t =
        tfu_result_table(out, "values", TFU_TABLE_DATA, column, TFU_COUNT(column));
    for (size_t i = 0; i < l->count; i++)
        for (size_t k = 0; k < l->line[i].member_count; k++) {
            const struct tfu_member *m = &l->line[i].member[k];
            for (size_t p = 0; p < m->comparison.pair_count; p++)
                for (int64_t d = 0; d < m->comparison.draws; d++)
                    put_draw(t, &l->line[i], m, &m->comparison.pair[p], d);
        }
}

enum tfu_status tfu_lines_report(const struct tfu_lines *l, const struct tfu_yardstick *y,
                                 struct tfu_result *out, struct tfu_error *e)
{
    tfu_lines_warn(l, y);
    enum tfu_status st = tfu_lines_show(l, y, out, e);
    if (st == TFU_OK)
        st = tfu_lines_put_means(l, y, out, e);
    tfu_lines_put_values(l, out);
    return st == TFU_OK ? tfu_lines_draw(l, y, out, e) : st;
}
