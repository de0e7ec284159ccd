/* SPDX-License-Identifier: MIT
 *
 * agreement.h - two networks on the same examples: do they say the same, and do they err on the
 * same ones, more than their accuracies alone would have them do?
 */
#ifndef TFU_CORE_STUDY_AGREEMENT_H
#define TFU_CORE_STUDY_AGREEMENT_H

#include "core/base/statistics.h"
#include "core/study/subject.h"

struct tfu_images;

/* What was counted over examples with a known label, right and wrong among `classes`. */
struct tfu_agreement_counts {
    int64_t classes;
    int64_t *said; /* classes x classes: examples of which a said the row and b the column */
    int64_t both_right, only_a, only_b, both_wrong; /* only_a: a is right and b is wrong */
};

struct tfu_agreement {
    int64_t examples;
    /* Shares of the examples; not defined where there are none. */
    struct tfu_estimate both_right, only_a, only_b, both_wrong;
    struct tfu_estimate accuracy_a, accuracy_b;
    struct tfu_estimate same; /* both say the same */
    /* Cohen's kappa of what they say; not defined where each says one and the same thing always. */
    struct tfu_estimate kappa;
    /* Both right or both wrong, and both wrong, of networks that are right as often as these but
     * independently of each other. */
    struct tfu_estimate chance, both_wrong_chance;
    /* Error consistency (Geirhos 2020): (observed - chance) / (1 - chance) of both right or both
     * wrong; not defined where both are always right or both always wrong, or one always right and
     * the other always wrong gives chance nothing to exceed. */
    struct tfu_estimate consistency;
};
void tfu_agreement_measure(const struct tfu_agreement_counts *counts, struct tfu_agreement *out);

/* Of each label of a multi-label task, else one. */
struct tfu_agreements {
    size_t count;
    struct tfu_agreement *item;
    const char *split;
    int64_t examples; /* of the split, with and without labels */
};

struct tfu_agreement_request {
    const struct tfu_subject *a, *b;
    const char *split;
    struct tfu_images *images; /* whose data are shown; NULL: they are opened for this alone */
    void *arg;
    void (*progress)(void *arg, enum tfu_split split, int64_t done, int64_t total);
};

/* Each network is run on the split of its own configuration: both must hold the same examples with
 * the same labels. A class is said by the largest output (the first of equal ones), a label of
 * several by a probability of a half or more. */
enum tfu_status tfu_agree(struct tfu_agreements *out, const struct tfu_agreement_request *request,
                          struct tfu_error *e);
void tfu_agreements_free(struct tfu_agreements *r);

#endif
