/* SPDX-License-Identifier: MIT
 *
 * result_json.h - a result for programs. Every analysis has the same shape:
 *
 *     {"analysis": "interpolate",
 *      "text": ["from A, t = 0: ...", ...],              the lines
 *      "tables": {"scores": [{"t": 0.0, "loss": 0.3}]},  a list of rows for each table
 *      "figures": [{"name": "interpolate", "caption": "11 networks ...", ...}]}  see figure_json.h
 *
 * A number that is not defined is null; "why" in its row then says why, column by column, where it
 * is known.
 */
#ifndef TFU_CORE_RESULT_RESULT_JSON_H
#define TFU_CORE_RESULT_RESULT_JSON_H

#include "core/result/result.h"

enum tfu_status tfu_result_json(const struct tfu_result *r, struct tfu_text *out,
                                struct tfu_error *e);

#endif
