/* SPDX-License-Identifier: MIT
 *
 * measure.h - the numbers of `normalise: {from: data}`: mean and deviation of each channel of the
 * training examples that are selected, as they are evaluated, in front of `normalise`.
 */
#ifndef TFU_CORE_DATA_MEASURE_H
#define TFU_CORE_DATA_MEASURE_H

#include "core/base/log.h"
#include "core/config/experiment.h"
#include "core/data/measure_cache.h"

/* Where a configuration asks for them: takes them from the user's cache, if the very same examples
 * have been measured, else reads the training data once; and puts them into the configuration. Else
 * nothing is done. What was measured does not depend on the number of threads. */
enum tfu_status tfu_measure(struct tfu_config *c, struct tfu_registry *registry,
                            struct tfu_log *log, struct tfu_error *e);

/* The numbers alone, of a configuration that asks for them, for who puts them into several. */
enum tfu_status tfu_measure_numbers(struct tfu_measured *out, const struct tfu_config *c,
                                    struct tfu_registry *registry, struct tfu_log *log,
                                    struct tfu_error *e);

#endif
