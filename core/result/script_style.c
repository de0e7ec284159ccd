/* SPDX-License-Identifier: MIT */
#include "core/result/script_style.h"

void tfu_script_next(struct tfu_script_plot *plot)
{
    tfu_text_puts(plot->out, plot->begun ? ", \\\n     " : "plot ");
    plot->begun = true;
}

void tfu_script_rows(struct tfu_script_plot *plot, size_t from, size_t count, double dx,
                     const char *columns)
{
    tfu_script_next(plot);
    tfu_text_printf(plot->out, "table every ::%zu::%zu using ", from, from + count - 1);
    if (dx != 0)
        tfu_text_printf(plot->out, "($4%+.3f):%s", dx, columns);
    else
        tfu_text_printf(plot->out, "4:%s", columns);
}

void tfu_script_intervals(struct tfu_script_plot *plot, size_t from, size_t count, double dx,
                          const char *colour)
{
    /* its error bars take an end that is not there for the axis, and leave a hole for a point */
    tfu_script_rows(plot, from, count, dx,
                    plot->log_y
                        ? "(strcol(6) ne 'NaN' && strcol(7) ne 'NaN' ? above($6) : NaN):(0):"
                          "(above($7)-above($6)) with vectors"
                        : "(strcol(6) ne 'NaN' && strcol(7) ne 'NaN' ? $6 : NaN):(0):($7-$6) with "
                          "vectors");
    tfu_text_printf(plot->out, " heads size screen 0.008,90 lc rgb '%s' lw 1.2 notitle", colour);
}

void tfu_script_line_style(struct tfu_text *out, struct tfu_series_look look)
{
    tfu_text_printf(out, " lc rgb '%s' lw %s dt %s", look.colour, look.width, look.dash);
}

void tfu_script_marker_style(struct tfu_text *out, struct tfu_series_look look, double size)
{
    tfu_text_printf(out, " lc rgb '%s' pt %d ps %.2f", look.colour, look.marker, size);
}

void tfu_script_fill_style(struct tfu_text *out, struct tfu_series_look look)
{
    tfu_text_printf(out, "fc rgb '%s' fs %s border lc rgb '%s'", look.colour, look.fill,
                    look.colour);
}
