/* SPDX-License-Identifier: MIT
 *
 * family.h - many tests at once: p values made larger for how many there are.
 */
#ifndef TFU_CORE_STATS_FAMILY_H
#define TFU_CORE_STATS_FAMILY_H

#include <stdint.h>

#include "core/base/error.h"

enum tfu_family_method {
    /* The chance of any false finding in the family is held (Holm, Scandinavian Journal of
     * Statistics 6 (1979)); nothing is assumed of how the tests depend on each other. */
    TFU_FAMILY_HOLM,
    /* The expected share of false ones among the findings is held (Benjamini and Hochberg, JRSS B
     * 57 (1995)), for tests that are independent or depend positively. */
    TFU_FAMILY_BENJAMINI_HOCHBERG
};

struct tfu_family {
    enum tfu_family_method method;
    int64_t size;      /* tests that have a p: what was corrected for; to be printed with it */
    int64_t undefined; /* NaN: they left the family */
};

/* "Holm", "Benjamini-Hochberg". */
const char *tfu_family_method_text(enum tfu_family_method m);

/* adjusted[i] is the corrected p[i], at most 1, NaN where p[i] is; the two may be the same array.
 * What is at most alpha is found at that level. TFU_EINVAL: a p outside of 0..1. */
enum tfu_status tfu_family_correct(enum tfu_family_method method, const double *p, int64_t n,
                                   double *adjusted, struct tfu_family *out, struct tfu_error *e);

#endif
