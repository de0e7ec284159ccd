/* SPDX-License-Identifier: MIT */
#include "ranked.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* By score; equal scores by row, so that the result does not depend on the sort. */
static int compare(const void *a, const void *b)
{
    const struct ranked_row *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Many rows are sorted by their scores' bits, a digit after the other from the lowest: equal ones
 * stay in the order of their rows. An interval by bootstrap sorts a split thousands of times. */
enum { FEW = 512, DIGIT = 11, VALUES = 1 << DIGIT, DIGITS = (64 + DIGIT - 1) / DIGIT };

/* A score as an integer of the same order; both zeros are one. */
static uint64_t ordered(double score)
{
    const double plain = score + 0.0;
    uint64_t bits;
    memcpy(&bits, &plain, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static uint32_t digit(double score, int which)
{
    return (uint32_t)(ordered(score) >> (which * DIGIT)) & (VALUES - 1);
}

/* count[d][v]: rows whose digit d is v. */
static void count_digits(const struct ranked_row *r, int64_t n, int64_t (*count)[VALUES])
{
    for (int64_t i = 0; i < n; i++)
        for (int d = 0; d < DIGITS; d++)
            count[d][digit(r[i].score, d)]++;
}

/* From counts to the place of the first row of each value; 0: all rows have the same. */
static int find_places(int64_t *count, int64_t n)
{
    int64_t before = 0;
    for (int v = 0; v < VALUES; v++) {
        const int64_t here = count[v];
        if (here == n)
            return 0;
        count[v] = before;
        before += here;
    }
    return 1;
}

static void sort_digits(struct ranked_row *r, int64_t n, struct ranked_row *room,
                        int64_t (*count)[VALUES])
{
    struct ranked_row *from = r, *to = room;
    count_digits(r, n, count);
    for (int d = 0; d < DIGITS; d++) {
        if (!find_places(count[d], n))
            continue;
        for (int64_t i = 0; i < n; i++)
            to[count[d][digit(from[i].score, d)]++] = from[i];
        struct ranked_row *const sorted = to;
        to = from;
        from = sorted;
    }
    if (from != r)
        memcpy(r, from, (size_t)n * sizeof *r);
}

void ranked_sort(struct ranked_row *r, int64_t n)
{
    struct ranked_row *room = n > FEW ? malloc((size_t)n * sizeof *room) : NULL;
    int64_t(*count)[VALUES] = room ? calloc(DIGITS, sizeof *count) : NULL;
    if (count)
        sort_digits(r, n, room, count);
    else if (n > 0)
        qsort(r, (size_t)n, sizeof *r, compare);
    free(count);
    free(room);
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
