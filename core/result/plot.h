/* SPDX-License-Identifier: MIT
 *
 * plot.h - the usual figure of a result: one panel with lines over names.
 */
#ifndef TFU_CORE_RESULT_PLOT_H
#define TFU_CORE_RESULT_PLOT_H

#include "core/result/result.h"

/* Nothing of it is there when memory ran out, which the result notes; all calls are then in vain.
 */
struct tfu_plot {
    struct tfu_result *out;
    bool there;
    struct tfu_figure *figure;
    struct tfu_figure_panel *panel;
    struct tfu_figure_series *series;
    struct tfu_figure_point *point; /* names a series */
    const char **name;
    size_t names;
};

void tfu_plot_begin(struct tfu_plot *p, struct tfu_result *out, size_t series, size_t names);
/* All texts are copied. */
void tfu_plot_axes(struct tfu_plot *p, const char *x_label, const char *y_label);
void tfu_plot_caption(struct tfu_plot *p, const char *fmt, ...) TFU_PRINTF(2, 3);
/* `reference`: a baseline. */
void tfu_plot_series(struct tfu_plot *p, size_t series, const char *label, bool reference);
void tfu_plot_name(struct tfu_plot *p, size_t i, const char *name);
/* NaN: a gap. */
void tfu_plot_point(struct tfu_plot *p, size_t series, size_t i, double value);
/* With an interval of +- `spread`. */
void tfu_plot_spread(struct tfu_plot *p, size_t series, size_t i, double value, double spread);

#endif
