/* SPDX-License-Identifier: MIT
 *
 * cka_gram.h - centred kernel alignment from the kernel of each row with each other one: the three
 * sums that it is made of.
 */
#ifndef TFU_PLUGINS_METRIC_CKA_GRAM_H
#define TFU_PLUGINS_METRIC_CKA_GRAM_H

#include "rows.h"

/* Kernel of two rows: their product, or exp(-d^2 / (2 (fraction m)^2)), d their distance and m^2
 * the median of all d^2, those of rows with themselves among them. */
enum cka_kernel { CKA_LINEAR, CKA_RBF };

/* Sums over all elements of products of centred kernels: of a with b, of a and of b with itself. */
struct cka_sums {
    double ab, aa, bb;
};

/* Adds those of `rows` rows from `a` and `b`, `columns` each, to `to`. Unbiased: centred as in
 * Szekely and Rizzo 2014, with no diagonal; of at least 4 rows. */
enum tfu_status cka_gram_add(struct cka_sums *to, const double *const side[2],
                             const int64_t columns[2], int64_t rows, enum cka_kernel kernel,
                             double fraction, int unbiased, struct tfu_metric_host *h);

#endif
