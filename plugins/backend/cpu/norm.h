/* SPDX-License-Identifier: MIT
 *
 * norm.h - batch normalisation as the kernels apply it: y = (x - mean) * slope + shift.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_NORM_H
#define TFU_PLUGINS_BACKEND_CPU_NORM_H

#include "cpu.h"

/* The layer's parameters. */
enum {
    TFU_CPU_NORM_WEIGHT,
    TFU_CPU_NORM_BIAS,
    TFU_CPU_NORM_RUNNING_MEAN,
    TFU_CPU_NORM_RUNNING_VAR
};

/* What a float32 mean leaves out. It goes into another constant: then x - mean is as good as exact
 * however far from 0 the values lie. */
static inline double tfu_cpu_norm_rest(double mean)
{
    return mean - (double)(float)mean;
}

/* The constants of a channel, from its statistics. `inverse` is 1 / sqrt(variance + eps). */
static inline void tfu_cpu_norm_constants(double mean, double inverse, double weight, double bias,
                                          float *mean_out, float *slope_out, float *shift_out)
{
    const double slope = weight * inverse;
    *mean_out = (float)mean;
    *slope_out = (float)slope;
    *shift_out = (float)(bias - tfu_cpu_norm_rest(mean) * slope);
}

/* Does the call take its statistics from the batch? Else they are the running ones. */
static inline int tfu_cpu_norm_from_batch(const struct tfu_op_call *c)
{
    return c->training && !tfu_call_int(c, "frozen");
}

#endif
