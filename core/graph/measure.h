/* SPDX-License-Identifier: MIT
 *
 * measure.h - the time that a backend's row takes, from a file of timings or by running it. Private
 * to this folder.
 */
#ifndef TFU_CORE_GRAPH_MEASURE_H
#define TFU_CORE_GRAPH_MEASURE_H

#include "core/graph/state.h"

/* Seconds of a call, whose tensors have shapes and no data, or negative: the network's timings do
 * not know it and are not to be added to, or memory is short. What is measured is added to them:
 * the shortest of some runs on random tensors. What a chain does behind its first operation is not
 * run, since all rows to choose from do it alike. */
double tfu_measure_seconds(const struct tfu_network *n, const struct tfu_kernel *k,
                           const struct tfu_op_call *c);

#endif
