/* SPDX-License-Identifier: MIT
 *
 * sums.c - see sums.h.
 */
#include "sums.h"

#include <string.h>

enum { MAX_CHUNKS = 128 };

struct work {
    const struct tfu_cpu *dev;
    const float *from;
    int64_t rows, columns, chunks;
    double *partial; /* chunks x columns */
};

static int64_t chunks_of(int64_t rows, int64_t columns)
{
    const int64_t chunks = tfu_cpu_ceil_div(rows * columns, TFU_CPU_CHUNK);
    return tfu_cpu_min(tfu_cpu_min(chunks, MAX_CHUNKS), rows);
}

size_t tfu_cpu_column_sums_workspace(int64_t rows, int64_t columns)
{
    return (size_t)(chunks_of(rows, columns) * columns) * sizeof(double);
}

static void sum_task(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct work *w = arg;
    const struct tfu_cpu_range r = tfu_cpu_part(w->rows, w->chunks, index);
    double *sums = w->partial + index * w->columns;
    memset(sums, 0, (size_t)w->columns * sizeof *sums);
    w->dev->rows->sum(sums, w->from + r.first * w->columns, (size_t)(r.end - r.first),
                      (size_t)w->columns);
}

void tfu_cpu_column_sums(const struct tfu_cpu *dev, const float *x, int64_t rows, int64_t columns,
                         void *workspace, float *sums)
{
    struct work w = {dev, x, rows, columns, chunks_of(rows, columns), workspace};
    tfu_cpu_parallel(dev, w.chunks, sum_task, &w);
    for (int64_t c = 0; c < columns; c++) {
        double sum = 0;
        for (int64_t i = 0; i < w.chunks; i++)
            sum += w.partial[i * columns + c];
        sums[c] = (float)sum;
    }
}
