/* SPDX-License-Identifier: MIT
 *
 * resample.h - the bootstrap by cluster for a statistic of one model, or of two models on the same
 * examples, which then see the same draws. Whole patients are drawn: images of one are alike, and
 * drawn one by one they would make the interval too narrow (Field and Welsh, "Bootstrapping
 * clustered data", JRSS B 69 (2007)).
 */
#ifndef TFU_CORE_STATS_RESAMPLE_H
#define TFU_CORE_STATS_RESAMPLE_H

#include "core/base/threads.h"
#include "core/stats/percentiles.h"
#include "core/stats/why.h"

/* A statistic of examples 0..n-1, of which the i-th counts times[i] times; NaN: it is not defined
 * then. `arg` is shared by all threads. [any thread] */
struct tfu_resampled {
    double (*value)(void *arg, const uint32_t *times, int64_t n);
    void *arg;
};

struct tfu_resample_request {
    int64_t examples;
    const int64_t *group; /* of each example, 0..groups-1; NULL: each is its own */
    int64_t groups;
    int64_t draws; /* 1000 or more for an interval of 95 % */
    double level;
    uint64_t seed;
    struct tfu_resampled a, b;      /* b.value NULL: one model */
    struct tfu_threads *threads;    /* NULL: the caller's alone */
    bool (*interrupted)(void *arg); /* may be NULL */
    void *interrupted_arg;
};

/* One number: on all examples as they are, and its interval over the draws. */
struct tfu_resample_value {
    double value;
    double low, high;  /* percentiles; NaN: fewer than half of the draws have the number */
    int64_t undefined; /* draws that have not; they are left out */
};

struct tfu_resample {
    int64_t clusters, draws;
    double level;
    struct tfu_resample_value a, b, difference; /* a - b, draw by draw; NaN where there is no b */
    double p; /* two-sided, of no difference: twice the smaller share of draws on either side of 0,
                 (1 + those there) / (1 + all that have a difference); NaN as `difference.low` */
    struct tfu_why why;
};

/* The same for any number of threads. With fewer than two clusters, or no draw, there is no
 * interval, and `why` says so. TFU_EINVAL: `group` holds something that is not below `groups`.
 * TFU_EINTERRUPTED. */
enum tfu_status tfu_resample_run(struct tfu_resample *out, const struct tfu_resample_request *r,
                                 struct tfu_error *e);

#endif
