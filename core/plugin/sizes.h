/* SPDX-License-Identifier: MIT
 *
 * sizes.h - how long structs that plugins write were in ABI 2.0. A plugin's may be longer, never
 * shorter. These are constants of the last field that 2.0 had: they do not move when a struct
 * grows.
 */
#ifndef TFU_CORE_PLUGIN_SIZES_H
#define TFU_CORE_PLUGIN_SIZES_H

#include <transfuse/backend.h>
#include <transfuse/layer.h>
#include <transfuse/option.h>

/* The bytes of a struct up to and with its field `last`. */
#define TFU_SIZE_THROUGH(type, last)                                                               \
    (offsetof(struct type, last) + sizeof(((struct type *)NULL)->last))

enum {
    TFU_PLUGIN_2_0 = TFU_SIZE_THROUGH(tfu_plugin, ops),
    TFU_OPTION_2_0 = TFU_SIZE_THROUGH(tfu_option, choices),
    TFU_ATTR_INFO_2_0 = TFU_SIZE_THROUGH(tfu_attr_info, help),
    TFU_KERNEL_2_0 = TFU_SIZE_THROUGH(tfu_kernel, multiply_adds)
    /* those of the tables of functions are in core/plugin/kind_list.h */
};

#endif
