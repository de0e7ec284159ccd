/* SPDX-License-Identifier: MIT
 *
 * system.h - what a report of slowness needs: the machine, the program, the BLAS, and how fast each
 * can be.
 */
#ifndef TFU_CORE_BENCH_SYSTEM_H
#define TFU_CORE_BENCH_SYSTEM_H

#include <stdbool.h>

#include "core/base/error.h"
#include "core/base/machine.h"
#include "core/base/processor.h"
#include "core/plugin/blas.h"
#include "core/plugin/registry.h"

/* Something that is done so many times a second, by one thread and by all. */
struct tfu_bench_rate {
    const char *what; /* "AVX2 with FMA", "sgemm", "copy" */
    const char *type; /* "float32", "float64"; "" of memory */
    uint64_t bytes;   /* that the memory was */
    double rate[2];
};

enum { TFU_BENCH_PEAKS = 16 };

struct tfu_bench_system {
    struct {
        const char *version, *compiler;
        const char *isa; /* what `isa: auto` of the backend cpu takes */
        uint32_t vector_bits;
        bool optimised;
    } program;
    struct tfu_processor processor;
    struct tfu_machine machine;
    struct tfu_blas blas;
    struct tfu_error backend_error;      /* why there is no backend, which brings the BLAS along */
    uint32_t threads;                    /* that `rate[1]` is of */
    size_t rates;                        /* 1 where all threads are one */
    double clock_call, clock_resolution; /* seconds that looking at the clock takes, and least */
    struct tfu_bench_rate peak[TFU_BENCH_PEAKS]; /* multiply-adds */
    size_t peaks;
    struct tfu_bench_rate product[2]; /* of matrices, by the BLAS */
    struct tfu_bench_rate memory[2];  /* bytes read and written */
};

/* Looks and measures, for some seconds. `threads`: 0 for all that this process may use. A machine
 * without a backend is still worth a report. */
enum tfu_status tfu_bench_system(struct tfu_bench_system *out, struct tfu_registry *r,
                                 uint32_t threads, struct tfu_error *e);

#endif
