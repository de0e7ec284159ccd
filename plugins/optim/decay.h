/* SPDX-License-Identifier: MIT
 *
 * decay.h - weight decay, the same for every optimizer: only weights decay, never scales, shifts
 * and biases. Coupled: an L2 penalty, added to the gradient. Decoupled: weights shrink by
 * lr * decay on their own (Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR
 * 2019).
 */
#ifndef TFU_PLUGINS_OPTIM_DECAY_H
#define TFU_PLUGINS_OPTIM_DECAY_H

#include <transfuse/optim.h>

enum decay { DECAY_COUPLED, DECAY_DECOUPLED };
static const char *const decay_names[] = {"coupled", "decoupled", NULL};

#define OPT_DECAY(cfg, def)                                                                        \
    TFU_OPT_ENUM(cfg, decay, def, decay_names,                                                     \
                 "coupled: weight_decay * weight is added to the gradient; decoupled: weights "    \
                 "shrink by lr * weight_decay")
#define OPT_WEIGHT_DECAY(cfg)                                                                      \
    TFU_OPT_FLOAT(                                                                                 \
        cfg, weight_decay, 0, 0, 1e3,                                                              \
        "decay of weights, as `decay` applies it; 0: none; scales, shifts and biases never decay")

/* What one update does to a parameter: gradient + gradient_share * w, weights * weight_factor. */
struct decay_terms {
    float gradient_share, weight_factor;
};

static inline struct decay_terms decay_terms(int32_t kind, double weight_decay, double lr,
                                             const struct tfu_optim_step *s)
{
    struct decay_terms t = {0, 1};
    if (s->role != TFU_ROLE_WEIGHT)
        return t;
    if (kind == DECAY_COUPLED)
        t.gradient_share = (float)weight_decay;
    else
        t.weight_factor = (float)(1 - lr * weight_decay);
    return t;
}

#endif
