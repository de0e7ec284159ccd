/* SPDX-License-Identifier: MIT
 *
 * wilcoxon.h - Wilcoxon's signed-rank test: are differences as often, and as far, above zero as
 * below?
 */
#ifndef TFU_CORE_STATS_WILCOXON_H
#define TFU_CORE_STATS_WILCOXON_H

#include "core/base/error.h"
#include "core/stats/method.h"
#include "core/stats/why.h"

enum { TFU_WILCOXON_EXACT = 50 }; /* differences up to which the exact test is taken, as in scipy */

struct tfu_wilcoxon {
    int64_t n;     /* differences that are not 0 */
    int64_t zeros; /* those that are: left out (Wilcoxon's rule; R's, and "wilcox" in scipy) */
    bool ties;     /* equal magnitudes, which share the mean of their ranks */
    double above, below; /* sums of the ranks of positive (V in R) and of negative differences */
    enum tfu_p_method method;
    double z;                 /* of the two-sided normal approximation; NaN in the exact test */
    double p;                 /* two-sided: twice the smaller one, at most 1 */
    double p_greater, p_less; /* one-sided: small when differences are above 0; below 0 */
    double smallest;          /* the two-sided p that so many differences can reach: 2 / 2^n */
    struct tfu_why why;
};

/* Exact for n <= TFU_WILCOXON_EXACT without zeros and ties; else normal with the variance reduced
 * for ties and a continuity correction of one half (R's wilcox.test; scipy's correction=True). Not
 * defined: no difference other than 0, or one that is not finite. Differences of decimal numbers
 * tie by tfu_paired_differences() only. */
enum tfu_status tfu_wilcoxon_test(struct tfu_wilcoxon *out, const double *difference, int64_t n,
                                  struct tfu_error *e);

#endif
