/* SPDX-License-Identifier: MIT
 *
 * The cross entropy of each of several labels.
 */
#include <math.h>

#include "core/task/loss.h"

static enum tfu_status check(const struct tfu_loss_row *r, float label, struct tfu_error *e)
{
    char place[64];
    if (label >= 0 && label <= 1)
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "label %g of %s of the batch is not within 0 to 1, which the sigmoid "
                         "loss needs; use nan for unknown labels",
                         (double)label, tfu_loss_place(r, place));
}

static double compute(const struct tfu_loss_row *r, int64_t known, double weight)
{
    double sum = 0;
    for (int64_t k = 0; k < r->outputs; k++) {
        const double z = (double)r->logit[k], y = (double)r->label[k];
        const double small = exp(-fabs(z)); /* never overflows */
        const double p = (z >= 0 ? 1 : small) / (1 + small);
        r->score[k] = (float)p;
        if (r->grad)
            r->grad[k] = isnan(y) ? 0 : (float)(weight * (p - y) / (double)known);
        if (!isnan(y))
            sum += fmax(z, 0) - z * y + log1p(small);
    }
    return known > 0 ? sum / (double)known : NAN;
}

const struct tfu_loss_kind tfu_loss_sigmoid = {.name = "sigmoid", .check = check, .row = compute};
