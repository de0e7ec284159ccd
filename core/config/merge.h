/* SPDX-License-Identifier: MIT
 *
 * merge.h - one configuration over another: mappings merge key by key, lists and scalars replace.
 */
#ifndef TFU_CORE_CONFIG_MERGE_H
#define TFU_CORE_CONFIG_MERGE_H

#include "core/config/node.h"

/* Moves everything of the mapping `over` into the mapping `base`. A mapping that names another
 * plugin replaces the whole mapping in `base`: the old options belong to the old plugin, and are
 * accounted for (drop.h). One that `replaces` does so as well, and nothing needs to be accounted
 * for. A mapping over a list of a study file whose items have names is put behind the items, for
 * study_lists.h. `path` is that of both, "" at the root. */
void tfu_merge(struct tfu_load *l, const char *path, struct tfu_node *base, struct tfu_node *over);

#endif
