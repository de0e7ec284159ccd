/* SPDX-License-Identifier: MIT
 *
 * json.h - numbers and texts as JSON: what is not defined is null.
 */
#ifndef TFU_CORE_BASE_JSON_H
#define TFU_CORE_BASE_JSON_H

#include <jansson.h>

#include "core/base/error.h"
#include "core/base/text.h"

/* null for what is not finite. */
json_t *tfu_json_number(double value);
/* null for NULL. Bytes that are no UTF-8, as a folder's name may have, become U+FFFD, one each:
 * JSON cannot have them. */
json_t *tfu_json_text(const char *text);
/* Appends the text of `root`, two blanks a level, and a line's end; frees it. NULL: memory ran out.
 */
enum tfu_status tfu_json_write(json_t *root, struct tfu_text *out, struct tfu_error *e);

#endif
