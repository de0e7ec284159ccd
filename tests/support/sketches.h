/* SPDX-License-Identifier: MIT
 *
 * sketches.h - small networks over an image N,8,6,3 that together do everything a network can do.
 */
#ifndef TFU_TESTS_SUPPORT_SKETCHES_H
#define TFU_TESTS_SUPPORT_SKETCHES_H

#include "tests/support/networks.h"

/* A value used three times, one of them by a relu that may run in place. */
extern sketch sketch_branches;
/* add(x, x) and concat(x, x), of the input image too. */
extern sketch sketch_doubled;
/* A residual block with a projection, batch norm everywhere. */
extern sketch sketch_residual;
/* Concatenations, dropout, average pooling, softmax and linear layers inside. */
extern sketch sketch_dense;
/* Frozen batch norm and a chain of operations that run in place. */
extern sketch sketch_chain;

extern const struct named_sketch {
    const char *name;
    sketch *draw;
} sketches[];
enum { SKETCHES = 5 };

#endif
