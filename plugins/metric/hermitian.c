/* SPDX-License-Identifier: MIT */
#include "hermitian.h"

#include <stdlib.h>
#include <string.h>

#include "lapack.h"

int64_t hermitian_stride(const struct hermitian *s)
{
    return (HERMITIAN_BLOCK + 1) * 2 * s->columns;
}

double hermitian_bytes(int64_t frequencies, int64_t columns)
{
    const double n = (double)columns;
    return (double)frequencies * sizeof(double) * (2 * n * n + (HERMITIAN_BLOCK + 2) * 2 * n);
}

bool hermitian_make(struct hermitian *s, int64_t frequencies, int64_t columns)
{
    const size_t n = (size_t)columns, count = (size_t)frequencies;
    *s = (struct hermitian){.frequencies = frequencies, .columns = columns};
    s->mean = calloc(count * n, 2 * sizeof *s->mean);
    s->even = calloc(count * n * n, sizeof *s->even);
    s->mixed = calloc(count * n * n, sizeof *s->mixed);
    s->block = calloc(count * (size_t)hermitian_stride(s), sizeof *s->block);
    return s->mean && s->even && s->mixed && s->block;
}

void hermitian_free(struct hermitian *s)
{
    free(s->mean);
    free(s->even);
    free(s->mixed);
    free(s->block);
    *s = (struct hermitian){.rows = 0};
}

double *hermitian_row(const struct hermitian *s, int64_t row)
{
    return s->block + row * 2 * s->columns;
}

/* To `p` rows come `q` others whose scatter around their own mean is already added. `mean` is
 * theirs, and becomes the difference. */
static void join(const struct hermitian *s, int64_t frequency, double *mean, double p, double q)
{
    const int64_t n = s->columns;
    double *own = s->mean + frequency * 2 * n;
    double *even = s->even + frequency * n * n, *mixed = s->mixed + frequency * n * n;
    const double *re = mean, *im = mean + n;
    for (int64_t i = 0; i < 2 * n; i++) {
        mean[i] -= own[i];
        own[i] += mean[i] * (q / (p + q));
    }
    const double weight = p * q / (p + q);
    for (int64_t i = 0; weight > 0 && i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            even[i * n + j] += weight * (re[i] * re[j] + im[i] * im[j]);
            mixed[i * n + j] += weight * re[i] * im[j];
        }
}

static void flush_task(void *arg, uint32_t index, uint32_t worker)
{
    const struct hermitian *s = arg;
    const int64_t n = s->columns, f = index, rows = s->in_block;
    double *block = s->block + f * hermitian_stride(s), *mean = block + HERMITIAN_BLOCK * 2 * n;
    (void)worker;
    memset(mean, 0, (size_t)(2 * n) * sizeof *mean);
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < 2 * n; i++)
            mean[i] += block[r * 2 * n + i];
    for (int64_t i = 0; i < 2 * n; i++)
        mean[i] /= (double)rows;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < 2 * n; i++)
            block[r * 2 * n + i] -= mean[i];
    multiply_symmetric(n, 2 * rows, block, n, s->even + f * n * n, n);
    multiply_transposed(n, n, rows, block, 2 * n, block + n, 2 * n, s->mixed + f * n * n, n);
    join(s, f, mean, (double)s->rows, (double)rows);
}

void hermitian_flush(struct hermitian *s, struct tfu_metric_host *h)
{
    if (s->in_block == 0)
        return;
    h->parallel(h, (uint32_t)s->frequencies, flush_task, s);
    s->rows += s->in_block;
    s->in_block = 0;
}

void hermitian_add(struct hermitian *s, int64_t rows, struct tfu_metric_host *h)
{
    s->in_block += rows;
    if (s->in_block == HERMITIAN_BLOCK)
        hermitian_flush(s, h);
}

void hermitian_moments(const struct hermitian *s, int64_t frequency, int64_t split,
                       struct moments *out)
{
    const int64_t n = s->columns;
    const double *even = s->even + frequency * n * n, *mixed = s->mixed + frequency * n * n;
    out->rows = s->rows;
    out->columns[0] = 2 * split;
    out->columns[1] = 2 * (n - split);
    for (int64_t i = 0; i < n; i++) {
        const int64_t re = i < split ? i : i + split, im = re + (i < split ? split : n - split);
        for (int64_t j = 0; j < n; j++) {
            const int64_t column = j < split ? j : j + split;
            const int64_t other = column + (j < split ? split : n - split);
            const double p = i < j ? even[i * n + j] : even[j * n + i];
            const double q = mixed[i * n + j] - mixed[j * n + i];
            out->scatter[re * 2 * n + column] = p;
            out->scatter[im * 2 * n + other] = p;
            out->scatter[re * 2 * n + other] = -q;
            out->scatter[im * 2 * n + column] = q;
        }
    }
}
