/* SPDX-License-Identifier: MIT */
#include "moments.h"

#include <math.h>

void moments_clear_constants(struct moments *m)
{
    const int64_t n = m->columns[0] + m->columns[1];
    for (int64_t i = 0; i < n; i++) {
        const double deviation = sqrt(m->scatter[i * n + i] / (double)m->rows);
        if (deviation > 1e-12 * fabs(m->mean[i]))
            continue;
        for (int64_t j = 0; j < n; j++)
            m->scatter[i * n + j] = m->scatter[j * n + i] = 0;
    }
}

double moments_scatter(const struct moments *m, int a, int64_t i, int b, int64_t j)
{
    const int64_t row = i + (a ? m->columns[0] : 0), column = j + (b ? m->columns[0] : 0);
    return m->scatter[row * (m->columns[0] + m->columns[1]) + column];
}

double moments_trace(const struct moments *m, int side, int64_t channels)
{
    double sum = 0;
    for (int64_t i = 0; i < channels; i++)
        sum += moments_scatter(m, side, i, side, i);
    return sum;
}
