/* SPDX-License-Identifier: MIT
 *
 * value.h - one value of a configuration, typed by its option. The text decides nothing: `no` is a
 * text where a text is wanted, and no boolean where a boolean is.
 */
#ifndef TFU_CORE_CONFIG_VALUE_H
#define TFU_CORE_CONFIG_VALUE_H

#include <transfuse/option.h>

#include "core/config/node.h"

/* A flag of the program's own tables: a list of one may be written without its brackets. */
enum { TFU_VALUE_SINGLE = 1 << 30 };

/* Puts the value of `n` into `field`, the field of option `o`; `path` is its whole name for
 * messages: "train.optimizer.lr". False after a finding, or when memory ran out. */
bool tfu_value_read(struct tfu_load *l, const char *path, const struct tfu_option *o,
                    const struct tfu_node *n, void *field);
/* Puts the default there; the first does not make a path absolute. */
void tfu_value_default_as_is(const struct tfu_option *o, void *field);
void tfu_value_default(struct tfu_load *l, const struct tfu_option *o, void *field);
/* "an integer of at least 1", for messages. */
const char *tfu_value_expected(struct tfu_load *l, const struct tfu_option *o);

#endif
