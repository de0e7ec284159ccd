/* SPDX-License-Identifier: MIT */
#include "core/result/ends.h"

#include <math.h>

/* By height, those of one height as the series are. */
static void sort(struct tfu_end *end, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct tfu_end one = end[i];
        size_t at = i;
        for (; at > 0 && end[at - 1].y > one.y; at--)
            end[at] = end[at - 1];
        end[at] = one;
    }
}

/* Names first..last-1 as one pile around the mean of their ends. */
static double pile_top(const struct tfu_end *end, size_t first, size_t last, double apart)
{
    double sum = 0;
    for (size_t i = first; i < last; i++)
        sum += end[i].y - (double)(i - first) * apart;
    return sum / (double)(last - first);
}

static void put_piles(struct tfu_end *end, size_t count, double apart)
{
    size_t begin[TFU_ENDS_MOST + 1];
    size_t piles = 0;
    for (size_t i = 0; i < count; i++) {
        begin[piles++] = i;
        /* what touches the pile above becomes part of it */
        while (piles > 1) {
            const size_t above = begin[piles - 2], here = begin[piles - 1];
            const double foot = pile_top(end, above, here, apart) + (double)(here - above) * apart;
            if (pile_top(end, here, i + 1, apart) >= foot)
                break;
            piles--;
        }
    }
    begin[piles] = count;
    for (size_t k = 0; k < piles; k++) {
        const double top = pile_top(end, begin[k], begin[k + 1], apart);
        for (size_t i = begin[k]; i < begin[k + 1]; i++)
            end[i].middle = top + (double)(i - begin[k]) * apart;
    }
}

bool tfu_ends_spread(struct tfu_end *end, size_t count, double apart, double top, double bottom,
                     double most)
{
    if (count > TFU_ENDS_MOST)
        return false;
    sort(end, count);
    put_piles(end, count, apart);
    double least = top;
    for (size_t i = 0; i < count; i++, least += apart)
        end[i].middle = fmax(end[i].middle, least);
    double greatest = bottom;
    for (size_t i = count; i-- > 0; greatest -= apart)
        end[i].middle = fmin(end[i].middle, greatest);
    bool near = true;
    for (size_t i = 0; i < count; i++)
        near = near && end[i].middle >= top && fabs(end[i].middle - end[i].y) <= most;
    return near;
}
