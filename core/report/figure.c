/* SPDX-License-Identifier: MIT
 *
 * A figure: its panels, and what is said beside it.
 */
#include <math.h>
#include <string.h>

#include "core/report/build_parts.h"
#include "core/report/figure_ends.h"
#include "core/report/figure_panel.h"
#include "core/report/notes.h"
#include "core/report/value_title.h"

static enum tfu_status no_memory(struct tfu_error *e)
{
    return tfu_error_memory(e, "drawing a figure", 0);
}

static const char *const kind_name[] = {
    [TFU_DRAW_CURVES] = "Curves",       [TFU_DRAW_BARS] = "Bars",
    [TFU_DRAW_SCATTER] = "Scatter",     [TFU_DRAW_BOX] = "Boxes",
    [TFU_DRAW_PARETO] = "Pareto front", [TFU_DRAW_HEAT_MAP] = "Heat map",
};

static bool has_points(const struct tfu_figure *f)
{
    for (size_t i = 0; i < f->panel_count; i++) {
        const struct tfu_figure_matrix *m = &f->panel[i].matrix;
        for (size_t k = 0; k < f->panel[i].series_count; k++)
            for (size_t p = 0; p < f->panel[i].series[k].count; p++)
                if (isfinite(f->panel[i].series[k].point[p].y))
                    return true;
        for (size_t k = 0; k < m->rows * m->columns; k++)
            if (isfinite(m->value[k]))
                return true;
    }
    return false;
}

/* ---- what is said beside it */

static void put_notes(const struct tfu_report_drawn *f, struct tfu_text *out)
{
    const char *const *note;
    size_t notes = 0;
    out->failed |= f->notes.failed ||
                   !tfu_report_notes(f->b->cases->arena, tfu_text_get(&f->notes), &note, &notes);
    for (size_t i = 0; !out->failed && i < notes; i++)
        tfu_text_printf(out, " %s.", note[i]);
}

static void put_caption(const struct tfu_report_drawn *f, const struct tfu_figure *figure,
                        struct tfu_text *out)
{
    const struct tfu_report_ask *ask = f->ask;
    if (ask->caption[0])
        tfu_text_printf(out, "%s%s ", ask->caption,
                        strchr(".!?:;", ask->caption[strlen(ask->caption) - 1]) ? "" : ".");
    tfu_text_printf(out, "%s: ", f->y_title);
    if (ask->drawing == TFU_DRAW_SCATTER || ask->drawing == TFU_DRAW_BOX) {
        tfu_text_puts(out, "each point is a run.");
    } else {
        tfu_report_put_over(out, f->b, ask, f->least, f->most);
        tfu_text_puts(out, f->most > 1 && ask->drawing != TFU_DRAW_HEAT_MAP
                               ? ", with 95 % intervals of the mean (Student's t)."
                               : ".");
    }
    if (ask->by_step && f->most > 1)
        tfu_text_puts(out, " Steps that not all runs of a line have are left out.");
    tfu_report_put_ends(out, figure);
    const size_t lines = figure->panel_count ? figure->panel[0].series_count : 0;
    if (tfu_report_figure_is_crowded(ask, lines))
        tfu_text_printf(out, " These are %zu lines, too many to tell them apart: none has a name.",
                        lines);
    put_notes(f, out);
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

/* `sweep run` alone does not try again what failed. */
static void put_retry(const struct tfu_report_drawn *f, size_t failed, struct tfu_text *out)
{
    tfu_text_printf(out,
                    " Once the reason is gone, `transfuse sweep retry %s` has the %zu that failed "
                    "tried again, and `transfuse sweep run %s` trains what is missing.",
                    f->b->words, failed, f->b->words);
}

/* Why there is no point: a command, where one would help. */
static const char *hole_of(const struct tfu_report_drawn *f)
{
    const struct tfu_report_cases *c = f->b->cases;
    size_t failed = 0, undone = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (!f->ask->chosen[i] || c->item[i].done)
            continue;
        failed += strcmp(c->item[i].state, "failed") == 0;
        undone += strcmp(c->item[i].state, "stopped") != 0;
    }
    if (c->sweep && undone && !failed)
        return tfu_arena_printf(c->arena,
                                "there is nothing to draw yet; `transfuse sweep run %s` trains "
                                "what is missing",
                                f->b->words);
    struct tfu_text text = TFU_TEXT_INIT;
    tfu_text_puts(&text, "there is nothing to draw:");
    put_notes(f, &text);
    if (f->notes.length == 0)
        tfu_text_puts(&text, " there are no cases");
    if (c->sweep && failed)
        put_retry(f, failed, &text);
    const char *out = text.failed ? NULL : tfu_arena_strdup(c->arena, tfu_text_get(&text));
    tfu_text_free(&text);
    return out;
}

