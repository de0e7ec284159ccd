/* SPDX-License-Identifier: MIT
 *
 * override.h - "a.b.0.c=value" from the command line, applied to the tree.
 *
 * The value is YAML: a scalar, [a, list] or {a: mapping}; nothing after the sign is the empty text.
 * A number is an index in a list, + appends to it. Keys that are not there are made: whether they
 * may be there is the schema's business. Another `plugin` drops the options of the old one, but not
 * what came from the command line nor the keys that are the host's.
 */
#ifndef TFU_CORE_CONFIG_OVERRIDE_H
#define TFU_CORE_CONFIG_OVERRIDE_H

#include "core/config/node.h"

void tfu_override_apply(struct tfu_load *l, struct tfu_node *root, const char *const *overrides,
                        size_t count);

/* The same for a value that is in a tree already: sets `path` ("train.optimizer.lr", which stands
 * at `m`) in `root`. */
void tfu_override_set(struct tfu_load *l, struct tfu_node *root, const char *path,
                      struct tfu_mark m, struct tfu_node *value);

#endif
