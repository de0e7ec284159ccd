/* SPDX-License-Identifier: MIT
 *
 * data_root.h - `data.root`: one folder for all splits, in place of the option `root` of each.
 */
#ifndef TFU_CORE_CONFIG_DATA_ROOT_H
#define TFU_CORE_CONFIG_DATA_ROOT_H

#include "core/config/node.h"

/* Puts it into every split that names no root of its own and a plugin with that option; where there
 * is none, into all, as a key that their plugins do not know. Takes it out of `data`. */
void tfu_data_root_spread(struct tfu_load *l, struct tfu_node *root);

#endif
