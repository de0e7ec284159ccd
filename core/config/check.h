/* SPDX-License-Identifier: MIT
 *
 * check.h - what values must agree on with each other, each of them being right by itself.
 */
#ifndef TFU_CORE_CONFIG_CHECK_H
#define TFU_CORE_CONFIG_CHECK_H

#include "core/config/experiment.h"
#include "core/config/node.h"

void tfu_check_experiment(struct tfu_load *l, const struct tfu_node *root,
                          const struct tfu_experiment *x);

#endif
