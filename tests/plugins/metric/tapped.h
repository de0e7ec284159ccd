/* SPDX-License-Identifier: MIT
 *
 * tapped.h - metrics of captured activations over tables that a test has made up.
 */
#ifndef TFU_TESTS_PLUGINS_METRIC_TAPPED_H
#define TFU_TESTS_PLUGINS_METRIC_TAPPED_H

#include "core/train/score.h"
#include "tests/support/choice.h"
#include "tests/support/fixture.h"

/* Activations: rows x columns. */
struct table {
    int64_t rows, columns;
    double *value;
};

struct table table_new(int64_t rows, int64_t columns);
void table_free(struct table *t);
/* formula(name) of formula.py, less a half. */
struct table table_drawn(const char *name, int64_t rows, int64_t columns);
/* A line of a fixture. */
struct table table_of_fixture(const struct fixture *f, const char *name, int64_t rows,
                              int64_t columns);
/* a x b. */
struct table table_product(const struct table *a, const struct table *b);
/* The matrices A, B (4 columns) and B5 (5 columns) of the published golden values: 60 rows. */
void table_golden(struct table *a, struct table *b, struct table *b5);

/* A scorer of one metric, with 2 threads. */
struct tapped {
    struct tfu_registry *registry;
    struct tfu_plugin_choice metric;
    struct tfu_threads *threads;
    struct tfu_scorer *scorer;
    const struct tfu_score *score;
    size_t count;
    int64_t label_columns;
};

struct tapped tapped_open(const char *metric, const char *options, enum tfu_task task,
                          int64_t outputs);
void tapped_close(struct tapped *t);
/* All rows of `a`, of `b` (may be NULL) and labels (may be NULL) in batches. */
enum tfu_status tapped_feed(struct tapped *t, enum tfu_part part, const struct table *a,
                            const struct table *b, const float *labels, int64_t batch,
                            struct tfu_error *e);
/* A number that is reported now; the test ends when it is not there. NaN: undefined. */
double tapped_value(struct tapped *t, const char *key);
/* Number `i` of a series. */
double tapped_item(struct tapped *t, const char *series, size_t i);
/* Why it is undefined. */
const char *tapped_note(struct tapped *t, const char *key);

/* Opened and fed with two tables. */
struct tapped tapped_fed(const char *metric, const char *options, const struct table *a,
                         const struct table *b);
/* From tables to one number. */
double tapped_compare(const char *metric, const char *options, const struct table *a,
                      const struct table *b, const char *key);

#endif
