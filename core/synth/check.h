/* SPDX-License-Identifier: MIT
 *
 * check.h - whether what is asked for fits together.
 */
#ifndef TFU_CORE_SYNTH_CHECK_H
#define TFU_CORE_SYNTH_CHECK_H

#include "core/synth/options.h"

/* Fills in what was not said and refuses what does not fit together (TFU_EINVAL). Those below
 * expect options that went through it. */
enum tfu_status tfu_synth_check(struct tfu_synth_options *o, struct tfu_error *e);

#endif
