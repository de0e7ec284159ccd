/* SPDX-License-Identifier: MIT
 *
 * whitening.h - making and using the map of struct whitening (cca.h).
 */
#ifndef TFU_PLUGINS_METRIC_WHITENING_H
#define TFU_PLUGINS_METRIC_WHITENING_H

#include "cca.h"

/* From the scatter (columns x columns) and mean of `rows` rows. To be freed in any case. */
enum tfu_status whitening_make(struct whitening *w, const double *scatter, const double *mean,
                               int64_t rows, int64_t columns, const struct whitening_request *r,
                               struct tfu_metric_host *h);
void whitening_free(struct whitening *w);
/* w' x of x (columns x m): rank x m numbers, to be freed; NULL: out of memory. */
double *whitening_apply(const struct whitening *w, const double *x, int64_t m);

#endif
