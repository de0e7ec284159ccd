/* SPDX-License-Identifier: MIT
 *
 * auc.h - the area under the ROC curve, its variance by DeLong, and DeLong's test of two.
 *
 * The area is the share of pairs of a positive and a negative in which the positive has the higher
 * score, ties counting a half: a high score always speaks for the positive, whatever the data.
 * DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated receiver
 * operating characteristic curves", Biometrics 44 (1988), in O(n log n) as in Sun and Xu, IEEE
 * Signal Processing Letters 21 (2014). Examples are taken to be independent: with several images of
 * a patient the variance is too small, and resample.h is the way. Infinite scores rank like others.
 */
#ifndef TFU_CORE_STATS_AUC_H
#define TFU_CORE_STATS_AUC_H

#include "core/base/error.h"
#include "core/stats/why.h"

/* Examples whose label is known. */
struct tfu_auc_examples {
    const double *score;
    const uint8_t *positive; /* 0: negative */
    int64_t n;
};

struct tfu_auc {
    int64_t positives, negatives;
    double value;           /* needs one of each */
    double variance, error; /* DeLong's, and its root: need two of each */
    double level, low,
        high; /* value -+ quantile x error, clipped to 0..1, as the metric `auc` has it */
    struct tfu_why why;
};

enum tfu_status tfu_auc_measure(struct tfu_auc *out, struct tfu_auc_examples s, double level,
                                struct tfu_error *e);

struct tfu_auc_test {
    struct tfu_auc a, b;
    bool paired;
    double difference;       /* a - b; where both areas exist */
    double covariance;       /* of the two areas; 0 unpaired */
    double error;            /* of the difference */
    double level, low, high; /* of the difference: not clipped */
    double z;       /* difference / error; in the unpaired test it is referred to Student's t */
    double degrees; /* unpaired: Welch and Satterthwaite's; paired: infinite (a normal) */
    double p;       /* two-sided: of no difference */
    double p_greater, p_less; /* one-sided: small when a > b; when a < b */
    struct tfu_why why;
};

/* Two scores of the same examples: score_b[i] is of the example that a.score[i] is of. Differences
 * without a variance: of 0 (the same curve, or two perfect ones) z is 0 and p 1; of another size
 * there is no test. */
enum tfu_status tfu_auc_compare(struct tfu_auc_test *out, struct tfu_auc_examples a,
                                const double *score_b, double level, struct tfu_error *e);
/* Means of the areas of `runs` runs on either side, all of the same examples: one test of what
 * examples change, the runs being given. DeLong's variance of that sum of 2 x `runs` areas. `a` and
 * `b` of `out` have the values alone. */
enum tfu_status tfu_auc_compare_means(struct tfu_auc_test *out, const uint8_t *positive, int64_t n,
                                      const double *const *a, const double *const *b, int64_t runs,
                                      double level, struct tfu_error *e);
/* Scores of two independent sets of examples, with degrees of freedom as pROC has them. */
enum tfu_status tfu_auc_compare_unpaired(struct tfu_auc_test *out, struct tfu_auc_examples a,
                                         struct tfu_auc_examples b, double level,
                                         struct tfu_error *e);

#endif
