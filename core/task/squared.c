/* SPDX-License-Identifier: MIT
 *
 * The squared error of numbers to be met.
 */
#include <math.h>

#include "core/task/loss.h"

static enum tfu_status check(const struct tfu_loss_row *r, float label, struct tfu_error *e)
{
    char place[64];
    if (isfinite(label))
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL, "target %g of %s of the batch is not finite", (double)label,
                         tfu_loss_place(r, place));
}

static double compute(const struct tfu_loss_row *r, int64_t known, double weight)
{
    double sum = 0;
    for (int64_t k = 0; k < r->outputs; k++) {
        const double d = (double)r->logit[k] - (double)r->label[k];
        r->score[k] = r->logit[k];
        if (r->grad)
            r->grad[k] = isnan(d) ? 0 : (float)(weight * 2 * d / (double)known);
        if (!isnan(d))
            sum += d * d;
    }
    return known > 0 ? sum / (double)known : NAN;
}

const struct tfu_loss_kind tfu_loss_squared = {.name = "squared", .check = check, .row = compute};
