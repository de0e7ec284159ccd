/* SPDX-License-Identifier: MIT
 *
 * run_text.h - what `transfuse run` says before a training and after it.
 */
#ifndef TFU_CORE_CLI_RUN_TEXT_H
#define TFU_CORE_CLI_RUN_TEXT_H

#include "core/cli/target.h"
#include "core/train/train.h"

/* Folder, network, data with their labels, steps and memory, of a session that is built. */
void tfu_run_plan_print(const struct tfu_session *s, const struct tfu_target *target);
/* The scores of the last evaluation, the best one, the threshold, and where it all lies. */
void tfu_run_result_print(const struct tfu_session *s, const struct tfu_target *target,
                          const struct tfu_train_result *r);

#endif
