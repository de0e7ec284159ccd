/* SPDX-License-Identifier: MIT
 *
 * grid.h - the combinations of values that are cases: products, axes that go together, and what is
 * drawn. A combination is a number of a value for each axis.
 */
#ifndef TFU_CORE_SWEEP_GRID_H
#define TFU_CORE_SWEEP_GRID_H

#include "core/sweep/select.h"

/* Axes that move together: one, those of a `zip`, those of a `draw`. */
struct tfu_dimension {
    size_t *axis;
    size_t axes;
    size_t rows;
    const uint32_t *row; /* rows x axes: the values; NULL: row r is value r of each */
    const struct tfu_case_selection *only; /* else its axes have no value; NULL: always */
    struct tfu_mark mark;
};

struct tfu_case_grid {
    size_t axes;
    uint32_t *tuple; /* count x axes; values that are none are TFU_AXIS_NONE */
    size_t count;
    size_t limit; /* more of them are not made; */
    bool over;    /* it was reached */
};

/* Is the axis that of one of them? */
bool tfu_dimensions_have(const struct tfu_dimension *d, size_t count, size_t axis);
/* Orders the dimensions so that what the condition of one goes by comes before it; false, with a
 * finding, where conditions go round in a circle. */
bool tfu_dimensions_sort(struct tfu_load *l, struct tfu_dimension *d, size_t count,
                         const struct tfu_case_axis *axis, size_t axes);
/* Adds the product of the dimensions, in that order. */
void tfu_case_grid_add_product(struct tfu_load *l, struct tfu_case_grid *g,
                               const struct tfu_dimension *d, size_t count);
/* How many that would be without conditions; at most UINT64_MAX. */
uint64_t tfu_case_grid_product(const struct tfu_dimension *d, size_t count);

/* Takes those out that the selection has; how many. */
size_t tfu_case_grid_exclude(struct tfu_case_grid *g, const struct tfu_case_selection *s);

/* Sorts them by the axes in their order, and the axes' values in theirs; true where two are equal,
 * with the number of one. */
bool tfu_case_grid_sort(struct tfu_load *l, struct tfu_case_grid *g, size_t *twice);

/* What is drawn, as one dimension of the axes of all `member` dimensions, which are sorted: `n`
 * different rows, none of which `exclude` has. Fewer than `n` where no more were found. */
struct tfu_case_grid_draw_request {
    const struct tfu_dimension *member;
    size_t members;
    struct tfu_case_axis *axis;
    size_t axes;
    const struct tfu_case_selection *exclude;
    size_t excludes;
    size_t n;
    uint64_t seed;
};
void tfu_case_grid_draw(struct tfu_load *l, struct tfu_dimension *out,
                        const struct tfu_case_grid_draw_request *request);

#endif
