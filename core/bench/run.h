/* SPDX-License-Identifier: MIT
 *
 * run.h - how fast a network trains or answers: the time of a step, of each layer in it, and the
 * most memory that it had.
 */
#ifndef TFU_CORE_BENCH_RUN_H
#define TFU_CORE_BENCH_RUN_H

#include "core/base/text.h"
#include "core/bench/model.h"

struct tfu_bench_run_request {
    bool training; /* forward, backward and the optimizer's step; else forward alone */
    int64_t steps; /* that are timed, after one to warm up */
};

enum { TFU_BENCH_ALGORITHM = 64 };

/* A layer, or a chain of layers that is done at once, in one step. */
struct tfu_bench_layer {
    const char *name, *operation;                 /* of the first; the model's */
    struct tfu_text then;                         /* the others: " + bn1 + relu1" */
    char forward_algorithm[TFU_BENCH_ALGORITHM];  /* "im2col" */
    char backward_algorithm[TFU_BENCH_ALGORITHM]; /* ""; with two, that of the parameters */
    double forward_seconds, backward_seconds;
    double multiply_adds; /* forward */
    int gradients;        /* that its backward pass computes, each of as many multiply-adds */
};

struct tfu_bench_result {
    double seconds;       /* median of a step */
    size_t planned_bytes; /* of the network */
    double peak_bytes;    /* of the process */
    uint32_t threads;
    struct tfu_bench_layer *layer;
    size_t layer_count;
};

/* Runs the model on random images and labels, in a process of its own: once to warm up, then
 * `steps` times by the clock, then as often with a clock in every layer. A configuration's model is
 * trained by its loss and optimizer, another by Adam. To be freed in any case. What is wrong with
 * plugins that are taken beside may be in the model's findings. */
enum tfu_status tfu_bench_run(struct tfu_bench_model *m,
                              const struct tfu_bench_run_request *request,
                              struct tfu_bench_result *out, struct tfu_error *e);
void tfu_bench_result_free(struct tfu_bench_result *r);

#endif
