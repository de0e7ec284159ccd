/* SPDX-License-Identifier: MIT
 *
 * The cross entropy of one class among several.
 */
#include <math.h>

#include "core/task/loss.h"

static enum tfu_status check(const struct tfu_loss_row *r, float label, struct tfu_error *e)
{
    char place[64];
    if (label >= 0 && label < (float)r->outputs && label == floorf(label))
        return TFU_OK;
    return tfu_error_set(e, TFU_EINVAL,
                         "label %g of %s of the batch is no class: the network has outputs for 0 "
                         "to %lld; check `task: {classes: ...}`",
                         (double)label, tfu_loss_place(r, place), (long long)r->outputs - 1);
}

static double compute(const struct tfu_loss_row *r, int64_t known, double weight)
{
    const float *z = r->logit;
    double top = (double)z[0], sum = 0;
    for (int64_t k = 1; k < r->outputs; k++)
        top = fmax(top, (double)z[k]);
    for (int64_t k = 0; k < r->outputs; k++)
        sum += exp((double)z[k] - top);
    const int64_t y = known > 0 ? (int64_t)r->label[0] : -1;
    for (int64_t k = 0; k < r->outputs; k++) {
        const double p = exp((double)z[k] - top) / sum;
        r->score[k] = (float)p;
        if (r->grad)
            r->grad[k] = known > 0 ? (float)(weight * (p - (k == y))) : 0;
    }
    return known > 0 ? log(sum) + top - (double)z[y] : NAN;
}

const struct tfu_loss_kind tfu_loss_softmax = {
    .name = "softmax",
    .chooses_one = true,
    .check = check,
    .row = compute,
};
