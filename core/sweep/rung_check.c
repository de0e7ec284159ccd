/* SPDX-License-Identifier: MIT */
#include "core/sweep/rung_check.h"

#include <stdio.h>

#include "core/sweep/prints.h"

/* Batches of an epoch; 0: it cannot be told. */
static int64_t batches_of(struct tfu_sweep_priv *p, struct tfu_config *c)
{
    const struct tfu_train_config *t = &tfu_config_experiment(c)->train;
    const struct tfu_data_print *data;
    struct tfu_error unopened = TFU_ERROR_INIT;
    if (tfu_work_open_data(p, c, &data, &unopened) != TFU_OK || t->batch <= 0)
        return 0;
    const int64_t count = data->train.count, whole = count / t->batch;
    return t->drop_last || count % t->batch == 0 ? whole : whole + 1;
}

/* The step of the first evaluation, or of another one up to `enough`; 0: it cannot be told. */
static int64_t first_evaluation(struct tfu_sweep_priv *p, struct tfu_config *c, int64_t enough)
{
    const struct tfu_train_config *t = &tfu_config_experiment(c)->train;
    int64_t first = t->steps, by_epochs; /* the end is evaluated always */
    if (t->evaluate.every_steps > 0 && t->evaluate.every_steps < first)
        first = t->evaluate.every_steps;
    if (first <= enough || t->evaluate.every_epochs == 0) /* data are opened for a reason only */
        return first;
    const int64_t batches = batches_of(p, c);
    if (batches <= 0)
        return 0;
    if (!__builtin_mul_overflow(batches, t->evaluate.every_epochs, &by_epochs) && by_epochs < first)
        first = by_epochs;
    return first;
}

void tfu_rung_check(struct tfu_sweep_priv *p, struct tfu_config *c, struct tfu_diagnostics *d)
{
    const struct tfu_spec_halving *h = &p->spec.halving;
    const int64_t steps = tfu_config_experiment(c)->train.steps;
    const int64_t first = steps > 0 ? first_evaluation(p, c, h->first) : 0; /* told elsewhere */
    char later[64] = "";
    if (first <= h->first)
        return;
    if (first < steps) /* a rung at the end would stop nothing */
        snprintf(later, sizeof later, "say `first: %lld`, or ", (long long)first);
    tfu_diagnostics_add(d, h->first_mark,
                        "early_stop.halving.first: step %lld is the first to choose at, and there "
                        "is no %s/%s before step %lld, the first that is evaluated; %shave it "
                        "evaluated by then: `train.evaluate: {every_steps: %lld}`",
                        (long long)h->first, h->by.split, h->by.name, (long long)first, later,
                        (long long)h->first);
}
