/* SPDX-License-Identifier: MIT
 *
 * measured.h - the steps `normalise: {from: data}` of a split, whose numbers are to be measured.
 */
#ifndef TFU_CORE_CONFIG_MEASURED_H
#define TFU_CORE_CONFIG_MEASURED_H

#include <stdbool.h>

#include "core/config/experiment.h"

/* Is it such a step, without numbers so far? */
bool tfu_measured_is_wanting(const struct tfu_plugin_choice *c);
/* How many a split has. */
size_t tfu_measured_count(const struct tfu_data_split *split);
/* The transform of a split in front of which its images are measured: the first such step, else the
 * first `normalise`, else behind all of them. */
size_t tfu_measured_place(const struct tfu_data_split *split);

#endif
