/* SPDX-License-Identifier: MIT
 *
 * blas_speed.h - how fast the BLAS is that came with a plugin.
 */
#ifndef TFU_CORE_PLUGIN_BLAS_SPEED_H
#define TFU_CORE_PLUGIN_BLAS_SPEED_H

#include "core/base/threads.h"
#include "core/plugin/registry.h"

struct tfu_blas_speed {
    double sgemm, dgemm; /* operations a second; 0: there is no such function */
};

/* Square products by the BLAS of tfu_registry_blas(), as the program uses it: each worker computes
 * one of its own. Best of some tries. OpenBLAS is told to use one thread, as plugins tell it. */
enum tfu_status tfu_blas_speed(struct tfu_registry *r, struct tfu_threads *t,
                               struct tfu_blas_speed *out, struct tfu_error *e);

#endif
