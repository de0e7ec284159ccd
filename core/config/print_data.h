/* SPDX-License-Identifier: MIT
 *
 * print_data.h - the section `data` of a configuration, as YAML.
 */
#ifndef TFU_CORE_CONFIG_PRINT_DATA_H
#define TFU_CORE_CONFIG_PRINT_DATA_H

#include "core/config/print_keys.h"

void tfu_print_data(struct tfu_printer *p, const struct tfu_experiment *x);
/* One split by itself, without its name. */
void tfu_print_one_split(struct tfu_printer *p, const struct tfu_data_split *split);

#endif
