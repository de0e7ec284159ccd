/* SPDX-License-Identifier: MIT */
#include "core/study/noise.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/random.h"

/* Directions with less than this share of the largest variance are rounding. */
static const double negligible = 1e-12;

struct moments {
    double *mean;   /* n */
    double *factor; /* n x n, lower: factor factor' = covariance, columns beyond the rank are 0 */
    int64_t n, rank;
};

static void covariance(struct moments *m, const float *x, int64_t rows)
{
    const int64_t n = m->n;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < n; i++)
            m->mean[i] += (double)x[r * n + i];
    for (int64_t i = 0; i < n; i++)
        m->mean[i] /= (double)rows;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < n; i++) {
            const double d = (double)x[r * n + i] - m->mean[i];
            for (int64_t j = 0; j <= i; j++)
                m->factor[i * n + j] += d * ((double)x[r * n + j] - m->mean[j]);
        }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            m->factor[i * n + j] /= (double)(rows > 1 ? rows - 1 : 1);
            m->factor[j * n + i] = m->factor[i * n + j];
        }
}

/* Outer-product Cholesky with the largest remaining variance as pivot (Higham, "Accuracy and
 * Stability of Numerical Algorithms", 10.3). The rows of the factor stay where they are; column k
 * belongs to the k-th pivot. `left` is what is not explained yet, n x n, and is used up. */
static void factorise(struct moments *m, double *left)
{
    const int64_t n = m->n;
    double largest = 0;
    for (int64_t i = 0; i < n; i++)
        largest = fmax(largest, left[i * n + i]);
    for (m->rank = 0; m->rank < n; m->rank++) {
        int64_t pivot = 0;
        for (int64_t i = 1; i < n; i++)
            if (left[i * n + i] > left[pivot * n + pivot])
                pivot = i;
        const double variance = left[pivot * n + pivot];
        if (!(variance > negligible * largest))
            break;
        for (int64_t i = 0; i < n; i++)
            m->factor[i * n + m->rank] = left[i * n + pivot] / sqrt(variance);
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = 0; j < n; j++)
                left[i * n + j] -= m->factor[i * n + m->rank] * m->factor[j * n + m->rank];
    }
}

static void draw(const struct moments *m, int64_t rows, uint64_t key, double *z, float *out)
{
    struct tfu_random random;
    tfu_random_init(&random, key);
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t k = 0; k < m->rank; k++)
            z[k] = tfu_random_normal(&random);
        for (int64_t i = 0; i < m->n; i++) {
            double sum = m->mean[i];
            for (int64_t k = 0; k < m->rank; k++)
                sum += m->factor[i * m->n + k] * z[k];
            out[r * m->n + i] = (float)sum;
        }
    }
}

enum tfu_status tfu_noise_like(const float *x, int64_t rows, int64_t columns, uint64_t key,
                               float *out, struct tfu_error *e)
{
    const size_t n = (size_t)columns;
    struct moments m = {.n = columns};
    m.mean = calloc(n + 1, sizeof *m.mean);
    m.factor = calloc(n * n + 1, sizeof *m.factor);
    double *left = calloc(n * n + 1, sizeof *left), *z = calloc(n + 1, sizeof *z);
    enum tfu_status st = TFU_OK;
    if (m.mean && m.factor && left && z) {
        covariance(&m, x, rows);
        for (size_t i = 0; i < n * n; i++) {
            left[i] = m.factor[i];
            m.factor[i] = 0;
        }
        factorise(&m, left);
        draw(&m, rows, key, z, out);
    } else {
        st = tfu_error_memory(e, "drawing noise", 2 * n * n * sizeof *left);
    }
    free(m.mean);
    free(m.factor);
    free(left);
    free(z);
    return st;
}
