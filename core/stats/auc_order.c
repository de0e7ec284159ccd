/* SPDX-License-Identifier: MIT */
#include "core/stats/auc_order.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/ranks.h"

struct place {
    int64_t example;
    bool positive, last; /* of the examples with its score */
};

struct tfu_auc_order {
    int64_t n;
    struct place place[];
};

enum tfu_status tfu_auc_order_new(struct tfu_auc_order **out, struct tfu_auc_examples s,
                                  struct tfu_error *e)
{
    const size_t n = (size_t)s.n;
    *out = NULL;
    for (int64_t i = 0; i < s.n; i++)
        if (isnan(s.score[i]))
            return tfu_error_set(e, TFU_EINVAL, "score %" PRId64 " of %" PRId64 " is not a number",
                                 i + 1, s.n);
    struct tfu_ranked *ranked = calloc(n + 1, sizeof *ranked);
    struct tfu_auc_order *o = calloc(1, sizeof *o + n * sizeof *o->place);
    if (!ranked || !o) {
        free(ranked);
        free(o);
        return tfu_error_memory(e, "ranking scores", n * sizeof *ranked);
    }
    o->n = s.n;
    tfu_ranked_take(s.score, n, ranked);
    for (size_t i = 0; i < n; i++)
        o->place[i] = (struct place){.example = (int64_t)ranked[i].index,
                                     .positive = s.positive[ranked[i].index] != 0,
                                     .last = i + 1 == n || ranked[i + 1].value > ranked[i].value};
    free(ranked);
    *out = o;
    return TFU_OK;
}

void tfu_auc_order_free(struct tfu_auc_order *o)
{
    free(o);
}

double tfu_auc_order_area(void *order, const uint32_t *times, int64_t n)
{
    const struct tfu_auc_order *o = order;
    /* twice the pairs won, a tie one: as in auc.c */
    uint64_t pairs = 0, positives = 0, negatives = 0, negatives_below = 0, tied = 0;
    assert(n == o->n);
    for (int64_t i = 0; i < o->n; i++) {
        const struct place *p = &o->place[i];
        const uint64_t count = times[p->example];
        tied += p->positive ? count : 0;
        negatives += p->positive ? 0 : count;
        if (p->last) {
            pairs += tied * (negatives_below + negatives);
            positives += tied;
            negatives_below = negatives;
            tied = 0;
        }
    }
    if (positives == 0 || negatives == 0)
        return NAN;
    return (double)pairs / (2.0 * (double)positives * (double)negatives);
}
