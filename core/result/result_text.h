/* SPDX-License-Identifier: MIT
 *
 * result_text.h - a result for people: its lines and the tables that are shown.
 */
#ifndef TFU_CORE_RESULT_RESULT_TEXT_H
#define TFU_CORE_RESULT_RESULT_TEXT_H

#include "core/result/result.h"

enum tfu_status tfu_result_text(const struct tfu_result *r, struct tfu_text *out,
                                struct tfu_error *e);

#endif
