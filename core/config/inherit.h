/* SPDX-License-Identifier: MIT
 *
 * inherit.h - the host's keys of data.train that hold for data.valid and data.test too, unless
 * those say otherwise: how an image looks and what a label means, but not how many examples there
 * are.
 */
#ifndef TFU_CORE_CONFIG_INHERIT_H
#define TFU_CORE_CONFIG_INHERIT_H

#include "core/config/experiment.h"
#include "core/config/node.h"

/* The value in data.train that holds for the key `name` of `split` ("test"), which is none of its
 * own; NULL: there is none. `data` is the section, or NULL. */
const struct tfu_node *tfu_inherit_find(const struct tfu_node *data, const char *split,
                                        const char *name);
/* Puts what holds for `split` too from `train` into `select`. */
void tfu_inherit(const struct tfu_node *data, const char *split,
                 const struct tfu_data_select *train, struct tfu_data_select *select);

/* Does the mapping `normalise` of a split, or a step of that name, say `from: data`? */
bool tfu_inherit_is_measured(const struct tfu_node *normalise);

#endif
