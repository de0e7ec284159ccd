/* SPDX-License-Identifier: MIT
 *
 * layer.h - the core's layers: one file each, which is the definition of that operation in plain
 * double loops. They are found by name with tfu_layer_find() of core/graph/layers.h.
 *
 * multiply_adds() counts convolutions and linear layers alone, as published figures do.
 */
#ifndef TFU_CORE_LAYER_LAYER_H
#define TFU_CORE_LAYER_LAYER_H

#include <transfuse/layer.h>

/* Every core layer, by name. */
#define TFU_LAYER_LIST(X)                                                                          \
    X(add)                                                                                         \
    X(affine)                                                                                      \
    X(avgpool)                                                                                     \
    X(batchnorm)                                                                                   \
    X(concat)                                                                                      \
    X(conv2d)                                                                                      \
    X(dropout)                                                                                     \
    X(global_avgpool)                                                                              \
    X(linear)                                                                                      \
    X(maxpool)                                                                                     \
    X(relu)                                                                                        \
    X(softmax)

#define TFU_LAYER_DECLARE(name) extern const struct tfu_layer_ops tfu_layer_##name;
TFU_LAYER_LIST(TFU_LAYER_DECLARE)
#undef TFU_LAYER_DECLARE

/* The fields that are the same in every core layer. */
#define TFU_LAYER_HEADER                                                                           \
    .struct_size = sizeof(struct tfu_layer_ops), .dtypes = TFU_TAKES_F64,                          \
    .attr_size = sizeof(struct tfu_attr_info)

#endif
