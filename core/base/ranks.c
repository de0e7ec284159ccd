/* SPDX-License-Identifier: MIT */
#include "core/base/ranks.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const struct tfu_ranked *x = a, *y = b;
    if (x->value < y->value || x->value > y->value)
        return x->value < y->value ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* ---- many values: digit by digit of the number that a double is, five times as fast as qsort() */

enum { DIGIT_BITS = 8, DIGITS = 64 / DIGIT_BITS, DIGIT_VALUES = 1 << DIGIT_BITS, FEW = 2000 };

/* A whole number in the order of the double; of -0 and 0 it is the same one. */
static uint64_t order_of(double value)
{
    const double x = value + 0.0;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static size_t digit_of(double value, int digit)
{
    return (size_t)(order_of(value) >> digit * DIGIT_BITS) & (DIGIT_VALUES - 1);
}

/* Puts `from` in the order of one digit, into `to`; the order of equal digits stays. */
static void sort_by_digit(const struct tfu_ranked *from, size_t n, int digit, size_t *count,
                          struct tfu_ranked *to)
{
    for (size_t d = 0, begin = 0; d < DIGIT_VALUES; d++) {
        const size_t own = count[d];
        count[d] = begin;
        begin += own;
    }
    for (size_t i = 0; i < n; i++)
        to[count[digit_of(from[i].value, digit)]++] = from[i];
}

static void sort_by_digits(struct tfu_ranked *ranked, size_t n, struct tfu_ranked *room)
{
    size_t count[DIGITS][DIGIT_VALUES] = {{0}};
    struct tfu_ranked *from = ranked, *to = room;
    for (size_t i = 0; i < n; i++)
        for (int digit = 0; digit < DIGITS; digit++)
            count[digit][digit_of(ranked[i].value, digit)]++;
    for (int digit = 0; digit < DIGITS; digit++) {
        if (count[digit][digit_of(ranked[0].value, digit)] == n)
            continue; /* all have the same one */
        sort_by_digit(from, n, digit, count[digit], to);
        struct tfu_ranked *const sorted = to;
        to = from;
        from = sorted;
    }
    if (from != ranked)
        memcpy(ranked, from, n * sizeof *ranked);
}

/* ---- all */

void tfu_ranked_sort(struct tfu_ranked *ranked, size_t n)
{
    struct tfu_ranked *room = n > FEW ? calloc(n, sizeof *room) : NULL;
    if (room)
        sort_by_digits(ranked, n, room);
    else /* also without memory: the order is the same */
        qsort(ranked, n, sizeof *ranked, compare);
    free(room);
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
