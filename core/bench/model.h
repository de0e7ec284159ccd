/* SPDX-License-Identifier: MIT
 *
 * model.h - the network that a measurement is of: that of a configuration, the very one that a run
 * of it trains, or an architecture by its name.
 */
#ifndef TFU_CORE_BENCH_MODEL_H
#define TFU_CORE_BENCH_MODEL_H

#include "core/config/choice.h"
#include "core/train/assemble.h"

struct tfu_bench_model_request {
    const char *what; /* a plugin's name or file, or a configuration (.yaml, .yml, a stream) */
    const char *const *pair; /* KEY=VALUE: options of the plugin, or values of the configuration */
    size_t pair_count;
    /* 0, NULL: not said, and the configuration's. Without one: 8, 224, 3, 5, all. */
    int64_t batch, size, channels, classes, threads;
    const char *backend;
    /* Behind those of the configuration, so that these count. */
    const struct tfu_algorithm_choice *algorithm;
    size_t algorithm_count;
    bool measure;        /* choose algorithms by measuring them, whatever the configuration says */
    const char *timings; /* file of measured seconds */
};

/* A model may not be moved while it is open. */
struct tfu_bench_model {
    struct tfu_registry *registry;    /* borrowed */
    struct tfu_diagnostics *findings; /* what is wrong with configuration and options */
    struct tfu_experiment experiment; /* the configuration's with the request over it, or one that
                                         has an architecture alone */
    struct tfu_context context;       /* of it; without threads */
    struct tfu_graph *graph;
    /* what the experiment borrows from */
    struct tfu_config *config;
    struct tfu_chosen *arch, *backend;
    void *algorithm;
};

/* Loads and builds; data are opened when the configuration alone says the size of its images. To be
 * closed in any case: after a failure `findings` may have entries, which say more than `e`. The
 * request's strings, `registry` and `log` must outlive it. */
enum tfu_status tfu_bench_model_open(struct tfu_bench_model *m,
                                     const struct tfu_bench_model_request *request,
                                     struct tfu_registry *registry, struct tfu_log *log,
                                     struct tfu_error *e);
void tfu_bench_model_close(struct tfu_bench_model *m);

/* What it takes for training and for inference, without the optimizer's; nothing is allocated. */
enum tfu_status tfu_bench_model_plan(const struct tfu_bench_model *m,
                                     struct tfu_network_memory *training,
                                     struct tfu_network_memory *inference, struct tfu_error *e);

#endif
