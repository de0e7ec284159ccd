/* SPDX-License-Identifier: MIT
 *
 * sums.h - a bias and its gradient: a row added to every row, and the sum of each column, in double
 * over fixed chunks of rows.
 */
#ifndef TFU_CPU_SUMS_H
#define TFU_CPU_SUMS_H

#include "cpu.h"

/* x[row][c] += bias[c] */
void tfu_cpu_bias(const struct tfu_cpu *dev, float *x, int64_t rows, int64_t columns,
                  const float *bias);

/* sums[c] = sum over all rows of x[row][c]. Bytes of scratch for it: */
size_t tfu_cpu_column_sums_workspace(int64_t rows, int64_t columns);
void tfu_cpu_column_sums(const struct tfu_cpu *dev, const float *x, int64_t rows, int64_t columns,
                         void *workspace, float *sums);

#endif
