/* SPDX-License-Identifier: MIT
 *
 * noise.h - Gaussian noise with the mean and covariance of an activation: what is left of a
 * similarity when nothing is shared but those. CCA of anything with it is what the numbers of rows
 * and channels, and the rank, give for nothing.
 */
#ifndef TFU_CORE_STUDY_NOISE_H
#define TFU_CORE_STUDY_NOISE_H

#include <stdint.h>

#include "core/base/error.h"

/* `out` gets rows x columns of N(mean, covariance) of `x`, which has that shape too. The covariance
 * may be singular: the noise then has its rank. */
enum tfu_status tfu_noise_like(const float *x, int64_t rows, int64_t columns, uint64_t key,
                               float *out, struct tfu_error *e);

#endif
