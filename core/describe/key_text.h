/* SPDX-License-Identifier: MIT
 *
 * key_text.h - what the keys of a configuration mean: as text, as docs/configuration.md has it, and
 * as JSON.
 */
#ifndef TFU_CORE_DESCRIBE_KEY_TEXT_H
#define TFU_CORE_DESCRIBE_KEY_TEXT_H

#include "core/base/text.h"
#include "core/plugin/registry.h"

enum tfu_key_form { TFU_KEY_TEXT, TFU_KEY_JSON, TFU_KEY_MARKDOWN };

/* Appends the section, the key, or the keys below the prefix `path` (NULL: all there are); options
 * of plugins on the search path are found as well. TFU_ENOTFOUND: there is no such key; the message
 * says what there is instead. */
enum tfu_status tfu_key_text(struct tfu_text *out, struct tfu_registry *r, const char *path,
                             enum tfu_key_form form, struct tfu_error *e);

#endif
