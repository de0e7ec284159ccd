/* SPDX-License-Identifier: MIT */
#include "ranked.h"

#include <stddef.h>
#include <stdlib.h>

/* By score; equal scores by row, so that the result does not depend on the sort. */
static int compare(const void *a, const void *b)
{
    const struct ranked_row *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

void ranked_sort(struct ranked_row *r, int64_t n)
{
    if (n > 0)
        qsort(r, (size_t)n, sizeof *r, compare);
}

int ranked_next(const struct ranked_row *r, int64_t n, struct ranked_tie *t)
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

struct ranked_counts ranked_count(const struct ranked_row *r, int64_t n)
{
    struct ranked_counts c = {0, n};
    for (int64_t i = 0; i < n; i++)
        c.positives += r[i].positive != 0;
    c.negatives -= c.positives;
    return c;
}

const char *ranked_shortage(struct ranked_counts c)
{
    if (c.positives == 0)
        return c.negatives == 0 ? "no known labels" : "0 positives";
    return c.negatives == 0 ? "0 negatives" : NULL;
}
