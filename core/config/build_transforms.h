/* SPDX-License-Identifier: MIT
 *
 * build_transforms.h - what is done to the examples of a split: the list `transforms`, between the
 * short forms `resize` and `normalise`.
 */
#ifndef TFU_CORE_CONFIG_BUILD_TRANSFORMS_H
#define TFU_CORE_CONFIG_BUILD_TRANSFORMS_H

#include "core/config/experiment.h"
#include "core/config/node.h"

/* Fills the transforms of a split whose own keys are read. `data` is the section of all splits,
 * `path` "data.test". */
void tfu_build_transforms(struct tfu_load *l, const struct tfu_node *data, const char *path,
                          struct tfu_data_split *split);
/* Has the short forms say what the transforms do, however they were written. When all splits are
 * built: what they inherit are the keys as they were written. */
void tfu_summarise_transforms(struct tfu_data_split *split);

#endif
