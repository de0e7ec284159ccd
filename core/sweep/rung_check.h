/* SPDX-License-Identifier: MIT
 *
 * rung_check.h - has a case a score when halving first chooses among it and others? What it is
 * evaluated at follows from its configuration, and where epochs count from how many examples its
 * data have.
 */
#ifndef TFU_CORE_SWEEP_RUNG_CHECK_H
#define TFU_CORE_SWEEP_RUNG_CHECK_H

#include "core/sweep/work.h"

/* A first rung before its first evaluation becomes a finding. Data that cannot be opened are no
 * matter of this: what cannot be told now turns out at the rung, which then holds its group. */
void tfu_rung_check(struct tfu_sweep_priv *p, struct tfu_config *c, struct tfu_diagnostics *d);

#endif
