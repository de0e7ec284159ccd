/* SPDX-License-Identifier: MIT
 *
 * build.h - the tree to a struct tfu_experiment: sections, plugins, defaults.
 */
#ifndef TFU_CORE_CONFIG_BUILD_H
#define TFU_CORE_CONFIG_BUILD_H

#include "core/config/node.h"
#include "core/config/options.h"
#include "core/plugin/registry.h"

/* Fills `x`; what is wrong becomes findings. */
void tfu_build_experiment(struct tfu_load *l, const struct tfu_node *root,
                          struct tfu_experiment *x);

/* Fills `choice` from the mapping `n` with a key `plugin`, which stands at `path`; `host` has the
 * keys in it that are the program's, or is NULL. */
void tfu_build_choice(struct tfu_load *l, const char *path, enum tfu_kind kind,
                      const struct tfu_options_table *host, const struct tfu_node *n,
                      struct tfu_plugin_choice *choice);

#endif
