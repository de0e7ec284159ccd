/* SPDX-License-Identifier: MIT
 *
 * The legend is drawn piece by piece: where gnuplot's own goes, and in how many columns, is known
 * only when it is there.
 */
#include "core/result/script_legend.h"

#include "core/result/script_pieces.h"

enum { SAMPLE_BEGIN = 2, SAMPLE_END = 36 };

static double item_left(const struct tfu_layout *l, size_t item)
{
    return TFU_LAYOUT_EDGE + (double)(item % l->legend_columns) * l->legend_width;
}

static double item_middle(const struct tfu_layout *l, size_t item)
{
    return l->legend_top + ((double)(item / l->legend_columns) + 0.5) * TFU_LAYOUT_LEGEND_LINE;
}

static void put_at(struct tfu_text *out, const struct tfu_layout *l, size_t item, double dx,
                   double dy)
{
    tfu_text_puts(out, " screen ");
    tfu_script_at(out, l, item_left(l, item) + dx, item_middle(l, item) + dy);
}

void tfu_script_legend_line(struct tfu_text *out, const struct tfu_layout *l, size_t item)
{
    tfu_text_puts(out, "set arrow from");
    put_at(out, l, item, SAMPLE_BEGIN, 0);
    tfu_text_puts(out, " to");
    put_at(out, l, item, SAMPLE_END, 0);
    tfu_text_puts(out, " nohead front");
}

void tfu_script_legend_point(struct tfu_text *out, const struct tfu_layout *l, size_t item)
{
    tfu_text_puts(out, "set label '' at");
    put_at(out, l, item, (SAMPLE_BEGIN + SAMPLE_END) / 2.0, 0);
    tfu_text_puts(out, " front point");
}

void tfu_script_legend_box(struct tfu_text *out, const struct tfu_layout *l, size_t item)
{
    tfu_text_puts(out, "set object rectangle from");
    put_at(out, l, item, SAMPLE_BEGIN, 6);
    tfu_text_puts(out, " to");
    put_at(out, l, item, SAMPLE_END, -6);
    tfu_text_puts(out, " ");
}

void tfu_script_legend_text(struct tfu_text *out, const struct tfu_layout *l, size_t item,
                            const char *label)
{
    tfu_text_puts(out, "set label ");
    tfu_script_text(out, label, l->legend_most);
    tfu_text_puts(out, " at");
    put_at(out, l, item, SAMPLE_END + 6, 0);
    tfu_text_puts(out, " left\n");
}
