/* SPDX-License-Identifier: MIT
 *
 * sums.h - the gradient of a bias: the sum of each column, in double over fixed chunks of rows.
 */
#ifndef TFU_PLUGINS_BACKEND_CPU_SUMS_H
#define TFU_PLUGINS_BACKEND_CPU_SUMS_H

#include "cpu.h"

/* sums[c] = sum over all rows of x[row][c]. Bytes of scratch for it: */
size_t tfu_cpu_column_sums_workspace(int64_t rows, int64_t columns);
void tfu_cpu_column_sums(const struct tfu_cpu *dev, const float *x, int64_t rows, int64_t columns,
                         void *workspace, float *sums);

#endif
