/* SPDX-License-Identifier: MIT
 *
 * boxes.h - the quartiles of a series, category by category.
 */
#ifndef TFU_CORE_RESULT_BOXES_H
#define TFU_CORE_RESULT_BOXES_H

#include "core/result/figure.h"

/* At most s->count boxes, by x: y is the median, low and high are the quartiles (linear between
 * neighbours, as R and numpy have them by default). What is not finite is in no box. Into `box`, of
 * s->count; `spare` is as long. Returns how many. */
size_t tfu_boxes_find(const struct tfu_figure_series *s, struct tfu_figure_point *box,
                      double *spare);

/* How many there are. */
size_t tfu_boxes_count(const struct tfu_figure_series *s);

#endif
