/* SPDX-License-Identifier: MIT
 *
 * near.h - numbers that agree, among them those that are not defined.
 */
#ifndef TFU_TESTS_STATS_NEAR_H
#define TFU_TESTS_STATS_NEAR_H

#include <math.h>

#include "tests/support/check_main.h"

/* Both NaN, both the same infinity, or apart by no more than `relative` of `want` and `absolute`.
 */
static inline void near_to(double got, double want, double relative, double absolute,
                           const char *what)
{
    if (isnan(want) || isinf(want)) {
        ck_assert_msg(isnan(want) ? isnan(got) : isinf(got) && (got > 0) == (want > 0),
                      "%s is %.17g, not %.17g", what, got, want);
        return;
    }
    ck_assert_msg(fabs(got - want) <= relative * fabs(want) + absolute,
                  "%s is %.17g, not %.17g (off by %.2g of it)", what, got, want,
                  fabs((got - want) / want));
}

#define NEAR(got, want, relative) near_to(got, want, relative, 1e-15, #got)
/* The reason is given, and is this. */
#define WHY(result, reason) ck_assert_str_eq((result).why.text, reason)

#endif
