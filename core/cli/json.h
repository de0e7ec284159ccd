/* SPDX-License-Identifier: MIT
 *
 * json.h - results as JSON on stdout: what is not defined is null.
 */
#ifndef TFU_CORE_CLI_JSON_H
#define TFU_CORE_CLI_JSON_H

#include <jansson.h>

#include "core/base/error.h"
#include "core/base/statistics.h"

/* null for what is not finite. */
json_t *tfu_cli_json_number(double value);
json_t *tfu_cli_json_estimate(struct tfu_estimate v);
/* [low, high] */
json_t *tfu_cli_json_interval(struct tfu_interval v);
/* Prints and frees it; NULL: memory ran out. */
enum tfu_status tfu_cli_json_print(json_t *root, struct tfu_error *e);

#endif
