/* SPDX-License-Identifier: MIT */
#include "core/base/ranks.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const struct tfu_ranked *x = a, *y = b;
    if (x->value < y->value || x->value > y->value)
        return x->value < y->value ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

void tfu_ranked_sort(struct tfu_ranked *ranked, size_t n)
{
    qsort(ranked, n, sizeof *ranked, compare);
}

void tfu_ranked_take(const double *x, size_t n, struct tfu_ranked *ranked)
{
    for (size_t i = 0; i < n; i++)
        ranked[i] = (struct tfu_ranked){x[i], i};
    tfu_ranked_sort(ranked, n);
}

size_t tfu_ranked_end(const struct tfu_ranked *ranked, size_t n, size_t begin)
{
    size_t end = begin + 1;
    while (end < n && ranked[end].value <= ranked[begin].value)
        end++;
    return end;
}

void tfu_ranked_share(const struct tfu_ranked *ranked, size_t n, double *rank)
{
    for (size_t begin = 0, end; begin < n; begin = end) {
        end = tfu_ranked_end(ranked, n, begin);
        for (size_t k = begin; k < end; k++)
            rank[ranked[k].index] = (double)(begin + 1 + end) / 2;
    }
}
