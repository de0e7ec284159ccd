/* SPDX-License-Identifier: MIT
 *
 * Adam (Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015), with the bias
 * corrections where PyTorch has them: eps is added to sqrt(v / (1 - beta2^t)). With
 * `decay: decoupled` it is AdamW.
 */
#include <math.h>

#include "decay.h"

struct config {
    double lr, beta1, beta2, eps, weight_decay;
    int32_t decay; /* enum decay */
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, lr, 1e-3, 0, 1e6, "learning rate, before `train.schedule`"),
    TFU_OPT_FLOAT(struct config, beta1, 0.9, 0, 0.99999999,
                  "share that the running mean of the gradient keeps in a step"),
    TFU_OPT_FLOAT(struct config, beta2, 0.999, 0, 0.99999999,
                  "share that the running mean of its square keeps in a step"),
    TFU_OPT_FLOAT(struct config, eps, 1e-8, 0, 1,
                  "added to the root of that mean square, which the step is divided by"),
    OPT_WEIGHT_DECAY(struct config),
    OPT_DECAY(struct config, "decoupled"),
};

static enum tfu_status step(const void *config, const struct tfu_optim_step *s, struct tfu_host *h)
{
    (void)h;
    const struct config *c = config;
    const double rate = c->lr * s->lr_scale;
    const struct decay_terms decay = decay_terms(c->decay, c->weight_decay, rate, s);
    const double t = (double)s->t;
    const float size = (float)(rate / (1 - pow(c->beta1, t)));
    const float root = (float)sqrt(1 - pow(c->beta2, t));
    const float beta1 = (float)c->beta1, rest1 = (float)(1 - c->beta1);
    const float beta2 = (float)c->beta2, rest2 = (float)(1 - c->beta2);
    const float eps = (float)c->eps;
    float *restrict w = s->w, *restrict mean = s->slot[0], *restrict square = s->slot[1];
    const float *restrict gradient = s->g;
#pragma omp simd
    for (uint64_t i = 0; i < s->n; i++) {
        const float g = gradient[i] + decay.gradient_share * w[i];
        mean[i] = beta1 * mean[i] + rest1 * g;
        square[i] = beta2 * square[i] + rest2 * g * g;
        w[i] = decay.weight_factor * w[i] - size * mean[i] / (sqrtf(square[i]) / root + eps);
    }
    return TFU_OK;
}

static const char *const slot_names[] = {"m", "v"};

static const struct tfu_optim_ops ops = {
    .struct_size = sizeof ops,
    .slot_count = TFU_COUNT(slot_names),
    .slot_names = slot_names,
    .step = step,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_OPTIM),
    .name = "adam",
    .version = "1.0",
    .summary = "Adam; AdamW when its weight decay is decoupled",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
