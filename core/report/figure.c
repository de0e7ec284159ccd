/* SPDX-License-Identifier: MIT
 *
 * A figure: its panels, the series in them, and what is said beside it.
 */
#include <math.h>
#include <string.h>

#include "core/config/hint.h"
#include "core/report/build_parts.h"
#include "core/report/figure_lines.h"
#include "core/result/figure_axes.h"
#include "core/result/front.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "drawing a figure", 0);
}

static const char *const kind_name[] = {
    [TFU_DRAW_CURVES] = "Curves",       [TFU_DRAW_BARS] = "Bars",
    [TFU_DRAW_SCATTER] = "Scatter",     [TFU_DRAW_BOX] = "Boxes",
    [TFU_DRAW_PARETO] = "Pareto front",
};

static const char *label_of(struct tfu_report_builder *b, const struct tfu_report_series *s)
{
    return s->unit ? tfu_arena_printf(&b->out->arena, "%s, %s", s->value.text, s->unit)
                   : tfu_arena_strdup(&b->out->arena, s->value.text);
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
        return f->b->cases->axis[f->ask->x_axis].name;
    return label_of(f->b, f->x);
}

/* ---- a panel */

static enum tfu_status draw_line(struct tfu_report_drawn *f, const struct tfu_report_group *g,
                                 const char *name, struct tfu_figure_series *out,
                                 struct tfu_error *e)
{
    const struct tfu_report_ask *ask = f->ask;
    if (g->count == 0) /* no such line in this panel */
        return TFU_OK;
    if (ask->by_step)
        return tfu_report_line_by_step(f, g->item, g->count, name, out, e);
    if (ask->drawing == TFU_DRAW_CURVES || ask->drawing == TFU_DRAW_BARS)
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

/* So many lines can be told apart. Of more each is thin, gray and without a name. */
static bool is_crowded(const struct tfu_report_ask *ask, size_t lines)
{
    enum { MOST = 12 };
    return ask->drawing == TFU_DRAW_CURVES && lines > MOST;
}

/* Lines have one place in all panels: those of all cases. */
static enum tfu_status draw_panel(struct tfu_report_drawn *f, const struct tfu_report_group *panel,
                                  const struct tfu_report_group *line, size_t lines,
                                  const size_t *line_of, struct tfu_figure_panel *out,
                                  struct tfu_error *e)
{
    struct tfu_arena *arena = &f->b->out->arena;
    const struct tfu_report_ask *ask = f->ask;
    struct tfu_figure_series *series = tfu_arena_array(arena, lines + 2, sizeof *series);
    size_t *item = tfu_arena_array(arena, panel->count + 1, sizeof *item);
    const char *title = tfu_report_group_name(f->b->cases, &ask->rows, panel, false);
    enum tfu_status st = series && item && title ? TFU_OK : no_memory(e);
    size_t count = 0;
    for (size_t i = 0; st == TFU_OK && i < lines; i++) {
        struct tfu_report_group g = {.value = line[i].value, .item = item};
        for (size_t k = 0; k < panel->count; k++)
            if (line_of[panel->item[k]] == i)
                item[g.count++] = panel->item[k];
        const char *label = tfu_report_group_name(f->b->cases, &ask->columns, &line[i], true);
        const char *name =
            label ? tfu_arena_printf(arena, "%s%s%s", title, title[0] && label[0] ? " " : "", label)
                  : NULL;
        if (!name)
            return no_memory(e);
        if (is_crowded(ask, lines)) {
            series[count].reference = true;
        } else {
            series[count].label = label;
            set_look(&line[i], &ask->columns, &series[count]);
        }
        st = draw_line(f, &g, name, &series[count++], e);
    }
    if (st == TFU_OK && ask->drawing == TFU_DRAW_PARETO)
        st = add_front(f, series, &count, e);
    if (st != TFU_OK)
        return st;
    *out = (struct tfu_figure_panel){.title = title[0] ? title : NULL,
                                     .x_label = x_label(f),
                                     .y_label = label_of(f->b, f->y),
                                     .log_x = ask->log_x != 0,
                                     .series = series,
                                     .series_count = count};
    if (ask->x_axis != TFU_REPORT_NONE) {
        const struct tfu_report_axis *a = &f->b->cases->axis[ask->x_axis];
        if (ask->drawing != TFU_DRAW_CURVES || !is_numeric(a)) {
            out->category = a->value;
            out->category_count = a->count;
            out->log_x = false;
        }
    }
    return out->x_label && out->y_label ? TFU_OK : no_memory(e);
}

static bool has_points(const struct tfu_figure *f)
{
    for (size_t i = 0; i < f->panel_count; i++)
        for (size_t k = 0; k < f->panel[i].series_count; k++)
            for (size_t p = 0; p < f->panel[i].series[k].count; p++)
                if (isfinite(f->panel[i].series[k].point[p].y))
                    return true;
    return false;
}

/* On an axis of powers of ten nothing lies at 0. */
static void drop_log(struct tfu_figure_panel *panel, size_t panels)
{
    for (size_t i = 0; i < panels; i++)
        for (size_t k = 0; k < panel[i].series_count; k++)
            for (size_t p = 0; p < panel[i].series[k].count; p++)
                if (!(panel[i].series[k].point[p].x > 0))
                    for (size_t j = 0; j < panels; j++)
                        panel[j].log_x = false;
}

/* ---- what is said beside it */

static void put_caption(const struct tfu_report_drawn *f, const struct tfu_figure *figure,
                        struct tfu_text *out)
{
    const struct tfu_report_ask *ask = f->ask;
    if (ask->caption[0])
        tfu_text_printf(out, "%s%s ", ask->caption,
                        strchr(".!?:;", ask->caption[strlen(ask->caption) - 1]) ? "" : ".");
    tfu_text_printf(out, "%s: ", f->y->value.text);
    if (ask->drawing == TFU_DRAW_SCATTER || ask->drawing == TFU_DRAW_BOX) {
        tfu_text_puts(out, "each point is a run.");
    } else {
        tfu_report_put_over(out, f->b, ask, f->least, f->most);
        tfu_text_puts(out, f->most > 1 ? ", with 95 % intervals of the mean (Student's t)." : ".");
    }
    if (ask->by_step && f->most > 1)
        tfu_text_puts(out, " Steps that not all runs of a line have are left out.");
    if (figure->kind == TFU_FIGURE_LINES && tfu_figure_cuts_bands(figure))
        tfu_text_puts(out, " Bands that reach far beyond all lines are cut at the edge.");
    const size_t lines = figure->panel_count ? figure->panel[0].series_count : 0;
    if (is_crowded(ask, lines))
        tfu_text_printf(out, " These are %zu lines, too many to tell them apart: none has a name.",
                        lines);
    tfu_text_puts(out, tfu_text_get(&f->notes));
    out->failed |= f->notes.failed;
}

static enum tfu_status list_runs(const struct tfu_report_drawn *f, struct tfu_report_figure *out,
                                 struct tfu_error *e)
{
    const size_t count = f->b->cases->count;
    size_t *run = tfu_arena_array(&f->b->out->arena, count + 1, sizeof *run);
    if (!run)
        return no_memory(e);
    for (size_t i = 0; i < count; i++)
        if (f->rests_on[i])
            run[out->runs++] = i;
    out->run = run;
    out->asked = f->ask->count;
    return TFU_OK;
}

/* Why there is no point: a command, where one would help. */
static const char *hole_of(const struct tfu_report_drawn *f)
{
    const struct tfu_report_cases *c = f->b->cases;
    bool all_done = true;
    for (size_t i = 0; i < c->count; i++)
        all_done &=
            !f->ask->chosen[i] || c->item[i].done || strcmp(c->item[i].state, "stopped") == 0;
    if (c->sweep && !all_done)
        return tfu_arena_printf(c->arena,
                                "there is nothing to draw yet; `transfuse sweep run %s` trains "
                                "what is missing",
                                f->b->words);
    return tfu_arena_printf(c->arena, "there is nothing to draw:%s",
                            f->notes.length ? tfu_text_get(&f->notes) : " there are no cases");
}

static enum tfu_status finish(struct tfu_report_drawn *f, struct tfu_figure *figure,
                              struct tfu_error *e)
{
    static const enum tfu_figure_kind kind[] = {
        [TFU_DRAW_CURVES] = TFU_FIGURE_LINES,    [TFU_DRAW_BARS] = TFU_FIGURE_BARS,
        [TFU_DRAW_SCATTER] = TFU_FIGURE_SCATTER, [TFU_DRAW_BOX] = TFU_FIGURE_BOX,
        [TFU_DRAW_PARETO] = TFU_FIGURE_SCATTER,
    };
    struct tfu_arena *arena = &f->b->out->arena;
    struct tfu_report_figure *out = tfu_arena_alloc(arena, sizeof *out);
    struct tfu_text caption = TFU_TEXT_INIT, alternative = TFU_TEXT_INIT;
    if (!out)
        return no_memory(e);
    figure->kind = kind[f->ask->drawing];
    figure->same_y = true; /* of one value */
    put_caption(f, figure, &caption);
    tfu_text_printf(&alternative, "%s of %s by %s, %zu panel%s. %s", kind_name[f->ask->drawing],
                    f->y->value.text, figure->panel_count ? figure->panel[0].x_label : "",
                    figure->panel_count, figure->panel_count == 1 ? "" : "s",
                    tfu_text_get(&f->said));
    alternative.failed |= f->said.failed;
    out->name = f->ask->name;
    figure->caption = out->caption = tfu_report_keep(f->b, &caption, e);
    out->alternative = tfu_report_keep(f->b, &alternative, e);
    if (!out->caption || !out->alternative || list_runs(f, out, e) != TFU_OK)
        return e->status;
    if (has_points(figure))
        out->figure = figure;
    else
        out->hole = hole_of(f);
    if (!out->figure && !out->hole)
        return no_memory(e);
    return tfu_report_add(f->b,
                          &(struct tfu_report_block){.kind = TFU_REPORT_FIGURE, .figure = out}, e);
}

enum tfu_status tfu_report_figure_build(struct tfu_report_builder *b,
                                        const struct tfu_report_ask *ask, struct tfu_error *e)
{
    struct tfu_report_drawn f = {
        .b = b, .ask = ask, .least = SIZE_MAX, .notes = TFU_TEXT_INIT, .said = TFU_TEXT_INIT};
    struct tfu_report_group *panel, *line;
    size_t panels, lines, *line_of;
    struct tfu_figure *figure = tfu_arena_alloc(&b->out->arena, sizeof *figure);
    f.rests_on = tfu_arena_array(&b->out->arena, b->cases->count + 1, sizeof *f.rests_on);
    if (!figure || !f.rests_on)
        return no_memory(e);
    enum tfu_status st = tfu_report_series_get(&b->numbers, &ask->value[0], &f.y, e);
    if (st == TFU_OK && ask->x.text)
        st = tfu_report_series_get(&b->numbers, &ask->x, &f.x, e);
    if (st == TFU_OK)
        st = tfu_report_group(b->cases, ask->chosen, &ask->rows, &panel, &panels, NULL, e);
    if (st == TFU_OK)
        st = tfu_report_group(b->cases, ask->chosen, &ask->columns, &line, &lines, &line_of, e);
    struct tfu_figure_panel *drawn =
        st == TFU_OK ? tfu_arena_array(&b->out->arena, panels + 1, sizeof *drawn) : NULL;
    if (st == TFU_OK && !drawn)
        st = no_memory(e);
    for (size_t i = 0; st == TFU_OK && i < panels; i++)
        st = draw_panel(&f, &panel[i], line, lines, line_of, &drawn[i], e);
    if (st == TFU_OK) {
        drop_log(drawn, panels);
        figure->panel = drawn;
        figure->panel_count = panels;
        st = finish(&f, figure, e);
    }
    tfu_text_free(&f.notes);
    tfu_text_free(&f.said);
    return st;
}
