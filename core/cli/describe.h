/* SPDX-License-Identifier: MIT
 *
 * describe.h - a plugin's options in words, as YAML to paste, and as JSON.
 */
#ifndef TFU_CORE_CLI_DESCRIBE_H
#define TFU_CORE_CLI_DESCRIBE_H

#include <jansson.h>

#include "core/base/text.h"

#include <transfuse/option.h>

/* `path` is the file it came from, `written` what a configuration calls it. */
void tfu_describe(const struct tfu_plugin *p, const char *path, const char *written,
                  struct tfu_text *out);
/* NULL when out of memory. */
json_t *tfu_describe_json(const struct tfu_plugin *p, const char *path);

#endif
