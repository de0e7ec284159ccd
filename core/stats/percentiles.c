/* SPDX-License-Identifier: MIT */
#include "core/stats/percentiles.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/statistics.h"

struct tfu_percentiles tfu_percentiles_take(double *value, int64_t draws, double level)
{
    struct tfu_percentiles out = {NAN, NAN, 0};
    int64_t n = 0;
    for (int64_t i = 0; i < draws; i++)
        if (!isnan(value[i]))
            value[n++] = value[i];
    out.undefined = draws - n;
    if (2 * n < draws || n == 0)
        return out;
    qsort(value, (size_t)n, sizeof *value, tfu_compare_doubles);
    out.low = tfu_quantile(value, (size_t)n, (1 - level) / 2);
    out.high = tfu_quantile(value, (size_t)n, (1 + level) / 2);
    return out;
}
