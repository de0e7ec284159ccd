/* SPDX-License-Identifier: MIT
 *
 * census.h - the labels of a split, counted: how often there is each class, and what is known of
 * each label column.
 */
#ifndef TFU_CORE_DATA_CENSUS_H
#define TFU_CORE_DATA_CENSUS_H

#include "core/base/error.h"
#include "core/base/text.h"

/* Of one label column, over all examples; NaN is unknown, all else is in one of the others. */
struct tfu_census_column {
    int64_t negative, positive; /* 0 and 1 */
    int64_t between;            /* more than 0, less than 1 */
    int64_t outside;            /* neither: no label of several, perhaps a target */
    int64_t infinite;
    int64_t unknown;
};

struct tfu_census {
    int64_t examples;
    int64_t classes; /* class indices are 0..classes-1; 0: columns are no class indices */
    int64_t *count;  /* examples of each class, NULL for 0 */
    uint32_t columns;
    struct tfu_census_column *column;
};

/* Room for `classes` classes and `columns` columns. */
enum tfu_status tfu_census_init(struct tfu_census *c, int64_t classes, uint32_t columns,
                                struct tfu_error *e);
void tfu_census_free(struct tfu_census *c);
/* One example more. A class index has to be one. */
void tfu_census_add(struct tfu_census *c, const float *labels);

/* Classes that an example has, below `below`. */
int64_t tfu_census_present(const struct tfu_census *c, int64_t below);
/* Examples of each of `outputs` classes: "0: 12, 1: 7, unknown: 3", and shorter for many: "1000
 * classes of 0 to 1300 examples". `names` has one for each, or is NULL. */
void tfu_census_classes(const struct tfu_census *c, int64_t outputs, const char *const *names,
                        struct tfu_text *out);
/* Of each column: "positive/negative/unknown of each: 0 3/17/5, 1 9/16/0". */
void tfu_census_labels(const struct tfu_census *c, const char *const *names, struct tfu_text *out);
/* The classes below `outputs` without an example, "2, 5 to 9"; how many. */
int64_t tfu_census_missing(const struct tfu_census *c, int64_t outputs, struct tfu_text *out);

#endif
