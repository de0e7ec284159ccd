/* SPDX-License-Identifier: MIT
 *
 * algorithm.h - the names in `algorithm:`.
 */
#ifndef TFU_CORE_GRAPH_ALGORITHM_H
#define TFU_CORE_GRAPH_ALGORITHM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

/* What a layer's own loops are called. */
#define TFU_DEFINITION_NAME "definition"

/* Does "conv2d" or "conv2d/forward" speak of this operation and direction? "conv2d/backward" speaks
 * of both its halves. */
bool tfu_algorithm_speaks_of(const char *key, const char *op, uint32_t direction);

struct tfu_network;
/* Every name in `algorithm:` must be one of the backend's. */
enum tfu_status tfu_network_check_names(const struct tfu_network *n, struct tfu_error *e);

#endif
