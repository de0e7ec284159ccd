/* SPDX-License-Identifier: MIT
 *
 * @NAME@.c - RMSprop (Tieleman and Hinton, "Lecture 6.5", Coursera, 2012), with eps added to the
 * root as in PyTorch: each weight moves by the gradient over the root of its mean square.
 */
#include <math.h>

#include <transfuse/optim.h>

struct config {
    double lr, alpha, eps, weight_decay;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, lr, 1e-3, 0, 1e6, "learning rate"),
    TFU_OPT_FLOAT(struct config, alpha, 0.99, 0, 0.99999999, "memory of the gradient's square"),
    TFU_OPT_FLOAT(struct config, eps, 1e-8, 0, 1, "added to the root of the mean square"),
    TFU_OPT_FLOAT(struct config, weight_decay, 0, 0, 1e3,
                  "share of each weight that is added to its gradient"),
};

static enum tfu_status step(const void *config, const struct tfu_optim_step *s, struct tfu_host *h)
{
    (void)h;
    const struct config *c = config;
    const float rate = (float)(c->lr * s->lr_scale);
    const float alpha = (float)c->alpha, rest = (float)(1 - c->alpha), eps = (float)c->eps;
    const float decay = s->role == TFU_ROLE_WEIGHT ? (float)c->weight_decay : 0;
    float *square = s->slot[0];
    for (uint64_t i = 0; i < s->n; i++) {
        const float g = s->g[i] + decay * s->w[i];
        square[i] = alpha * square[i] + rest * g * g;
        s->w[i] -= rate * g / (sqrtf(square[i]) + eps);
    }
    return TFU_OK;
}

static const char *const slot_names[] = {"square"};

static const struct tfu_optim_ops ops = {
    .struct_size = sizeof ops,
    .slot_count = TFU_COUNT(slot_names),
    .slot_names = slot_names,
    .step = step,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_OPTIM),
    .name = "@NAME@",
    .version = "0.1",
    .summary = "RMSprop",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
