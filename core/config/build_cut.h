/* SPDX-License-Identifier: MIT
 *
 * build_cut.h - `data.split`: one dataset cut in parts, by shares, by lists of names, or by the
 * values of a column.
 */
#ifndef TFU_CORE_CONFIG_BUILD_CUT_H
#define TFU_CORE_CONFIG_BUILD_CUT_H

#include "core/config/experiment.h"
#include "core/config/node.h"

/* Fills `cut` from the section of all splits; what is wrong becomes findings. */
void tfu_build_cut(struct tfu_load *l, const struct tfu_node *data, struct tfu_data_cut *cut);
/* Has the split `key` ("test"), at `path`, be the part `part` of data.train: with the plugin and
 * the options of that, and the keys of the program that its own section has, if there is one. */
void tfu_build_part(struct tfu_load *l, const struct tfu_node *data, const char *path,
                    const struct tfu_data_split *train, struct tfu_data_split *split);

#endif
