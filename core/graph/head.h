/* SPDX-License-Identifier: MIT
 *
 * head.h - what the host puts behind the features of an architecture: a task's classifier or
 * decoder, built by the calls that an architecture is built by.
 */
#ifndef TFU_CORE_GRAPH_HEAD_H
#define TFU_CORE_GRAPH_HEAD_H

#include <transfuse/arch.h>

/* Where a head goes. */
struct tfu_head_site {
    struct tfu_builder *builder; /* without an open scope, in an open stage */
    const char *name;            /* "fc", "AuxLogits.fc": its parameters are "<name>.<...>" */
    tfu_value features;          /* of the rank that the head takes */
    int64_t outputs;
};

struct tfu_head_kind {
    uint32_t rank;      /* of its features: 2 for N,C, 4 for N,H,W,C */
    const char *takes;  /* "N,C", and ... */
    const char *advice; /* ... how an architecture gets there; both for messages */
    /* Declares its operations and returns N,K or N,H,W,K with K outputs in its last dimension, or
     * "none" after a builder's call failed. Operations beyond one are in the scope `name`. */
    tfu_value (*build)(const struct tfu_head_site *site);
};

/* A biased linear layer: N,C to N,K. */
extern const struct tfu_head_kind tfu_head_linear;

#endif
