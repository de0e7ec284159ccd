/* SPDX-License-Identifier: MIT
 *
 * An update rule: RMSProp (Tieleman and Hinton, Coursera lecture 6.5, 2012), as PyTorch defines it:
 *
 *     v = smoothing * v + (1 - smoothing) * g^2        (v is 0 before the first step)
 *     w = w - lr * g / (sqrt(v) + eps)
 */
#include <math.h>

#include <transfuse/optim.h>

struct config {
    double lr, smoothing, eps, weight_decay;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, lr, 0.001, 0, 1e6, "learning rate"),
    TFU_OPT_FLOAT(struct config, smoothing, 0.99, 0, 0.9999999,
                  "share of the old mean square kept"),
    TFU_OPT_FLOAT(struct config, eps, 1e-8, 1e-30, 1, "added to the root, against division by 0"),
    TFU_OPT_FLOAT(
        struct config, weight_decay, 0, 0, 1e3,
        "share of a weight added to its gradient; scales, shifts and biases do not decay"),
};

static enum tfu_status step(const void *config, const struct tfu_optim_step *s, struct tfu_host *h)
{
    (void)h;
    const struct config *c = config;
    const float lr = (float)(c->lr * s->lr_scale), eps = (float)c->eps;
    const float kept = (float)c->smoothing, added = (float)(1 - c->smoothing);
    const float decay = s->role == TFU_ROLE_WEIGHT ? (float)c->weight_decay : 0;
    float *v = s->slot[0];
    for (uint64_t i = 0; i < s->n; i++) {
        const float g = s->g[i] + decay * s->w[i];
        v[i] = kept * v[i] + added * g * g;
        s->w[i] -= lr * g / (sqrtf(v[i]) + eps);
    }
    return TFU_OK;
}

static const char *const slot_names[] = {"mean_square"};

static const struct tfu_optim_ops ops = {
    .struct_size = sizeof ops,
    .slot_count = TFU_COUNT(slot_names),
    .slot_names = slot_names,
    .step = step,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_OPTIM),
    .name = "frozen_optim",
    .version = "0.1",
    .summary = "RMSProp: steps scaled by the mean square of the gradient",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
