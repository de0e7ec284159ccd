/* SPDX-License-Identifier: MIT
 *
 * costs.h - the measured constants of the cost model, from which seconds are predicted. costs.c
 * says where they come from.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_COSTS_H
#define TFU_PLUGINS_BACKEND_CPU_COSTS_H

struct tfu_cpu_costs {
    /* multiply-adds a second and thread that our convolutions reach, by instruction set */
    struct {
        const char *isa;
        double rate;
    } set[3];
    double gemm_share; /* of the rate of the widest set: what OpenBLAS's products reach */
    double memory;     /* bytes a second that a thread reads and writes */

    double direct_pointwise; /* times as long a multiply-add of a 1x1 kernel takes */
    double gemm_traffic;     /* share of inputs and output that comes from memory */
    double im2col_float;     /* bytes that a float of the matrix of patches counts as */
    double im2col_run;       /* ... and each run of floats that is copied there */
    /* Vector operations: of a transform for each of a tile's pixels, or points. */
    double fft_transform;
    double winograd_tile, winograd_kernel;
    double fft_sums; /* channels that writing and reading a product's sums takes as long as */
};
extern const struct tfu_cpu_costs tfu_cpu_costs;

/* The rate of an instruction set; 0 for one that is not there. */
double tfu_cpu_rate(const char *isa);

#endif
