/* SPDX-License-Identifier: MIT
 *
 * compare.h - a metric over pairs of activations of two networks, draw by draw.
 */
#ifndef TFU_CORE_STUDY_COMPARE_H
#define TFU_CORE_STUDY_COMPARE_H

#include "core/study/capture.h"
#include "core/study/comparison.h"
#include "core/study/nodes.h"

struct tfu_compare_request {
    struct tfu_capture *a, *b; /* of equally many images; they may be the same one */
    const struct tfu_plugin_choice *metric;
    struct tfu_registry *registry;
    struct tfu_threads *threads;
    const struct tfu_node_choice *node_a, *node_b; /* of the captures' graphs */
    size_t count_a, count_b;
    bool matrix;   /* every node of a with every one of b; else the i-th with the i-th */
    bool pooled;   /* rows are images: maps are averaged over positions */
    bool noise;    /* instead of b's activations Gaussian noise of their mean and covariance */
    size_t memory; /* bytes that captured activations may take at once; 0: no limit */
};

/* Captures what is needed, in as many passes as the memory allows, and runs the metric. A pair that
 * the metric refuses keeps the refusal; when it refuses all, that is the error. */
enum tfu_status tfu_compare(struct tfu_comparison *out, const struct tfu_compare_request *request,
                            struct tfu_error *e);
/* Bytes of activations that it would hold at once without a limit. */
enum tfu_status tfu_compare_bytes(size_t *out, const struct tfu_compare_request *request,
                                  struct tfu_error *e);

#endif
