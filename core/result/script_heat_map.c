/* SPDX-License-Identifier: MIT */
#include "core/result/script_heat_map.h"

#include <math.h>
#include <stdio.h>

#include "core/result/label.h"
#include "core/result/script_legend.h"
#include "core/result/script_pieces.h"
#include "core/result/viridis.h"

#define NO_VALUE "#c8c8c8"

static void put_palette(struct tfu_text *out)
{
    tfu_text_puts(out, "set palette defined (");
    for (int i = 0; i < TFU_VIRIDIS_STEPS; i++)
        tfu_text_printf(out, "%s%d '#%02x%02x%02x'", i ? ", " : "", i, tfu_viridis[i][0],
                        tfu_viridis[i][1], tfu_viridis[i][2]);
    tfu_text_puts(out, ")\n");
}

static void put_scale(struct tfu_text *out, const struct tfu_layout *l,
                      const struct tfu_layout_panel *at)
{
    put_palette(out);
    const double height = at->bottom - at->top;
    tfu_text_puts(out, "set colorbox vertical user origin ");
    tfu_script_at(out, l, at->right + 10, at->bottom);
    tfu_text_printf(out, " size %.4f,%.4f\n", 12 / l->width, height / l->height);
    tfu_text_printf(out, "set cbrange [%.10g:%.10g]\nset cbtics (", at->axes.scale.low,
                    at->axes.scale.high);
    for (size_t i = 0; i < at->axes.scale.tics; i++)
        tfu_text_printf(out, "%s'%s' %.10g", i ? ", " : "", at->axes.scale.label[i],
                        at->axes.scale.tic[i]);
    tfu_text_puts(out, ")\n");
}

/* As many as tell values of the scale apart. */
static int decimals_of(const struct tfu_axis *scale)
{
    const double digits = 2 - ceil(log10(scale->high - scale->low) - 1e-9);
    return digits < 0 ? 0 : digits > 3 ? 3 : (int)digits;
}

/* Is there room for the values in their cells? */
static bool has_room(const struct tfu_figure_matrix *m, const struct tfu_axis *scale,
                     double cell_width, double cell_height)
{
    const double letter = 0.55 * TFU_LAYOUT_NOTE_FONT; /* digits are narrower than letters */
    int longest = 0;
    for (size_t i = 0; i < m->rows * m->columns; i++) {
        const int n =
            isfinite(m->value[i]) ? snprintf(NULL, 0, "%.*f", decimals_of(scale), m->value[i]) : 0;
        longest = n > longest ? n : longest;
    }
    return cell_width >= fmax(34, longest * letter) && cell_height >= 15;
}

/* Values written into the cells: white on the dark ones. */
static void put_values(struct tfu_text *out, const struct tfu_layout_panel *at, size_t row,
                       size_t count)
{
    const double range = at->axes.scale.high - at->axes.scale.low;
    const int decimals = decimals_of(&at->axes.scale);
    const double middle = at->axes.scale.low + 0.6 * range;
    for (int light = 0; light < 2; light++)
        tfu_text_printf(
            out,
            ", \\\n     table every ::%zu::%zu using 2:3:(strcol(4) ne 'NaN' && $4 %s "
            "%.10g ? gprintf('%%.%df', $4) : '') with labels font ',%d' tc rgb '%s' notitle",
            row, row + count - 1, light ? ">=" : "<", middle, decimals, TFU_LAYOUT_NOTE_FONT,
            light ? "black" : "white");
}

/* The cells that have a value, in its colour, or those that have none; each lies a little over its
 * neighbours, for a seam between them would be seen. */
static void put_cells(struct tfu_text *out, size_t row, size_t count, bool valued)
{
    tfu_text_printf(out,
                    "table every ::%zu::%zu using 2:(strcol(4) %s 'NaN' ? $3 : NaN)"
                    ":($2-0.51):($2+0.51):($3-0.51):($3+0.51)%s",
                    row, row + count - 1, valued ? "ne" : "eq",
                    valued ? ":4 with boxxyerror fs solid noborder fc palette notitle"
                           : " with boxxyerror fs solid noborder fc rgb '" NO_VALUE "' notitle");
}

size_t tfu_script_heat_map(struct tfu_text *out, const struct tfu_figure *f,
                           const struct tfu_layout *l, size_t panel, size_t first_row)
{
    const struct tfu_figure_matrix *m = &f->panel[panel].matrix;
    const struct tfu_layout_panel *at = &l->panel[panel];
    const size_t count = m->rows * m->columns;
    tfu_text_puts(out, "set border 0\nset tics nomirror scale 0\nunset grid\n");
    tfu_script_names(out, 'x', m->column, m->columns, at);
    tfu_script_names(out, 'y', m->row, m->rows, at);
    if (count > 0)
        put_scale(out, l, at);
    if (panel == 0 && l->legend_items > 0) {
        tfu_script_legend_box(out, l, 0);
        tfu_text_puts(out, "fs solid noborder fc rgb '" NO_VALUE "'\n");
        tfu_script_legend_text(out, l, 0, "no value");
    }
    const double cell_w = (at->right - at->left) / (double)(m->columns ? m->columns : 1);
    const double cell_h = (at->bottom - at->top) / (double)(m->rows ? m->rows : 1);
    if (count == 0) {
        tfu_script_nothing(out);
    } else {
        tfu_text_puts(out, "plot ");
        put_cells(out, first_row, count, true);
        if (tfu_layout_missing(f)) {
            tfu_text_puts(out, ", \\\n     ");
            put_cells(out, first_row, count, false);
        }
        if (has_room(m, &at->axes.scale, cell_w, cell_h))
            put_values(out, at, first_row, count);
        tfu_text_puts(out, "\n");
    }
    return first_row + count;
}
