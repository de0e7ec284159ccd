/* SPDX-License-Identifier: MIT
 *
 * cka_linear.h - the sums of linear centred kernel alignment from products of channels, which takes
 * no more memory for more rows.
 */
#ifndef METRIC_CKA_LINEAR_H
#define METRIC_CKA_LINEAR_H

#include "cka_gram.h"
#include "covariance.h"

/* Takes a batch in. Unbiased sums need the squared length of each row as well: a channel more. */
enum tfu_status cka_linear_update(struct covariance *c, const struct tfu_batch *b, int unbiased,
                                  struct tfu_metric_host *h);
/* Constant channels count as 0. Unbiased: of at least 4 rows. */
enum tfu_status cka_linear_sums(const struct covariance *c, int unbiased, struct cka_sums *out,
                                struct tfu_metric_host *h);

#endif
