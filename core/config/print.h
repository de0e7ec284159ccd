/* SPDX-License-Identifier: MIT
 *
 * print.h - values as YAML.
 */
#ifndef TFU_CORE_CONFIG_PRINT_H
#define TFU_CORE_CONFIG_PRINT_H

#include "core/base/text.h"

#include <transfuse/option.h>

/* The value in `field`, the field of option `o`, in one line; nothing of a plugin (TFU_INNER). */
void tfu_value_print(struct tfu_text *out, const struct tfu_option *o, const void *field);
/* A text that every reader of YAML takes for one: in quotes where that is needed. */
void tfu_value_print_text(struct tfu_text *out, const char *s);

/* A number that every reader of YAML takes for one. */
void tfu_value_print_number(struct tfu_text *out, double v);

#endif
