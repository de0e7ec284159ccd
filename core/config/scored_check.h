/* SPDX-License-Identifier: MIT
 *
 * scored_check.h - what can be said of the keys of metrics that score one network before any data
 * are opened.
 */
#ifndef TFU_CORE_CONFIG_SCORED_CHECK_H
#define TFU_CORE_CONFIG_SCORED_CHECK_H

#include "core/config/experiment.h"
#include "core/config/node.h"

void tfu_scored_check(struct tfu_load *l, const struct tfu_node *root,
                      const struct tfu_experiment *x);

#endif
