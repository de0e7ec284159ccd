/* SPDX-License-Identifier: MIT
 *
 * gauge.h - layer plugins that watch how they are called: out = weight * x per channel, for one
 * type of number or both, with every kind of state. They fail when a tensor has a type that they do
 * not take, or when a state is not what forward() left.
 */
#ifndef TFU_TESTS_GRAPH_GAUGE_H
#define TFU_TESTS_GRAPH_GAUGE_H

#include "tests/support/networks.h"

extern sketch sketch_gauge_f32;
extern sketch sketch_gauge_f64;
extern sketch sketch_gauge_both;

/* The first number of the input makes the layer fail: with a word, without, in backward(). */
enum { GAUGE_FAILS = 1000, GAUGE_FAILS_SILENTLY = 2000, GAUGE_FAILS_BACKWARD = 3000 };

#endif
