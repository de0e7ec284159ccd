/* SPDX-License-Identifier: MIT
 *
 * Update rules as torch.optim has them, with the weight decay on every parameter that it has by
 * default: the rule that -DRULE= names.
 */
#include <math.h>

#include <transfuse/optim.h>

enum rule { sgd, rmsprop, adagrad, adam, adamw };

struct config {
    double lr, weight_decay;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, lr, 0.01, 0, 10, "learning rate"),
    TFU_OPT_FLOAT(struct config, weight_decay, 0.01, 0, 1, "decay of every parameter"),
};

static enum tfu_status step(const void *config, const struct tfu_optim_step *s, struct tfu_host *h)
{
    (void)h;
    const struct config *c = config;
    const double lr = c->lr * s->lr_scale, t = (double)s->t;
    for (uint64_t i = 0; i < s->n; i++) {
        double w = (double)s->w[i], g = (double)s->g[i];
        double m = (double)s->slot[0][i], v = (double)s->slot[1][i];
        if (RULE == adamw)
            w *= 1 - lr * c->weight_decay;
        else
            g += c->weight_decay * w;
        switch (RULE) {
        case sgd: /* momentum 0.9 */
            m = s->t == 1 ? g : 0.9 * m + g;
            w -= lr * m;
            break;
        case rmsprop: /* alpha 0.99 */
            v = 0.99 * v + 0.01 * g * g;
            w -= lr * g / (sqrt(v) + 1e-8);
            break;
        case adagrad:
            v += g * g;
            w -= lr * g / (sqrt(v) + 1e-10);
            break;
        default: /* betas 0.9 and 0.999 */
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            w -= lr / (1 - pow(0.9, t)) * m / (sqrt(v / (1 - pow(0.999, t))) + 1e-8);
        }
        s->w[i] = (float)w;
        s->slot[0][i] = (float)m;
        s->slot[1][i] = (float)v;
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
    .name = "torch",
    .version = "1.0",
    .summary = "an optimizer for tests",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
