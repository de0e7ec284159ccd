/* SPDX-License-Identifier: MIT
 *
 * plugin_text.h - a plugin's options in words, as YAML to paste, as Markdown and as JSON.
 */
#ifndef TFU_CORE_DESCRIBE_PLUGIN_TEXT_H
#define TFU_CORE_DESCRIBE_PLUGIN_TEXT_H

#include <jansson.h>

#include "core/base/text.h"

#include <transfuse/option.h>

/* `path` is the file it came from, `written` what a configuration calls it. */
void tfu_describe(const struct tfu_plugin *p, const char *path, const char *written,
                  struct tfu_text *out);
/* The options alone, as a section of Markdown. */
void tfu_describe_markdown(const struct tfu_plugin *p, struct tfu_text *out);
/* NULL when out of memory. */
json_t *tfu_describe_json(const struct tfu_plugin *p, const char *path);

/* The same of a layer of the core, which is no plugin. `name` is one of tfu_layer_names(). */
void tfu_describe_layer(const char *name, struct tfu_text *out);
void tfu_describe_layer_markdown(const char *name, struct tfu_text *out);
json_t *tfu_describe_layer_json(const char *name);

#endif
