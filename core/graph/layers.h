/* SPDX-License-Identifier: MIT
 *
 * layers.h - the core's layers as the graph sees them, by name. core/layer defines them.
 */
#ifndef TFU_CORE_GRAPH_LAYERS_H
#define TFU_CORE_GRAPH_LAYERS_H

#include <transfuse/layer.h>

/* A core layer by its name, or NULL. */
const struct tfu_layer_ops *tfu_layer_find(const char *op);
/* Names of all core layers, NULL-terminated. */
const char *const *tfu_layer_names(void);

#endif
