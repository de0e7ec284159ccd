/* SPDX-License-Identifier: MIT
 *
 * Stochastic gradient descent with momentum, as PyTorch defines it:
 *
 *     b = momentum * b + g        (b is 0 before the first step)
 *     w = w - lr * b              or, with Nesterov's momentum, w - lr * (g + momentum * b)
 *
 * Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep
 * learning", ICML 2013. The learning rate is outside the buffer, so that a schedule acts at once.
 */
#include "decay.h"

struct config {
    double lr, momentum, weight_decay;
    int32_t nesterov;
    int32_t decay; /* enum decay */
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, lr, 0.01, 0, 1e6, "learning rate, before `train.schedule`"),
    TFU_OPT_FLOAT(struct config, momentum, 0, 0, 1,
                  "share of the last update that is added to the next; 0: plain gradient descent"),
    TFU_OPT_BOOL(
        struct config, nesterov, 0,
        "true: Nesterov's momentum, which looks ahead along the update; with `momentum` above 0"),
    OPT_WEIGHT_DECAY(struct config),
    OPT_DECAY(struct config, "coupled"),
};

static enum tfu_status step(const void *config, const struct tfu_optim_step *s, struct tfu_host *h)
{
    const struct config *c = config;
    if (c->nesterov && !(c->momentum > 0))
        return h->fail(h, TFU_EINVAL,
                       "nesterov needs a momentum, and momentum is 0; set `momentum` or drop "
                       "`nesterov`");
    const double rate = c->lr * s->lr_scale;
    const struct decay_terms decay = decay_terms(c->decay, c->weight_decay, rate, s);
    const float lr = (float)rate, momentum = (float)c->momentum;
    const float of_gradient = c->nesterov ? 1 : 0;
    const float of_buffer = c->nesterov ? momentum : 1;
    float *restrict w = s->w, *restrict buffer = s->slot[0];
    const float *restrict gradient = s->g;
#pragma omp simd
    for (uint64_t i = 0; i < s->n; i++) {
        const float g = gradient[i] + decay.gradient_share * w[i];
        buffer[i] = momentum * buffer[i] + g;
        w[i] = decay.weight_factor * w[i] - lr * (of_gradient * g + of_buffer * buffer[i]);
    }
    return TFU_OK;
}

static const char *const slot_names[] = {"momentum"};

static const struct tfu_optim_ops ops = {
    .struct_size = sizeof ops,
    .slot_count = TFU_COUNT(slot_names),
    .slot_names = slot_names,
    .step = step,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_OPTIM),
    .name = "sgd",
    .version = "1.0",
    .summary = "stochastic gradient descent, with momentum or Nesterov's",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
