/* SPDX-License-Identifier: MIT
 *
 * remember.h - the cases of a sweep out of its record (record.h). Private to this folder.
 */
#ifndef TFU_CORE_SWEEP_REMEMBER_H
#define TFU_CORE_SWEEP_REMEMBER_H

#include "core/sweep/work.h"

/* Fills the items of a sweep that was read; false where there is no record, or not of these texts.
 */
bool tfu_work_remember(struct tfu_sweep_priv *p);

#endif
