/* SPDX-License-Identifier: MIT
 *
 * study_base.h - the file of an experiment that a study file begins with.
 */
#ifndef TFU_CORE_CONFIG_STUDY_BASE_H
#define TFU_CORE_CONFIG_STUDY_BASE_H

#include "core/config/node.h"

/* The base `FILE` as {include: FILE}, and anything else as it is; NULL: memory ran out. */
struct tfu_node *tfu_study_base_mapping(struct tfu_load *l, struct tfu_node *base);
/* `base: FILE` to `base: {include: FILE}` in place, so that keys can be laid over it: the file is
 * named relative to where it stands, which of the command line is the current folder. */
void tfu_study_spread_base(struct tfu_load *l, struct tfu_node *root);

#endif
