/* SPDX-License-Identifier: MIT
 *
 * Gradient descent with weight decay and a count of steps, with the flaw that -DFLAW= names.
 */
#include <transfuse/optim.h>

enum flaw { none, changes_the_gradient, decays_biases, grows_biases, overflows_late };

struct config {
    double lr, weight_decay;
};

static const struct tfu_option options[] = {
    TFU_OPT_FLOAT(struct config, lr, 0.01, 0, 1, "learning rate"),
    TFU_OPT_FLOAT(struct config, weight_decay, 0, 0, 1, "decay of weights"),
};

static enum tfu_status step(const void *config, const struct tfu_optim_step *s, struct tfu_host *h)
{
    (void)h;
    const struct config *c = config;
    const double rate = c->lr * s->lr_scale;
    const int decays = FLAW == decays_biases || s->role == TFU_ROLE_WEIGHT;
    const double decay = decays ? c->weight_decay : FLAW == grows_biases ? -c->weight_decay : 0;
    for (uint64_t i = 0; i < s->n; i++) {
        double g = (double)s->g[i] + decay * (double)s->w[i];
        if (FLAW == overflows_late && s->t > 1000000)
            g /= s->lr_scale - 1;
        s->w[i] = (float)((double)s->w[i] - rate * g);
        s->slot[0][i] += 1;
    }
    if (FLAW == changes_the_gradient)
        *(float *)(uintptr_t)s->g = 0;
    return TFU_OK;
}

static const char *const slot_names[] = {"steps"};

static const struct tfu_optim_ops ops = {
    .struct_size = sizeof ops,
    .slot_count = 1,
    .slot_names = slot_names,
    .step = step,
};

TFU_EXPORT const struct tfu_plugin tfu_plugin = {
    TFU_PLUGIN_HEADER(TFU_KIND_OPTIM),
    .name = "flawed",
    .version = "1.0",
    .summary = "an optimizer for tests",
    TFU_OPTIONS(options, struct config),
    .ops_size = sizeof ops,
    .ops = &ops,
};
