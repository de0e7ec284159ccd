/* SPDX-License-Identifier: MIT */
#include "core/stats/wilcoxon.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/ranks.h"
#include "core/stats/normal.h"

enum { SUMS = TFU_WILCOXON_EXACT * (TFU_WILCOXON_EXACT + 1) / 2 + 1 };

/* Each of the ranks 1..n is in the sum or is not, in 2^n ways: how many have the sum s. Whole
 * numbers below 2^53. */
static void count_sums(int64_t n, double *ways)
{
    for (int64_t s = 0; s < SUMS; s++)
        ways[s] = s == 0;
    for (int64_t rank = 1; rank <= n; rank++)
        for (int64_t s = rank * (rank + 1) / 2; s >= rank; s--)
            ways[s] += ways[s - rank];
}

static void test_exact(struct tfu_wilcoxon *w)
{
    double ways[SUMS], at_most = 0, at_least = 0;
    const int64_t above = (int64_t)w->above, last = w->n * (w->n + 1) / 2;
    count_sums(w->n, ways);
    for (int64_t s = 0; s <= last; s++) {
        at_most += s <= above ? ways[s] : 0;
        at_least += s >= above ? ways[s] : 0;
    }
    const double all = ldexp(1, (int)w->n);
    w->method = TFU_P_EXACT;
    w->p_less = at_most / all;
    w->p_greater = at_least / all;
    w->p = fmin(1, 2 * fmin(w->p_less, w->p_greater));
}

/* `cubes` is the sum of t^3 - t over runs of t equal magnitudes. */
static void test_normal(struct tfu_wilcoxon *w, double cubes)
{
    const double n = (double)w->n, off = w->above - n * (n + 1) / 4;
    const double deviation = sqrt(n * (n + 1) * (2 * n + 1) / 24 - cubes / 48);
    w->method = TFU_P_NORMAL;
    w->z = (off - (off > 0 ? 0.5 : off < 0 ? -0.5 : 0)) / deviation;
    w->p_greater = tfu_normal_above((off - 0.5) / deviation);
    w->p_less = tfu_normal_below((off + 0.5) / deviation);
    w->p = fmin(1, 2 * fmin(tfu_normal_above(w->z), tfu_normal_below(w->z)));
}

/* `magnitude`, `rank` and `ranked` have room for all differences. */
static void test(struct tfu_wilcoxon *w, const double *difference, int64_t n, double *magnitude,
                 double *rank, struct tfu_ranked *ranked)
{
    double cubes = 0;
    for (int64_t i = 0; i < n; i++)
        if (fabs(difference[i]) > 0)
            magnitude[w->n++] = fabs(difference[i]);
    w->zeros = n - w->n;
    if (w->n == 0) {
        tfu_why_say(&w->why, "all %" PRId64 " differences are 0", n);
        return;
    }
    tfu_ranked_take(magnitude, (size_t)w->n, ranked);
    tfu_ranked_share(ranked, (size_t)w->n, rank);
    for (size_t begin = 0, end; begin < (size_t)w->n; begin = end) {
        end = tfu_ranked_end(ranked, (size_t)w->n, begin);
        const double t = (double)(end - begin);
        w->ties |= end - begin > 1;
        cubes += t * t * t - t;
    }
    w->above = w->below = 0;
    for (int64_t i = 0, k = 0; i < n; i++)
        if (difference[i] > 0)
            w->above += rank[k++];
        else if (difference[i] < 0)
            w->below += rank[k++];
    w->smallest = fmin(1, ldexp(2, -(int)fmin(2000, (double)w->n)));
    if (w->n <= TFU_WILCOXON_EXACT && !w->ties && w->zeros == 0)
        test_exact(w);
    else
        test_normal(w, cubes);
}

enum tfu_status tfu_wilcoxon_test(struct tfu_wilcoxon *out, const double *difference, int64_t n,
                                  struct tfu_error *e)
{
    *out = (struct tfu_wilcoxon){
        .above = NAN,
        .below = NAN,
        .z = NAN,
        .p = NAN,
        .p_greater = NAN,
        .p_less = NAN,
        .smallest = NAN,
    };
    if (n <= 0)
        tfu_why_say(&out->why, "no differences");
    if (n <= 0 || !tfu_why_finite(&out->why, "difference", difference, n))
        return TFU_OK;
    double *magnitude = calloc((size_t)n, sizeof *magnitude);
    double *rank = calloc((size_t)n, sizeof *rank);
    struct tfu_ranked *ranked = calloc((size_t)n, sizeof *ranked);
    enum tfu_status st = TFU_OK;
    if (magnitude && rank && ranked)
        test(out, difference, n, magnitude, rank, ranked);
    else
        st = tfu_error_memory(e, "ranking differences", 0);
    free(magnitude);
    free(rank);
    free(ranked);
    return st;
}
