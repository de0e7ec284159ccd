/* SPDX-License-Identifier: MIT */
#include "cka_gram.h"

#include <math.h>
#include <stdlib.h>

#include "rank.h"

struct gram {
    const double *row;
    int64_t rows, columns;
    enum cka_kernel kernel;
    double *value; /* rows x rows */
};

/* A group of rows up to the diagonal: products, or squared distances. */
static void fill_group(void *arg, uint32_t index, uint32_t worker)
{
    (void)worker;
    const struct gram *g = arg;
    const int64_t n = g->columns, first = (int64_t)index * ROWS_GROUP;
    const int64_t end = first + ROWS_GROUP < g->rows ? first + ROWS_GROUP : g->rows;
    for (int64_t j = 0; j < end; j++)
        for (int64_t i = j > first ? j : first; i < end; i++) {
            const double *a = g->row + i * n, *b = g->row + j * n;
            g->value[i * g->rows + j] =
                g->kernel == CKA_LINEAR ? rows_product(a, b, n) : rows_distance(a, b, n);
        }
}

static void mirror(struct gram *g)
{
    for (int64_t i = 0; i < g->rows; i++)
        for (int64_t j = i + 1; j < g->rows; j++)
            g->value[i * g->rows + j] = g->value[j * g->rows + i];
}

/* The median of all squared distances: of each pair twice, and of as many zeros as rows. */
static double median(const struct gram *g, double *room)
{
    const int64_t n = g->rows, all = n * n;
    int64_t pairs = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++)
            room[pairs++] = g->value[i * n + j];
    double middle[2];
    for (int k = 0; k < 2; k++) { /* of the sorted list: zeros, then each pair twice */
        const int64_t at = (all - 1 + k) / 2;
        middle[k] = at < n ? 0 : rank_select(room, pairs, pairs - (at - n) / 2);
    }
    return (middle[0] + middle[1]) / 2;
}

/* Squared distances become kernels. False when their median is 0, unless they all are: then they
 * are left, and what is constant is 0. */
static int make_rbf(struct gram *g, double fraction, double *room)
{
    const int64_t n = g->rows * g->rows;
    const double width = 2 * fraction * fraction * median(g, room);
    if (!(width > 0)) {
        double most = 0;
        for (int64_t i = 0; i < n; i++)
            most = fmax(most, g->value[i]);
        return !(most > 0);
    }
    for (int64_t i = 0; i < n; i++)
        g->value[i] = exp(-g->value[i] / width);
    return 1;
}

static void center(struct gram *g, int unbiased, double *mean)
{
    const int64_t n = g->rows;
    const double count = (double)n;
    double all = 0;
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        if (unbiased)
            g->value[i * n + i] = 0;
        for (int64_t j = 0; j < n; j++)
            sum += g->value[i * n + j];
        mean[i] = sum / (unbiased ? count - 2 : count);
        all += mean[i];
    }
    for (int64_t i = 0; i < n; i++)
        mean[i] -= all / (2 * (unbiased ? count - 1 : count));
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            g->value[i * n + j] -= unbiased && i == j ? 0 : mean[i] + mean[j];
}

/* The mean taken off each column: a linear kernel, centred, is the same, and rounds less. What a
 * constant column would leave is rounding: it is set to 0. */
static void center_column(const double *from, int64_t rows, int64_t columns, double *to)
{
    double sum = 0, largest = 0, left = 0;
    for (int64_t r = 0; r < rows; r++) {
        sum += from[r * columns];
        largest = fmax(largest, fabs(from[r * columns]));
    }
    for (int64_t r = 0; r < rows; r++) {
        to[r * columns] = from[r * columns] - sum / (double)rows;
        left = fmax(left, fabs(to[r * columns]));
    }
    for (int64_t r = 0; r < rows && left <= 1e-12 * largest; r++)
        to[r * columns] = 0;
}

static enum tfu_status out_of_memory(int64_t rows, struct tfu_metric_host *h)
{
    return h->fail(h, TFU_ENOMEM, "out of memory for the kernel of %lld rows", (long long)rows);
}

static enum tfu_status make(struct gram *g, double fraction, int unbiased, double *room,
                            struct tfu_metric_host *h)
{
    double *centred = malloc((size_t)g->rows * (size_t)g->columns * sizeof *centred);
    if (!centred)
        return out_of_memory(g->rows, h);
    for (int64_t c = 0; c < g->columns; c++)
        center_column(g->row + c, g->rows, g->columns, centred + c);
    g->row = centred;
    h->parallel(h, rows_groups(g->rows), fill_group, g);
    free(centred);
    mirror(g);
    if (g->kernel == CKA_RBF && !make_rbf(g, fraction, room))
        return h->fail(h, TFU_EINVAL,
                       "more than half of the %lld x %lld distances between rows are 0, so that "
                       "their median is no width for a kernel; use `kernel: linear`",
                       (long long)g->rows, (long long)g->rows);
    center(g, unbiased, room);
    return TFU_OK;
}

enum tfu_status cka_gram_add(struct cka_sums *to, const double *const side[2],
                             const int64_t columns[2], int64_t rows, enum cka_kernel kernel,
                             double fraction, int unbiased, struct tfu_metric_host *h)
{
    const size_t n = (size_t)rows * (size_t)rows;
    double *value = n <= SIZE_MAX / 3 / sizeof *value ? malloc(3 * n * sizeof *value) : NULL;
    if (!value)
        return out_of_memory(rows, h);
    struct gram g[2];
    enum tfu_status st = TFU_OK;
    for (int i = 0; st == TFU_OK && i < 2; i++) {
        g[i] = (struct gram){side[i], rows, columns[i], kernel, value + (size_t)i * n};
        st = make(&g[i], fraction, unbiased, value + 2 * n, h);
    }
    if (st == TFU_OK) {
        to->ab += rows_product(g[0].value, g[1].value, (int64_t)n);
        to->aa += rows_product(g[0].value, g[0].value, (int64_t)n);
        to->bb += rows_product(g[1].value, g[1].value, (int64_t)n);
    }
    free(value);
    return st;
}
