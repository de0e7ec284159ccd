/* SPDX-License-Identifier: MIT */
#include "core/base/statistics.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/random.h"
#include "core/base/student.h"

bool tfu_all_finite(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

struct tfu_mean tfu_mean(const double *x, size_t n)
{
    struct tfu_mean m = {.n = n};
    if (n == 0 || !tfu_all_finite(x, n))
        return m;
    const double mean = mean_of(x, n);
    m.mean = (struct tfu_estimate){true, mean};
    if (n == 1)
        return m;
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    const double sd = sqrt(squares / (double)(n - 1)), se = sd / sqrt((double)n);
    const double half = tfu_student_quantile(0.975, (double)(n - 1)) * se;
    m.sd = (struct tfu_estimate){true, sd};
    m.se = (struct tfu_estimate){true, se};
    m.interval = (struct tfu_interval){true, mean - half, mean + half};
    return m;
}

int tfu_compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double tfu_quantile(const double *ascending, size_t n, double q)
{
    assert(n > 0 && q >= 0 && q <= 1);
    const double at = q * (double)(n - 1);
    const size_t below = (size_t)at;
    if (below + 1 >= n)
        return ascending[n - 1];
    return ascending[below] + (at - (double)below) * (ascending[below + 1] - ascending[below]);
}

/* ---- the bootstrap */

void tfu_bootstrap_draw(uint64_t seed, uint64_t draw, size_t *index, size_t n)
{
    struct tfu_random r;
    tfu_random_init(&r, tfu_random_subkey(tfu_random_key(seed, "bootstrap", ""), draw));
    for (size_t i = 0; i < n; i++)
        index[i] = (size_t)tfu_random_below(&r, n);
}

enum tfu_status tfu_bootstrap(size_t n, size_t draws, uint64_t seed,
                              tfu_bootstrap_statistic statistic, void *arg,
                              struct tfu_interval *out, struct tfu_error *e)
{
    *out = (struct tfu_interval){.defined = false};
    if (n < 3 || draws == 0)
        return TFU_OK;
    size_t *index = calloc(n, sizeof *index);
    double *value = calloc(draws, sizeof *value);
    if (!index || !value) {
        free(index);
        free(value);
        return tfu_error_memory(e, "a bootstrap", 0);
    }
    size_t known = 0;
    for (size_t i = 0; i < draws; i++) {
        tfu_bootstrap_draw(seed, i, index, n);
        const struct tfu_estimate v = statistic(arg, index, n);
        if (v.defined)
            value[known++] = v.value;
    }
    if (known > draws / 2) {
        qsort(value, known, sizeof *value, tfu_compare_doubles);
        *out = (struct tfu_interval){true, tfu_quantile(value, known, 0.025),
                                     tfu_quantile(value, known, 0.975)};
    }
    free(index);
    free(value);
    return TFU_OK;
}
