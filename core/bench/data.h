/* SPDX-License-Identifier: MIT
 *
 * data.h - how fast examples come: read, transformed and put in batches, as a training has them,
 * with nobody who waits for them.
 */
#ifndef TFU_CORE_BENCH_DATA_H
#define TFU_CORE_BENCH_DATA_H

#include <jansson.h>

#include "core/base/text.h"
#include "core/data/dataset.h"

struct tfu_bench_data_request {
    const struct tfu_dataset *dataset;
    int64_t batch;
    int64_t steps;    /* batches that are timed, for each number of workers */
    uint32_t workers; /* the most; 0: as many as the process may use */
    uint64_t seed;
};

enum { TFU_BENCH_WORKERS = 64 };

struct tfu_bench_data {
    int64_t batch, height, width, channels;
    double cold;                    /* images a second while a cache is filled; 0: there is none */
    uint32_t workers;               /* rows of `rate` */
    double rate[TFU_BENCH_WORKERS]; /* images a second, by 1, 2, ... workers */
};

/* With a cache an epoch is read first, which fills it. */
enum tfu_status tfu_bench_data(struct tfu_bench_data *out,
                               const struct tfu_bench_data_request *request, struct tfu_error *e);
void tfu_bench_put_data(struct tfu_text *out, const struct tfu_bench_data *d);
/* NULL when out of memory. */
json_t *tfu_bench_data_json(const struct tfu_bench_data *d);

#endif
