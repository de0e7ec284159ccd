/* SPDX-License-Identifier: MIT
 *
 * eval_cut.h - data that are cut into splits otherwise than they were in the run that is evaluated:
 * what of them was trained on says little of anything.
 */
#ifndef TFU_CORE_RUN_EVAL_CUT_H
#define TFU_CORE_RUN_EVAL_CUT_H

#include "core/base/digests.h"
#include "core/base/log.h"
#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/train/assemble.h"

/* Warns where `data.split` of the configuration is not that of the run in `folder`, with the
 * difference, and with how many of the examples that run was trained on. `*warned` says whether it
 * did. */
enum tfu_status tfu_eval_cut_warn(const char *folder, const struct tfu_config *config,
                                  enum tfu_split split, const struct tfu_dataset *data,
                                  const struct tfu_context *context, bool *warned,
                                  struct tfu_error *e);

#endif
