/* SPDX-License-Identifier: MIT
 *
 * numbers.h - what can be said of many numbers: their moments, how they spread, how two lists of
 * them differ. Everything accumulates in double, in the order of the numbers.
 */
#ifndef TFU_CORE_IO_NUMBERS_H
#define TFU_CORE_IO_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

/* Mean, variance, least and largest are those of the finite numbers; NaN when there are none. */
struct tfu_numbers {
    int64_t count, zeros, not_finite;
    double mean;
    double variance; /* of the population: divided by the count of finite numbers */
    double min, max;
};

/* Two passes over the numbers, in as many pieces as the caller likes: the mean, then the squares of
 * the distances from it. */
struct tfu_numbers_sums {
    struct tfu_numbers so_far;
    double sum, squares, rest;
};
void tfu_numbers_begin(struct tfu_numbers_sums *s);
void tfu_numbers_add(struct tfu_numbers_sums *s, const double *x, size_t n);
void tfu_numbers_turn(struct tfu_numbers_sums *s); /* to the second pass, over the same numbers */
void tfu_numbers_add_again(struct tfu_numbers_sums *s, const double *x, size_t n);
struct tfu_numbers tfu_numbers_end(struct tfu_numbers_sums *s);

/* Both passes over one piece. */
struct tfu_numbers tfu_numbers_describe(const double *x, size_t n);

/* How many finite numbers lie in each of `bins` intervals of equal width from `min` to `max`; the
 * last one includes `max`. When both are the same number, all are in the first. */
void tfu_numbers_histogram(const double *x, size_t n, double min, double max, size_t bins,
                           int64_t *out);
/* The same, added to what `out` holds. */
void tfu_numbers_histogram_add(const double *x, size_t n, double min, double max, size_t bins,
                               int64_t *out);

struct tfu_numbers_difference {
    int64_t unequal; /* pairs; two NaN are equal */
    double absolute; /* the largest |a - b|; infinity when only one of a pair is NaN */
    double relative; /* the largest |a - b| / max(|a|, |b|); likewise */
    double distance; /* the Euclidean one */
    double cosine;   /* of the angle between both; NaN when one of them has length 0 */
};

struct tfu_numbers_difference tfu_numbers_compare(const double *a, const double *b, size_t n);

/* The same in as many pieces as the caller likes. `distance` (may be NULL): |a - b| where the
 * difference of doubles would not be exact. */
struct tfu_numbers_comparison {
    struct tfu_numbers_difference so_far;
    double squares, aa, bb, ab;
};
void tfu_numbers_compare_add(struct tfu_numbers_comparison *c, const double *a, const double *b,
                             const double *distance, size_t n);
struct tfu_numbers_difference tfu_numbers_compare_end(const struct tfu_numbers_comparison *c);

#endif