static enum tfu_status finish(struct tfu_report_drawn *f, struct tfu_figure *figure,
                              struct tfu_error *e)
{
    static const enum tfu_figure_kind kind[] = {
        [TFU_DRAW_CURVES] = TFU_FIGURE_LINES,    [TFU_DRAW_BARS] = TFU_FIGURE_BARS,
        [TFU_DRAW_SCATTER] = TFU_FIGURE_SCATTER, [TFU_DRAW_BOX] = TFU_FIGURE_BOX,
        [TFU_DRAW_PARETO] = TFU_FIGURE_SCATTER,  [TFU_DRAW_HEAT_MAP] = TFU_FIGURE_HEAT_MAP,
    };
    struct tfu_arena *arena = &f->b->out->arena;
    struct tfu_report_figure *out = tfu_arena_alloc(arena, sizeof *out);
    struct tfu_text caption = TFU_TEXT_INIT, alternative = TFU_TEXT_INIT;
    if (!out)
        return no_memory(e);
    figure->kind = kind[f->ask->drawing];
    figure->has_keys = f->b->section->names.count > 0;
    figure->same_y = true; /* of one value */
    put_caption(f, figure, &caption);
    tfu_text_printf(&alternative, "%s of %s by %s, %zu panel%s. %s", kind_name[f->ask->drawing],
                    f->y_title, figure->panel_count ? figure->panel[0].x_label : "",
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
    struct tfu_report_group *panel;
    struct tfu_report_lines lines;
    size_t panels;
    struct tfu_figure *figure = tfu_arena_alloc(&b->out->arena, sizeof *figure);
    f.rests_on = tfu_arena_array(&b->out->arena, b->cases->count + 1, sizeof *f.rests_on);
    if (!figure || !f.rests_on)
        return no_memory(e);
    enum tfu_status st = tfu_report_series_get(&b->numbers, &ask->value[0], &f.y, e);
    if (st == TFU_OK &&
        !(f.y_title = tfu_report_value_title(b, ask->value[0].text, ask->chosen, e)))
        st = e->status;
    if (st == TFU_OK && ask->x.text)
        st = tfu_report_series_get(&b->numbers, &ask->x, &f.x, e);
    if (st == TFU_OK && ask->x.text &&
        !(f.x_title = tfu_report_value_title(b, ask->x.text, ask->chosen, e)))
        st = e->status;
    if (st == TFU_OK)
        st = tfu_report_group(b->cases, ask->chosen, &ask->rows, &panel, &panels, NULL, e);
    if (st == TFU_OK)
        st = tfu_report_group(b->cases, ask->chosen, &ask->columns, &lines.item, &lines.count,
                              &lines.of, e);
    struct tfu_figure_panel *drawn =
        st == TFU_OK ? tfu_arena_array(&b->out->arena, panels + 1, sizeof *drawn) : NULL;
    if (st == TFU_OK && !drawn)
        st = no_memory(e);
    for (size_t i = 0; st == TFU_OK && i < panels; i++)
        st = tfu_report_panel_draw(&f, &panel[i], &lines, &drawn[i], e);
    if (st == TFU_OK) {
        if (tfu_report_drop_logs(drawn, panels))
            tfu_text_puts(&f.notes, "No number is above 0, so `log_y` is left out\n");
        figure->panel = drawn;
        figure->panel_count = panels;
        st = finish(&f, figure, e);
    }
    tfu_text_free(&f.notes);
    tfu_text_free(&f.said);
    return st;
}
