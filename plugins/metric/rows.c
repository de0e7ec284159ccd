/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void rows_free(struct rows *r)
{
    free(r->value);
    *r = (struct rows){0};
}

static enum tfu_status reserve(struct rows *r, int64_t more, int64_t columns, int64_t most,
                               struct tfu_metric_host *h)
{
    if (r->columns && r->columns != columns)
        return h->fail(h, TFU_ESHAPE, "rows of %lld channels come after rows of %lld",
                       (long long)columns, (long long)r->columns);
    if (most && more > most - r->count)
        return h->fail(h, TFU_EUNSUPPORTED,
                       "there are more than %lld rows, and time and memory grow with their square; "
                       "take fewer `rows`, or raise `rows_max`",
                       (long long)most);
    r->columns = columns;
    if (r->count + more <= r->capacity)
        return TFU_OK;
    const int64_t capacity = r->count + more > 2 * r->capacity ? r->count + more : 2 * r->capacity;
    double *value = NULL;
    if ((uint64_t)capacity <= SIZE_MAX / sizeof *value / (uint64_t)columns)
        value = realloc(r->value, (size_t)capacity * (size_t)columns * sizeof *value);
    if (!value)
        return h->fail(h, TFU_ENOMEM, "out of memory for %lld rows of %lld channels",
                       (long long)capacity, (long long)columns);
    r->value = value;
    r->capacity = capacity;
    return TFU_OK;
}

enum tfu_status rows_append(struct rows *r, const struct tfu_tap *tap, int64_t most,
                            struct tfu_metric_host *h)
{
    const int64_t rows = tap->t->shape.dim[0];
    enum tfu_status st = reserve(r, rows, tap->t->shape.dim[1], most, h);
    if (st == TFU_OK)
        st = tap_read(h, tap, r->gone + r->count, r->value + r->count * r->columns);
    if (st == TFU_OK)
        r->count += rows;
    return st;
}

enum tfu_status rows_append_pair(struct rows pair[2], const struct tfu_batch *b, int64_t most,
                                 struct tfu_metric_host *h)
{
    const struct tfu_tap *tap[2];
    const int64_t before = pair[0].count;
    enum tfu_status st = tap_matrix(h, b, "a", &tap[0]);
    if (st == TFU_OK)
        st = tap_matrix(h, b, "b", &tap[1]);
    for (int i = 0; st == TFU_OK && i < 2; i++)
        st = rows_append(&pair[i], tap[i], most, h);
    if (st != TFU_OK)
        pair[0].count = before;
    return st;
}

void rows_drop(struct rows *r, int64_t count)
{
    r->count -= count;
    r->gone += count;
    if (count > 0 && r->count > 0)
        memmove(r->value, r->value + count * r->columns,
                (size_t)r->count * (size_t)r->columns * sizeof *r->value);
}

double *rows_copy(const struct rows *r)
{
    const size_t size = (size_t)r->count * (size_t)r->columns * sizeof(double);
    double *copy = malloc(size + 1);
    if (copy && size)
        memcpy(copy, r->value, size);
    return copy;
}

/* Four sums side by side, for the sake of speed. */
double rows_product(const double *a, const double *b, int64_t n)
{
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
        s0 += a[i] * b[i];
        s1 += a[i + 1] * b[i + 1];
        s2 += a[i + 2] * b[i + 2];
        s3 += a[i + 3] * b[i + 3];
    }
    for (; i < n; i++)
        s0 += a[i] * b[i];
    return (s0 + s1) + (s2 + s3);
}

double rows_distance(const double *a, const double *b, int64_t n)
{
    double s0 = 0, s1 = 0;
    int64_t i = 0;
    for (; i + 2 <= n; i += 2) {
        const double d0 = a[i] - b[i], d1 = a[i + 1] - b[i + 1];
        s0 += d0 * d0;
        s1 += d1 * d1;
    }
    if (i < n)
        s0 += (a[i] - b[i]) * (a[i] - b[i]);
    return s0 + s1;
}

int rows_normalize(double *a, int64_t n, double scale)
{
    double largest = 0;
    for (int64_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(a[i]));
    if (!(largest > 1e-12 * scale))
        return 0;
    for (int64_t i = 0; i < n; i++) /* first by the largest: squares of tiny numbers are 0 */
        a[i] /= largest;
    const double length = sqrt(rows_product(a, a, n));
    for (int64_t i = 0; i < n; i++)
        a[i] /= length;
    return 1;
}
