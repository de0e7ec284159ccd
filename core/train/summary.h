/* SPDX-License-Identifier: MIT
 *
 * summary.h - summary.json: what a finished run came to.
 */
#ifndef TFU_CORE_TRAIN_SUMMARY_H
#define TFU_CORE_TRAIN_SUMMARY_H

#include "core/train/session.h"
#include "core/train/train_result.h"

/* The text, with the scores of the last evaluation. What is not defined is null. */
enum tfu_status tfu_summary_print(struct tfu_text *out, const struct tfu_session *s,
                                  const struct tfu_train_result *r, struct tfu_error *e);

#endif
