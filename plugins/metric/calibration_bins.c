/* SPDX-License-Identifier: MIT */
#include "calibration_bins.h"

#include <stdlib.h>

int bins_make(struct bins *b, int64_t count, int by_mass)
{
    *b = (struct bins){.count = count, .by_mass = by_mass};
    b->edge = calloc((size_t)count, sizeof *b->edge);
    b->bin = calloc((size_t)count, sizeof *b->bin);
    return b->edge && b->bin;
}

void bins_free(struct bins *b)
{
    free(b->edge);
    free(b->bin);
}

/* The quantile i / count of sorted rows, in whole numbers but for the step between two rows. */
static double quantile(const struct ranked_row *r, int64_t n, int64_t i, int64_t count)
{
    const int64_t at = i * (n - 1) / count, rest = i * (n - 1) % count;
    if (rest == 0)
        return r[at].score;
    return r[at].score + (r[at + 1].score - r[at].score) * ((double)rest / (double)count);
}

void bins_fill(struct bins *b, struct ranked_row *r, int64_t n)
{
    ranked_sort(r, n);
    for (int64_t i = 0; i < b->count; i++) {
        b->bin[i] = (struct bin){0};
        b->edge[i] = b->by_mass && n > 0 ? quantile(r, n, i + 1, b->count)
                                         : (double)(i + 1) / (double)b->count;
    }
    int64_t at = 0;
    for (int64_t i = 0; i < n; i++) {
        while (at < b->count - 1 && r[i].score > b->edge[at])
            at++;
        b->bin[at].rows++;
        b->bin[at].probability += r[i].score;
        b->bin[at].observed += r[i].positive != 0;
    }
}
