/* SPDX-License-Identifier: MIT
 *
 * metric_tests.h - inside the conformance suite: what the tests of a metric share. A split of
 * predictions, labels and captured activations of which a metric is given what it asks for, and the
 * host's side of an instance.
 */
#ifndef TFU_CORE_CONFORMANCE_METRIC_TESTS_H
#define TFU_CORE_CONFORMANCE_METRIC_TESTS_H

#include "core/base/guarded.h"
#include "core/conformance/tests.h"

#include <transfuse/metric.h>

/* ---- a split */

enum { TFU_CHECK_OUTPUTS = 3, TFU_CHECK_ROWS = 60 };

/* The captured activations of one source, row by row. A row is positions x channels numbers, or,
 * for a metric of parameters, a parameter. The numbers are such that float32 holds them. */
struct tfu_metric_side {
    int64_t height, width, channels; /* height and width are 1 but for maps */
    double *value;
};

struct tfu_metric_split {
    enum tfu_task task;
    uint32_t needs;    /* of the metric it is for */
    int64_t rows, fit; /* the first `fit` rows are to be fitted on */
    int64_t columns;   /* of labels */
    float *logits, *scores, *labels;
    double *log_odds;
    double *losses, *weights;
    struct tfu_metric_side side[2]; /* sources "a" and "b" */
    enum tfu_dtype dtype;           /* what taps are handed over in */
};

struct tfu_metric_size {
    int64_t rows, channels[2];
};
/* What most tests use. The sources differ in channels, and maps in height and width. */
extern const struct tfu_metric_size tfu_metric_usual;

/* A split for a metric with these TFU_NEEDS_*; NULL when out of memory. */
struct tfu_metric_split *tfu_metric_split_new(uint32_t needs, enum tfu_task task,
                                              const struct tfu_metric_size *size);
void tfu_metric_split_free(struct tfu_metric_split *s);
/* Row row[i] of `from` as row i, `fit` of them to be fitted on; NULL when out of memory. */
struct tfu_metric_split *tfu_metric_split_gather(const struct tfu_metric_split *from,
                                                 const int64_t *row, int64_t rows, int64_t fit);
/* Numbers in one row of a side. */
int64_t tfu_metric_side_row(const struct tfu_metric_side *side);

/* ---- what is reported */

enum { TFU_CHECK_REPORTS = 512 };

struct tfu_metric_report {
    char key[96];
    double value;
    bool defined;
};
struct tfu_metric_reports {
    struct tfu_metric_report at[TFU_CHECK_REPORTS];
    int count;
};

/* TFU_OK when the other's numbers are the same but for `tolerance` x (1 + magnitude); `when` says
 * in the message what was different. */
enum tfu_status tfu_metric_same(const struct tfu_metric_reports *truth,
                                const struct tfu_metric_reports *other, double tolerance,
                                const char *when, struct tfu_error *e);

/* ---- an instance */

/* What the host lends. */
struct tfu_metric_lent {
    uint32_t workers;            /* of parallel(); 0: one */
    struct tfu_threads *threads; /* NULL: parallel() runs on the calling thread, with more than one
                                    worker the last task first */
    bool no_taps;                /* nothing is captured: want_tap() fails */
    enum tfu_guard guard;        /* what lies around the arrays of a batch */
};

struct tfu_metric_instance {
    const struct tfu_metric_ops *ops;
    void *self;
    struct tfu_metric_host table;
    struct tfu_metric_lent lent;
    bool wants[2];                      /* taps of the sources "a" and "b" */
    struct tfu_metric_reports *reports; /* NULL: not in finalize() */
    struct tfu_error *error;            /* what fail() says */
    struct tfu_error wrong;             /* what the host finds wrong with a call of its functions */
};

/* Fills `m` and calls create(). */
enum tfu_status tfu_metric_make(const struct tfu_check *c, const void *config, enum tfu_task task,
                                struct tfu_metric_lent lent, struct tfu_metric_instance *m,
                                struct tfu_error *said);
/* Hands over rows first..end - 1 in batches of `batch`, those to be fitted on first. */
enum tfu_status tfu_metric_feed(struct tfu_metric_instance *m, const struct tfu_metric_split *s,
                                int64_t first, int64_t end, int64_t batch, struct tfu_error *e);
enum tfu_status tfu_metric_finish(struct tfu_metric_instance *m, struct tfu_metric_reports *out,
                                  struct tfu_error *e);

/* Empties the instance, feeds the first rows of a split and reports. A refusal in words is
 * TFU_OK, with `refused` set; `said` has the words, or what is wrong. */
enum tfu_status tfu_metric_try(struct tfu_metric_instance *m, const struct tfu_metric_split *s,
                               int64_t rows, bool *refused, struct tfu_error *said);
/* The whole split as one batch, in an instance of its own. */
enum tfu_status tfu_metric_whole(const struct tfu_check *c, const struct tfu_metric_split *s,
                                 struct tfu_metric_lent lent, struct tfu_metric_reports *out,
                                 struct tfu_error *e);

/* ---- tests */

/* Runs `test` with a split and a fresh instance for every task that the metric takes. */
typedef enum tfu_status tfu_metric_test(struct tfu_check *c, const struct tfu_metric_split *s,
                                        struct tfu_metric_instance *fresh, struct tfu_error *e);
enum tfu_status tfu_metric_on_each(struct tfu_check *c, tfu_metric_test *test, struct tfu_error *e);

/* Tests of what looks at captured activations (metric_taps.c); they skip every other. */
enum tfu_status tfu_metric_check_wishes(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_metric_check_precision(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_metric_check_degenerate(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_metric_check_finite(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_metric_check_few(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_metric_check_rows_max(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_metric_check_workers(struct tfu_check *c, struct tfu_error *e);
enum tfu_status tfu_metric_check_shapes(struct tfu_check *c, struct tfu_error *e);

/* TFU_NEEDS_* of the metric. */
uint32_t tfu_metric_needs(const struct tfu_check *c);
/* Does it look at captured activations or parameters? */
bool tfu_metric_looks_at_taps(const struct tfu_check *c);
/* Do the labels, and so the task, make a difference to it? */
bool tfu_metric_looks_at_labels(const struct tfu_check *c);

#endif
