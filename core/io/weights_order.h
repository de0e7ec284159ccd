/* SPDX-License-Identifier: MIT
 *
 * weights_order.h - the tensors of a file in the order that people count in.
 */
#ifndef TFU_CORE_IO_WEIGHTS_ORDER_H
#define TFU_CORE_IO_WEIGHTS_ORDER_H

#include "core/io/weights.h"

/* The indices of all: "blocks.2" before "blocks.10". To be freed with free(). */
enum tfu_status tfu_weights_order(size_t **out, const struct tfu_weights *w, struct tfu_error *e);

#endif
