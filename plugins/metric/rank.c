/* SPDX-License-Identifier: MIT */
#include "rank.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    const double x = ((const struct rank_item *)a)->value, y = ((const struct rank_item *)b)->value;
    return (x > y) - (x < y);
}

void rank_values(double *value, size_t n, struct rank_item *room)
{
    for (size_t i = 0; i < n; i++)
        room[i] = (struct rank_item){value[i], i};
    qsort(room, n, sizeof *room, by_value);
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && room[end].value == room[first].value; end++)
            continue;
        for (size_t i = first; i < end; i++)
            value[room[i].index] = (double)(first + end + 1) / 2;
    }
}

static double mean_of(const double *a, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i];
    return sum / (double)n;
}

double rank_correlation(const double *a, const double *b, size_t n)
{
    const double mean_a = mean_of(a, n), mean_b = mean_of(b, n);
    double aa = 0, bb = 0, ab = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = a[i] - mean_a, y = b[i] - mean_b;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    return fmax(-1, fmin(1, ab / sqrt(aa) / sqrt(bb)));
}

double rank_select(double *value, int64_t n, int64_t k)
{
    int64_t low = 0, high = n - 1;
    while (low < high) { /* Hoare's quickselect */
        const double pivot = value[low + (high - low) / 2];
        int64_t i = low, j = high;
        while (i <= j) {
            while (value[i] > pivot)
                i++;
            while (value[j] < pivot)
                j--;
            if (i > j)
                break;
            const double swap = value[i];
            value[i++] = value[j];
            value[j--] = swap;
        }
        if (k - 1 <= j)
            high = j;
        else if (k - 1 >= i)
            low = i;
        else
            break;
    }
    return value[k - 1];
}
