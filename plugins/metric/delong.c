/* SPDX-License-Identifier: MIT */
#include "delong.h"

#include <math.h>
#include <stdlib.h>

/* By score; equal scores by row, so that the result does not depend on the sort. */
static int compare(const void *a, const void *b)
{
    const struct delong_row *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* A run of equal scores, and what scores below it. */
struct tie {
    int64_t begin, end;
    int64_t positives, negatives;
    int64_t positives_below, negatives_below;
};

/* The first tie when `t` is all 0, then the next one; 0 after the last. */
static int next_tie(const struct delong_row *r, int64_t n, struct tie *t)
{
    t->positives_below += t->positives;
    t->negatives_below += t->negatives;
    t->positives = 0;
    t->begin = t->end;
    while (t->end < n && r[t->end].score == r[t->begin].score)
        t->positives += r[t->end++].positive != 0;
    t->negatives = t->end - t->begin - t->positives;
    return t->begin < n;
}

/* Sum of the squared components, which are added to `component`. */
static double add_components(const struct delong_row *r, int64_t n, const struct delong_area *a,
                             double *component)
{
    const double m = (double)a->positives, k = (double)a->negatives;
    const double scale_positive = 1 / sqrt(m * (m - 1));
    const double scale_negative = 1 / sqrt(k * (k - 1));
    double sum = 0;
    struct tie t = {0};
    while (next_tie(r, n, &t)) {
        /* share of the negatives that a positive here beats, and of the positives that beat a
         * negative here */
        const double beats = ((double)t.negatives_below + 0.5 * (double)t.negatives) / k;
        const double beaten = (m - (double)t.positives_below - 0.5 * (double)t.positives) / m;
        const double of_positive = (beats - a->value) * scale_positive;
        const double of_negative = (beaten - a->value) * scale_negative;
        sum += (double)t.positives * of_positive * of_positive;
        sum += (double)t.negatives * of_negative * of_negative;
        for (int64_t i = t.begin; i < t.end; i++)
            component[r[i].row] += r[i].positive ? of_positive : of_negative;
    }
    return sum;
}

struct delong_area delong(struct delong_row *r, int64_t n, double *component)
{
    struct delong_area a = {0, 0, NAN, NAN};
    if (n > 0)
        qsort(r, (size_t)n, sizeof *r, compare);
    /* twice the pairs won: a whole number, so that the area is exact but for one division */
    uint64_t won = 0;
    struct tie t = {0};
    while (next_tie(r, n, &t))
        won += (uint64_t)t.positives * (uint64_t)(2 * t.negatives_below + t.negatives);
    a.positives = t.positives_below;
    a.negatives = t.negatives_below;
    if (a.positives > 0 && a.negatives > 0)
        a.value = (double)won / (2.0 * (double)a.positives * (double)a.negatives);
    if (a.positives > 1 && a.negatives > 1)
        a.error = sqrt(add_components(r, n, &a, component));
    return a;
}
