/* SPDX-License-Identifier: MIT */
#include "core/result/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/result/label.h"

/* What all plots of a figure leave free around them, so that they stand in line. */
struct margins {
    double left, right, top, bottom;
};

static double text_width(size_t letters)
{
    return tfu_layout_text_width(letters, TFU_LAYOUT_FONT);
}

static size_t letters_in(double width, double font)
{
    const double n = width / (font * TFU_LAYOUT_LETTER);
    return n > 1 ? (size_t)n : 1;
}

static size_t name_length(const char *name)
{
    const size_t n = tfu_label_length(name);
    return n < TFU_LAYOUT_NAME ? n : TFU_LAYOUT_NAME;
}

static size_t longest_name(const char *const *name, size_t count)
{
    size_t longest = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t n = name_length(name[i]);
        longest = n > longest ? n : longest;
    }
    return longest;
}

/* Lines of a text that may be NULL; `failed` is set when memory runs out. */
static size_t line_count(const char *text, size_t width, bool *failed)
{
    struct tfu_text clean = TFU_TEXT_INIT;
    tfu_label_clean(&clean, text ? text : "", SIZE_MAX);
    size_t n = 0;
    for (const char *s = tfu_text_get(&clean); *s; n++)
        tfu_label_wrap(s, width, &s);
    *failed |= clean.failed;
    tfu_text_free(&clean);
    return n;
}

bool tfu_layout_missing(const struct tfu_figure *f)
{
    for (size_t p = 0; f->kind == TFU_FIGURE_HEAT_MAP && p < f->panel_count; p++) {
        const struct tfu_figure_matrix *m = &f->panel[p].matrix;
        for (size_t i = 0; i < m->rows * m->columns; i++)
            if (!isfinite(m->value[i]))
                return true;
    }
    return false;
}

static const char *const *names_below(const struct tfu_figure *f, const struct tfu_figure_panel *p,
                                      size_t *count)
{
    *count = f->kind == TFU_FIGURE_HEAT_MAP ? p->matrix.columns : p->category_count;
    return f->kind == TFU_FIGURE_HEAT_MAP ? p->matrix.column : p->category;
}

/* Names below the plot stand upright if they fit side by side, else they are slanted; of too many
 * some are left out. Returns the height they take. */
static double place_names(struct tfu_layout_panel *out, const char *const *name, size_t count,
                          double width)
{
    out->name_step = 1;
    const double upright = TFU_LAYOUT_FONT + 12;
    if (!name)
        return upright;
    const double slot = width / (double)(count ? count : 1);
    const size_t longest = longest_name(name, count);
    out->slanted = text_width(longest) + 6 > slot;
    if (!out->slanted)
        return upright;
    out->name_step = (size_t)ceil((TFU_LAYOUT_FONT + 1) / slot);
    return (text_width(longest) + TFU_LAYOUT_FONT) * sqrt(0.5) + 8;
}

/* How far the slanted name number i reaches left of the plot. */
static double overhang(const struct tfu_layout_panel *out, const char *const *name, size_t count,
                       double width)
{
    double furthest = 0;
    for (size_t i = 0; out->slanted && i < count; i += out->name_step) {
        const double middle = ((double)i + 0.5) * width / (double)count;
        const double reach = text_width(name_length(name[i])) * sqrt(0.5) + 8 - middle;
        furthest = fmax(furthest, reach);
    }
    return furthest;
}

