/* SPDX-License-Identifier: MIT */
#include "core/result/script_names.h"

#include <math.h>
#include <stdlib.h>

#include "core/result/label.h"
#include "core/result/look.h"
#include "core/result/script_pieces.h"
#include "core/result/spots.h"

enum { POINT_NAMES = 200, STEPS = 24, NOTE_LINE = 15 };

static void put_line(struct tfu_text *out, const struct tfu_layout *l, double x0, double y0,
                     double x1, double y1, const char *colour)
{
    tfu_text_puts(out, "set arrow from screen ");
    tfu_script_at(out, l, x0, y0);
    tfu_text_puts(out, " to screen ");
    tfu_script_at(out, l, x1, y1);
    tfu_text_printf(out, " nohead front lc rgb '%s' lw 0.6\n", colour);
}

void tfu_script_ends(struct tfu_text *out, const struct tfu_figure *f, const struct tfu_layout *l)
{
    for (size_t i = 0; i < l->ends; i++) {
        const struct tfu_end *end = &l->end[i];
        const struct tfu_figure_series *s = &f->panel[0].series[end->series];
        const struct tfu_series_look look = tfu_look_of(s, end->series);
        if (fabs(end->middle - end->y) > 3)
            put_line(out, l, end->x + 5, end->y, l->ends_left - 4, end->middle, look.colour);
        tfu_text_puts(out, "set label ");
        tfu_script_text(out, s->label, SIZE_MAX);
        tfu_text_puts(out, " at screen ");
        tfu_script_at(out, l, l->ends_left, end->middle);
        tfu_text_printf(out, " left front tc rgb '%s'\n", look.ink);
    }
}

/* ---- points */

static const char *name_of(const struct tfu_figure_panel *p, const struct tfu_figure_series *s,
                           size_t i)
{
    const char *name = s->point_label ? s->point_label[i] : NULL;
    const bool there = isfinite(s->point[i].x) && isfinite(s->point[i].y);
    return tfu_figure_said(name) && there && tfu_figure_shows(p, s->point[i].y) ? name : NULL;
}

static size_t count_names(const struct tfu_figure_panel *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->series_count; i++)
        for (size_t k = 0; k < p->series[i].count; k++)
            n += name_of(p, &p->series[i], k) != NULL;
    return n;
}

static struct tfu_spot spot_at(const struct tfu_layout_panel *at, const struct tfu_figure_panel *p,
                               double x, double y)
{
    return (struct tfu_spot){.x = tfu_layout_x(at, p, x), .y = tfu_layout_y(at, y)};
}

/* The steps of a front between two points, as spots that no name covers: first over, then up. */
static size_t put_steps(struct tfu_spot *out, const struct tfu_layout_panel *at,
                        const struct tfu_figure_panel *p, const struct tfu_figure_point *a,
                        const struct tfu_figure_point *b)
{
    const struct tfu_spot from = spot_at(at, p, a->x, a->y), to = spot_at(at, p, b->x, b->y);
    for (size_t i = 0; i < STEPS; i++) {
        const double share = (double)(i + 1) / STEPS;
        out[i] = (struct tfu_spot){.x = from.x + share * (to.x - from.x), .y = from.y};
        out[STEPS + i] = (struct tfu_spot){.x = to.x, .y = from.y + share * (to.y - from.y)};
    }
    return 2 * STEPS;
}

/* An interval likewise. */
static size_t put_interval(struct tfu_spot *out, const struct tfu_layout_panel *at,
                           const struct tfu_figure_panel *p, const struct tfu_figure_point *a)
{
    if (!isfinite(a->low) || !isfinite(a->high))
        return 0;
    for (size_t i = 0; i < STEPS; i++)
        out[i] = spot_at(at, p, a->x, a->low + (double)i / (STEPS - 1) * (a->high - a->low));
    return STEPS;
}

static void put_names(struct tfu_text *out, const struct tfu_figure_panel *p,
                      const struct tfu_layout *l, const struct tfu_spot *spot)
{
    size_t at = 0;
    for (size_t i = 0; i < p->series_count; i++) {
        const struct tfu_series_look look = tfu_look_of(&p->series[i], i);
        for (size_t k = 0; k < p->series[i].count; k++, at++) {
            if (!spot[at].placed)
                continue;
            const double right = spot[at].left + spot[at].width;
            const double x = fmin(fmax(spot[at].x, spot[at].left - 2), right + 2);
            if (spot[at].far)
                put_line(out, l, spot[at].x, spot[at].y, x, spot[at].middle, look.colour);
            tfu_text_puts(out, "set label ");
            tfu_script_text(out, name_of(p, &p->series[i], k), TFU_LAYOUT_NAME);
            tfu_text_puts(out, " at screen ");
            tfu_script_at(out, l, spot[at].left, spot[at].middle);
            tfu_text_printf(out, " left front font ',%d' tc rgb '%s'\n", TFU_LAYOUT_NOTE_FONT,
                            look.ink);
        }
    }
}

void tfu_script_point_names(struct tfu_text *out, const struct tfu_figure_panel *p,
                            const struct tfu_layout *l, size_t panel)
{
    const size_t names = count_names(p);
    if (names == 0 || names > POINT_NAMES)
        return;
    const struct tfu_layout_panel *at = &l->panel[panel];
    size_t room = 0; /* for the points, the steps between them and their intervals */
    for (size_t i = 0; i < p->series_count; i++) {
        const size_t steps = p->series[i].front ? 2 * STEPS : 0;
        const size_t interval = tfu_figure_has_interval(&p->series[i]) ? STEPS : 0;
        room += p->series[i].count * (1 + steps + interval);
    }
    struct tfu_spot *spot = calloc(room, sizeof *spot);
    if (!spot) {
        out->failed = true;
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < p->series_count; i++)
        for (size_t k = 0; k < p->series[i].count; k++, count++) {
            const struct tfu_figure_series *s = &p->series[i];
            const char *name = name_of(p, s, k);
            size_t letters = name ? tfu_label_length(name) : 0;
            letters = letters < TFU_LAYOUT_NAME ? letters : TFU_LAYOUT_NAME;
            spot[count] = spot_at(at, p, s->point[k].x, s->point[k].y);
            spot[count].width = tfu_layout_text_width(letters, TFU_LAYOUT_NOTE_FONT);
        }
    for (size_t i = 0; i < p->series_count; i++) {
        const struct tfu_figure_series *s = &p->series[i];
        for (size_t k = 1; s->front && k < s->count; k++)
            count += put_steps(spot + count, at, p, &s->point[k - 1], &s->point[k]);
        for (size_t k = 0; k < s->count; k++)
            count += put_interval(spot + count, at, p, &s->point[k]);
    }
    tfu_spots_place(spot, count,
                    (struct tfu_spot_area){at->left, at->right + TFU_LAYOUT_EDGE, at->top,
                                           at->bottom, NOTE_LINE});
    put_names(out, p, l, spot);
    free(spot);
}
