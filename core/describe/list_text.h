/* SPDX-License-Identifier: MIT
 *
 * list_text.h - the plugins that there are, and the layers of the core, a line each.
 */
#ifndef TFU_CORE_DESCRIBE_LIST_TEXT_H
#define TFU_CORE_DESCRIBE_LIST_TEXT_H

#include <jansson.h>

#include "core/base/text.h"
#include "core/plugin/registry.h"

/* `kind`: that of the list, 0 for all. What is refused is not in the table, but in the JSON, which
 * is NULL when out of memory. */
void tfu_list_put(struct tfu_text *out, const struct tfu_registry_list *l, int kind);
json_t *tfu_list_json(const struct tfu_registry_list *l, int kind);

#endif
