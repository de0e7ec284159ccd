/* SPDX-License-Identifier: MIT
 *
 * lengths.h - the lengths that a figure is laid out by, in points of its canvas; a canvas of one
 * panel is 480 wide and has letters of 14, which is 7 points in a column of 85 mm.
 */
#ifndef TFU_CORE_RESULT_LENGTHS_H
#define TFU_CORE_RESULT_LENGTHS_H

#include <stddef.h>

enum {
    TFU_LAYOUT_FONT = 14,       /* labels */
    TFU_LAYOUT_TITLE_FONT = 16, /* title of the figure */
    TFU_LAYOUT_NOTE_FONT = 12,  /* notes, values in cells, names of points */
    TFU_LAYOUT_TITLE_LINE = 21,
    TFU_LAYOUT_LEGEND_LINE = 19,
    TFU_LAYOUT_EDGE = 10,   /* left free around everything */
    TFU_LAYOUT_NAME = 22,   /* characters of a category, row or column; longer ones are cut */
    TFU_LAYOUT_SAMPLE = 50, /* a legend's line with the room around it */
};

/* Of a letter of height 1: wide fonts are reckoned with. */
#define TFU_LAYOUT_LETTER 0.62

static inline double tfu_layout_text_width(size_t letters, double font)
{
    return (double)letters * font * TFU_LAYOUT_LETTER;
}

#endif
