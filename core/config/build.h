/* SPDX-License-Identifier: MIT
 *
 * build.h - the tree to a struct tfu_experiment: sections, plugins, defaults.
 */
#ifndef TFU_CORE_CONFIG_BUILD_H
#define TFU_CORE_CONFIG_BUILD_H

#include "core/config/experiment.h"
#include "core/config/node.h"

/* Fills `x`; what is wrong becomes findings. */
void tfu_build_experiment(struct tfu_load *l, const struct tfu_node *root,
                          struct tfu_experiment *x);

#endif
