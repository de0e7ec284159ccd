/* SPDX-License-Identifier: MIT
 *
 * tables.h - what the tables of single kinds say beyond their functions. For core/plugin/kind.c.
 */
#ifndef TFU_CORE_PLUGIN_TABLES_H
#define TFU_CORE_PLUGIN_TABLES_H

#include <stdbool.h>

#include "core/base/error.h"

#include <transfuse/layer.h>
#include <transfuse/option.h>

enum tfu_status tfu_table_check_backend(const void *ops, struct tfu_error *e);
enum tfu_status tfu_table_check_layer(const void *ops, struct tfu_error *e);
enum tfu_status tfu_table_check_optim(const void *ops, struct tfu_error *e);
enum tfu_status tfu_table_check_transform(const void *ops, struct tfu_error *e);

/* Attribute `index` of a layer as an option; false behind the last. */
bool tfu_table_layer_attribute(const void *ops, uint32_t index, struct tfu_option *out);

/* Is it made of [a-z0-9_]+? NULL is not. */
bool tfu_table_is_name(const char *name);

#endif
