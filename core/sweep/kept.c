/* SPDX-License-Identifier: MIT */
#include "core/sweep/kept.h"

#include "core/train/monitor.h"

struct tfu_kept tfu_kept_of(const struct tfu_experiment *x)
{
    const struct tfu_train_config *t = &x->train;
    enum tfu_split monitor;
    const bool named = t->early_stopping.metric && t->early_stopping.metric[0];
    return (struct tfu_kept){.best =
                                 tfu_monitor_split(x, &monitor) && (named || x->metric_count > 0),
                             .steps = t->steps,
                             .written = t->checkpoint.every_steps,
                             .evaluated = t->evaluate.every_steps,
                             .by_epochs = t->evaluate.every_epochs > 0,
                             .keep = t->checkpoint.keep};
}

static bool is_written(const struct tfu_kept *k, int64_t step)
{
    return step == k->steps || (k->written && step % k->written == 0) ||
           (k->evaluated && step % k->evaluated == 0);
}

/* The next step behind `step` with a checkpoint; the last has one. */
static int64_t next_written(const struct tfu_kept *k, int64_t step)
{
    const int64_t every[] = {k->written, k->evaluated};
    int64_t next = k->steps;
    for (size_t i = 0; i < TFU_COUNT(every); i++)
        if (every[i] > 0 && (step / every[i] + 1) * every[i] < next)
            next = (step / every[i] + 1) * every[i];
    return next;
}

void tfu_kept_check(struct tfu_load *l, const struct tfu_reference *r, const struct tfu_kept *k,
                    const char *name, struct tfu_mark m)
{
    int64_t newer = 0;
    if (r->kind == TFU_REFER_BEST && !k->best)
        tfu_diagnostics_add(l->diagnostics, m,
                            "${%s.best}: it chooses no best state, for it has no data to choose "
                            "by (data.valid) or no metrics; take ${%s.final}",
                            name, name);
    if (r->kind != TFU_REFER_STEP || k->steps == 0 || k->by_epochs)
        return;
    for (int64_t step = r->step; step < k->steps && newer < k->keep; newer++)
        step = next_written(k, step);
    if (r->step > k->steps)
        tfu_diagnostics_add(l->diagnostics, m, "${%s@%lld}: it has %lld steps", name,
                            (long long)r->step, (long long)k->steps);
    else if (!is_written(k, r->step))
        tfu_diagnostics_add(l->diagnostics, m,
                            "${%s@%lld}: no checkpoint is written at this step; say "
                            "train.checkpoint.every_steps, which is %lld",
                            name, (long long)r->step, (long long)k->written);
    else if (newer >= k->keep)
        tfu_diagnostics_add(l->diagnostics, m,
                            "${%s@%lld}: of its checkpoints the newest %lld are kept, and this is "
                            "none of them; raise train.checkpoint.keep",
                            name, (long long)r->step, (long long)k->keep);
}