/* Grows `m` to what the panel needs beside a plot of this width, and right of it `ends`. */
static void grow_margins(struct margins *m, struct tfu_layout_panel *out,
                         const struct tfu_figure *f, const struct tfu_figure_panel *p, double width,
                         double ends)
{
    const double top = (tfu_figure_said(p->title) ? 19 : 0) + (tfu_figure_said(p->note) ? 16 : 0);
    m->top = fmax(m->top, top + 8);
    if (f->kind == TFU_FIGURE_IMAGES) {
        m->left = m->right = 4;
        m->bottom = 8;
        return;
    }
    const bool heat_map = f->kind == TFU_FIGURE_HEAT_MAP;
    size_t count;
    const char *const *name = names_below(f, p, &count);
    out->names = place_names(out, name, count, width);
    const size_t letters =
        heat_map ? longest_name(p->matrix.row, p->matrix.rows) : out->axes.y.label_length;
    double left = text_width(letters) + 12 + (tfu_figure_said(p->y_label) ? 22 : 0);
    left = fmax(left, overhang(out, name, count, width));
    double right = fmax(16, ends);
    if (heat_map)
        right = 36 + text_width(out->axes.scale.label_length) +
                (tfu_figure_said(p->matrix.label) ? 24 : 0);
    const double bottom =
        (f->panel_count > 1 ? 14 : 4) + out->names + (tfu_figure_said(p->x_label) ? 24 : 0);
    m->left = fmax(m->left, left);
    m->right = fmax(m->right, right);
    m->bottom = fmax(m->bottom, bottom);
}

/* Many names below a plot, or long ones, want two columns of a page. */
static bool wide(const struct tfu_figure *f)
{
    for (size_t i = 0; i < f->panel_count; i++) {
        size_t count;
        const char *const *name = names_below(f, &f->panel[i], &count);
        if (name && (count > 24 || (count > 8 && longest_name(name, count) > 10)))
            return true;
        const bool grouped = f->kind == TFU_FIGURE_BARS || f->kind == TFU_FIGURE_BOX;
        if (grouped && count * f->panel[i].series_count > 24)
            return true;
    }
    return false;
}

/* Has a panel a note that is cut in a third of the figure? */
static bool notes_want_half(const struct tfu_figure *f)
{
    for (size_t i = 0; i < f->panel_count; i++)
        if (tfu_figure_said(f->panel[i].note) &&
            tfu_label_length(f->panel[i].note) > letters_in(270, TFU_LAYOUT_NOTE_FONT))
            return true;
    return false;
}

static size_t choose_columns(const struct tfu_figure *f)
{
    const size_t n = f->panel_count;
    if (f->columns > 0)
        return f->columns < n || n == 0 ? f->columns : n;
    const size_t most = notes_want_half(f) ? 2 : 3;
    return n <= most ? (n ? n : 1) : n == 4 ? 2 : most;
}

/* As wide as they are, within reason: what is magnified is no clearer. */
static double image_width(const struct tfu_figure *f, size_t columns)
{
    const double least = 240, most = fmin(960 / (double)columns, 480);
    double widest = least;
    for (size_t i = 0; i < f->panel_count; i++) {
        widest = fmax(widest, (double)f->panel[i].image.width);
        if (tfu_figure_said(f->panel[i].title))
            widest = fmax(widest, text_width(tfu_label_length(f->panel[i].title)) + 8);
    }
    return fmax(fmin(columns <= 2 ? widest : least, most), 160);
}

static double cell_width(const struct tfu_figure *f, size_t columns)
{
    if (f->kind == TFU_FIGURE_IMAGES)
        return image_width(f, columns);
    if (columns == 1)
        return wide(f) ? 960 : 480;
    return columns == 2 ? 440 : 320;
}

static double images_height(const struct tfu_figure *f, double width)
{
    double height = 1;
    for (size_t i = 0; i < f->panel_count; i++) {
        const struct tfu_figure_image *m = &f->panel[i].image;
        height = fmax(height, width * (double)m->height / (double)m->width);
    }
    return height;
}

static double plot_height(const struct tfu_figure *f, double width, size_t columns)
{
    if (f->kind == TFU_FIGURE_IMAGES)
        return images_height(f, width);
    if (f->kind == TFU_FIGURE_SCATTER)
        return width * 0.8;
    if (f->kind != TFU_FIGURE_HEAT_MAP)
        return columns == 1 ? 230 : width * 0.62;
    double height = 100;
    for (size_t i = 0; i < f->panel_count; i++) {
        const struct tfu_figure_matrix *m = &f->panel[i].matrix;
        if (m->rows > 0 && m->columns > 0) {
            const double cell = fmin(width / (double)m->columns, 60);
            height = fmax(height, fmin((double)m->rows * fmax(cell, 17), 900));
        }
    }
    return height;
}

