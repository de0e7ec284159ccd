/* SPDX-License-Identifier: MIT
 *
 * measured_numbers.h - the numbers of `normalise: {from: data}` come into a configuration, as if
 * its file said them. They are measured elsewhere (core/data/measure.h).
 */
#ifndef TFU_CORE_CONFIG_MEASURED_NUMBERS_H
#define TFU_CORE_CONFIG_MEASURED_NUMBERS_H

#include <stdbool.h>

#include "core/config/experiment.h"

/* Has one of the splits such a step? */
bool tfu_measured_is_wanted(const struct tfu_config *c);

/* Gives all of them a mean and a deviation for each of `count` channels, or one for all. */
enum tfu_status tfu_measured_set(struct tfu_config *c, size_t count, const double *mean,
                                 const double *deviation, struct tfu_error *e);

/* For who looks at sizes alone, or in front of that step: numbers that change no pixel, so that
 * nothing has to be measured. Where none are wanted nothing is done. */
enum tfu_status tfu_measured_pretend(struct tfu_config *c, struct tfu_error *e);

#endif
