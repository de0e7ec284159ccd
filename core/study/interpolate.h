/* SPDX-License-Identifier: MIT
 *
 * interpolate.h - the straight line between two networks of one architecture: what the networks on
 * it are worth, and the barrier between its ends (Frankle 2020; Neyshabur 2020).
 */
#ifndef TFU_CORE_STUDY_INTERPOLATE_H
#define TFU_CORE_STUDY_INTERPOLATE_H

#include "core/base/statistics.h"
#include "core/study/assess.h"

struct tfu_interpolation {
    size_t points, measures;
    double *t;                   /* points: 0 is a, 1 is b */
    struct tfu_measure *measure; /* points x measures, the loss first */
    /* The largest excess of the loss over the straight line between the losses of the ends; not
     * defined where a loss is not. The ends have no excess, so it is never negative. */
    struct tfu_estimate barrier;
    double barrier_at; /* t */
};

/* Scores `points` >= 2 networks (1 - t) a + t b at equal distances, running statistics mixed like
 * the weights. Data and metrics are those of `assessor`, which is made for `a`. */
enum tfu_status tfu_interpolate(struct tfu_interpolation *out, struct tfu_assessor *assessor,
                                const struct tfu_subject *a, const struct tfu_subject *b,
                                size_t points, struct tfu_error *e);
void tfu_interpolation_free(struct tfu_interpolation *r);

#endif
