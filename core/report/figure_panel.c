/* SPDX-License-Identifier: MIT */
#include "core/report/figure_panel.h"

#include <math.h>

#include "core/config/hint.h"
#include "core/report/figure_heat_map.h"
#include "core/result/front.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "drawing a figure", 0);
}

static const char *label_of(struct tfu_report_builder *b, const struct tfu_report_series *s,
                            const char *title)
{
    return s->unit ? tfu_arena_printf(&b->out->arena, "%s, %s", title, s->unit)
                   : tfu_arena_strdup(&b->out->arena, title);
}

/* Are all values of the axis numbers? */
static bool is_numeric(const struct tfu_report_axis *a)
{
    for (size_t v = 0; v < a->count; v++)
        if (!tfu_hint_is_number(a->value[v]))
            return false;
    return true;
}

static const char *x_label(struct tfu_report_drawn *f)
{
    if (f->ask->by_step)
        return "step";
    if (f->ask->x_axis != TFU_REPORT_NONE)
        return f->b->cases->axis[f->ask->x_axis].word;
    return label_of(f->b, f->x, f->x_title);
}

/* ---- the series of a panel */

static enum tfu_status draw_line(struct tfu_report_drawn *f, const struct tfu_report_group *g,
                                 const char *name, struct tfu_figure_series *out,
                                 struct tfu_error *e)
{
    const struct tfu_report_ask *ask = f->ask;
    if (g->count == 0) /* no such line in this panel */
        return TFU_OK;
    if (ask->by_step)
        return tfu_report_line_by_step(f, g->item, g->count, name, out, e);
    if (ask->drawing == TFU_DRAW_CURVES || ask->drawing == TFU_DRAW_BARS ||
        ask->drawing == TFU_DRAW_HEAT_MAP)
        return tfu_report_line_by_axis(
            f, g->item, g->count, name,
            ask->drawing == TFU_DRAW_CURVES && is_numeric(&f->b->cases->axis[ask->x_axis]), out, e);
    if (ask->drawing == TFU_DRAW_PARETO)
        return tfu_report_line_of_means(f, g->item, g->count, name, out, e);
    return tfu_report_points_of(f, g->item, g->count, name, out, e);
}

/* The points that no other beats, as a series of its own behind the others. */
static enum tfu_status add_front(struct tfu_report_drawn *f, struct tfu_figure_series *series,
                                 size_t *count, struct tfu_error *e)
{
    struct tfu_arena *arena = &f->b->out->arena;
    size_t points = 0, n = 0;
    for (size_t i = 0; i < *count; i++)
        points += series[i].count;
    struct tfu_figure_point *all = tfu_arena_array(arena, points + 1, sizeof *all);
    struct tfu_figure_point *front = tfu_arena_array(arena, points + 1, sizeof *front);
    size_t *place = tfu_arena_array(arena, points + 1, sizeof *place);
    if (!all || !front || !place)
        return no_memory(e);
    for (size_t i = 0; i < *count; i++)
        for (size_t k = 0; k < series[i].count; k++)
            all[n++] = series[i].point[k];
    const struct tfu_front_goal goal = {.more_x = !f->x->lower, .more_y = !f->y->lower};
    const size_t found = tfu_front_find(all, n, goal, place);
    for (size_t i = 0; i < found; i++) {
        front[i] = all[place[i]];
        front[i].low = front[i].high = NAN;
    }
    if (found)
        series[(*count)++] = (struct tfu_figure_series){.label = "not beaten in both",
                                                        .point = front,
                                                        .count = found,
                                                        .reference = true,
                                                        .front = true};
    return TFU_OK;
}

/* A line's look goes by its value on the first axis of the lines, its mark by that on the second:
 * a start looks the same in all figures. */
static void set_look(const struct tfu_report_group *g, const struct tfu_report_axes *by,
                     struct tfu_figure_series *s)
{
    if (by->count > 0 && g->value[0] != TFU_REPORT_NONE)
        s->look = g->value[0] + 1;
    if (by->count > 1 && g->value[1] != TFU_REPORT_NONE)
        s->mark = g->value[1] + 1;
}

bool tfu_report_figure_is_crowded(const struct tfu_report_ask *ask, size_t lines)
{
    enum { MOST = 12 };
    return ask->drawing == TFU_DRAW_CURVES && lines > MOST;
}

/* Lines have one place in all panels: those of all cases. */
static enum tfu_status draw_lines(struct tfu_report_drawn *f, const struct tfu_report_group *panel,
                                  const char *title, const struct tfu_report_lines *all,
                                  struct tfu_figure_series *series, size_t *count,
                                  struct tfu_error *e)
{
    const struct tfu_report_ask *ask = f->ask;
    const struct tfu_report_group *line = all->item;
    const size_t lines = all->count;
    size_t *item = tfu_arena_array(&f->b->out->arena, panel->count + 1, sizeof *item);
    enum tfu_status st = item ? TFU_OK : no_memory(e);
    for (size_t i = 0; st == TFU_OK && i < lines; i++) {
        struct tfu_report_group g = {.value = line[i].value, .item = item};
        for (size_t k = 0; k < panel->count; k++)
            if (all->of[panel->item[k]] == i)
                item[g.count++] = panel->item[k];
        const char *label = tfu_report_group_name(f->b->cases, &ask->columns, &line[i], true);
        const char *name = label ? tfu_report_join(f->b->cases, title, label) : NULL;
        series[i].key = tfu_report_group_key(f->b->cases, &ask->columns, &line[i], true);
        if (!name || !series[i].key)
            return no_memory(e);
        if (tfu_report_figure_is_crowded(ask, lines)) {
            series[i].reference = true;
        } else {
            series[i].label = label;
            set_look(&line[i], &ask->columns, &series[i]);
        }
        st = draw_line(f, &g, name, &series[i], e);
    }
    *count = lines;
    return st;
}