/* Rows of the legend, which is as wide as the canvas. */
static size_t legend_rows(struct tfu_layout *l, const struct tfu_figure *f)
{
    const double room = l->width - 2 * TFU_LAYOUT_EDGE;
    l->legend_most = letters_in(room - TFU_LAYOUT_SAMPLE, TFU_LAYOUT_FONT);
    size_t longest = 0;
    if (f->kind == TFU_FIGURE_HEAT_MAP && tfu_layout_missing(f))
        longest = l->legend_items = 1;
    const bool listed = f->panel_count > 0 && l->ends == 0;
    for (size_t i = 0; listed && i < f->panel[0].series_count; i++) {
        const struct tfu_figure_series *s = &f->panel[0].series[i];
        const char *label[] = {s->label, s->fit_count ? s->fit_label : NULL};
        for (size_t k = 0; k < 2; k++)
            if (tfu_figure_said(label[k])) {
                const size_t n = tfu_label_length(label[k]);
                longest = n > longest ? n : longest;
                l->legend_items++;
            }
    }
    longest = longest < l->legend_most ? longest : l->legend_most;
    l->legend_width = text_width(longest) + TFU_LAYOUT_SAMPLE;
    l->legend_columns = room > l->legend_width ? (size_t)(room / l->legend_width) : 1;
    return (l->legend_items + l->legend_columns - 1) / l->legend_columns;
}

static void place_panels(struct tfu_layout *l, const struct tfu_figure *f, struct margins m,
                         size_t columns, double width, double height, double top)
{
    const double cell_h = m.top + height + m.bottom;
    for (size_t i = 0; i < f->panel_count; i++) {
        struct tfu_layout_panel *p = &l->panel[i];
        const double x = (double)(i % columns) * (m.left + width + m.right) + TFU_LAYOUT_EDGE;
        p->outer_left = x;
        p->left = x + m.left;
        p->right = p->left + width;
        p->outer_right = p->right + m.right;
        p->top = top + (double)(i / columns) * cell_h + m.top;
        p->bottom = p->top + height;
        p->title_most = letters_in(width + m.left * 0.5 + m.right * 0.5, TFU_LAYOUT_FONT);
    }
}

/* ---- names at the ends of lines */

enum { ENDS_LINE = 17, ENDS_GAP = 20 }; /* a name's height, and the way from its line to it */

/* The last point that is there; NULL: none. */
static const struct tfu_figure_point *last_point(const struct tfu_figure_series *s)
{
    for (size_t i = s->count; i-- > 0;)
        if (isfinite(s->point[i].x) && isfinite(s->point[i].y))
            return &s->point[i];
    return NULL;
}

/* Right of the plot; half of the last category is free for them, too. */
static double ends_room(const struct tfu_figure_panel *p, double width)
{
    size_t longest = 0;
    for (size_t i = 0; i < p->series_count; i++) {
        const size_t n = tfu_label_length(p->series[i].label);
        longest = n > longest ? n : longest;
    }
    const double free_inside = p->category ? width / (double)p->category_count / 2 : 0;
    return fmax(text_width(longest) + ENDS_GAP + 4 - free_inside, 0);
}

/* How many, where they would take no more than a third of the figure; 0 where a legend is better.
 */
static size_t ends_wanted(const struct tfu_figure *f, double cell)
{
    if (f->kind != TFU_FIGURE_LINES || f->panel_count != 1 || f->panel[0].series_count == 0 ||
        f->panel[0].series_count > TFU_ENDS_MOST)
        return 0;
    const struct tfu_figure_panel *p = &f->panel[0];
    if (p->category && p->category_count == 0)
        return 0;
    for (size_t i = 0; i < p->series_count; i++)
        if (!tfu_figure_said(p->series[i].label) || !last_point(&p->series[i]))
            return 0;
    return ends_room(p, cell / 2) <= cell * 0.34 ? p->series_count : 0;
}

