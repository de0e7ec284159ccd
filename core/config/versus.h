/* SPDX-License-Identifier: MIT
 *
 * versus.h - metrics of two networks in the list `metrics`: the network under training is one of
 * them, `against` names the other.
 */
#ifndef TFU_CORE_CONFIG_VERSUS_H
#define TFU_CORE_CONFIG_VERSUS_H

#include "core/config/experiment.h"
#include "core/config/node.h"

/* Is it a metric of two networks? */
bool tfu_versus_is_for(const struct tfu_plugin *metric);
/* Has `against` to be absolute, as the folder of a run? Else it is a word. */
bool tfu_versus_has_run(const struct tfu_versus *w);
/* What its keys begin with: its `name`, else that of the plugin. */
const char *tfu_versus_name(const struct tfu_versus *w);
/* The one that reports `key`, as "svcca.block1"; NULL: none does. */
const struct tfu_versus *tfu_versus_find(const struct tfu_experiment *x, const char *key);
/* Does a smaller value of its metric mean a better network? */
bool tfu_versus_lower_is_better(const struct tfu_versus *w);
/* Where in the list `metrics` metric number `i` of those stands that compare nothing. */
size_t tfu_versus_metric_place(const struct tfu_experiment *x, size_t i);

/* Makes the run in `against` absolute, read from the mapping `n` at `path`. */
void tfu_versus_resolve(struct tfu_load *l, const char *path, const struct tfu_node *n,
                        struct tfu_versus *w);
/* What they must agree on with each other and with the rest. */
void tfu_versus_check(struct tfu_load *l, const struct tfu_node *root,
                      const struct tfu_experiment *x);

#endif
