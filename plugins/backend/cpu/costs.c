/* SPDX-License-Identifier: MIT
 *
 * costs.c - every measured constant of the cost model in one table.
 *
 * Processor  AMD EPYC (Zen 4), one thread of two cores
 * Date       November 2026
 * Command    `transfuse bench NETWORK --layers` for the shipped networks, which runs every
 * algorithm on every kind of layer (bench/layers.sh, part of `make bench`); for each row of `set`
 * with `backend: {plugin: cpu, isa: ...}`
 *
 * They are rough on purpose: what counts is that the algorithm that is quickest there costs least,
 * and that any machine chooses the same. Another number may choose another algorithm, and so other
 * bits.
 */
#include "costs.h"

#include <string.h>

#include <transfuse/abi.h>

const struct tfu_cpu_costs tfu_cpu_costs = {
    .set = {{"portable", 1.3e10}, {"avx2", 4.7e10}, {"avx512", 5.2e10}},
    .gemm_share = 0.85,
    .memory = 8e9,
    .direct_pointwise = 1.3,
    .gemm_traffic = 0.5,
    .im2col_float = 2,
    .im2col_run = 16,
    .fft_transform = 34,
    .winograd_tile = 7,
    .winograd_kernel = 11,
    .fft_sums = 4,
};

double tfu_cpu_rate(const char *isa)
{
    for (unsigned i = 0; i < TFU_COUNT(tfu_cpu_costs.set); i++)
        if (strcmp(tfu_cpu_costs.set[i].isa, isa) == 0)
            return tfu_cpu_costs.set[i].rate;
    return 0;
}
