/* SPDX-License-Identifier: MIT
 *
 * freeze.h - which parameters `train.freeze` keeps as they were initialised.
 */
#ifndef TFU_CORE_TRAIN_FREEZE_H
#define TFU_CORE_TRAIN_FREEZE_H

#include <stdbool.h>

#include "core/config/experiment.h"
#include "core/graph/graph.h"

/* Fills frozen[param of the graph]: those of the stage `through` and of all before it, and those
 * that a pattern matches. A pattern that matches nothing, and a network of which nothing is left to
 * train, are TFU_EINVAL. */
enum tfu_status tfu_freeze(const struct tfu_train_config *train, const struct tfu_graph *g,
                           bool *frozen, struct tfu_error *e);
/* The stage whose normalisation is frozen too, for struct tfu_graph_request; "" none. */
const char *tfu_freeze_statistics(const struct tfu_train_config *train);

#endif
