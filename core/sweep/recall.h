/* SPDX-License-Identifier: MIT
 *
 * recall.h - <store>/.sweeps/<name>.known: the cases of a sweep as they were made last, so that who
 * only looks need not resolve 10,000 of them again. It is believed as long as all that they follow
 * from is what it was (inputs.h), and may be deleted. Private to this folder.
 */
#ifndef TFU_CORE_SWEEP_RECALL_H
#define TFU_CORE_SWEEP_RECALL_H

#include "core/sweep/work.h"

/* Fills the items of a sweep that was read; false where that is not known. */
bool tfu_work_recall(struct tfu_sweep_priv *p);
/* Writes it. That it cannot be written takes nothing away, and is told to nobody. */
void tfu_work_keep(const struct tfu_sweep *s);

#endif
