/* SPDX-License-Identifier: MIT */
#include "delong.h"

#include <math.h>

/* Sum of the squared components, which are added to `component`. */
static double add_components(const struct ranked_row *r, int64_t n, const struct delong_area *a,
                             double *component)
{
    const double m = (double)a->positives, k = (double)a->negatives;
    const double scale_positive = 1 / sqrt(m * (m - 1));
    const double scale_negative = 1 / sqrt(k * (k - 1));
    double sum = 0;
    struct ranked_tie t = {0};
    while (ranked_next(r, n, &t)) {
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

struct delong_area delong(struct ranked_row *r, int64_t n, double *component)
{
    struct delong_area a = {0, 0, NAN, NAN};
    ranked_sort(r, n);
    /* twice the pairs won: a whole number, so that the area is exact but for one division */
    uint64_t won = 0;
    struct ranked_tie t = {0};
    while (ranked_next(r, n, &t))
        won += (uint64_t)t.positives * (uint64_t)(2 * t.negatives_below + t.negatives);
    a.positives = t.positives_below;
    a.negatives = t.negatives_below;
    if (a.positives > 0 && a.negatives > 0)
        a.value = (double)won / (2.0 * (double)a.positives * (double)a.negatives);
    if (a.positives > 1 && a.negatives > 1)
        a.error = sqrt(add_components(r, n, &a, component));
    return a;
}
