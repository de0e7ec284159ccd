/* SPDX-License-Identifier: MIT
 *
 * kept.h - the states that others of a sweep begin with: will there be a checkpoint of them? Better
 * said before the first training than after it.
 */
#ifndef TFU_CORE_SWEEP_KEPT_H
#define TFU_CORE_SWEEP_KEPT_H

#include "core/config/experiment.h"
#include "core/sweep/refer.h"

/* Which of its checkpoints a run will have when it is done. */
struct tfu_kept {
    bool best;                  /* a best one is chosen */
    int64_t steps;              /* of the training; 0: it says epochs */
    int64_t written, evaluated; /* a checkpoint is written every so many steps; 0: not by steps */
    bool by_epochs;             /* it is evaluated by epochs, too */
    int64_t keep;               /* newest ones that stay */
};

struct tfu_kept tfu_kept_of(const struct tfu_experiment *x);
/* A finding at `m` where the state that `r` refers to, of the run `name`, will not be there. As far
 * as the configuration alone tells: what ends at some epoch, or is evaluated then, may have any. */
void tfu_kept_check(struct tfu_load *l, const struct tfu_reference *r, const struct tfu_kept *k,
                    const char *name, struct tfu_mark m);

#endif
