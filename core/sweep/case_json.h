/* SPDX-License-Identifier: MIT
 *
 * case_json.h - axes and cases of a sweep by their names, as JSON.
 */
#ifndef TFU_CORE_SWEEP_CASE_JSON_H
#define TFU_CORE_SWEEP_CASE_JSON_H

#include <jansson.h>

#include "core/sweep/sweep.h"

/* [{"name": AXIS, "values": [NAME, ...]}, ...]; what memory does not do for is left out, which
 * tfu_json_write() tells of the whole. */
json_t *tfu_sweep_axes_json(const struct tfu_sweep *s);
/* {AXIS: NAME, ...}: the axes that the case has a value on. */
json_t *tfu_sweep_values_json(const struct tfu_sweep *s, size_t index);

#endif