/* False where they would lie too far from their lines: or these end before the others do. */
static bool place_ends(struct tfu_layout *l, const struct tfu_figure *f)
{
    const struct tfu_figure_panel *p = &f->panel[0];
    const struct tfu_layout_panel *at = &l->panel[0];
    double right = at->left;
    for (size_t i = 0; i < l->ends; i++) {
        const struct tfu_figure_point *last = last_point(&p->series[i]);
        const double x = tfu_layout_x(at, p, last->x + tfu_figure_shift(f, p, i));
        l->end[i] = (struct tfu_end){.series = i, .x = x, .y = tfu_layout_y(at, last->y)};
        right = fmax(right, x);
    }
    l->ends_left = right + ENDS_GAP;
    for (size_t i = 0; i < l->ends; i++)
        if (l->end[i].x < right - 0.05 * (at->right - at->left) || l->end[i].y < at->top ||
            l->end[i].y > at->bottom)
            return false;
    return tfu_ends_spread(l->end, l->ends, ENDS_LINE, at->top, at->bottom, 1.3 * ENDS_LINE);
}

double tfu_layout_x(const struct tfu_layout_panel *at, const struct tfu_figure_panel *p, double x)
{
    return at->left + tfu_figure_share_x(&at->axes, p, x) * (at->right - at->left);
}

double tfu_layout_y(const struct tfu_layout_panel *at, double y)
{
    return at->bottom - tfu_figure_share_y(&at->axes, y) * (at->bottom - at->top);
}

/* The margins decide the plot's width and that, by the names below it, the margins. */
static double fit_width(struct tfu_layout *l, const struct tfu_figure *f, double cell,
                        struct margins *m)
{
    double width = cell * 0.75;
    for (int round = 0; round < 3; round++) {
        *m = (struct margins){0, 0, 0, 0};
        for (size_t i = 0; i < f->panel_count; i++) {
            const struct tfu_figure_panel *p = &f->panel[i];
            l->panel[i] = (struct tfu_layout_panel){.name_step = 1};
            tfu_figure_axes_find(&l->panel[i].axes, f, p, width);
            grow_margins(m, &l->panel[i], f, p, width, l->ends ? ends_room(p, width) : 0);
        }
        width = fmax(cell - m->left - m->right, cell * 0.3);
    }
    return width;
}

static void lay_out(struct tfu_layout *l, const struct tfu_figure *f, bool *failed)
{
    const size_t columns = choose_columns(f);
    const double cell = cell_width(f, columns);
    struct margins m;
    const double width = fit_width(l, f, cell, &m);
    const double height = plot_height(f, width, columns);
    const size_t rows = (f->panel_count + columns - 1) / columns;
    l->width = (double)columns * (m.left + width + m.right) + 2 * TFU_LAYOUT_EDGE;
    l->title_most = letters_in(l->width - 2 * TFU_LAYOUT_EDGE, TFU_LAYOUT_TITLE_FONT);
    double y = TFU_LAYOUT_EDGE;
    l->title_top = y;
    y += (double)line_count(f->title, l->title_most, failed) * TFU_LAYOUT_TITLE_LINE;
    y += tfu_figure_said(f->title) ? 4 : 0;
    l->legend_top = y;
    y += (double)legend_rows(l, f) * TFU_LAYOUT_LEGEND_LINE;
    place_panels(l, f, m, columns, width, height, y);
    y += (double)rows * (m.top + height + m.bottom);
    l->panels_bottom = y;
    l->height = ceil(y + TFU_LAYOUT_EDGE);
    l->width = ceil(l->width);
}

enum tfu_status tfu_layout_make(struct tfu_layout *l, const struct tfu_figure *f,
                                struct tfu_error *e)
{
    *l = (struct tfu_layout){.width = 0};
    l->panel = calloc(f->panel_count ? f->panel_count : 1, sizeof *l->panel);
    if (!l->panel)
        return tfu_error_memory(e, "laying out a figure", f->panel_count * sizeof *l->panel);
    bool failed = false;
    l->ends = ends_wanted(f, cell_width(f, choose_columns(f)));
    lay_out(l, f, &failed);
    if (l->ends > 0 && !place_ends(l, f)) {
        l->ends = 0;
        lay_out(l, f, &failed);
    }
    return failed ? tfu_error_memory(e, "laying out a figure", 0) : TFU_OK;
}

void tfu_layout_free(struct tfu_layout *l)
{
    free(l->panel);
    l->panel = NULL;
}
