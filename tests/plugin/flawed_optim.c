/* SPDX-License-Identifier: MIT
 *
 * Gradient descent with weight decay and a count of steps, with the flaw that -DFLAW= names.
 */
#include <transfuse/optim.h>

enum flaw {
    none,
    knows_its_piece,
    writes_beyond,
    goes_uphill,
    ignores_the_schedule,
    decays_biases,
    moves_at_rest,
    changes_the_gradient,
    overflows_late
};

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
    const double rate = c->lr * (FLAW == ignores_the_schedule ? 1 : s->lr_scale);
    const int decays = FLAW == decays_biases || s->role == TFU_ROLE_WEIGHT;
    const double decay = decays ? c->weight_decay : 0;
    const uint64_t n = s->n + (FLAW == writes_beyond ? 1 : 0);
    for (uint64_t i = 0; i < n; i++) {
        double g = (i < s->n ? (double)s->g[i] : 0) + decay * (double)s->w[i];
        if (FLAW == knows_its_piece && i == 0)
            g *= 2;
        if (FLAW == goes_uphill)
            g = -g;
        if (FLAW == moves_at_rest)
            g += 0.01;
        if (FLAW == overflows_late && s->t > 1000)
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
