/* SPDX-License-Identifier: MIT
 *
 * bootstrap.h - intervals for the numbers of a metric: it is computed again on examples drawn with
 * replacement, and what lies in the middle of what it says then is the interval (percentiles:
 * Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 1979; Efron and
 * Tibshirani, "An introduction to the bootstrap", 1993). Groups (patients) are drawn whole: images
 * of one are alike, and drawn one by one they would make intervals too narrow (Field and Welsh,
 * "Bootstrapping clustered data", JRSS B 2007).
 */
#ifndef TFU_CORE_TRAIN_BOOTSTRAP_H
#define TFU_CORE_TRAIN_BOOTSTRAP_H

#include "core/train/kept_rows.h"
#include "core/train/metric_call.h"

/* Of each number the largest minus the smallest over the parts of what is drawn. */
struct tfu_metric_gaps {
    const int32_t *part; /* of each example of the rows: 0..parts-1 */
    int64_t parts;
    /* [part * keys + key]: the number of that part counts; a draw in which one that counts has no
     * value has no gap */
    const bool *counted;
};

struct tfu_metric_bootstrap_request {
    const struct tfu_metric_shape *shape; /* its threads share the draws */
    const struct tfu_plugin_choice *metric;
    const struct tfu_kept_rows *rows, *fit; /* `fit` NULL: nothing is fitted */
    const int64_t *member;                  /* examples of `rows` that are drawn from, ... */
    int64_t members;
    const int64_t *group; /* ... and whom each example of `rows` is of, 0..groups-1; NULL: no one */
    int64_t groups;
    int64_t draws;
    double interval; /* 0.95 */
    uint64_t seed;
    /* The numbers that get one: the names by which the metric reports them. */
    const char *const *key;
    size_t keys;
    const struct tfu_metric_gaps *gaps; /* intervals of these instead; NULL: of the numbers */
};

/* Of one number. */
struct tfu_metric_interval {
    double low, high;  /* NaN: fewer than half of the draws had the number */
    int64_t undefined; /* draws that had not */
};

/* Fills `out`, one for each key. The same for any number of threads, and the same draws for every
 * metric of one split. `interrupted` (may be NULL) ends it with TFU_EINTERRUPTED. */
enum tfu_status tfu_metric_bootstrap(const struct tfu_metric_bootstrap_request *r,
                                     struct tfu_metric_interval *out,
                                     bool (*interrupted)(void *arg), void *arg,
                                     struct tfu_error *e);

#endif
