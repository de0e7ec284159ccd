/* SPDX-License-Identifier: MIT
 *
 * fake_backend.h - a backend for float32 whose rows cost what the test says, compute zeros and
 * note that they ran.
 */
#ifndef TFU_TESTS_GRAPH_FAKE_BACKEND_H
#define TFU_TESTS_GRAPH_FAKE_BACKEND_H

#include "tests/support/networks.h"

/* The rows, all of conv2d: algorithms slow and fast forward, whole and slow backward, fast for
 * both halves of it, slow for the data's. */
enum { SLOW, FAST, WHOLE, DATA, PARAMS, SLOW_DATA, OTHER_WHOLE, ROWS };

/* What the test asks for, and what happened. */
struct fake {
    double price[ROWS]; /* below 0: not supported */
    size_t workspace[ROWS];
    size_t packed[ROWS]; /* bytes that a row keeps of its parameters: the first weight is there */
    int runs[ROWS], packs[ROWS], packed_runs[ROWS]; /* runs that got them */
    size_t seen_workspace;                          /* the least that a run got */
    enum tfu_status fails;                          /* of every run */
    enum tfu_status open_fails, alloc_fails, pack_fails;
    bool speaks; /* calls fail() when it fails */
    int opened, closed, allocated, freed;
};
extern struct fake fake;

extern struct tfu_backend_ops fake_ops;
extern const struct tfu_plugin fake_backend;

#endif
