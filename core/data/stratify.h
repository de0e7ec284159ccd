/* SPDX-License-Identifier: MIT
 *
 * stratify.h - units (groups of examples) go into parts so that each part has its share of the
 * examples and of every label: iterative stratification (Sechidis, Tsoumakas, Vlahavas: "On the
 * Stratification of Multi-Label Data", ECML PKDD 2011), with units in the place of examples and all
 * of a unit's labels looked at.
 */
#ifndef TFU_CORE_DATA_STRATIFY_H
#define TFU_CORE_DATA_STRATIFY_H

#include "core/base/error.h"

enum { TFU_STRATIFY_PARTS = 8 };
#define TFU_STRATIFY_WHOLE INT64_C(1000000)

struct tfu_stratify_request {
    int64_t units;   /* fewer than 2^31, and so are their examples */
    int64_t *weight; /* examples of each */
    /* What labels it has, and in how many examples: of unit u those from first[u] to first[u+1]. */
    int64_t *first;
    int32_t *label, *count;
    int64_t labels;
    uint64_t *key; /* of each unit: decides among those that are equal */
    uint32_t parts;
    int64_t share[TFU_STRATIFY_PARTS]; /* of TFU_STRATIFY_WHOLE, which is their sum */
};

/* The labels are gone through, that of the fewest units that are left first. Of each, the units
 * with the most examples of it come first, equal ones by their keys. With n(l,p) what is in part p
 * of label l, and n(l) what is in any part, of N(l) that there are, a unit goes into the part that
 * makes the sum over parts and labels of (n(l,p) - share(p) n(l))^2 / N(l) the least, to which the
 * same of the examples themselves is added as often as there are labels; where there are no more
 * units left than parts without the label, into one of those. Units without labels follow, the
 * largest first. Of equal parts the first takes it.
 *
 * `part` gets the part of each unit. Whole numbers alone are compared, so it is the same
 * everywhere; it does not depend on the order of the units where no two keys are equal. */
enum tfu_status tfu_stratify(uint8_t *part, const struct tfu_stratify_request *r,
                             struct tfu_error *e);

#endif
