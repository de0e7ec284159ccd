/* SPDX-License-Identifier: MIT
 *
 * run_text.h - a run in words, for people: what it will be, and what it came to.
 */
#ifndef TFU_CORE_RUN_RUN_TEXT_H
#define TFU_CORE_RUN_RUN_TEXT_H

#include "core/base/text.h"
#include "core/run/run.h"

/* Folder, network, data with their labels, steps and memory, of a run that is built. */
enum tfu_status tfu_run_plan_text(const struct tfu_run *r, struct tfu_text *out,
                                  struct tfu_error *e);
/* The scores of the last evaluation, the best one, the threshold, and where it all lies. */
enum tfu_status tfu_run_result_text(const struct tfu_run *r, const struct tfu_train_result *result,
                                    struct tfu_text *out, struct tfu_error *e);

#endif
