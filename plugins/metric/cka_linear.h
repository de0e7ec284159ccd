/* SPDX-License-Identifier: MIT
 *
 * cka_linear.h - the sums of linear centred kernel alignment from products of channels, which takes
 * no more memory for more rows.
 */
#ifndef TFU_PLUGINS_METRIC_CKA_LINEAR_H
#define TFU_PLUGINS_METRIC_CKA_LINEAR_H

#include "cka_gram.h"
#include "covariance.h"

struct cka_linear {
    int unbiased;
    /* Unbiased sums need the squared length of each row as well, which is a channel more in each
     * side: from `origin`, the first row, as from 0 an offset of the channels would drown it. */
    struct covariance covariance;
    double *origin; /* of a, then of b */
};

void cka_linear_free(struct cka_linear *c);
enum tfu_status cka_linear_update(struct cka_linear *c, const struct tfu_batch *b,
                                  struct tfu_metric_host *h);
/* Constant channels count as 0. Unbiased: of at least 4 rows. */
enum tfu_status cka_linear_sums(const struct cka_linear *c, struct cka_sums *out,
                                struct tfu_metric_host *h);

#endif
