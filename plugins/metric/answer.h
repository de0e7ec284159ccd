/* SPDX-License-Identifier: MIT
 *
 * answer.h - what a network says of a row: by logits, which differ where probabilities are rounded
 * to the same.
 */
#ifndef TFU_PLUGINS_METRIC_ANSWER_H
#define TFU_PLUGINS_METRIC_ANSWER_H

#include <stdint.h>

/* The class of the highest logit, the first of equal ones. */
static inline int64_t answer_class(const float *logit, int64_t n)
{
    int64_t best = 0;
    for (int64_t k = 1; k < n; k++)
        if (logit[k] > logit[best])
            best = k;
    return best;
}

/* A label is said to be there from a probability of one half on. */
static inline int64_t answer_label(float logit)
{
    return logit >= 0;
}

#endif