/* Are the bars or boxes to have the colours of the axis to the right, which another figure of the
 * report shows its values by? */
static bool is_coloured(const struct tfu_report_drawn *f)
{
    const struct tfu_report_section *s = f->b->section;
    const struct tfu_report_ask *ask = f->ask;
    if ((ask->drawing != TFU_DRAW_BARS && ask->drawing != TFU_DRAW_BOX) || ask->columns.count)
        return false;
    for (size_t i = 0; i < s->count; i++) {
        const struct tfu_report_ask *other =
            s->item[i].kind == TFU_ITEM_FIGURE ? s->item[i].ask : NULL;
        if (other && other->columns.count && other->columns.item[0] == ask->x_axis)
            return true;
    }
    return false;
}

/* A series for each value of the axis. */
static enum tfu_status draw_coloured(struct tfu_report_drawn *f,
                                     const struct tfu_report_group *panel, const char *title,
                                     struct tfu_figure_series *series, size_t *count,
                                     struct tfu_error *e)
{
    struct tfu_report_cases *c = f->b->cases;
    const struct tfu_report_axis *a = &c->axis[f->ask->x_axis];
    size_t *item = tfu_arena_array(c->arena, panel->count + 1, sizeof *item);
    enum tfu_status st = item ? TFU_OK : no_memory(e);
    for (size_t v = 0; st == TFU_OK && v < a->count; v++) {
        struct tfu_report_group g = {.item = item};
        struct tfu_text value = TFU_TEXT_INIT;
        for (size_t k = 0; k < panel->count; k++)
            if (a->of[panel->item[k]] == v)
                item[g.count++] = panel->item[k];
        tfu_report_put_axis_value(&value, a, v);
        const char *kept = tfu_report_keep(f->b, &value, e);
        /* bars say the value themselves */
        const char *name = f->ask->drawing == TFU_DRAW_BARS ? title
                           : kept                           ? tfu_report_join(c, title, kept)
                                                            : NULL;
        if (!name)
            return no_memory(e);
        series[v].look = v + 1;
        st = draw_line(f, &g, name, &series[v], e);
    }
    *count = a->count;
    return st;
}

enum tfu_status tfu_report_panel_draw(struct tfu_report_drawn *f,
                                      const struct tfu_report_group *panel,
                                      const struct tfu_report_lines *lines,
                                      struct tfu_figure_panel *out, struct tfu_error *e)
{
    const struct tfu_report_ask *ask = f->ask;
    const bool coloured = is_coloured(f);
    const size_t room = coloured ? f->b->cases->axis[ask->x_axis].count : lines->count;
    struct tfu_figure_series *series = tfu_arena_array(&f->b->out->arena, room + 2, sizeof *series);
    const char *title = tfu_report_group_name(f->b->cases, &ask->rows, panel, false);
    const char *key = tfu_report_group_key(f->b->cases, &ask->rows, panel, false);
    enum tfu_status st = series && title && key ? TFU_OK : no_memory(e);
    size_t count = 0;
    if (st == TFU_OK)
        st = coloured ? draw_coloured(f, panel, title, series, &count, e)
                      : draw_lines(f, panel, title, lines, series, &count, e);
    if (st == TFU_OK && ask->drawing == TFU_DRAW_PARETO)
        st = add_front(f, series, &count, e);
    if (st != TFU_OK)
        return st;
    *out = (struct tfu_figure_panel){.title = title[0] ? title : NULL,
                                     .key = key,
                                     .x_label = x_label(f),
                                     .y_label = label_of(f->b, f->y, f->y_title),
                                     .log_x = ask->log_x != 0,
                                     .log_y = ask->log_y != 0,
                                     .y = ask->y,
                                     .apart = coloured,
                                     .series = series,
                                     .series_count = count};
    if (ask->x_axis != TFU_REPORT_NONE) {
        const struct tfu_report_axis *a = &f->b->cases->axis[ask->x_axis];
        if (ask->drawing != TFU_DRAW_CURVES || !is_numeric(a)) {
            out->category = (const char *const *)a->value_word;
            out->category_key = a->value;
            out->category_count = a->count;
            out->log_x = false;
        }
    }
    if (!out->x_label || !out->y_label)
        return no_memory(e);
    return ask->drawing == TFU_DRAW_HEAT_MAP ? tfu_report_heat_map(f, out, e) : TFU_OK;
}
