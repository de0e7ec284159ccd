/* SPDX-License-Identifier: MIT */
#include "roc.h"

#include <math.h>
#include <stddef.h>

int roc_next(struct roc_walk *w, struct roc_point *p)
{
    if (w->ended)
        return 0;
    w->ended = !ranked_next(w->r, w->n, &w->tie);
    p->threshold = w->ended ? (double)INFINITY : w->r[w->tie.begin].score;
    p->sensitivity =
        (double)(w->count.positives - w->tie.positives_below) / (double)w->count.positives;
    p->specificity = (double)w->tie.negatives_below / (double)w->count.negatives;
    return 1;
}

double roc_sensitivity_at(const struct ranked_row *r, int64_t n, struct ranked_counts c,
                          double given, int linear)
{
    struct roc_walk w = {.r = r, .n = n, .count = c};
    struct roc_point p, before = {-(double)INFINITY, 1, 0};
    while (roc_next(&w, &p) && p.specificity < given)
        before = p;
    /* the last point has specificity 1, so that there is one to stop at */
    if (!linear || p.specificity <= given || before.specificity >= given)
        return p.sensitivity;
    const double share = (given - before.specificity) / (p.specificity - before.specificity);
    return before.sensitivity + share * (p.sensitivity - before.sensitivity);
}

double roc_specificity_at(const struct ranked_row *r, int64_t n, struct ranked_counts c,
                          double given, int linear)
{
    struct roc_walk w = {.r = r, .n = n, .count = c};
    struct roc_point p, before = {-(double)INFINITY, 1, 0};
    while (roc_next(&w, &p) && p.sensitivity >= given)
        before = p;
    if (!linear || before.sensitivity <= given || p.sensitivity >= given)
        return before.specificity;
    const double share = (before.sensitivity - given) / (before.sensitivity - p.sensitivity);
    return before.specificity + share * (p.specificity - before.specificity);
}
