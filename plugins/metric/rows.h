/* SPDX-License-Identifier: MIT
 *
 * rows.h - all rows of captured activations, kept, for what needs each beside each other one.
 */
#ifndef TFU_PLUGINS_METRIC_ROWS_H
#define TFU_PLUGINS_METRIC_ROWS_H

#include "tap.h"

struct rows {
    int64_t count, capacity;
    int64_t gone;    /* came, and were not kept: for messages, which count all */
    int64_t columns; /* 0: none seen yet */
    double *value;   /* count x columns */
};

void rows_free(struct rows *r);
/* Appends the rows of a tap; on failure nothing has changed. Refuses more than `most` rows, saying
 * that the option rows_max is their limit; 0: as many as there are. */
enum tfu_status rows_append(struct rows *r, const struct tfu_tap *tap, int64_t most,
                            struct tfu_metric_host *h);

/* The taps "a" and "b" of a batch. */
enum tfu_status rows_append_pair(struct rows pair[2], const struct tfu_batch *b, int64_t most,
                                 struct tfu_metric_host *h);
/* The first so many go. */
void rows_drop(struct rows *r, int64_t count);
/* The numbers, the caller's to free; NULL: out of memory. */
double *rows_copy(const struct rows *r);

/* The option `rows_max` that these speak of. */
#define ROWS_OPTION(config, most)                                                                  \
    TFU_OPT_INT(config, rows_max, most, 4, 65536,                                                  \
                "more rows are refused: time and memory grow with their square")

/* Rows that a task of parallel() puts beside all others at a time, so that each is read once. */
enum { ROWS_GROUP = 8 };
static inline uint32_t rows_groups(int64_t rows)
{
    return (uint32_t)((rows + ROWS_GROUP - 1) / ROWS_GROUP);
}

/* The sum of a[i] * b[i], always added in the same way. [any thread] */
double rows_product(const double *a, const double *b, int64_t n);

/* Likewise of (a[i] - b[i])^2. [any thread] */
double rows_distance(const double *a, const double *b, int64_t n);

/* Scales to length 1; false when all are 0, or so near to it (beside `scale`) that it is rounding.
 */
int rows_normalize(double *a, int64_t n, double scale);

#endif
